package usecase

// UseCases are the use cases that the API calls.
type UseCases struct {
	Cats       *Cats
	Fosterings *Fosterings
	Accounts   *Accounts
	Admins     *Admins
	Photos     *Photos
	Reports    *Reports
	Blocks     *Blocks

	Suspensions   *Suspensions
	Audit         *Audit
	Notifications *Notifications
}
