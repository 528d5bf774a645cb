package local

import (
	"errors"
	"os"
	"path/filepath"
)

// ProjectRoot returns the root directory of the project. It fails if the working
// directory is not inside the project.
func ProjectRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "infra", "local", "servers")); err == nil {
			return dir, nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", errors.New("the working directory is not inside the project")
		}
		dir = parent
	}
}
