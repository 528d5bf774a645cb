package usecase

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/ent"
	entphoto "github.com/catfoster/catfoster/ent/photo"
	"github.com/catfoster/catfoster/internal/domain/photo"
)

// verifyBatch is how many rows are compared at a time.
const verifyBatch = 1000

// PhotoReport is what a comparison of the rows of photos with their files has found.
type PhotoReport struct {
	// Photos is how many photos with files there are, Files how many files.
	Photos, Files int
	// Missing has the names of files that a photo should have.
	Missing []string
	// Extra has the names of files without a photo. The next sweep deletes those of photos.
	Extra []string
}

// Verify compares the rows of photos with the files, of which it reads the names alone. Members may use photos meanwhile: what is
// being uploaded or deleted is no difference.
func (p *Photos) Verify(ctx context.Context) (PhotoReport, error) {
	var report PhotoReport
	// The clocks of the servers may differ a little.
	started := p.clock.Now().Add(-time.Minute)
	files, unknown, err := p.listed(ctx)
	if err != nil {
		return report, err
	}
	for _, sizes := range files {
		report.Files += len(sizes)
	}
	extra := maps.Clone(files)
	for after := uuid.Nil; ; {
		rows, err := p.db.Photo.Query().Where(entphoto.IDGT(after)).Order(entphoto.ByID()).Limit(verifyBatch).All(ctx)
		if err != nil {
			return report, fmt.Errorf("read the rows of photos: %w", err)
		}
		for _, row := range rows {
			delete(extra, row.ID)
			after = row.ID
			if row.StoredAt != nil {
				report.Photos++
				report.Missing = append(report.Missing, missing(row, files[row.ID], started)...)
			}
		}
		if len(rows) < verifyBatch {
			break
		}
	}
	report.Files += len(unknown)
	report.Extra = slices.Concat(unknown, namesOf(extra))
	return report, nil
}

// listed returns which sizes of which photos have files, and the names of all other files.
func (p *Photos) listed(ctx context.Context) (files map[uuid.UUID][]photo.Size, unknown []string, err error) {
	files = map[uuid.UUID][]photo.Size{}
	err = p.files.List(ctx, func(name string, _ time.Time) error {
		if id, size, ok := photo.ParseName(name); ok {
			files[id] = append(files[id], size)
		} else {
			unknown = append(unknown, name)
		}
		return nil
	})
	if err != nil {
		return nil, nil, fmt.Errorf("list the files of photos: %w", err)
	}
	return files, unknown, nil
}

// missing returns the names of the files that a photo should have had when the files were listed.
func missing(row *ent.Photo, has []photo.Size, listed time.Time) (names []string) {
	if row.NextAttemptAt != nil || row.StoredAt.After(listed) {
		return nil
	}
	for _, size := range photo.Sizes() {
		if !slices.Contains(has, size) {
			names = append(names, photo.Name(row.ID, size))
		}
	}
	return names
}

func namesOf(files map[uuid.UUID][]photo.Size) (names []string) {
	for id, sizes := range files {
		for _, size := range sizes {
			names = append(names, photo.Name(id, size))
		}
	}
	slices.Sort(names)
	return names
}
