/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dm_clients_fixture.h - a device and a small DM server on one loop
 *
 * The server updates whoever has firmware 1.0, and notes what it hears.
 */
#ifndef TESTS_DM_CLIENTS_FIXTURE_H
#define TESTS_DM_CLIENTS_FIXTURE_H

#include "emulator/dm/dm_clients.h"
#include "tests/http_server.h"

/* What happens when all goes well, and when the package is not taken. */
#define UPDATED "session.started session.ended download.started " \
	"download.progress download.done update.installed session.started " \
	"report.sent session.ended"
#define NOT_UPDATED "session.started session.ended download.started " \
	"download.progress download.failed session.started report.sent " \
	"session.ended"

struct small_dm_server {
	struct http_file package;	/* what it has as /fw */
	const char *content_type;	/* of its answers; NULL: as it came */
	const char *resp_uri;		/* of its answers, with a %u for the
					 * port; NULL: none */
	const char *asks;		/* options of an Alert 1101 to the user
					 * in its first message; NULL: none */
	bool stumbles;			/* over the first result once */
	unsigned cuts_off_at;		/* at this message the device has lost its
					 * data connection for 20 ms; 0: never */
	bool cuts_off_package;		/* the same as it asks for it, once */
	unsigned n_messages;
	unsigned n_results;		/* Alert 1226 that have come */
	unsigned n_at_resp_uri;		/* of these */
	char firmware[33];		/* that a device has told */
	char result[8];			/* of its update */
	char correlator[33];
	bool own;			/* Alert 1201 came */
};

extern struct event_base *base;
extern struct dm_http *http;
extern struct small_dm_server server;
extern struct device device;		/* has the number +49170 */
extern struct dm_client client;		/* its */
extern unsigned off_ms;			/* so long it has no power right before
					 * it comes; 0: it has */
extern struct report report;
extern char *events;			/* JSON, of the last run */
extern char state_dir[];		/* a new folder */

/* Once in a program: 0, or the exit status of a program that cannot begin. */
int fixture_open(void);
void fixture_close(void);

/* Everything is new, and the device is about to come. */
void begin(enum syncml_version version, enum syncml_encoding encoding);

/* A fault of the device. */
void add_fault(const char *rule);

/*
 * Until the device is away again, and on. With resume it does not come: it
 * goes on with what it has in dir, which is NULL if it keeps nothing.
 */
void run(const char *dir, bool resume);

/* The names of the events, in their order; they are freed. */
void assert_events(const char *want);

/* No run, and no events. */
void skip_run(void);

void remove_state(void);		/* what it has in state_dir */

const char *firmware(void);		/* of the device */

#endif
