package unprivileged

import (
	"fmt"
	"os"
	"os/exec"

	"golang.org/x/sys/unix"
)

// keepFileAccess lets cmd enter its working directory if only root may, for example
// because the project is in root's home directory. The program then keeps the capability
// CAP_DAC_OVERRIDE, which bypasses file permissions. If every user may enter the
// directory, the program keeps no capability.
//
// The capability takes effect with exec, which is after the child process has changed
// its working directory. So the child process runs a shell, which changes the directory
// and starts the program.
func keepFileAccess(cmd *exec.Cmd) error {
	dir := cmd.Dir
	if dir == "" {
		var err error
		if dir, err = os.Getwd(); err != nil {
			return fmt.Errorf("find the working directory: %w", err)
		}
	}
	reachable, err := Reachable(dir)
	if err != nil || reachable {
		return err
	}
	cmd.SysProcAttr.AmbientCaps = []uintptr{unix.CAP_DAC_OVERRIDE}
	cmd.Args = append([]string{"sh", "-c", `cd "$0" && exec "$@"`, dir, cmd.Path}, cmd.Args[1:]...)
	cmd.Path, cmd.Dir = "/bin/sh", "/"
	return nil
}
