// Package community says what is the same for all members: the name of their community, whom to write to, and the day.
package community

import (
	"errors"
	"time"
	_ "time/tzdata" // The image of the program has no other data of time zones.
)

// Community is what the members share.
type Community struct {
	Name string
	// contact is the email address of those who run the community. It is empty if they have not said any.
	contact string
	zone    *time.Location
	now     func() time.Time
}

// New returns a community in a time zone: see [Zone]. The contact is an email address, or empty. now is the clock.
func New(name, contact, zone string, now func() time.Time) (*Community, error) {
	location, err := Zone(zone)
	if err != nil {
		return nil, err
	}
	return &Community{Name: name, contact: contact, zone: location, now: now}, nil
}

// Zone returns the time zone with a name of the IANA database, such as Europe/Berlin.
func Zone(name string) (*time.Location, error) {
	if name == "" || name == "Local" { // Go means the zones of UTC and of the machine.
		return nil, errors.New("a time zone must have a name of the IANA database")
	}
	return time.LoadLocation(name)
}

// Contact returns the email address of those who run the community, or nil if they have not said any.
func (c *Community) Contact() *string {
	if c.contact == "" {
		return nil
	}
	return &c.contact
}

// TimeZone returns the name of the time zone.
func (c *Community) TimeZone() string { return c.zone.String() }

// Today returns the calendar day that it is in the community: see [Community.Day].
func (c *Community) Today() time.Time { return c.Day(c.now()) }

// Day returns the calendar day that it is in the community at a time, as midnight in UTC, as Postgres and the
// API have days. Nothing else decides which day it is.
func (c *Community) Day(at time.Time) time.Time {
	year, month, day := at.In(c.zone).Date()
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}
