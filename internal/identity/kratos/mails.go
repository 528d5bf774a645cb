package kratos

import (
	"context"
	"fmt"
	"strconv"

	ory "github.com/ory/client-go"
)

// Mails says how many mails Kratos has that it has not sent. It keeps those that it has given up until
// [CleanUp] deletes them.
type Mails struct {
	Queued, GivenUp int
}

// Mails counts the mails that Kratos has not sent.
func (a *Admin) Mails(ctx context.Context) (mails Mails, err error) {
	if mails.Queued, err = a.countMails(ctx, ory.COURIERMESSAGESTATUS_QUEUED); err != nil {
		return Mails{}, err
	}
	mails.GivenUp, err = a.countMails(ctx, ory.COURIERMESSAGESTATUS_ABANDONED)
	return mails, err
}

// countMails reads the number from the header: the list itself has addresses.
func (a *Admin) countMails(ctx context.Context, status ory.CourierMessageStatus) (int, error) {
	_, response, err := a.courier.ListCourierMessages(ctx).Status(status).PageSize(1).Execute()
	if err != nil {
		return 0, fmt.Errorf("count the mails of Kratos: %w", cause(response, err))
	}
	n, err := strconv.Atoi(response.Header.Get("X-Total-Count"))
	if err != nil {
		return 0, fmt.Errorf("count the mails of Kratos: %w: the answer has no number", ErrUnavailable)
	}
	return n, nil
}
