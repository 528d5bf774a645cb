-- Fills a database with catfoster.members members and catfoster.cats cats, two settings of the session. Autovacuum would do
-- the rest later: statistics for the planner, and the visibility map for index-only scans.

-- Indexes that belong to no constraint are created at the end: to fill the tables without them takes a tenth of the time.
CREATE TEMPORARY TABLE dropped_indexes AS
SELECT indexname, indexdef FROM pg_indexes
WHERE tablename IN ('users', 'cat_profiles', 'fosterings') AND schemaname = 'public'
	AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = format('%I.%I', schemaname, indexname)::regclass);
DO $$ DECLARE dropped record; BEGIN
	FOR dropped IN SELECT * FROM dropped_indexes LOOP EXECUTE format('DROP INDEX %I', dropped.indexname); END LOOP;
END $$;
SET maintenance_work_mem = '512MB';

-- random() returns the same values in every run.
SELECT setseed(0.7);

-- The texts from which cats are made. Every opening contains the word "cat". There are a hundred names and a hundred
-- locations, so one cat in a hundred has a given one.
CREATE TEMPORARY TABLE texts AS SELECT
	ARRAY(SELECT a || b FROM unnest(string_to_array('Mi Lu Ka To Ni Sa Bo Fe Pi Zo', ' ')) AS a,
		unnest(string_to_array('nka na lo mmy zzi xi ras lix del rro', ' ')) AS b) AS names,
	ARRAY(SELECT city || ' ' || part FROM unnest(string_to_array('Paris Berlin Wien Zürich Roma Madrid Lisboa Oslo Helsinki '
		'København Warszawa Praha Budapest Athína Dublin London Leeds Glasgow Lyon Nantes Hamburg Köln München Graz Torino', ' ')) AS city,
		unnest(ARRAY['North', 'South', 'Old Town', 'Harbour']) AS part) AS locations,
	ARRAY['A shy cat that hides at first', 'A bold cat that greets everybody', 'An old cat that sleeps all day',
		'A young cat full of mischief', 'A cat that was found behind the bakery', 'A gentle cat with one eye',
		'A house cat that has never been outside', 'A cat of few words', 'A very loud cat with a small heart',
		'A long-haired cat that loves to be brushed'] AS openings,
	ARRAY['purrs when you read aloud', 'steals socks and brings them back', 'watches birds from the window sill',
		'drinks only from the tap', 'gets along with dogs but not with vacuum cleaners', 'sleeps on warm laptops',
		'opens doors and never closes them', 'talks to the neighbours', 'chases shadows at dusk', 'fears thunder'] AS habits,
	ARRAY['wants a quiet home', 'needs two meals a day', 'may live with children', 'wants to be the only one',
		'needs a garden with a fence', 'takes diabetic food', 'must be brushed every evening', 'would love a friend',
		'is used to flats', 'comes with a scratching post'] AS needs,
	ARRAY['European Shorthair', 'Maine Coon', 'British Shorthair', 'Siamese', 'Persian', 'Ragdoll'] AS breeds,
	current_setting('catfoster.cats')::int AS cats,
	current_setting('catfoster.members')::int AS members;

-- Nine cats in ten live in a town. The town that is the n-th by population has a cat in 12 n, so that Shanghai has 77,000 of a
-- million, Berlin 1,000, and a small town one in ten years.
CREATE TEMPORARY TABLE towns AS SELECT row_number() OVER (ORDER BY population DESC, id)::int AS rank, id FROM places;
ALTER TABLE towns ADD PRIMARY KEY (rank);
ANALYZE towns;

-- The ids of members are computed from their numbers, so that the statements below can refer to them without a join.
INSERT INTO users (id, created_at, updated_at, identity_id, name, email, email_verified, location)
SELECT md5('user ' || n)::uuid, t, t, md5('identity ' || n)::uuid,
	'Member ' || n, 'member' || n || '@example.org', true, 'Somewhere'
FROM texts, generate_series(1, members) AS n, LATERAL (SELECT timestamptz '2024-01-01' + n * interval '1 minute' AS t) AS at;

-- Cats, over two years. Their ids increase with time, as those of the API do. About ten cats share a surname, whatever the
-- number of cats is. The surname has only letters, so that the text search treats it as one word. One in 9.2 n
-- descriptions contains the thing number n that a cat loves.
-- The words of the texts are about those that package words makes.
INSERT INTO cat_profiles (id, created_at, updated_at, owner_id, name, age, description,
	special_care_instructions, photos_urls, location, place_id, available,
	birth_date, birth_date_precision, sex, breed, neutered, vaccinated_until, microchipped, indoor_only, good_with_cats, good_with_dogs,
	good_with_children, needs_medication, by_hand_words, by_hand_words_version)
SELECT cat.*, setweight(to_tsvector('simple', name), 'A') || setweight(to_tsvector('simple', description), 'B') ||
	setweight(to_tsvector('simple', coalesce(care, '')), 'C'), 1
FROM (SELECT (lpad(to_hex((extract(epoch FROM t) * 1000)::bigint), 12, '0') || '7' || substr(md5('cat ' || n), 1, 3) ||
		'8' || substr(md5('cat ' || n), 4, 15))::uuid,
	t AS created_at, t AS updated_at,
	md5('user ' || 1 + floor(random() * members)::int)::uuid,
	names[1 + floor(random() * 100)::int] || ' ' ||
		initcap(translate(lpad(to_hex(floor(random() * cats / 10)::int), 6, '0'), '0123456789', 'ghijklmnop')) AS name,
	years,
	openings[1 + floor(random() * 10)::int] || ', ' || habits[1 + floor(random() * 10)::int] || ' and ' ||
		needs[1 + floor(random() * 10)::int] || '. Loves ' ||
		'q' || translate(lpad(to_hex(floor(exp(random() * ln(10000)))::int), 4, '0'), '0123456789', 'ghijklmnop') || '.' AS description,
	CASE WHEN random() < 0.2 THEN 'Half a pill every morning, hidden in cheese.' END AS care,
	'[]'::jsonb,
	locations[1 + floor(random() * 100)::int],
	(SELECT id FROM towns WHERE towns.rank = at.rank),
	random() < 0.8,
	current_date - years * 365 - floor(random() * 365)::int - 6, (ARRAY['DAY', 'MONTH', 'YEAR', 'YEAR'])[1 + floor(random() * 4)::int],
	-- Of six cats in ten something is known, and mostly what one hopes for.
	CASE WHEN random() < 0.8 THEN (ARRAY['FEMALE', 'MALE'])[1 + floor(random() * 2)::int] END,
	-- Half of the cats have a breed. One in a hundred of these is of a rare one.
	CASE WHEN random() < 0.5 THEN CASE WHEN random() < 0.01 THEN 'Rare ' || floor(random() * 40)::int ELSE breeds[1 + floor(random() * 6)::int] END END,
	CASE WHEN random() < 0.6 THEN random() < 0.8 END,
	CASE WHEN random() < 0.5 THEN current_date - 200 + floor(random() * 700)::int END,
	CASE WHEN random() < 0.6 THEN random() < 0.7 END,
	CASE WHEN random() < 0.6 THEN random() < 0.5 END,
	CASE WHEN random() < 0.6 THEN random() < 0.6 END,
	CASE WHEN random() < 0.4 THEN random() < 0.3 END,
	CASE WHEN random() < 0.6 THEN random() < 0.7 END,
	CASE WHEN random() < 0.6 THEN random() < 0.1 END
FROM texts, generate_series(1, cats) AS n,
	LATERAL (SELECT timestamptz '2024-01-01' + n * (interval '730 days' / cats) AS t, floor(random() * 21 + n * 0)::int AS years,
		CASE WHEN random() < 0.9 THEN floor(exp(random() * ln(118525) + n * 0))::int END AS rank) AS at) AS cat;

-- One fostering for ten cats: two for every twentieth cat, in different months, so that they do not overlap. Three in ten
-- are promised.
INSERT INTO fosterings (id, created_at, updated_at, start_date, end_date, status, cat_profile_id, participant_id)
SELECT md5('fostering ' || cat.n || ' ' || turn)::uuid,
	cat.created_at + turn * interval '1 day', cat.created_at + turn * interval '1 day',
	day, day + floor(random() * 25)::int,
	(ARRAY['APPROVED', 'APPROVED', 'ACTIVE', 'PENDING', 'PENDING', 'COMPLETED', 'COMPLETED', 'COMPLETED',
		'REJECTED', 'CANCELLED'])[1 + floor(random() * 10)::int],
	cat.id, md5('user ' || 1 + (cat.n / 20 + turn * 7) % members)::uuid
FROM texts, (SELECT id, created_at, row_number() OVER (ORDER BY created_at) AS n FROM cat_profiles) AS cat,
	generate_series(0, 1) AS turn,
	LATERAL (SELECT date '2026-06-01' + 60 * turn + floor(random() * 30)::int AS day) AS at
WHERE cat.n % 20 = 0;

-- Each member has blocked three others, and is blocked by three.
INSERT INTO blocks (id, created_at, updated_at, blocker_id, blocked_id)
SELECT md5('block ' || n || ' ' || turn)::uuid, now(), now(), md5('user ' || n)::uuid, md5('user ' || 1 + (n + turn * 7) % members)::uuid
FROM texts, generate_series(1, members) AS n, generate_series(1, 3) AS turn;

DO $$ DECLARE dropped record; BEGIN
	FOR dropped IN SELECT * FROM dropped_indexes LOOP EXECUTE dropped.indexdef; END LOOP;
END $$;
