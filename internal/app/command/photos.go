package command

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/catfoster/catfoster/internal/platform/config"
	"github.com/catfoster/catfoster/internal/platform/database"
	"github.com/catfoster/catfoster/internal/platform/photostore"
	"github.com/catfoster/catfoster/internal/usecase"
)

// photosCommands are about the photos of cats and members.
type photosCommands struct {
	Verify verifyPhotosCommand `cmd:"" help:"Compare the photos in the database with their files, and fail if there are differences."`
}

// verifyPhotosCommand lists what differs, and changes nothing.
type verifyPhotosCommand struct{}

func (verifyPhotosCommand) Run(ctx context.Context) (err error) {
	stores, err := config.Load[config.PhotoStores](os.Environ())
	if err != nil {
		return err
	}
	db, err := database.Open(stores.Postgres)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	files, err := photostore.Open(stores.Photos.Storage)
	if err != nil {
		return err
	}
	photos := usecase.NewPhotos(database.NewClient(db, nil), nil, files, 0, usecase.Clock{Now: time.Now})
	report, err := photos.Verify(ctx)
	if err != nil {
		return err
	}
	for _, name := range report.Missing {
		fmt.Println("missing", name)
	}
	for _, name := range report.Extra {
		fmt.Println("extra", name)
	}
	fmt.Printf("Compared %d photos with %d files: %d missing, %d extra.\n", report.Photos, report.Files, len(report.Missing), len(report.Extra))
	if len(report.Missing)+len(report.Extra) > 0 {
		err = errors.New("the files of photos differ from the database")
	}
	return err
}
