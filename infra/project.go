package infra

import (
	"errors"
	"os"
	"path/filepath"
)

// ProjectRoot finds the folder of the project from anywhere inside it.
func ProjectRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "infra", "servers")); err == nil {
			return dir, nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", errors.New("this must be run inside the project's folder")
		}
		dir = parent
	}
}
