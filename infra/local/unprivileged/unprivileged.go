// Package unprivileged lets root run programs as another user, for programs such as
// Postgres that refuse to run as root.
package unprivileged

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
)

// User returns the name of the user to run such a program as: postgres if it exists,
// otherwise nobody. It is empty if the caller is not root and needs no other user.
func User() (string, error) {
	if os.Geteuid() != 0 {
		return "", nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		if _, err := user.Lookup(name); err == nil {
			return name, nil
		}
	}
	return "", errors.New("root cannot run Postgres, and there is no user named postgres or nobody")
}

// Drop makes cmd run as the named user. It keeps cmd's working directory accessible, even
// if only root may enter it.
func Drop(cmd *exec.Cmd, name string) error {
	uid, gid, err := lookup(name)
	if err != nil {
		return err
	}
	if cmd.SysProcAttr == nil {
		cmd.SysProcAttr = &syscall.SysProcAttr{}
	}
	cmd.SysProcAttr.Credential = &syscall.Credential{Uid: uid, Gid: gid, Groups: []uint32{gid}}
	return keepFileAccess(cmd)
}

// Reachable reports whether every user may enter the directory and its parents.
func Reachable(dir string) (bool, error) {
	for {
		info, err := os.Stat(dir)
		if err != nil {
			return false, fmt.Errorf("read the permissions of %s: %w", dir, err)
		}
		if info.Mode().Perm()&0o001 == 0 {
			return false, nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return true, nil
		}
		dir = parent
	}
}

// Own makes the named user the owner of a file, or of a directory and everything in it.
func Own(path, name string) error {
	uid, gid, err := lookup(name)
	if err != nil {
		return err
	}
	return filepath.WalkDir(path, func(path string, _ os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return os.Lchown(path, int(uid), int(gid))
	})
}

func lookup(name string) (uid, gid uint32, err error) {
	account, err := user.Lookup(name)
	if err != nil {
		return 0, 0, fmt.Errorf("look up user %s: %w", name, err)
	}
	u, err := strconv.ParseUint(account.Uid, 10, 32)
	if err != nil {
		return 0, 0, fmt.Errorf("read id of user %s: %w", name, err)
	}
	g, err := strconv.ParseUint(account.Gid, 10, 32)
	if err != nil {
		return 0, 0, fmt.Errorf("read group of user %s: %w", name, err)
	}
	return uint32(u), uint32(g), nil
}
