package local

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// secrets are generated once per stack and stored with its data, which cannot be used
// without them.
type secrets struct {
	Postgres     string `json:"postgres"`
	Action       string `json:"action"`
	KratosCookie string `json:"kratosCookie"`
	KratosCipher string `json:"kratosCipher"`
}

func loadSecrets(path string) (secrets, error) {
	content, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return generateSecrets(path)
	}
	if err != nil {
		return secrets{}, fmt.Errorf("read the secrets of the local stack: %w", err)
	}
	var s secrets
	if err := json.Unmarshal(content, &s); err != nil {
		return secrets{}, fmt.Errorf("read the secrets of the local stack in %s: %w", path, err)
	}
	return s, nil
}

func generateSecrets(path string) (secrets, error) {
	s := secrets{
		Postgres:     rand.Text(),
		Action:       rand.Text(),
		KratosCookie: rand.Text() + rand.Text(),
		KratosCipher: (rand.Text() + rand.Text())[:32], // Kratos requires 32 characters for XChaCha20.
	}
	content, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return secrets{}, err
	}
	if err := os.WriteFile(path, content, 0o600); err != nil {
		return secrets{}, fmt.Errorf("write the secrets of the local stack: %w", err)
	}
	return s, nil
}
