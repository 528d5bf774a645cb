package e2e

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/catfoster/catfoster/e2e/harness"
	entphoto "github.com/catfoster/catfoster/ent/photo"
	"github.com/catfoster/catfoster/internal/domain/photo"
)

// chunked hides the length of a body from the client.
type chunked struct{ io.Reader }

// TestPhoto_Upload has each answer to an upload.
func TestPhoto_Upload(t *testing.T) { //nolint:tparallel // The uploads of a member wait for each other.
	t.Parallel()
	ada := env.NewMember(t, "Ada")
	jpeg, large := harness.NewJPEG(t, 40, 20), harness.NewJPEG(t, 2000, 1000)
	heic := append([]byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00heicmif1"), make([]byte, 100)...)
	long := make([]byte, photo.MaxBytes+1)
	copy(long, jpeg)
	for name, test := range map[string]struct { //nolint:paralleltest // See above.
		token   string
		body    io.Reader
		change  func(*http.Request)
		status  int
		code    string
		message string
	}{
		"a photo":                   {ada.Token, bytes.NewReader(jpeg), nil, 201, "OK", ""},
		"a large photo":             {ada.Token, bytes.NewReader(large), nil, 201, "OK", ""},
		"the same bytes again":      {ada.Token, bytes.NewReader(jpeg), nil, 201, "OK", ""},
		"without Content-Length":    {ada.Token, chunked{bytes.NewReader(jpeg)}, nil, 201, "OK", ""},
		"a wrong type":              {ada.Token, bytes.NewReader(jpeg), header("Content-Type", "application/json"), 201, "OK", ""},
		"a page of our own":         {ada.Token, bytes.NewReader(jpeg), header("Sec-Fetch-Site", "same-origin"), 201, "OK", ""},
		"an allowed origin":         {ada.Token, bytes.NewReader(jpeg), header("Origin", harness.FrontendOrigin), 201, "OK", ""},
		"without a session":         {"", bytes.NewReader(jpeg), nil, 401, "UNAUTHENTICATED", "sign in first"},
		"an invalid session":        {"nope", bytes.NewReader(jpeg), nil, 401, "UNAUTHENTICATED", "sign in first"},
		"another origin":            {ada.Token, bytes.NewReader(jpeg), header("Origin", "https://evil.example"), 403, "FORBIDDEN", "other sites"},
		"another site":              {ada.Token, bytes.NewReader(jpeg), header("Sec-Fetch-Site", "cross-site"), 403, "FORBIDDEN", "other sites"},
		"a page of somebody else":   {ada.Token, bytes.NewReader(jpeg), header("Catfoster-Viewer", uuid.NewString()), 403, "VIEWER_CHANGED", "somebody else"},
		"too long":                  {ada.Token, bytes.NewReader(long), nil, 413, "BAD_USER_INPUT", "photo must have at most 10 MB"},
		"too long and not declared": {ada.Token, chunked{bytes.NewReader(long)}, nil, 413, "BAD_USER_INPUT", "photo must have at most 10 MB"},
		"no bytes":                  {ada.Token, http.NoBody, nil, 415, "BAD_USER_INPUT", "photo "},
		"a page":                    {ada.Token, strings.NewReader("<html>"), header("Content-Type", "image/jpeg"), 415, "BAD_USER_INPUT", "photo "},
		"HEIC":                      {ada.Token, bytes.NewReader(heic), nil, 415, "BAD_USER_INPUT", "JPEG"},
		"half a photo":              {ada.Token, bytes.NewReader(jpeg[:len(jpeg)/2]), nil, 422, "BAD_USER_INPUT", "photo "},
		"another method":            {ada.Token, nil, func(r *http.Request) { r.Method = http.MethodPut }, 405, "FORBIDDEN", "POST"},
	} {
		t.Run(name, func(t *testing.T) {
			got := env.Upload(t, test.token, test.body, test.change)
			message := ""
			if len(got.Errors) > 0 {
				message = got.Errors[0].Message
			}
			if got.Status != test.status || got.Code() != test.code || !strings.Contains(message, test.message) {
				t.Fatalf("%d %+v, want %d %s with %q", got.Status, got.Errors, test.status, test.code, test.message)
			}
			if got.Status != http.StatusCreated {
				return
			}
			width := 40
			if name == "a large photo" {
				width = 1920
			}
			if got.Width != width || got.Height != width/2 || got.URL != photo.URL(env.Config.BrowserOrigin(), got.ID, photo.Card) {
				t.Errorf("the answer is %+v", got)
			}
		})
	}
}

func header(name, value string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set(name, value) }
}

// TestPhoto_UploadIsNotRead sends the header of a long upload that is refused, and none of its bytes. The answer comes at once.
func TestPhoto_UploadIsNotRead(t *testing.T) {
	t.Parallel()
	ada := env.NewMember(t, "Ada")
	for name, test := range map[string]struct {
		fields string
		want   string
	}{
		"without a session": {"Content-Length: 1000000\r\n", "401"},
		"too long":          {"Content-Length: 20000000\r\nX-Session-Token: " + ada.Token + "\r\n", "413"},
		"another origin":    {"Content-Length: 1000000\r\nOrigin: https://evil.example\r\nX-Session-Token: " + ada.Token + "\r\n", "403"},
	} {
		connection := dial(t, env.Server, test.fields)
		status, err := bufio.NewReader(connection).ReadString('\n')
		if err != nil || !strings.Contains(status, test.want) {
			t.Errorf("%s: %q %v, want %s", name, status, err, test.want)
		}
	}
}

// dial begins an upload with some header fields, and returns the connection.
func dial(t *testing.T, server *harness.Server, fields string) net.Conn {
	t.Helper()
	address := strings.TrimPrefix(server.URL, "http://")
	connection, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = connection.Close() })
	if err := connection.SetDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	if _, err := fmt.Fprintf(connection, "POST /photos HTTP/1.1\r\nHost: %s\r\n%s\r\n", address, fields); err != nil {
		t.Fatal(err)
	}
	return connection
}

// TestPhoto_ClientHangsUp ends uploads in the middle. They leave nothing, and their room is free again: others do not wait.
func TestPhoto_ClientHangsUp(t *testing.T) {
	t.Parallel()
	ada := env.NewMember(t, "Ada")
	for range 5 { // Together they have more than the room of a caller, and of the server.
		connection := dial(t, env.Server, fmt.Sprintf("Content-Length: %d\r\nX-Session-Token: %s\r\n", photo.MaxBytes, ada.Token))
		if _, err := connection.Write(make([]byte, 100_000)); err != nil {
			t.Fatal(err)
		}
		if err := connection.Close(); err != nil {
			t.Fatal(err)
		}
	}
	env.NewPhoto(t, ada)
	photos, err := env.Client.Photo.Query().Where(entphoto.UploaderID(ada.ID)).Count(t.Context())
	if err != nil || photos != 1 {
		t.Errorf("there are %d photos of the member, %v, want the whole one", photos, err)
	}
}

// TestPhoto_SlowSender takes all room for bodies, and sends a byte of each. The room is free again soon, and others upload.
func TestPhoto_SlowSender(t *testing.T) {
	t.Parallel()
	server := env.StartServer(t, env.Config)
	slow := make([]*bufio.Reader, 4)
	expect := func(answer *bufio.Reader, want string) {
		t.Helper()
		if status, err := answer.ReadString('\n'); err != nil || !strings.Contains(status, want) {
			t.Fatalf("the answer to a slow sender is %q, %v, want %s", status, err, want)
		}
	}
	for i := range slow {
		fields := fmt.Sprintf("Content-Length: %d\r\nExpect: 100-continue\r\nX-Session-Token: %s\r\n", photo.MaxBytes, env.NewMember(t, "Slow").Token)
		connection := dial(t, server, fields)
		if err := connection.SetDeadline(time.Now().Add(time.Minute)); err != nil {
			t.Fatal(err)
		}
		slow[i] = bufio.NewReader(connection)
		expect(slow[i], "100 Continue") // It has its turn.
		expect(slow[i], "")
		if _, err := connection.Write([]byte{0xff}); err != nil {
			t.Fatal(err)
		}
	}
	server.NewPhoto(t, env.NewMember(t, "Ada"))
	for _, answer := range slow {
		expect(answer, "408")
	}
}

// TestPhoto_Quota uploads more within an hour than a member may.
func TestPhoto_Quota(t *testing.T) {
	t.Parallel()
	c := env.Config
	c.Quotas.PhotosPerHour = 1
	server := env.StartServer(t, c)
	ada := env.NewMember(t, "Ada")
	server.NewPhoto(t, ada)
	got := server.Upload(t, ada.Token, bytes.NewReader(harness.NewJPEG(t, 40, 30)), nil)
	if got.Status != http.StatusTooManyRequests || got.Code() != "CONFLICT" || got.Errors[0].Extensions.Reason != "QUOTA_EXCEEDED" {
		t.Errorf("a second photo within an hour: %d %+v", got.Status, got.Errors)
	}
	c.Quotas.PhotosPerHour, c.RateLimit.Points, c.RateLimit.Burst = 100, 1, 30_000
	server = env.StartServer(t, c)
	for got.Code() != "RATE_LIMITED" {
		if got = server.Upload(t, ada.Token, bytes.NewReader(harness.NewJPEG(t, 40, 30)), nil); got.Code() == "OK" {
			continue
		}
	}
	if got.Status != http.StatusTooManyRequests || got.Header.Get("Retry-After") == "" {
		t.Errorf("too much in a short time: %d %+v, Retry-After %q", got.Status, got.Errors, got.Header.Get("Retry-After"))
	}
}

// serve asks for a photo in a size.
func serve(t *testing.T, method, token, path string, change func(*http.Request)) (*http.Response, []byte) {
	t.Helper()
	return env.AskForPhotos(t, method, "/"+path, token, nil, change)
}

// TestPhoto_WhoSeesIt has each place of a photo, and each kind of viewer.
func TestPhoto_WhoSeesIt(t *testing.T) {
	t.Parallel()
	owner, other, admin := env.NewMember(t, "Owner"), env.NewMember(t, "Other"), env.NewAdmin(t)
	ofCat, portrait, free := env.NewPhoto(t, owner), env.NewPhoto(t, owner), env.NewPhoto(t, owner)
	cat := env.NewCatWith(t, owner, map[string]any{"photoIds": []uuid.UUID{ofCat}})
	env.Query(t, owner.Token, `mutation($id: ID) { updateProfile(input: {photoId: $id}) { photo { id } } }`, map[string]any{"id": portrait}).RequireOK(t)
	check := func(when string, want map[uuid.UUID]string) {
		t.Helper()
		for id, sees := range want {
			for name, token := range map[string]string{"owner": owner.Token, "other": other.Token, "admin": admin.Token, "anonymous": ""} {
				wanted := http.StatusNotFound
				switch {
				case token == "":
					wanted = http.StatusUnauthorized
				case strings.Contains(sees, name):
					wanted = http.StatusOK
				}
				for _, size := range photo.Sizes() {
					if response, _ := serve(t, http.MethodGet, token, photo.Name(id, size), nil); response.StatusCode != wanted {
						t.Errorf("%s: photo %s for %s: %s, want %d", when, id, name, response.Status, wanted)
					}
				}
				if token == "" {
					continue
				}
				var data struct{ Node *struct{ ID uuid.UUID } }
				env.Query(t, token, `query($id: ID!) { node(id: $id) { id } }`, map[string]any{"id": id}).Decode(t, &data)
				if (data.Node != nil) != (wanted == http.StatusOK) {
					t.Errorf("%s: the node of photo %s for %s: %v", when, id, name, data.Node)
				}
			}
		}
	}
	const all = "owner other admin"
	check("at first", map[uuid.UUID]string{ofCat: all, portrait: all, free: "owner", uuid.New(): ""})
	env.Query(t, owner.Token, harness.DeleteCatMutation, map[string]any{"id": cat}).RequireOK(t)
	check("without the cat", map[uuid.UUID]string{ofCat: "", portrait: all})
	env.Query(t, owner.Token, harness.DeleteAccountMutation, nil).RequireOK(t)
	for _, id := range []uuid.UUID{ofCat, portrait, free} {
		if response, _ := serve(t, http.MethodGet, other.Token, photo.Name(id, photo.Card), nil); response.StatusCode != http.StatusNotFound {
			t.Errorf("a photo of a deleted account: %s", response.Status)
		}
	}
}

// TestPhoto_Served checks what a browser is told about a photo.
func TestPhoto_Served(t *testing.T) {
	t.Parallel()
	ada := env.NewMember(t, "Ada")
	id := env.NewPhoto(t, ada)
	name := photo.Name(id, photo.Card)
	whole, body := serve(t, http.MethodGet, ada.Token, name, nil)
	tag := whole.Header.Get("ETag")
	want := map[string]string{
		"Content-Type": "image/jpeg", "Cache-Control": "private, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff",
		"Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'", "Cross-Origin-Resource-Policy": "same-origin",
		"Content-Length": strconv.Itoa(len(body)),
	}
	for field, value := range want {
		if got := whole.Header.Get(field); got != value {
			t.Errorf("%s: %q, want %q", field, got, value)
		}
	}
	if !bytes.HasPrefix(body, []byte("\xff\xd8\xff")) || tag == "" {
		t.Errorf("the body begins with %x, the tag is %q", body[:min(len(body), 4)], tag)
	}
	for about, test := range map[string]struct {
		method, path string
		change       func(*http.Request)
		status       int
		length       int
	}{
		"HEAD":                    {http.MethodHead, name, nil, 200, 0},
		"the same tag":            {http.MethodGet, name, header("If-None-Match", tag), 304, 0},
		"another tag":             {http.MethodGet, name, header("If-None-Match", `"x"`), 200, len(body)},
		"a part":                  {http.MethodGet, name, header("Range", "bytes=0-9"), 206, 10},
		"another origin":          {http.MethodGet, name, header("Origin", "https://evil.example"), 200, len(body)},
		"an image of our page":    {http.MethodGet, name, header("Sec-Fetch-Mode", "no-cors"), 200, len(body)},
		"a size that is none":     {http.MethodGet, id.String() + "/huge.jpg", nil, 404, -1},
		"an id that is none":      {http.MethodGet, "x/card.jpg", nil, 404, -1},
		"an id in capitals":       {http.MethodGet, strings.ToUpper(id.String()) + "/card.jpg", nil, 404, -1},
		"a path that leads out":   {http.MethodGet, "%2e%2e/" + name, nil, 404, -1},
		"a method that changes":   {http.MethodDelete, name, nil, 405, -1},
		"a session that has none": {http.MethodGet, name, func(r *http.Request) { r.Header.Del("X-Session-Token") }, 401, -1},
	} {
		response, got := serve(t, test.method, ada.Token, test.path, test.change)
		if response.StatusCode != test.status || test.length >= 0 && len(got) != test.length {
			t.Errorf("%s: %s with %d bytes, want %d with %d", about, response.Status, len(got), test.status, test.length)
		}
		if cache := response.Header.Get("Cache-Control"); test.status >= 400 && strings.Contains(cache, "immutable") {
			t.Errorf("%s: browsers keep the refusal: %s", about, cache)
		}
		if about == "another origin" && response.Header.Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("scripts of another origin may read a photo")
		}
	}
}

// photosOfCat is what members read of the photos of a cat.
type photosOfCat struct {
	CatProfile struct {
		Photos []struct {
			ID            uuid.UUID
			Width, Height int
			Alt           *string
			Placeholder   string
			URL, Thumb    string
		}
		PhotosUrls []string
	}
}

func readPhotos(t *testing.T, viewer harness.Member, cat uuid.UUID) (read photosOfCat) {
	t.Helper()
	env.Query(t, viewer.Token, `query($id: ID!) { catProfile(id: $id) {
		photos { id width height alt placeholder url thumb: url(size: THUMBNAIL) } photosUrls
	} }`, map[string]any{"id": cat}).Decode(t, &read)
	return read
}

// TestPhoto_OfCat attaches photos by ids and by URLs, and sends back what is listed.
func TestPhoto_OfCat(t *testing.T) {
	t.Parallel()
	owner, reader := env.NewMember(t, "Owner"), env.NewMember(t, "Reader")
	const elsewhere = "https://example.org/cat.jpg"
	first, second, foreign := env.NewPhoto(t, owner), env.NewPhoto(t, owner), env.NewPhoto(t, reader)
	url := func(id uuid.UUID) string { return photo.URL(env.Config.BrowserOrigin(), id, photo.Large) }
	cat := env.NewCatWith(t, owner, map[string]any{"photoIds": []uuid.UUID{first}, "photosUrls": []string{elsewhere}})
	update := func(fields map[string]any) harness.Response {
		return env.Query(t, owner.Token, `mutation($id: ID!, $input: UpdateCatProfileInput!) { updateCatProfile(id: $id, input: $input) { id } }`,
			map[string]any{"id": cat, "input": fields})
	}
	for _, step := range []struct {
		about  string
		fields map[string]any
		refuse []string
		want   []string
	}{
		{"as it was made", map[string]any{"age": 4}, nil, []string{url(first), elsewhere}},
		{"its own list", map[string]any{"photosUrls": []string{url(first), elsewhere}}, nil, []string{url(first), elsewhere}},
		{"its own list in another size, and the owner's own", map[string]any{"photosUrls": []string{
			photo.URL(env.Config.BrowserOrigin(), second, photo.Thumbnail), elsewhere, photo.URL(env.Config.BrowserOrigin(), first, photo.Card),
		}}, nil, []string{url(second), url(first), elsewhere}},
		{"another order", map[string]any{"photoIds": []uuid.UUID{first, second}}, nil, []string{url(first), url(second), elsewhere}},
		{"a stranger's", map[string]any{"photoIds": []uuid.UUID{first, foreign}}, []string{"BAD_USER_INPUT photoIds"}, []string{url(first), url(second), elsewhere}},
		{"a stranger's URL", map[string]any{"photosUrls": []string{url(foreign)}}, []string{"BAD_USER_INPUT photoIds"}, []string{url(first), url(second), elsewhere}},
		{"one twice", map[string]any{"photoIds": []uuid.UUID{first, first}}, []string{"BAD_USER_INPUT photoIds"}, []string{url(first), url(second), elsewhere}},
		{"a page of ours", map[string]any{"photosUrls": []string{env.Config.BrowserOrigin() + "/photos/x.jpg"}}, []string{"BAD_USER_INPUT photosUrls"}, []string{url(first), url(second), elsewhere}},
		{"ids and URLs", map[string]any{"photoIds": []uuid.UUID{second}, "photosUrls": []string{url(first)}}, nil, []string{url(second)}},
		{"none", map[string]any{"photoIds": nil}, nil, []string{}},
		{"what was taken away", map[string]any{"photoIds": []uuid.UUID{first, second}}, nil, []string{url(first), url(second)}},
		{"no URLs", map[string]any{"photosUrls": nil}, nil, []string{}},
	} {
		if diff := cmp.Diff(step.refuse, update(step.fields).Fields()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", step.about, diff)
		}
		read := readPhotos(t, reader, cat)
		if diff := cmp.Diff(step.want, read.CatProfile.PhotosUrls); diff != "" {
			t.Errorf("after %s the cat has (-want +got):\n%s", step.about, diff)
		}
		for i, p := range read.CatProfile.Photos {
			if p.Width != 40 || p.Height != 30 || len(p.Placeholder) != 7 || url(p.ID) != step.want[i] ||
				p.URL != photo.URL(env.Config.BrowserOrigin(), p.ID, photo.Card) || p.Thumb != photo.URL(env.Config.BrowserOrigin(), p.ID, photo.Thumbnail) {
				t.Errorf("after %s photo %d is %+v", step.about, i, p)
			}
		}
	}
}

// TestPhoto_Description says what a photo shows.
func TestPhoto_Description(t *testing.T) {
	t.Parallel()
	owner, other, admin := env.NewMember(t, "Owner"), env.NewMember(t, "Other"), env.NewAdmin(t)
	ofCat, byAdmin := env.NewPhoto(t, owner), env.NewPhoto(t, admin)
	cat := env.NewCatWith(t, owner, map[string]any{"photoIds": []uuid.UUID{ofCat}})
	env.Query(t, admin.Token, `mutation($id: ID!, $photos: [ID!]) { updateCatProfile(id: $id, input: {photoIds: $photos}) { id } }`,
		map[string]any{"id": cat, "photos": []uuid.UUID{ofCat, byAdmin}}).RequireOK(t)
	for _, step := range []struct {
		by    harness.Member
		photo uuid.UUID
		alt   any
		want  string
	}{
		{owner, ofCat, "A cat\non a chair.", "BAD_USER_INPUT"},
		{owner, ofCat, strings.Repeat("a", 251), "BAD_USER_INPUT"},
		{owner, ofCat, " A cat on a chair. ", "OK"},
		{owner, byAdmin, "A cat.", "OK"},
		{other, ofCat, "A dog.", "NOT_FOUND"},
		{admin, ofCat, "A dog.", "NOT_FOUND"},
		{owner, uuid.New(), "A cat.", "NOT_FOUND"},
		{admin, byAdmin, "A dog.", "NOT_FOUND"}, // Who uploaded it may not be an admin any more.
		{owner, byAdmin, nil, "OK"},
	} {
		got := env.Query(t, step.by.Token, `mutation($id: ID!, $alt: String) { updatePhoto(id: $id, alt: $alt) { alt } }`, map[string]any{"id": step.photo, "alt": step.alt})
		if got.Code() != step.want || step.want == "BAD_USER_INPUT" && !slices.Equal(got.Fields(), []string{"BAD_USER_INPUT alt"}) {
			t.Errorf("%s says of %s %.40v: %s, want %s", step.by.Name, step.photo, step.alt, got.Code(), step.want)
		}
	}
	photos := readPhotos(t, other, cat).CatProfile.Photos
	if len(photos) != 2 || photos[0].Alt == nil || *photos[0].Alt != "A cat on a chair." || photos[1].Alt != nil {
		t.Errorf("the photos are %+v", photos)
	}
}

// TestPhoto_ExternalPhotos turns off the photos on other sites.
func TestPhoto_ExternalPhotos(t *testing.T) {
	t.Parallel()
	c := env.Config
	c.Photos.External = false
	server := env.StartServer(t, c)
	owner := env.NewMember(t, "Owner")
	const elsewhere = "https://example.org/cat.jpg"
	cat := env.NewCatWith(t, owner, map[string]any{"photosUrls": []string{elsewhere}})
	var data struct{ CatProfile struct{ PhotosUrls []string } }
	server.Query(t, owner.Token, `query($id: ID!) { catProfile(id: $id) { photosUrls } }`, map[string]any{"id": cat}).Decode(t, &data)
	if len(data.CatProfile.PhotosUrls) > 0 {
		t.Errorf("the cat has %v", data.CatProfile.PhotosUrls)
	}
	got := server.Query(t, owner.Token, `mutation($id: ID!, $urls: [URL!]) { updateCatProfile(id: $id, input: {photosUrls: $urls}) { id } }`,
		map[string]any{"id": cat, "urls": []string{elsewhere}})
	if diff := cmp.Diff([]string{"BAD_USER_INPUT photosUrls"}, got.Fields()); diff != "" {
		t.Errorf("a photo on another site (-want +got):\n%s", diff)
	}
	// A member attaches a photo, and sends back what the list has then: photos that are not shown neither count nor are lost.
	update := func(input map[string]any) []string {
		t.Helper()
		document := `mutation($id: ID!, $input: UpdateCatProfileInput!) { updateCatProfile(id: $id, input: $input) { photosUrls } }`
		var changed struct{ UpdateCatProfile struct{ PhotosUrls []string } }
		server.Query(t, owner.Token, document, map[string]any{"id": cat, "input": input}).Decode(t, &changed)
		return changed.UpdateCatProfile.PhotosUrls
	}
	shown := update(map[string]any{"photoIds": []uuid.UUID{env.NewPhoto(t, owner)}})
	update(map[string]any{"photosUrls": shown})
	if got := readPhotos(t, owner, cat).CatProfile.PhotosUrls; len(shown) != 1 || len(got) != 2 || got[1] != elsewhere {
		t.Errorf("after %v was sent back the cat has %v, want also the photo on the other site", shown, got)
	}
	if update(map[string]any{"photosUrls": nil}); len(readPhotos(t, owner, cat).CatProfile.PhotosUrls) != 0 {
		t.Error("a cat without photos still has one on another site")
	}
	for _, test := range []struct {
		url  string
		want string
	}{{server.URL, "img-src 'self' data: blob:;"}, {env.URL, "img-src 'self' data: blob: https:;"}} {
		response := exchange(t, test.url, http.MethodGet, "/", http.Header{"Accept": {"text/html"}}, "")
		if policy := response.Header.Get("Content-Security-Policy"); !strings.Contains(policy, test.want) {
			t.Errorf("the policy is %s, want %s", policy, test.want)
		}
	}
}

// TestPhoto_Verify runs the command on what a server has stored, and on what somebody has damaged.
func TestPhoto_Verify(t *testing.T) {
	t.Parallel()
	stack := env.NewIsolatedStack(t)
	server := env.StartServer(t, stack.Config)
	ada := env.NewMember(t, "Ada")
	server.UserID(t, ada.Token) // The stack has its own database.
	id := server.NewPhoto(t, ada)
	program := env.Program(t)
	if output, ok := program.Run(t, stack.Config, "photos", "verify"); !ok || !strings.Contains(output, "Compared 1 photos with 3 files: 0 missing, 0 extra.") {
		t.Errorf("with nothing wrong: %s", output)
	}
	stack.Exec(t, `DELETE FROM photos`)
	if output, ok := program.Run(t, stack.Config, "photos", "verify"); ok || !strings.Contains(output, "extra "+photo.Name(id, photo.Card)) {
		t.Errorf("with files without a photo: %s", output)
	}
}

// TestPhoto_Statements counts the statements for a page of cats with photos and portraits.
func TestPhoto_Statements(t *testing.T) {
	t.Parallel()
	owner := env.NewMember(t, "Owner")
	for range 3 {
		env.NewCatWith(t, owner, map[string]any{"photoIds": []uuid.UUID{env.NewPhoto(t, owner)}})
	}
	cost := func(fields string) int {
		query := `query($id: ID!) { catProfiles(filter: {ownerId: $id}) { edges { node { name ` + fields + ` } } } }`
		return costOf(t, env.Server, owner, query, map[string]any{"id": owner.ID}).SQL
	}
	for fields, more := range map[string]int{
		"photos { url } photosUrls":                       1,
		"owner { name }":                                  1,
		"photosUrls owner { photo { url } }":              3,
		"photos { id alt } again: photos { placeholder }": 1,
	} {
		if got, without := cost(fields), cost(""); got-without != more {
			t.Errorf("a page with %s takes %d statements, and %d without, want %d more", fields, got, without, more)
		}
	}
}
