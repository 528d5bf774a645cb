package local

import "testing"

func TestStack_PoolsOfOryServers(t *testing.T) {
	t.Parallel()
	for database, want := range map[string]string{
		"postgres://user:pass%3Fword@host:5432/x_keto": "postgres://user:pass%3Fword@host:5432/x_keto?max_conns=16&max_idle_conns=16",
		"postgres://host/x_keto?sslmode=disable":       "postgres://host/x_keto?max_conns=16&max_idle_conns=16&sslmode=disable",
	} {
		if got, err := withPool(database, 16); err != nil || got != want {
			t.Errorf("the address of Keto's database is %s, %v, want %s", got, err, want)
		}
	}
}
