package harness

import (
	"bytes"
	"encoding/json"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"io"
	"net/http"
	"testing"

	"github.com/google/uuid"
)

// NewJPEG returns the bytes of a photo of one colour.
func NewJPEG(t *testing.T, width, height int) []byte {
	t.Helper()
	picture := image.NewRGBA(image.Rect(0, 0, width, height))
	draw.Draw(picture, picture.Bounds(), image.NewUniform(color.RGBA{R: 0xc0, G: 0x8a, B: 0x5a, A: 0xff}), image.Point{}, draw.Src)
	var encoded bytes.Buffer
	if err := jpeg.Encode(&encoded, picture, nil); err != nil {
		t.Fatal(err)
	}
	return encoded.Bytes()
}

// Upload is the answer to an upload.
type Upload struct {
	Status        int `json:"-"`
	Header        http.Header
	ID            uuid.UUID
	Width, Height int
	URL           string
	Errors        []struct {
		Message    string
		Extensions struct{ Code, Reason, Field string }
	}
}

// Code returns the code of the error, or OK.
func (u Upload) Code() string {
	if len(u.Errors) == 0 {
		return "OK"
	}
	return u.Errors[0].Extensions.Code
}

// AskForPhotos sends a request to a path of photos, and returns the answer and its body. change, unless it is nil, changes the request.
func (s *Server) AskForPhotos(
	t *testing.T, method, path, token string, body io.Reader, change func(*http.Request),
) (*http.Response, []byte) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, s.URL+"/photos"+path, body)
	if err != nil {
		t.Fatal(err)
	}
	if token != "" {
		request.Header.Set("X-Session-Token", token)
	}
	if change != nil {
		change(request)
	}
	response, err := s.client().Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response, answer
}

// Upload sends the body of a photo. change, unless it is nil, changes the request.
func (s *Server) Upload(t *testing.T, token string, body io.Reader, change func(*http.Request)) Upload {
	t.Helper()
	response, answer := s.AskForPhotos(t, http.MethodPost, "", token, body, change)
	uploaded := Upload{Status: response.StatusCode, Header: response.Header}
	if err := json.Unmarshal(answer, &uploaded); err != nil {
		t.Fatalf("the answer to an upload (%s) is no JSON: %v", response.Status, err)
	}
	return uploaded
}

// NewPhoto uploads a photo and returns its id.
func (s *Server) NewPhoto(t *testing.T, m Member) uuid.UUID {
	t.Helper()
	uploaded := s.Upload(t, m.Token, bytes.NewReader(NewJPEG(t, 40, 30)), nil)
	if uploaded.Status != http.StatusCreated {
		t.Fatalf("an upload: %d %+v", uploaded.Status, uploaded.Errors)
	}
	return uploaded.ID
}
