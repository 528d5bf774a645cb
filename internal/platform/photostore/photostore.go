// Package photostore stores the files of photos, in a folder or in a bucket of S3. Rows in Postgres say which
// files there should be. The two change at different times: a file without a row is garbage, which a pass deletes.
package photostore

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"time"
)

// ErrNotFound says that there is no file of a name.
var ErrNotFound = errors.New("there is no such photo")

// errName says that a name is not one of a file. Names are made by the program.
var errName = errors.New("not the name of a photo")

// callTimeout bounds a call, whatever the storage does: a photo takes it milliseconds.
const callTimeout = 10 * time.Second

// maxFile is how many bytes a file may have, which may be in memory until its reader has it: a photo of the largest
// size has fewer, whatever it shows.
const maxFile = 8 << 20

// errTooLarge says that a file is not one that the program has put.
var errTooLarge = fmt.Errorf("a file of an unknown length, or of more than %d bytes", maxFile)

// File is the contents of a photo. It is read to its end or closed early, and needs no connection.
type File interface {
	io.ReadSeekCloser
	// Size is the number of bytes.
	Size() int64
	// Modified is when the file was put.
	Modified() time.Time
}

// Store keeps files by name, such as 0198c0de-…/card.jpg.
type Store interface {
	// Put stores a file. It is durable when Put returns, and takes the place of an older one at once.
	Put(ctx context.Context, name string, data []byte) error
	// Open returns a file, which the caller closes, or ErrNotFound. A file of more than 8 MB is an error.
	Open(ctx context.Context, name string) (File, error)
	// Delete deletes a file. It is no error if there is none.
	Delete(ctx context.Context, name string) error
}

// Lister lists what a Store keeps.
type Lister interface {
	// List calls a function with each file, in any order, until it returns an error. The function may delete the
	// file.
	List(ctx context.Context, each func(name string, modified time.Time) error) error
}

// Storage is what [Open] returns.
type Storage interface {
	Store
	Lister
}

// Open opens the storage at an address: "file:" and a folder, which it makes if there is none, or
// "s3://key:secret@host/bucket?region=name". The error contains nothing of the address, which has secrets.
func Open(address string) (Storage, error) {
	if folder, isFolder := strings.CutPrefix(address, "file:"); isFolder {
		return openFolder(folder)
	}
	return openBucket(address)
}

// checkName returns an error unless a name is a path without dots or empty elements.
func checkName(name string) error {
	if !fs.ValidPath(name) || name == "." {
		return errName
	}
	return nil
}
