//go:build !linux

package unprivileged

import "os/exec"

// keepFileAccess does nothing, because only Linux has capabilities.
func keepFileAccess(*exec.Cmd) error { return nil }
