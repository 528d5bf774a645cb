package photostore

import "time"

// SetTimeout makes the calls to a bucket end earlier.
func SetTimeout(storage Storage, timeout time.Duration) { storage.(*bucket).timeout = timeout }
