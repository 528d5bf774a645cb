package local

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
)

// CopyStandby copies the data of the stack's Postgres, which goes on running, to the directory of another stack, whose StartPostgres
// then starts a standby that follows this one. name is the application_name of the standby's connection.
//
// It does by SQL what pg_basebackup does, as not every installation has that program: see "Making a Base Backup Using the Low Level
// API" in Postgres's manual. It needs Postgres 15 or newer.
func (s *Stack) CopyStandby(ctx context.Context, dir, name string) error {
	db, err := sql.Open("postgres", s.PostgresURL)
	if err != nil {
		return fmt.Errorf("read the URL of Postgres: %w", err)
	}
	defer db.Close()
	conn, err := db.Conn(ctx) // A backup belongs to a connection.
	if err != nil {
		return fmt.Errorf("connect to Postgres: %w", err)
	}
	defer func() { _ = conn.Close() }() // This ends a backup that has failed.
	var from, label string
	if err := conn.QueryRowContext(ctx, `SELECT current_setting('data_directory') FROM pg_backup_start($1, fast => true)`, name).Scan(&from); err != nil {
		return fmt.Errorf("begin to copy Postgres: %w", err)
	}
	to := filepath.Join(dir, "postgres", filepath.Base(from))
	if err := copyData(from, to); err != nil {
		return fmt.Errorf("copy the data of Postgres: %w", err)
	}
	if err := conn.QueryRowContext(ctx, `SELECT labelfile FROM pg_backup_stop(wait_for_archive => false)`).Scan(&label); err != nil {
		return fmt.Errorf("end to copy Postgres: %w", err)
	}
	follows, err := PrimaryConninfo(s.PostgresURL, name)
	if err != nil {
		return err
	}
	return errors.Join(
		os.WriteFile(filepath.Join(to, "backup_label"), []byte(label), 0o600),
		os.WriteFile(filepath.Join(to, "standby.signal"), nil, 0o600),
		appendTo(filepath.Join(to, "postgresql.auto.conf"), "primary_conninfo = '"+strings.NewReplacer(`\`, `\\`, `'`, `''`).Replace(follows)+"'\n"),
	)
}

// PrimaryConninfo returns the setting by which a standby follows the Postgres at a URL. The result includes the password.
func PrimaryConninfo(address, name string) (string, error) {
	u, err := url.Parse(address)
	if err != nil {
		return "", errPostgresURL
	}
	password, _ := u.User.Password()
	quote := func(value string) string { return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(value) + "'" }
	return fmt.Sprintf("host=%s port=%s user=%s password=%s application_name=%s",
		quote(u.Hostname()), quote(u.Port()), quote(u.User.Username()), quote(password), quote(name)), nil
}

// copyData copies a data directory that is in use. What belongs to the running server stays behind.
func copyData(from, to string) error {
	if err := os.RemoveAll(to); err != nil {
		return err
	}
	return filepath.WalkDir(from, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return unlessGone(err)
		}
		name, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		switch first, below, _ := strings.Cut(name, string(filepath.Separator)); {
		case entry.IsDir():
			return os.MkdirAll(filepath.Join(to, name), 0o700)
		case !entry.Type().IsRegular(), first == "postmaster.pid", first == "postmaster.opts", first == "standby.signal", first == "backup_label",
			strings.HasPrefix(filepath.Base(name), "pgsql_tmp"):
			return nil
		case below != "" && !isCopied(first):
			return nil
		}
		return unlessGone(copyFile(path, filepath.Join(to, name)))
	})
}

// isCopied reports whether the files of a folder are copied: the others are made anew, and a standby asks for the log.
func isCopied(folder string) bool {
	switch folder {
	case "pg_wal", "pg_replslot", "pg_dynshmem", "pg_notify", "pg_serial", "pg_snapshots", "pg_stat_tmp", "pg_subtrans":
		return false
	}
	return true
}

// unlessGone returns an error unless it says that a file has been deleted meanwhile: the log tells a standby so.
func unlessGone(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

func copyFile(from, to string) error {
	source, err := os.Open(from)
	if err != nil {
		return err
	}
	defer source.Close()
	target, err := os.OpenFile(to, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(target, source)
	return errors.Join(err, target.Close())
}

func appendTo(path, text string) error {
	file, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	_, err = file.WriteString(text)
	return errors.Join(err, file.Close())
}
