package photostore

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"strings"
	"time"
)

const (
	// partial begins the names of files that are being written.
	partial = "partial-"
	// partialAge is when such a file is one that a crash has left behind.
	partialAge = time.Hour
	// lostAndFound is in the root of some file systems. Only the system may read it.
	lostAndFound = "lost+found"
)

// folder keeps files in a folder, which nothing leaves: os.Root refuses names and links that lead out of it.
type folder struct{ root *os.Root }

func openFolder(name string) (*folder, error) {
	if err := os.MkdirAll(name, 0o750); err != nil {
		return nil, fmt.Errorf("make the folder of photos: %w", err)
	}
	root, err := os.OpenRoot(name)
	if err != nil {
		return nil, fmt.Errorf("open the folder of photos: %w", err)
	}
	return &folder{root}, nil
}

// Put writes another file first, so that nobody reads half a photo, whatever happens.
func (f *folder) Put(ctx context.Context, name string, data []byte) (err error) {
	if err := errors.Join(ctx.Err(), checkName(name)); err != nil {
		return err
	}
	temporary := partial + rand.Text()
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("write a photo: %w", err), ignoreAbsent(f.root.Remove(temporary)))
		}
	}()
	if err := f.write(temporary, data); err != nil {
		return err
	}
	if err := f.root.MkdirAll(path.Dir(name), 0o750); err != nil {
		return err
	}
	if err := f.root.Rename(temporary, name); err != nil {
		return err
	}
	return errors.Join(f.sync(path.Dir(name)), f.sync("."))
}

// write writes a file to the disk.
func (f *folder) write(name string, data []byte) error {
	file, err := f.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o640)
	if err != nil {
		return err
	}
	_, err = file.Write(data)
	return errors.Join(err, file.Sync(), file.Close())
}

// sync writes a folder to the disk, without which a file may have no name after a crash.
func (f *folder) sync(name string) error {
	dir, err := f.root.Open(name)
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}

// Open opens a file.
func (f *folder) Open(ctx context.Context, name string) (File, error) {
	if err := errors.Join(ctx.Err(), checkName(name)); err != nil {
		return nil, err
	}
	file, err := f.root.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("open a photo: %w", err)
	}
	info, err := file.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return nil, errors.Join(ErrNotFound, err, file.Close())
	}
	if info.Size() > maxFile {
		return nil, errors.Join(errTooLarge, file.Close())
	}
	return &folderFile{File: file, info: info}, nil
}

// Delete deletes a file, and its folder if that is empty then.
func (f *folder) Delete(ctx context.Context, name string) error {
	if err := errors.Join(ctx.Err(), checkName(name)); err != nil {
		return err
	}
	if err := ignoreAbsent(f.root.Remove(name)); err != nil {
		return fmt.Errorf("delete a photo: %w", err)
	}
	if dir := path.Dir(name); dir != "." {
		_ = f.root.Remove(dir) // It may have other files, or be gone.
	}
	return nil
}

// List reads a folder at a time. It deletes what crashes have left behind.
func (f *folder) List(ctx context.Context, each func(name string, modified time.Time) error) error {
	err := fs.WalkDir(f.root.FS(), ".", func(name string, entry fs.DirEntry, err error) error {
		if name == lostAndFound {
			return fs.SkipDir
		}
		if err := errors.Join(ctx.Err(), ignoreAbsent(err)); err != nil {
			return err
		}
		if entry == nil || !entry.Type().IsRegular() {
			return nil
		}
		info, err := entry.Info()
		switch {
		case err != nil:
			return ignoreAbsent(err) // It was deleted meanwhile.
		case !strings.HasPrefix(name, partial):
			return each(name, info.ModTime())
		case time.Since(info.ModTime()) > partialAge:
			return ignoreAbsent(f.root.Remove(name))
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("list the photos: %w", err)
	}
	return nil
}

func ignoreAbsent(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// folderFile is an open file of a folder.
type folderFile struct {
	*os.File
	info fs.FileInfo
}

// Size is the number of bytes.
func (f *folderFile) Size() int64 { return f.info.Size() }

// Modified is when the file was put.
func (f *folderFile) Modified() time.Time { return f.info.ModTime() }
