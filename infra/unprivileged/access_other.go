//go:build !linux

package unprivileged

import "os/exec"

// keepFileAccess does nothing: only Linux has capabilities to keep.
func keepFileAccess(*exec.Cmd) error { return nil }
