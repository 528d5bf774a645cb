#!/usr/bin/env bash
# Backs up the three databases and the photos to a new folder in BACKUP_DIR, and then deletes folders that are older than
# BACKUP_KEEP_DAYS. It fails, and leaves the older folders alone, if anything fails. docs/production.md restores a folder.
#
# The variables of libpq (PGHOST, PGUSER, PGPASSWORD …) say how to reach Postgres. The role needs pg_read_all_data.
set -euo pipefail
umask 077
: "${BACKUP_DIR:=/var/lib/catfoster-backup}"
: "${BACKUP_DATABASES:=catfoster catfoster_kratos catfoster_keto}"
: "${BACKUP_KEEP_DAYS:=14}"
# Empty if the photos are in a bucket.
: "${BACKUP_PHOTOS=/var/lib/catfoster/photos}"

cd "$BACKUP_DIR"
exec 9>lock
flock --nonblock 9 || { echo "another backup is under way" >&2; exit 1; }
rm -rf partial
mkdir partial

read -ra databases <<<"$BACKUP_DATABASES"
for database in "${databases[@]}"; do
	pg_dump --format=custom --no-password --file="partial/$database.dump" "$database"
	pg_restore --list "partial/$database.dump" >/dev/null
done
# After the databases, so that the photos of all rows are there. Members may delete photos meanwhile: then tar ends with 1.
if [[ -n $BACKUP_PHOTOS ]]; then
	tar --create --file=partial/photos.tar --directory="$BACKUP_PHOTOS" . || [[ $? -eq 1 ]]
fi
(cd partial && sha256sum -- * >checksums.txt && sync -- *)

name=$(date --utc +%Y-%m-%dT%H-%M-%SZ)
mv --no-target-directory partial "$name"
find . -mindepth 1 -maxdepth 1 -type d -name '????-??-??T*' -mtime "+$BACKUP_KEEP_DAYS" -exec rm -rf {} +
echo "$BACKUP_DIR/$name: $(du --summarize --human-readable "$name" | cut -f 1)"
