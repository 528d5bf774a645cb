package pages

import (
	"bytes"
	"compress/gzip"
	"io"
	"strconv"
	"strings"
)

// The content codings, as in Content-Encoding.
const (
	identity = ""
	gzipped  = "gzip"
)

// compress compresses as much as gzip can, because it is done once.
func compress(content io.Reader) *io.SectionReader {
	var compressed bytes.Buffer
	// The level is valid, the content has been read before, and writing to a buffer does not fail.
	w, _ := gzip.NewWriterLevel(&compressed, gzip.BestCompression)
	_, _ = io.Copy(w, content)
	_ = w.Close()
	return io.NewSectionReader(bytes.NewReader(bytes.Clone(compressed.Bytes())), 0, int64(compressed.Len()))
}

// acceptsGzip reports whether the values of Accept-Encoding allow gzip. See RFC 9110,
// section 12.5.3.
func acceptsGzip(values []string) bool {
	accepted := false
	for element := range strings.SplitSeq(strings.Join(values, ","), ",") {
		coding, weight := parseCoding(element)
		switch coding {
		case gzipped, "x-gzip":
			return weight > 0 // It is more specific than "*".
		case "*":
			accepted = weight > 0
		}
	}
	return accepted
}

// parseCoding parses an element of Accept-Encoding such as "gzip;q=0.5". A weight that is not
// a number counts as 0.
func parseCoding(element string) (coding string, weight float64) {
	coding, parameters, _ := strings.Cut(element, ";")
	coding = strings.ToLower(strings.TrimSpace(coding))
	name, value, given := strings.Cut(parameters, "=")
	if !given || !strings.EqualFold(strings.TrimSpace(name), "q") {
		return coding, 1
	}
	weight, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
	if err != nil {
		return coding, 0
	}
	return coding, weight
}
