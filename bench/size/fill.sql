-- Fills a database with a community of three years: catfoster.members members, catfoster.cats cats and catfoster.fosterings
-- fosterings, settings of the session, with what a real one would have beside them. A line with four dashes begins a step,
-- whose time is printed.

---- no indexes, no triggers
-- Indexes that belong to no constraint are created at the end: to fill the tables without them takes a tenth of the time.
-- Without the triggers of foreign keys it takes half of it, so each id below must be one that exists.
SET session_replication_role = replica;
SET maintenance_work_mem = '512MB';
SET work_mem = '256MB';
SET jit = off; -- To compile the statements takes seconds.
CREATE TEMPORARY TABLE dropped_indexes AS
SELECT indexname, indexdef FROM pg_indexes
WHERE schemaname = 'public' AND tablename NOT IN ('places', 'by_hand_place_names', 'goose_db_version')
	AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = format('%I.%I', schemaname, indexname)::regclass);
DO $$ DECLARE dropped record; BEGIN
	FOR dropped IN SELECT * FROM dropped_indexes LOOP EXECUTE format('DROP INDEX %I', dropped.indexname); END LOOP;
END $$;

-- random() returns the same values in every run. Days count from today.
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
	ARRAY['COMPLETED', 'COMPLETED', 'COMPLETED', 'COMPLETED', 'COMPLETED', 'COMPLETED', 'REJECTED', 'REJECTED', 'CANCELLED', 'EXPIRED'] AS past,
	ARRAY['ACTIVE', 'ACTIVE', 'APPROVED', 'COMPLETED', 'COMPLETED', 'COMPLETED', 'COMPLETED', 'COMPLETED', 'CANCELLED', 'CANCELLED'] AS late,
	ARRAY['PENDING', 'PENDING', 'PENDING', 'PENDING', 'PENDING', 'APPROVED', 'APPROVED', 'APPROVED', 'REJECTED', 'CANCELLED'] AS recent,
	current_setting('catfoster.cats')::int AS cats,
	current_setting('catfoster.members')::int AS members,
	current_setting('catfoster.fosterings')::int AS fosterings;

-- The time of the n-th of many, over three years, and the ids of rows. Ids increase with time, as those of the API do. They are
-- computed from numbers, so that the statements below can refer to them without a join.
CREATE FUNCTION pg_temp.at(n bigint, of int) RETURNS timestamptz LANGUAGE sql STABLE AS
	$$ SELECT (current_date - 1095)::timestamptz + n * (interval '1094 days' / of) $$;
CREATE FUNCTION pg_temp.id(at timestamptz, what text) RETURNS uuid LANGUAGE sql STABLE AS
	$$ SELECT (lpad(to_hex((date_part('epoch', at) * 1000)::bigint), 12, '0') || '7' || overlay(left(md5(what), 19) PLACING '8' FROM 4))::uuid $$;
CREATE FUNCTION pg_temp.member(n bigint) RETURNS uuid LANGUAGE sql STABLE AS
	$$ SELECT pg_temp.id(pg_temp.at(n, current_setting('catfoster.members')::int), 'user ' || n) $$;
CREATE FUNCTION pg_temp.cat(n bigint) RETURNS uuid LANGUAGE sql STABLE AS
	$$ SELECT pg_temp.id(pg_temp.at(n, current_setting('catfoster.cats')::int), 'cat ' || n) $$;

---- members
-- Nine cats in ten live in a town. The town that is the n-th by population has a cat in 12 n, so that Shanghai has 77,000 of a
-- million, Berlin 1,000, and a small town one in ten years.
CREATE TEMPORARY TABLE towns AS SELECT row_number() OVER (ORDER BY population DESC, id)::int AS rank, id FROM places;
ALTER TABLE towns ADD PRIMARY KEY (rank);
ANALYZE towns;

-- One in a hundred has a given first name.
INSERT INTO users (id, created_at, updated_at, identity_id, name, email, email_verified, bio, location, place_id)
SELECT pg_temp.member(n), t, t, md5('identity ' || n)::uuid,
	names[1 + n % 100] || ' ' || initcap(translate(to_hex(n), '0123456789', 'ghijklmnop')), 'member' || n || '@example.org', true, 'I have lived with cats since I can remember, and have a balcony.',
	'Somewhere', (SELECT id FROM towns WHERE towns.rank = 1 + n % 1000)
FROM texts, generate_series(1, members) AS n, LATERAL (SELECT pg_temp.at(n, members) AS t) AS at;

-- Each member has blocked three others, and is blocked by three. One in a thousand is suspended, and some have roles.
INSERT INTO blocks (id, created_at, updated_at, blocker_id, blocked_id)
SELECT md5('block ' || n || ' ' || turn)::uuid, pg_temp.at(n, members), now(), pg_temp.member(n), pg_temp.member(1 + (n + turn * 7) % members)
FROM texts, generate_series(1, members) AS n, generate_series(1, 3) AS turn;
INSERT INTO suspensions (id, created_at, updated_at, user_id, reason)
SELECT md5('suspension ' || n)::uuid, now(), now(), pg_temp.member(n), 'Spam.' FROM texts, generate_series(100, members, 1000) AS n;
INSERT INTO admin_roles (id, created_at, updated_at, user_id, super)
SELECT md5('admin ' || n)::uuid, now(), now(), pg_temp.member(n), n = 3 FROM generate_series(3, 5) AS n;
INSERT INTO moderator_roles (id, created_at, updated_at, user_id)
SELECT md5('moderator ' || n)::uuid, now(), now(), pg_temp.member(n) FROM generate_series(6, 25) AS n;
-- There are three people whom the pages are shown to. Member 1 has 200 cats and has asked for 500, member 2 has 4 and has asked
-- for 50, and member 3 is an admin. They have the same in a database of any size.

---- cats
-- About ten cats share a surname, whatever the number of cats is. The surname has only letters, so that the text search treats
-- it as one word. One in 9.2 n descriptions contains the thing number n that a cat loves. The words of the texts are about those
-- that package words makes.
INSERT INTO cat_profiles (id, created_at, updated_at, owner_id, name, age, description,
	special_care_instructions, photos_urls, location, place_id, available,
	birth_date, birth_date_precision, sex, breed, neutered, vaccinated_until, microchipped, indoor_only, good_with_cats, good_with_dogs,
	good_with_children, needs_medication, by_hand_words, by_hand_words_version)
SELECT cat.*, setweight(to_tsvector('simple', name), 'A') || setweight(to_tsvector('simple', description), 'B') ||
	setweight(to_tsvector('simple', coalesce(care, '')), 'C'), 1
FROM (SELECT pg_temp.cat(n),
	t AS created_at, t AS updated_at,
	pg_temp.member(CASE WHEN n % (cats / 200) = 0 THEN 1 WHEN n % (cats / 4) = cats / 4 - 1 THEN 2
		ELSE 3 + floor(random() * (members - 2))::int END),
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
	LATERAL (SELECT pg_temp.at(n, cats) AS t, floor(random() * 21 + n * 0)::int AS years,
		CASE WHEN random() < 0.9 THEN floor(exp(random() * ln(118525) + n * 0))::int END AS rank) AS at) AS cat;

-- Half of the cats have a care plan, and seven in ten two photos. Three members in ten have a portrait.
INSERT INTO care_plans (id, created_at, updated_at, cat_profile_id, feeding, vet, habits)
SELECT md5('plan ' || id)::uuid, created_at, created_at, id, 'Twice a day, a hundred grams.', 'Dr. Katz, 1 Cat Street.', 'Hides under the bed.'
FROM cat_profiles WHERE get_byte(uuid_send(id), 15) < 128;
INSERT INTO photos (id, created_at, updated_at, uploader_id, cat_profile_id, position, width, height, placeholder, stored_at)
SELECT pg_temp.id(created_at, 'photo ' || id || n), created_at, created_at, owner_id, id, n, 1600, 1200, '#c08a5a', created_at
FROM cat_profiles, generate_series(1, 2) AS n WHERE get_byte(uuid_send(id), 14) < 180;
INSERT INTO photos (id, created_at, updated_at, uploader_id, portrait_of_id, width, height, placeholder, stored_at)
SELECT pg_temp.id(created_at, 'portrait ' || id), created_at, created_at, id, id, 800, 800, '#c08a5a', created_at
FROM users WHERE get_byte(uuid_send(id), 15) < 77;
ANALYZE cat_profiles;

---- fosterings
-- Each cat is asked for once in 110 days. Of the last requests half wait for an answer if they are of the last 20 days, and of the
-- others some are promised: one of a cat at most, so that they do not overlap. What members 1 and 2 have depends on the place of
-- the cat or the request among theirs, and not on chance.
INSERT INTO fosterings (id, created_at, updated_at, start_date, end_date, status, message, ended_by, ended_at, cancelled_late,
	cat_profile_id, participant_id)
SELECT pg_temp.id(t, 'fostering ' || f), t, least(coalesce(ended, t + interval '1 day'), now()), first,
	CASE status WHEN 'ACTIVE' THEN current_date + floor(random() * 20)::int ELSE first + 1 + floor(random() * 25)::int END, status, CASE WHEN f % 10 < 6 THEN 'I work from home, and would love to have a cat around again. May I?' END,
	CASE status WHEN 'COMPLETED' THEN 'SYSTEM' WHEN 'EXPIRED' THEN 'SYSTEM' WHEN 'REJECTED' THEN 'OWNER'
		WHEN 'CANCELLED' THEN CASE WHEN random() < 0.5 THEN 'OWNER' ELSE 'PARTICIPANT' END END,
	ended, status = 'CANCELLED' AND random() < 0.2, pg_temp.cat(cat), pg_temp.member(participant)
FROM texts, generate_series(1, fosterings) AS f,
	LATERAL (SELECT pg_temp.at(f, fosterings) AS t, 1 + f % cats AS cat, (f - 1) / cats AS round,
		CASE WHEN f % (fosterings / 500) = 7 THEN 1 WHEN f % (fosterings / 50) = fosterings / 50 - 1 THEN 2
			ELSE 3 + floor(random() * (members - 2))::int END AS participant) AS who,
	LATERAL (SELECT CASE
		WHEN participant = 1 THEN f / (fosterings / 500) WHEN participant = 2 THEN f / (fosterings / 50)
		WHEN cat % (cats / 200) = 0 THEN cat / (cats / 200) WHEN cat % (cats / 4) = cats / 4 - 1 THEN cat / (cats / 4) END AS place) AS of,
	LATERAL (SELECT coalesce((place + 11 * round) * 0.5698403 % 1, random()) AS luck) AS chance,
	LATERAL (SELECT (CASE WHEN f <= fosterings - cats THEN past WHEN f <= fosterings * (1 - 20.0 / 1095) THEN late ELSE recent END
		)[1 + floor(luck * 10)::int] AS status) AS what,
	LATERAL (SELECT CASE WHEN status IN ('COMPLETED', 'EXPIRED') THEN least(t + interval '20 days', now())
			WHEN status IN ('REJECTED', 'CANCELLED') THEN least(t + interval '2 days', now()) END AS ended,
		CASE WHEN status = 'ACTIVE' THEN current_date - floor(random() * 20)::int WHEN status IN ('PENDING', 'APPROVED')
			THEN current_date + 1 + floor(random() * 90)::int ELSE t::date + 3 + floor(random() * 14)::int END AS first) AS days;
INSERT INTO fostering_changes (id, created_at, updated_at, fostering_id, start_date, end_date, proposed_by, open)
SELECT md5('change ' || id)::uuid, created_at, created_at, id, start_date, end_date + 3, 'OWNER', status IN ('APPROVED', 'ACTIVE')
FROM fosterings WHERE get_byte(uuid_send(id), 15) < 5;
ANALYZE fosterings;

---- events
-- The request, and how it ended or what it is now.
INSERT INTO events (id, created_at, updated_at, kind, subject, subject_id, actor_id, party, data)
SELECT pg_temp.id(happened, kind || fosterings.id), happened, happened, kind, 'Fostering', fosterings.id, actor, party,
	jsonb_build_object('startDate', start_date, 'endDate', end_date)
FROM fosterings JOIN cat_profiles ON cat_profiles.id = cat_profile_id,
	LATERAL (VALUES
		('request', fosterings.created_at, participant_id, 'PARTICIPANT'),
		(CASE status WHEN 'APPROVED' THEN 'approve' WHEN 'REJECTED' THEN 'reject' WHEN 'CANCELLED' THEN 'cancel' WHEN 'EXPIRED' THEN 'expire'
			WHEN 'ACTIVE' THEN 'activate' WHEN 'COMPLETED' THEN 'complete' END, fosterings.updated_at,
			CASE WHEN ended_by = 'PARTICIPANT' THEN participant_id WHEN status IN ('APPROVED', 'REJECTED', 'CANCELLED') THEN owner_id END,
			CASE WHEN ended_by = 'PARTICIPANT' THEN 'PARTICIPANT' WHEN status IN ('APPROVED', 'REJECTED', 'CANCELLED') THEN 'OWNER' ELSE 'SYSTEM' END)
	) AS event (kind, happened, actor, party)
WHERE kind IS NOT NULL;
-- Both sides have been reminded of what begins or ends tomorrow.
INSERT INTO events (id, created_at, updated_at, kind, subject, subject_id, party, data)
SELECT md5('reminder ' || id)::uuid, now(), now(), CASE status WHEN 'ACTIVE' THEN 'endsTomorrow' ELSE 'beginsTomorrow' END, 'Fostering', id, 'SYSTEM',
	jsonb_build_object('day', current_date + 1)
FROM fosterings WHERE status = 'APPROVED' AND start_date = current_date + 1 OR status = 'ACTIVE' AND end_date = current_date + 1;
-- The audit log: what moderators have done, once for thirty members, and at least a hundred times.
INSERT INTO events (id, created_at, updated_at, kind, subject, subject_id, actor_id, party, data, audited, reason)
SELECT pg_temp.id(t, 'audited ' || n), t, t, (ARRAY['suspend', 'reinstate', 'warn', 'findMembers'])[1 + n % 4], 'User',
	pg_temp.member(1 + n * 29 % members), pg_temp.member(3 + n % 20), 'ADMIN', '{}', true, 'After a report.'
FROM texts, LATERAL (SELECT greatest(100, members / 30) AS entries) AS log, generate_series(1, entries) AS n,
	LATERAL (SELECT pg_temp.at(n, entries) AS t) AS at;

---- messages
-- The openings, and four more in one conversation of ten.
INSERT INTO messages (id, created_at, updated_at, text, opening, fostering_id, author_id)
SELECT pg_temp.id(created_at, 'opening ' || id), created_at, created_at, message, true, id, participant_id FROM fosterings WHERE message IS NOT NULL;
INSERT INTO messages (id, created_at, updated_at, text, fostering_id, author_id)
SELECT pg_temp.id(t, 'message ' || fosterings.id || n), t, t, 'That sounds good. Shall we meet on Saturday, so that you get to know each other?',
	fosterings.id, CASE WHEN n % 2 = 0 THEN participant_id ELSE owner_id END
FROM fosterings JOIN cat_profiles ON cat_profiles.id = cat_profile_id, generate_series(1, 4) AS n,
	LATERAL (SELECT fosterings.created_at + n * interval '3 hours' AS t) AS at
WHERE get_byte(uuid_send(fosterings.id), 14) < 26;
-- Two long conversations: the last ones of members 1 and 2.
INSERT INTO messages (id, created_at, updated_at, text, fostering_id, author_id)
SELECT pg_temp.id(t, 'long ' || id || n), t, t, 'It has eaten well, and slept on the sofa all day.', id, participant_id
FROM (SELECT DISTINCT ON (participant_id) * FROM fosterings
	WHERE participant_id IN (pg_temp.member(1), pg_temp.member(2)) AND status = 'PENDING' ORDER BY participant_id, created_at DESC) AS last,
	generate_series(1, 60) AS n, LATERAL (SELECT last.created_at + n * interval '10 minutes' AS t) AS at;
INSERT INTO events (id, created_at, updated_at, kind, subject, subject_id, actor_id, party, data)
SELECT pg_temp.id(messages.created_at, 'event ' || messages.id), messages.created_at, messages.created_at, 'message', 'Fostering', fostering_id, author_id,
	CASE WHEN author_id = participant_id THEN 'PARTICIPANT' ELSE 'OWNER' END, jsonb_build_object('message', messages.id)
FROM messages JOIN fosterings ON fosterings.id = fostering_id WHERE NOT opening AND messages.created_at > now() - interval '180 days';

---- references
INSERT INTO member_references (id, created_at, updated_at, fostering_id, author_id, subject_id, written_by, took_place, recommends, text, visible_at)
SELECT pg_temp.id(ended_at, 'reference ' || fosterings.id), ended_at, ended_at, fosterings.id, owner_id, participant_id, 'OWNER', true,
	get_byte(uuid_send(fosterings.id), 14) < 230, 'Everything went well, and the cat came back happy.', ended_at + interval '14 days'
FROM fosterings JOIN cat_profiles ON cat_profiles.id = cat_profile_id
WHERE status = 'COMPLETED' AND get_byte(uuid_send(fosterings.id), 15) < 77;

---- notifications
-- Those of the last 180 days: older ones are deleted. One in ten of the last two weeks is unread.
INSERT INTO notifications (id, created_at, updated_at, event_id, user_id, read_at, mail_open)
SELECT pg_temp.id(events.created_at, 'notification ' || events.id), events.created_at, events.created_at, events.id,
	CASE WHEN participant_id = actor_id THEN owner_id ELSE participant_id END,
	CASE WHEN events.created_at < now() - interval '14 days' OR random() < 0.9 THEN events.created_at + interval '1 hour' END, false
FROM events JOIN fosterings ON fosterings.id = subject_id JOIN cat_profiles ON cat_profiles.id = cat_profile_id
WHERE events.created_at > now() - interval '180 days';

---- reports
-- One for a hundred members, and at least two hundred, of which one in ten is open. Five of the resolved ones are about member 1.
INSERT INTO reports (id, created_at, updated_at, reporter_id, member_id, subject_kind, subject_id, reason, text, snapshot, photo_ids,
	decision, resolved_at, resolved_by_id)
SELECT pg_temp.id(t, 'report ' || n), t, t, pg_temp.member(3 + n * 31 % (members - 2)), pg_temp.member(member), 'MEMBER', pg_temp.member(member),
	'SPAM', 'Sells food.', '[{"field": "bio", "value": "Buy my food."}]', '[]',
	CASE WHEN n % 10 > 0 THEN 'DISMISS' END, CASE WHEN n % 10 > 0 THEN t + interval '1 day' END, CASE WHEN n % 10 > 0 THEN pg_temp.member(3) END
FROM texts, LATERAL (SELECT greatest(200, members / 100) AS made) AS reports, generate_series(1, made) AS n,
	LATERAL (SELECT pg_temp.at(n, made) AS t, CASE WHEN n % (made / 5) = 1 THEN 1 ELSE 3 + n * 17 % (members - 2) END AS member) AS at;

---- indexes
DO $$ DECLARE dropped record; BEGIN
	FOR dropped IN SELECT * FROM dropped_indexes LOOP EXECUTE dropped.indexdef; END LOOP;
END $$;

---- vacuum and analyze
-- Autovacuum would do it later: statistics for the planner, and the visibility map for index-only scans.
VACUUM ANALYZE;
