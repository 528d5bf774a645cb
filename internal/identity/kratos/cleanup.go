package kratos

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// cleanupBatch is how many rows one statement deletes, so that none holds locks for long.
const cleanupBatch = 1000

// Cleaned says how many rows were deleted.
type Cleaned struct {
	// Flows are submitted or abandoned forms, with what was typed into them.
	Flows    int64
	Sessions int64
	// Messages are mails that were sent, or could not be sent.
	Messages int64
}

// CleanUp deletes from Kratos's database the flows and sessions that expired before a
// time, and the mails that were written before it and are not waiting to be sent. All of
// them contain personal data, and Kratos keeps them for ever. Its admin API cannot delete
// them; its command `cleanup sql` does not delete mails.
//
// This is for the schema of the version of Kratos that the project pins.
func CleanUp(ctx context.Context, db *sql.DB, before time.Time) (Cleaned, error) {
	var cleaned Cleaned
	for _, part := range []struct {
		table, condition string
		count            *int64
	}{
		{"selfservice_login_flows", "expires_at < $1", &cleaned.Flows},
		{"selfservice_registration_flows", "expires_at < $1", &cleaned.Flows},
		{"selfservice_recovery_flows", "expires_at < $1", &cleaned.Flows},
		{"selfservice_verification_flows", "expires_at < $1", &cleaned.Flows},
		{"selfservice_settings_flows", "expires_at < $1", &cleaned.Flows},
		{"continuity_containers", "expires_at < $1", &cleaned.Flows},
		{"sessions", "expires_at < $1", &cleaned.Sessions},
		// The status is 2 for sent and 4 for abandoned.
		{"courier_messages", "created_at < $1 AND status IN (2, 4)", &cleaned.Messages},
	} {
		n, err := deleteInBatches(ctx, db, part.table, part.condition, before)
		*part.count += n
		if err != nil {
			return cleaned, fmt.Errorf("clean up the table %s of Kratos: %w", part.table, err)
		}
	}
	return cleaned, nil
}

func deleteInBatches(ctx context.Context, db *sql.DB, table, condition string, before time.Time) (deleted int64, err error) {
	//nolint:gosec // Table and condition are constants of this file.
	statement := fmt.Sprintf("DELETE FROM %s WHERE id IN (SELECT id FROM %s WHERE %s LIMIT %d)", table, table, condition, cleanupBatch)
	for {
		result, err := db.ExecContext(ctx, statement, before.UTC())
		if err != nil {
			return deleted, err
		}
		n, err := result.RowsAffected()
		deleted += n
		if err != nil || n < cleanupBatch {
			return deleted, err
		}
	}
}
