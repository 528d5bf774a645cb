package photo

// MemoryOf returns how many bytes a Maker expects to use for an upload.
func MemoryOf(upload []byte) (int64, error) {
	h, err := inspect(upload)
	if err != nil {
		return 0, err
	}
	return h.memory(), nil
}
