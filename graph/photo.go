package graph

import (
	"context"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/google/uuid"
	"golang.org/x/net/idna"

	entphoto "github.com/catfoster/catfoster/ent/photo"
	"github.com/catfoster/catfoster/graph/model"
	"github.com/catfoster/catfoster/graph/objects"
	"github.com/catfoster/catfoster/graph/scalar"
	"github.com/catfoster/catfoster/internal/domain/apperr"
	"github.com/catfoster/catfoster/internal/domain/limits"
	"github.com/catfoster/catfoster/internal/domain/names"
	"github.com/catfoster/catfoster/internal/domain/photo"
	"github.com/catfoster/catfoster/internal/edge/websecurity"
	"github.com/catfoster/catfoster/internal/identity/session"
	"github.com/catfoster/catfoster/internal/platform/database"
	"github.com/catfoster/catfoster/internal/usecase"
)

// UpdatePhoto says what a photo shows.
func (r mutation) UpdatePhoto(ctx context.Context, id uuid.UUID, alt *string) (*objects.Photo, error) {
	viewer, err := session.ViewerOf(ctx)
	if err != nil {
		return nil, err
	}
	var v validator
	clean := nullable("alt", graphql.OmittableOf(alt), v.readable(v.line(limits.MaxAlt), names.CheckText)).Value
	if err := v.err(); err != nil {
		return nil, err
	}
	row, err := r.useCases.Photos.Describe(ctx, viewer.User.ID, id, clean)
	if err != nil {
		return nil, err
	}
	return r.objects.Photo(row), nil
}

// loadPhotos loads the photos that the viewer sees.
func (r query) loadPhotos(ctx context.Context, ids []uuid.UUID, into map[uuid.UUID]model.Node) error {
	viewer, err := session.ViewerOf(ctx)
	if err != nil {
		return err
	}
	rows, err := r.db.Photo.Query().Where(database.FieldIn(entphoto.FieldID, ids), usecase.VisiblePhoto(viewer.User.ID, r.now())).All(ctx)
	for _, row := range rows {
		into[row.ID] = r.objects.Photo(row)
	}
	return err
}

// photoRules say which photos a cat may have.
type photoRules struct {
	objects.Photos
	member uuid.UUID
	// check says what is wrong with the URL of a photo on another site.
	check func(url string) error
}

// catPhotos returns the uploaded photos that a cat is to have, nil for those that it has, and those on other sites. A URL of an
// uploaded photo stands for its id, unless there are ids.
func (v *validator) catPhotos(ids graphql.Omittable[[]uuid.UUID], urls graphql.Omittable[[]string]) (*usecase.CatPhotos, usecase.Field[[]string]) {
	external, idsOfURLs := v.photosUrls(urls)
	switch {
	case ids.IsSet():
		v.photoIDs(ids.Value())
		return v.photos.of(ids.Value()), external
	case urls.IsSet():
		return v.photos.of(idsOfURLs), external
	}
	return nil, external
}

func (v *validator) photoIDs(ids []uuid.UUID) {
	if len(ids) > limits.MaxPhotos {
		v.problems.Add("photoIds", "must have at most %d photos", limits.MaxPhotos)
		return
	}
	for i, id := range ids {
		if slices.Contains(ids[:i], id) {
			v.problems.Add("photoIds", "must have no photo twice: number %d", i+1)
			return
		}
	}
}

// photosUrls accepts null as an empty list. It returns the URLs of other sites, and the ids of uploaded photos.
func (v *validator) photosUrls(in graphql.Omittable[[]string]) (external usecase.Field[[]string], uploaded []uuid.UUID) {
	urls, set := in.ValueOK()
	if !set {
		return external, nil
	}
	if len(urls) > limits.MaxPhotos {
		v.problems.Add("photosUrls", "must have at most %d photos", limits.MaxPhotos)
		return external, nil
	}
	others := make([]string, 0, len(urls))
	for i, url := range urls {
		if id, ok := photo.ParseURL(v.photos.Origin, url); ok {
			if !slices.Contains(uploaded, id) {
				uploaded = append(uploaded, id)
			}
			continue
		}
		if problem := v.photos.checkExternal(url); problem != nil {
			v.problems.Add("photosUrls", "are not all usable: number %d %s", i+1, problem)
			break
		}
		others = append(others, url)
	}
	// A client that sends back what it sees does not mean those that it cannot see.
	hidden := !v.photos.External && len(urls) > 0
	return usecase.Field[[]string]{Set: !hidden, Value: &others}, uploaded
}

// of returns the uploaded photos that a cat is to have.
func (r photoRules) of(ids []uuid.UUID) *usecase.CatPhotos {
	return &usecase.CatPhotos{Member: r.member, IDs: ids, NoExternal: !r.External}
}

func (r photoRules) checkExternal(url string) error {
	if !r.External {
		return apperr.FieldError{Rule: "must be a photo that was uploaded here"}
	}
	return r.check(url)
}

// checkPhoto returns an [apperr.FieldError] without a name if a URL cannot be that of a photo on another site. The browser of
// whoever sees the cat would ask this server with the cookies of its user. The context is that of a request.
func checkPhoto(ctx context.Context, hosts websecurity.Hosts, photo string) error {
	if err := scalar.CheckURL(photo); err != nil {
		return err
	}
	u, err := url.Parse(photo)
	if err != nil {
		return err // CheckURL has parsed it.
	}
	host, ok := hostForBrowsers(u.Hostname())
	switch {
	case u.Scheme != "https": // The Content-Security-Policy of the pages lets browsers load no others.
		return apperr.FieldError{Rule: "must begin with https://"}
	case !ok:
		return apperr.FieldError{Rule: "must have a host that is a name, or an address in its usual form"}
	case hosts.Have(ctx, host):
		return apperr.FieldError{Rule: "must not point at this server"}
	}
	return nil
}

// hostForBrowsers returns a host as browsers understand it, who map names such as those in full-width letters. It is
// not ok if they would take it for an address that Go does not know, such as 0x7f.1. See the URL standard, section 3.5.
func hostForBrowsers(host string) (mapped string, ok bool) {
	if address, err := netip.ParseAddr(host); err == nil {
		return address.String(), true
	}
	// An error is about a rule that browsers do not apply, such as that of underscores.
	mapped, _ = idna.New(idna.MapForLookup(), idna.Transitional(false), idna.StrictDomainName(false)).ToASCII(host)
	if _, err := netip.ParseAddr(mapped); err == nil {
		return mapped, true
	}
	labels := strings.Split(strings.TrimSuffix(mapped, "."), ".")
	last := labels[len(labels)-1]
	return mapped, last != "" && !number.MatchString(last)
}

// number matches the last label of a host that browsers take for an IPv4 address.
var number = regexp.MustCompile(`^(\d+|0[xX][0-9a-fA-F]*)$`)
