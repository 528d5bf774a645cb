package photo

import (
	"slices"
	"strings"

	"github.com/google/uuid"
)

// Path is that of all photos on the server.
const Path = "/photos/"

// extension is that of the files of photos.
const extension = ".jpg"

// Name returns the name of the file that a photo has in a size.
func Name(id uuid.UUID, size Size) string { return id.String() + "/" + string(size) + extension }

// ParseName is the reverse of [Name]. It is not ok for names of other files.
func ParseName(name string) (id uuid.UUID, size Size, ok bool) {
	text, file, _ := strings.Cut(name, "/")
	size = Size(strings.TrimSuffix(file, extension))
	id, err := uuid.Parse(text)
	ok = err == nil && slices.Contains(Sizes(), size) && name == Name(id, size)
	return id, size, ok
}

// URL returns the address of a photo on the server with an origin.
func URL(origin string, id uuid.UUID, size Size) string { return origin + Path + Name(id, size) }

// ParseURL returns the id of the photo that has the address, in any size. It is not ok for other addresses.
func ParseURL(origin, url string) (id uuid.UUID, ok bool) {
	name, ok := strings.CutPrefix(url, origin+Path)
	if !ok {
		return uuid.Nil, false
	}
	id, _, ok = ParseName(name)
	return id, ok
}
