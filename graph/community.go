package graph

import (
	"context"

	"github.com/catfoster/catfoster/internal/domain/community"
)

// Community returns the community.
func (r query) Community(context.Context) (*community.Community, error) { return r.community, nil }
