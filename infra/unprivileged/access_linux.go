package unprivileged

import (
	"fmt"
	"os"
	"os/exec"

	"golang.org/x/sys/unix"
)

// keepFileAccess lets cmd reach its working folder when only root may enter it,
// because the project lies in root's home, say. The program keeps that one
// capability of root; where everybody may enter, it keeps none.
//
// The capability counts only behind the next exec, too late to enter the folder
// or to find a program in it: so a shell does both.
func keepFileAccess(cmd *exec.Cmd) error {
	here := cmd.Dir
	if here == "" {
		var err error
		if here, err = os.Getwd(); err != nil {
			return fmt.Errorf("find the working folder: %w", err)
		}
	}
	open, err := Reachable(here)
	if err != nil || open {
		return err
	}
	cmd.SysProcAttr.AmbientCaps = []uintptr{unix.CAP_DAC_OVERRIDE}
	cmd.Args = append([]string{"sh", "-c", `cd "$0" && exec "$@"`, here, cmd.Path}, cmd.Args[1:]...)
	cmd.Path, cmd.Dir = "/bin/sh", "/"
	return nil
}
