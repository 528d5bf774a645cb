package harness

import (
	"testing"

	"github.com/google/uuid"

	"github.com/catfoster/catfoster/internal/domain/fostering"
)

// The mutations that most tests use.
const (
	CreateCatMutation = `mutation { createCatProfile(input: {
		name: "Godard", age: 3, description: "Shy at first, then all over you."
	}) { id } }`
	UpdateCatMutation        = `mutation($id: ID!) { updateCatProfile(id: $id, input: {age: 4}) { age } }`
	DeleteCatMutation        = `mutation($id: ID!) { deleteCatProfile(id: $id) }`
	RequestFosteringMutation = `mutation($cat: ID!, $start: Date!, $end: Date!, $message: String) {
		requestFostering(input: {catProfileId: $cat, startDate: $start, endDate: $end, message: $message}) { id status }
	}`
	ApproveFosteringMutation = `mutation($id: ID!) { approveFostering(id: $id) { id } }`
	CancelFosteringMutation  = `mutation($id: ID!) { cancelFostering(id: $id) { id } }`
	DeleteAccountMutation    = `mutation { deleteAccount }`
)

// NewCat creates a cat profile.
func (s *Server) NewCat(t *testing.T, owner Member) uuid.UUID {
	t.Helper()
	return s.NewCatWith(t, owner, nil)
}

// NewCatWith creates a cat profile with some fields of the input set by the test.
func (s *Server) NewCatWith(t *testing.T, owner Member, fields map[string]any) uuid.UUID {
	t.Helper()
	input := map[string]any{"name": "Godard", "age": 3, "description": "Shy at first."}
	for field, value := range fields {
		input[field] = value
	}
	var data struct {
		CreateCatProfile struct{ ID uuid.UUID }
	}
	s.Query(t, owner.Token, `mutation($input: CreateCatProfileInput!) { createCatProfile(input: $input) { id } }`,
		map[string]any{"input": input}).Decode(t, &data)
	return data.CreateCatProfile.ID
}

// RequestFostering requests to foster a cat from the first to the last day.
func (s *Server) RequestFostering(t *testing.T, participant Member, cat uuid.UUID, start, end string) Response {
	t.Helper()
	return s.Query(t, participant.Token, RequestFosteringMutation, map[string]any{"cat": cat, "start": start, "end": end})
}

// NewFostering requests to foster a cat and returns the pending fostering.
func (s *Server) NewFostering(t *testing.T, participant Member, cat uuid.UUID, start, end string) uuid.UUID {
	t.Helper()
	var data struct {
		RequestFostering struct {
			ID     uuid.UUID
			Status string
		}
	}
	s.RequestFostering(t, participant, cat, start, end).Decode(t, &data)
	if data.RequestFostering.Status != "PENDING" {
		t.Fatalf("a new request is %s, want PENDING", data.RequestFostering.Status)
	}
	return data.RequestFostering.ID
}

// MoveFostering calls a mutation that takes the id of a fostering, such as
// approveFostering. It returns the new status or the code of the error.
func (s *Server) MoveFostering(t *testing.T, token, mutation string, id uuid.UUID) string {
	t.Helper()
	r := s.Query(t, token, `mutation($id: ID!) { `+mutation+`(id: $id) { status } }`, map[string]any{"id": id})
	if r.Code() != "OK" {
		return r.Code()
	}
	var data map[string]struct{ Status string }
	r.Decode(t, &data)
	return data[mutation].Status
}

// Approve approves a fostering, which must succeed.
func (s *Server) Approve(t *testing.T, owner Member, id uuid.UUID) {
	t.Helper()
	if got := s.MoveFostering(t, owner.Token, "approveFostering", id); got != "APPROVED" {
		t.Fatalf("approveFostering: %s, want APPROVED", got)
	}
}

// Status returns the status of a fostering.
func (s *Server) Status(t *testing.T, token string, id uuid.UUID) string {
	t.Helper()
	var data struct{ Fostering struct{ Status string } }
	s.Query(t, token, `query($id: ID!) { fostering(id: $id) { status } }`, map[string]any{"id": id}).Decode(t, &data)
	return data.Fostering.Status
}

// SetStatus writes the status of a fostering to the shared database, with dates that
// are possible for the status. It applies no rule of the API.
func (e *Environment) SetStatus(t *testing.T, id uuid.UUID, status fostering.Status) {
	t.Helper()
	start, end := 10, 20
	if status == fostering.Active {
		start, end = -1, 5
	}
	e.Exec(t, "UPDATE fosterings SET status = $1, start_date = $2, end_date = $3 WHERE id = $4", status, e.Day(start), e.Day(end), id)
}

// SetCompleted does the same for a fostering that has just been completed.
func (e *Environment) SetCompleted(t *testing.T, id uuid.UUID) {
	t.Helper()
	e.SetStatus(t, id, fostering.Completed)
	e.Exec(t, "UPDATE fosterings SET ended_at = $1 WHERE id = $2", e.Now(), id)
}

// InsertFostering writes a pending fostering and its participant to the shared database
// and Keto. The participant cannot log in.
func (e *Environment) InsertFostering(t *testing.T, cat uuid.UUID, start, end string) uuid.UUID {
	t.Helper()
	participant, id := uuid.Must(uuid.NewV7()), uuid.Must(uuid.NewV7())
	// A user without an identity would be a pending sign-up, which the janitor deletes.
	e.Exec(t, `INSERT INTO users (id, created_at, updated_at, name, email, identity_id)
		VALUES ($1, now(), now(), 'Somebody', '', gen_random_uuid())`, participant)
	e.Exec(t, `INSERT INTO fosterings (id, created_at, updated_at, cat_profile_id, participant_id, start_date, end_date, status)
		VALUES ($1, now(), now(), $2, $3, $4, $5, 'PENDING')`, id, cat, participant, start, end)
	tx, err := e.syncer.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	tx.Sync(FosteringObject(id), CatObject(cat))
	if err := tx.Commit(t.Context()); err != nil {
		t.Fatalf("write the tuples of a fostering: %v", err)
	}
	return id
}

// Exec executes a statement in the shared database.
func (e *Environment) Exec(t *testing.T, statement string, arguments ...any) {
	t.Helper()
	if _, err := e.DB.ExecContext(t.Context(), statement, arguments...); err != nil {
		t.Fatal(err)
	}
}

// NotificationOf returns the id of the newest notification of a member about an object.
func (e *Environment) NotificationOf(t *testing.T, m Member, about uuid.UUID) uuid.UUID {
	t.Helper()
	var id uuid.UUID
	if err := e.DB.QueryRowContext(t.Context(), `
		SELECT n.id FROM notifications n JOIN events e ON e.id = n.event_id
		WHERE n.user_id = $1 AND e.subject_id = $2 ORDER BY n.created_at DESC, n.id DESC LIMIT 1`, m.ID, about).Scan(&id); err != nil {
		t.Fatal(err)
	}
	return id
}
