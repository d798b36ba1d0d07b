/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store_schema.h - the tables of the queue and all statements on them, as SQL
 *
 * Only store_db.c includes it, and the test of its plans. Every statement on
 * jobs finds its rows by the primary key or by an index, and one that the
 * sending goes by by an index of unfinished jobs, so that its time does not
 * depend on how many have ended.
 */
#ifndef GATEWAY_STORE_SCHEMA_H
#define GATEWAY_STORE_SCHEMA_H

#define DEVICE_COLUMNS \
	"name, msisdn, imsi, dev_id, server_id, auth_name, credential, " \
	"nonce, dm_version, quirks, generation, resync_ms, changed_ms, route"

#define JOB_COLUMNS \
	"id, client, state, reached, until, created_ms, changed_ms, " \
	"expires_ms, next_ms, msisdn, sender, smsc_id, server_id, " \
	"dm_version, session_id, dcs, tries, n_segments, n_taken, " \
	"n_delivered, token, reason, method, attempt, deadline_ms, " \
	"n_undelivered, client_initiated, device, n_ids_before, route"

#define SESSION_COLUMNS \
	"session_started_ms, session_ended_ms, result, alert_type, correlator"

/*
 * live is 1 until a job's state is final. Indexes of unfinished jobs go by it
 * and not by the state, so that a change of the state leaves them alone.
 */
#define DEVICE "ltrim(msisdn, '+')"	/* with and without + the same */

/*
 * What is sent for the first time, and what is sent again: each has a queue of
 * its own, so that devices that are off do not delay those that are on.
 */
#define SENT_AGAIN "(n_taken > 0 OR attempt > 1)"
#define IS_DUE "state IN (0, 2)"	/* sooner or later: waiting, pushed */

#define IS_REGISTERED "device <> ''"

/* What goes another way than bearerbox has queues of its own: one a route. */
#define IS_ROUTED "route <> ''"

/*
 * Each step makes a database of the version before (0: an empty one) one of the
 * next. A new database takes all of them, so that it cannot differ from an old
 * one. What has been released is never changed: steps are added.
 */
static const char *const schema_steps[] = {
	"CREATE TABLE jobs ("
	" id INTEGER PRIMARY KEY AUTOINCREMENT,"
	" client INTEGER NOT NULL,"
	" state INTEGER NOT NULL,"	/* enum job_state */
	" reached INTEGER NOT NULL,"	/* enum job_reached */
	" until INTEGER NOT NULL,"
	" created_ms INTEGER NOT NULL,"
	" changed_ms INTEGER NOT NULL,"
	" expires_ms INTEGER NOT NULL,"
	" next_ms INTEGER NOT NULL,"
	" msisdn TEXT NOT NULL,"
	" sender TEXT NOT NULL,"
	" smsc_id TEXT NOT NULL,"
	" server_id TEXT NOT NULL,"
	" dm_version INTEGER NOT NULL,"
	" session_id INTEGER NOT NULL,"
	" dcs INTEGER NOT NULL,"
	" attempts INTEGER NOT NULL,"
	" n_segments INTEGER NOT NULL,"
	" n_taken INTEGER NOT NULL,"
	" n_delivered INTEGER NOT NULL,"
	" token BLOB NOT NULL,"
	" reason TEXT NOT NULL);"
	"CREATE INDEX jobs_due ON jobs (next_ms) WHERE state = 0;"
	"CREATE INDEX jobs_live ON jobs (expires_ms) WHERE state < 3;"
	"CREATE INDEX jobs_ended ON jobs (state, id) WHERE state > 3;"
	"CREATE INDEX jobs_device ON jobs (msisdn, id);"
	"CREATE TABLE segments ("
	" job INTEGER NOT NULL,"
	" segment INTEGER NOT NULL,"	/* from 0 */
	" state INTEGER NOT NULL,"	/* enum segment_state */
	" udh_len INTEGER NOT NULL,"
	" octets BLOB NOT NULL,"
	" PRIMARY KEY (job, segment)) WITHOUT ROWID;"
	/* The numbers that were last used for a device. */
	"CREATE TABLE sessions ("
	" msisdn TEXT NOT NULL,"
	" server_id TEXT NOT NULL,"
	" session_id INTEGER NOT NULL,"
	" PRIMARY KEY (msisdn, server_id)) WITHOUT ROWID;"
	"CREATE TABLE concat_refs ("
	" msisdn TEXT PRIMARY KEY,"
	" reference INTEGER NOT NULL) WITHOUT ROWID;"
	"PRAGMA user_version = 1;",

	"ALTER TABLE jobs ADD COLUMN"
	" method INTEGER NOT NULL DEFAULT 0;"	/* enum job_method */
	"CREATE TABLE secrets ("		/* see sql_secret_put() */
	" job INTEGER PRIMARY KEY,"
	" octets BLOB NOT NULL);"
	"PRAGMA user_version = 2;",

	"CREATE TABLE events ("			/* see store_events.h */
	" cursor INTEGER PRIMARY KEY AUTOINCREMENT,"
	" time_ms INTEGER NOT NULL,"
	" job INTEGER NOT NULL,"
	" event INTEGER NOT NULL,"	/* enum event_kind */
	" state INTEGER NOT NULL,"
	" reached INTEGER NOT NULL,"
	" attempt INTEGER NOT NULL,"
	" reason TEXT,"
	" result INTEGER);"
	"CREATE INDEX jobs_old ON jobs (changed_ms) WHERE state > 2;"
	"PRAGMA user_version = 3;",

	"CREATE TABLE devices ("	/* see gateway/request/device.h */
	" name TEXT PRIMARY KEY,"
	" msisdn TEXT NOT NULL,"
	" imsi TEXT NOT NULL,"
	" dev_id TEXT UNIQUE,"		/* NULL: not known */
	" server_id TEXT NOT NULL,"
	" auth_name TEXT NOT NULL,"
	" credential TEXT NOT NULL,"
	" nonce TEXT,"			/* base64; NULL: none */
	" dm_version INTEGER NOT NULL,"
	" quirks TEXT NOT NULL,"
	" generation INTEGER NOT NULL,"
	" resync_ms INTEGER NOT NULL,"
	" changed_ms INTEGER NOT NULL) WITHOUT ROWID;"
	"CREATE INDEX devices_msisdn ON devices (ltrim(msisdn, '+'), name);"
	"PRAGMA user_version = 4;",

	"CREATE TABLE requests ("	/* of jobs: store_rebuild.h */
	" job INTEGER PRIMARY KEY,"
	" device TEXT NOT NULL,"
	" generation INTEGER NOT NULL,"
	" request TEXT NOT NULL);"	/* JSON */
	"PRAGMA user_version = 5;",

	/*
	 * What was sent before is not sent again: nobody knows whether its SMS
	 * are still on their way, they are valid as long as the job.
	 */
	"ALTER TABLE jobs RENAME COLUMN attempts TO tries;"
	"ALTER TABLE jobs ADD COLUMN live INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE jobs ADD COLUMN attempt INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE jobs ADD COLUMN deadline_ms INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE jobs ADD COLUMN n_undelivered INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE jobs ADD COLUMN"
	" client_initiated INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE jobs ADD COLUMN"		/* 0: it did not */
	" session_started_ms INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE jobs ADD COLUMN"
	" session_ended_ms INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE jobs ADD COLUMN result INTEGER NOT NULL DEFAULT -1;"
	"ALTER TABLE jobs ADD COLUMN alert_type TEXT NOT NULL DEFAULT '';"
	"ALTER TABLE jobs ADD COLUMN correlator TEXT NOT NULL DEFAULT '';"
	"UPDATE jobs SET attempt = 1, deadline_ms = expires_ms,"
	" next_ms = CASE state WHEN 2 THEN expires_ms ELSE next_ms END"
	" WHERE state < 3 AND tries > 0;"
	"UPDATE jobs SET state = 6, reason = 'superseded by a later job'"
	" WHERE method = 0 AND state < 3 AND id NOT IN (SELECT max(id)"
	" FROM jobs WHERE method = 0 AND state < 3"
	" GROUP BY " DEVICE ", server_id);"
	"UPDATE jobs SET live = 1 WHERE state < 3;"
	"DELETE FROM requests WHERE job IN"
	" (SELECT id FROM jobs WHERE live = 0);"
	"DROP INDEX jobs_live;"
	"CREATE INDEX jobs_live ON jobs (expires_ms) WHERE live = 1;"
	"DROP INDEX jobs_due;"
	"CREATE INDEX jobs_due ON jobs (" SENT_AGAIN ", next_ms)"
	" WHERE " IS_DUE ";"
	"DROP INDEX jobs_device;"
	"CREATE INDEX jobs_device ON jobs (" DEVICE ", id);"
	/* One notification in flight for a device and server. */
	"CREATE UNIQUE INDEX jobs_head ON jobs (" DEVICE ", server_id)"
	" WHERE method = 0 AND live = 1;"
	"CREATE INDEX jobs_bootstrap ON jobs (" DEVICE ")"
	" WHERE method = 1 AND live = 1;"
	"CREATE TABLE keys ("			/* see sql_key_get() */
	" client INTEGER NOT NULL,"
	" key TEXT NOT NULL,"
	" job INTEGER NOT NULL,"
	" joined INTEGER NOT NULL,"
	" digest BLOB NOT NULL,"
	" PRIMARY KEY (client, key)) WITHOUT ROWID;"
	"CREATE INDEX keys_job ON keys (job);"
	"PRAGMA user_version = 6;",

	/* Of jobs that have ended nobody knows any more. */
	"ALTER TABLE jobs ADD COLUMN device TEXT NOT NULL DEFAULT '';"
	"UPDATE jobs SET device = (SELECT r.device FROM requests r"
	" WHERE r.job = jobs.id) WHERE id IN (SELECT job FROM requests);"
	"CREATE INDEX jobs_registered ON jobs (device, id)"
	" WHERE " IS_REGISTERED ";"
	"ALTER TABLE jobs ADD COLUMN n_ids_before INTEGER NOT NULL DEFAULT 0;"
	"PRAGMA user_version = 7;",

	/*
	 * The head of a device and server stands with its numbers, and not in
	 * an index of jobs: devices come in any order, and each place of theirs
	 * costs a page of its own. It stays when its job has ended.
	 */
	"ALTER TABLE sessions ADD COLUMN"	/* the last one; 0: none */
	" job INTEGER NOT NULL DEFAULT 0;"
	"INSERT INTO sessions (msisdn, server_id, session_id, job)"
	" SELECT " DEVICE ", server_id, session_id, id FROM jobs"
	" WHERE method = 0 AND live = 1"
	" ON CONFLICT DO UPDATE SET job = excluded.job;"
	"DROP INDEX jobs_head;"
	"PRAGMA user_version = 8;",

	"ALTER TABLE jobs ADD COLUMN route TEXT NOT NULL DEFAULT '';"
	"ALTER TABLE devices ADD COLUMN route TEXT NOT NULL DEFAULT '';"
	"DROP INDEX jobs_due;"
	"CREATE INDEX jobs_due ON jobs (" SENT_AGAIN ", next_ms)"
	" WHERE " IS_DUE " AND route = '';"
	"CREATE INDEX jobs_routed ON jobs (route, next_ms)"
	" WHERE " IS_DUE " AND " IS_ROUTED ";"
	"PRAGMA user_version = 9;",
};
#define SCHEMA_VERSION (sizeof(schema_steps) / sizeof(schema_steps[0]))

#define JOB_CHANGES \
	"state = ?2, reached = ?3, changed_ms = ?4, next_ms = ?5, " \
	"tries = ?6, n_taken = ?7, n_delivered = ?8, reason = ?9, " \
	"attempt = ?10, deadline_ms = ?11, n_undelivered = ?12"

static const char *const statement_sql[N_STATEMENTS] = {
	[BEGIN] = "BEGIN IMMEDIATE",
	[COMMIT] = "COMMIT",
	[JOB_INSERT] = "INSERT INTO jobs (" JOB_COLUMNS ", live)"
		" VALUES (NULL, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11,"
		" ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23,"
		" ?24, ?25, ?26, ?27, ?28, ?29, ?30, 1)",
	[JOB_SELECT] = "SELECT " JOB_COLUMNS " FROM jobs WHERE id = ?1",
	[JOB_UPDATE] = "UPDATE jobs SET " JOB_CHANGES " WHERE id = ?1",
	[JOB_END] = "UPDATE jobs SET live = 0, " JOB_CHANGES " WHERE id = ?1",
	[SEGMENTS_SELECT] = "SELECT segment, state, udh_len, octets"
		" FROM segments WHERE job = ?1",
	[SEGMENT_INSERT] = "INSERT INTO segments VALUES (?1, ?2, ?3, ?4, ?5)",
	[SEGMENT_STATE] = "SELECT state FROM segments"
		" WHERE job = ?1 AND segment = ?2",
	[SEGMENT_UPDATE] = "UPDATE segments SET state = ?3"
		" WHERE job = ?1 AND segment = ?2",
	[SEGMENTS_RESET] = "UPDATE segments SET state = 0 WHERE job = ?1",
	[SECRET_INSERT] = "INSERT INTO secrets VALUES (?1, ?2)",
	[SECRET_DELETE] = "DELETE FROM secrets WHERE job = ?1",
	[SESSION_SELECT] = "SELECT session_id FROM sessions"
		" WHERE msisdn = ?1 AND server_id = ?2",
	[SESSION_PUT] = "INSERT INTO sessions VALUES (?1, ?2, ?3, ?4)"
		" ON CONFLICT DO UPDATE SET session_id = ?3, job = ?4",
	[REF_SELECT] = "SELECT reference FROM concat_refs WHERE msisdn = ?1",
	[REF_PUT] = "INSERT INTO concat_refs VALUES (?1, ?2)"
		" ON CONFLICT DO UPDATE SET reference = ?2",
	[DUE_SELECT] = "SELECT " JOB_COLUMNS " FROM jobs WHERE " IS_DUE
		" AND route = '' AND " SENT_AGAIN " = ?3 AND next_ms <= ?1"
		" ORDER BY next_ms LIMIT ?2",
	[ROUTED_SELECT] = "SELECT " JOB_COLUMNS " FROM jobs WHERE " IS_DUE
		" AND " IS_ROUTED " AND route = ?3 AND next_ms <= ?1"
		" ORDER BY next_ms LIMIT ?2",
	[DUE_NEXT] = "SELECT min(next_ms) FROM jobs WHERE " IS_DUE
		" AND route = '' AND " SENT_AGAIN " = ?1",
	[ROUTED_NEXT] = "SELECT min(next_ms) FROM jobs WHERE " IS_DUE
		" AND " IS_ROUTED " AND route = ?1",
	[EXPIRED_SELECT] = "SELECT " JOB_COLUMNS " FROM jobs WHERE live = 1"
		" AND expires_ms <= ?1 ORDER BY expires_ms LIMIT ?2",
	[LIST_ALL] = "SELECT " JOB_COLUMNS " FROM jobs WHERE id > ?1"
		" ORDER BY id LIMIT ?2",
	[LIST_STATE] = "SELECT " JOB_COLUMNS " FROM jobs WHERE id > ?1"
		" AND state = ?3 ORDER BY id LIMIT ?2",
	[LIST_ENDED] = "SELECT " JOB_COLUMNS " FROM jobs WHERE id > ?1"
		" AND state = ?3 AND state > 3 ORDER BY id LIMIT ?2",
	[LIST_LIVE] = "SELECT " JOB_COLUMNS " FROM jobs INDEXED BY jobs_live"
		" WHERE live = 1 AND state = ?3 AND id > ?1"
		" ORDER BY id LIMIT ?2",
	[LIST_TO] = "SELECT " JOB_COLUMNS " FROM jobs WHERE id > ?1"
		" AND (?3 < 0 OR state = ?3) AND " DEVICE " = ?4"
		" ORDER BY id LIMIT ?2",
	[LIST_DEVICE] = "SELECT " JOB_COLUMNS " FROM jobs WHERE id > ?1"
		" AND device = ?5 AND " IS_REGISTERED
		" AND (?3 < 0 OR state = ?3)"
		" AND (?4 = '' OR " DEVICE " = ?4)"
		" ORDER BY id LIMIT ?2",
	[EVENT_INSERT] =
		"INSERT INTO events (time_ms, job, event, state, reached,"
		" attempt, reason, result) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7,"
		" ?8)",
	[EVENTS_SELECT] = "SELECT e.cursor, e.time_ms, e.job, e.event, e.state,"
		" e.reached, e.attempt, e.reason, e.result, j.method, j.msisdn,"
		" j.server_id, j.device, j.session_id, j.alert_type"
		" FROM events e JOIN jobs j ON j.id = e.job"
		" WHERE e.cursor > ?1 ORDER BY e.cursor",
	[EVENTS_FIRST] = "SELECT min(cursor) FROM events",
	[EVENTS_OLDEST] = "SELECT cursor, time_ms FROM events"
		" ORDER BY cursor LIMIT ?1",
	[EVENTS_DELETE] = "DELETE FROM events WHERE cursor <= ?1",
	[JOBS_OLDEST] = "SELECT id, state, n_segments FROM jobs"
		" WHERE state > 2 AND changed_ms < ?1 ORDER BY changed_ms",
	[SEGMENTS_DELETE] = "DELETE FROM segments WHERE job = ?1",
	[KEYS_DELETE] = "DELETE FROM keys WHERE job = ?1",
	[JOB_DELETE] = "DELETE FROM jobs WHERE id = ?1",
	[DEVICE_BY_NAME] = "SELECT " DEVICE_COLUMNS " FROM devices"
		" WHERE name = ?1",
	[DEVICE_BY_DEV_ID] = "SELECT " DEVICE_COLUMNS " FROM devices"
		" WHERE dev_id = ?1",
	[DEVICES_BY_MSISDN] = "SELECT " DEVICE_COLUMNS " FROM devices"
		" WHERE ltrim(msisdn, '+') = ?1 LIMIT 2",
	[DEVICE_PUT] = "INSERT INTO devices (" DEVICE_COLUMNS ") VALUES"
		" (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13,"
		" ?14)"
		" ON CONFLICT (name) DO UPDATE SET msisdn = ?2, imsi = ?3,"
		" dev_id = ?4, server_id = ?5, auth_name = ?6,"
		" credential = ?7, nonce = ?8, dm_version = ?9, quirks = ?10,"
		" generation = ?11, resync_ms = ?12, changed_ms = ?13,"
		" route = ?14",
	[DEVICE_DELETE] = "DELETE FROM devices WHERE name = ?1",
	[DEVICES_LIST] = "SELECT " DEVICE_COLUMNS " FROM devices"
		" WHERE name > ?1 ORDER BY name LIMIT ?2",
	[DEVICES_LIST_TO] = "SELECT " DEVICE_COLUMNS " FROM devices"
		" WHERE ltrim(msisdn, '+') = ?3 AND name > ?1"
		" ORDER BY name LIMIT ?2",
	[REQUEST_INSERT] = "INSERT INTO requests VALUES (?1, ?2, ?3, ?4)",
	[REQUEST_SELECT] = "SELECT device, generation, request FROM requests"
		" WHERE job = ?1",
	[REQUEST_UPDATE] = "UPDATE requests SET generation = ?2"
		" WHERE job = ?1",
	[REQUEST_DELETE] = "DELETE FROM requests WHERE job = ?1",
	[SEGMENT_OCTETS] = "UPDATE segments SET udh_len = ?3, octets = ?4"
		" WHERE job = ?1 AND segment = ?2",
	[JOB_SESSION_ID] = "UPDATE jobs SET session_id = ?2, n_ids_before = ?3"
		" WHERE id = ?1",
	[HEAD_SELECT] = "SELECT " JOB_COLUMNS " FROM jobs WHERE live = 1"
		" AND id = (SELECT job FROM sessions WHERE msisdn = ?1"
		" AND server_id = ?2)",
	[BOOTSTRAP_SELECT] = "SELECT min(id) FROM jobs WHERE method = 1"
		" AND live = 1 AND " DEVICE " = ?1",
	[ACCOUNT_SELECT] = "SELECT " JOB_COLUMNS " FROM jobs WHERE method = 1"
		" AND live = 1 AND " DEVICE " = ?1 AND device = ?2"
		" AND server_id = ?3 AND id <> ?4 LIMIT 1",
	[HEADS_WAKE] = "UPDATE jobs SET next_ms = ?2 WHERE live = 1"
		" AND next_ms = ?3 AND id IN (SELECT job FROM sessions"
		" WHERE msisdn = ?1)",
	[KEY_SELECT] = "SELECT job, joined, digest FROM keys"
		" WHERE client = ?1 AND key = ?2",
	[KEY_INSERT] = "INSERT INTO keys VALUES (?1, ?2, ?3, ?4, ?5)",
	[SESSION_READ] = "SELECT " SESSION_COLUMNS " FROM jobs WHERE id = ?1",
	[SESSION_WRITE] = "UPDATE jobs SET session_started_ms = ?2,"
		" session_ended_ms = ?3, result = ?4, alert_type = ?5,"
		" correlator = ?6 WHERE id = ?1",
	[SESSIONS_OF_NUMBER] = "SELECT " JOB_COLUMNS ", " SESSION_COLUMNS
		" FROM jobs WHERE " DEVICE " = ?1 AND method = 0"
		" AND (?2 = '' OR server_id = ?2)"
		" AND (?4 OR device = '') ORDER BY id DESC LIMIT ?3",
	[SESSIONS_OF_NAME] = "SELECT " JOB_COLUMNS ", " SESSION_COLUMNS
		" FROM jobs WHERE device = ?1 AND " IS_REGISTERED
		" AND method = 0 AND (?2 = '' OR server_id = ?2)"
		" ORDER BY id DESC LIMIT ?3",
};

#endif
