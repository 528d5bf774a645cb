// Package unprivileged runs programs that refuse to run as root, such as
// Postgres, on behalf of root.
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

// User names the account to use when the caller is root: postgres where there is
// one, else nobody. It is empty when the caller is not root and nothing needs to
// be dropped.
func User() (string, error) {
	if os.Geteuid() != 0 {
		return "", nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		if _, err := user.Lookup(name); err == nil {
			return name, nil
		}
	}
	return "", errors.New("running as root, and there is neither a user postgres nor nobody to run Postgres as")
}

// Drop makes cmd run as the named user, able to reach its working folder.
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

// Reachable says whether every user may enter the folder and those above it.
func Reachable(dir string) (bool, error) {
	for {
		info, err := os.Stat(dir)
		if err != nil {
			return false, fmt.Errorf("look at %s: %w", dir, err)
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

// Own gives the named user a file or folder with everything below it.
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
