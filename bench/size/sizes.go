package main

import (
	"context"
	"fmt"
	"io"

	"github.com/catfoster/catfoster/internal/platform/database"
)

// sizesSQL reads what each table and each of its indexes takes, and how many pages of a B-tree a search reads from the root to the
// leaf. A table counts with what is stored beside it.
const sizesSQL = `
WITH relations AS (
	SELECT oid AS of, oid, relname AS name, reltuples, pg_table_size(oid) AS bytes FROM pg_class
	WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
	UNION ALL
	SELECT indrelid, indexrelid, '  ' || relname, reltuples, pg_relation_size(indexrelid) FROM pg_index JOIN pg_class ON oid = indexrelid
	WHERE relnamespace = 'public'::regnamespace
)
SELECT relations.name, relations.reltuples::bigint AS rows, relations.bytes,
	CASE WHEN amname = 'btree' THEN 1 + (bt_metap(quote_ident(pg_class.relname))).level ELSE 0 END AS depth
FROM relations JOIN pg_class USING (oid) LEFT JOIN pg_am ON pg_am.oid = relam, LATERAL (SELECT pg_total_relation_size(relations.of) AS total) AS whole
WHERE relations.reltuples > 0 ORDER BY whole.total DESC, relations.of, pg_class.relkind DESC, relations.bytes DESC`

// relation is a table or an index.
type relation struct {
	Name               string
	Rows, Bytes, Depth int64
}

// printSizes prints how large the tables and indexes are.
func (d *dataset) printSizes(ctx context.Context, w io.Writer) error {
	if _, err := d.db.ExecContext(ctx, "CREATE EXTENSION IF NOT EXISTS pageinspect"); err != nil {
		return fmt.Errorf("read the depth of indexes: %w", err)
	}
	relations, err := database.Select[relation](ctx, d.db, sizesSQL)
	if err != nil {
		return fmt.Errorf("read the sizes of tables: %w", err)
	}
	const line = "%-45s %12v %9v %9v %6v\n"
	fmt.Fprintf(w, line, "table, index", "rows", "MB", "bytes/row", "depth")
	for _, r := range relations {
		fmt.Fprintf(w, line, r.Name, r.Rows, r.Bytes>>20, r.Bytes/r.Rows, r.Depth)
	}
	return nil
}
