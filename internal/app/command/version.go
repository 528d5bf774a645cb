package command

import (
	"cmp"
	"fmt"
	"runtime"
	"runtime/debug"
)

// version is set by the linker in a release.
var version string

// versionCommand prints the version of the program.
type versionCommand struct{}

func (versionCommand) Run() error {
	built := version
	if info, ok := debug.ReadBuildInfo(); ok {
		built = cmp.Or(built, info.Main.Version)
	}
	_, err := fmt.Printf("catfoster %s %s %s/%s\n", cmp.Or(built, "(unknown)"), runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return err
}
