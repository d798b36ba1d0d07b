/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dmbox_client.h - all that a DM server says to dmboxd, and hears from it
 *
 * Copy this file, jsonrpc.h and their .c into your own server: they need
 * libevent and jansson, and nothing else of this example. dmbox-api(7) has
 * every method with all its parameters.
 *
 * The order of things, for one device:
 *
 *	dmbox_put_device()	tell dmboxd who it is, at each start
 *	dmbox_bootstrap()	once: it gets its account, you its credentials
 *	dmbox_notify()		wake it: it shall open a session
 *	dmbox_report()		it has: dmboxd stops waking it
 *	dmbox_report()		how it went, and the nonce of the next session
 *
 * Every request may come twice without harm (that is what keys are for). So
 * this client needs no memory of its own: requests without an answer are sent
 * again after a broken connection, and after a restart you simply make the same
 * requests again. Texts that are "" or NULL are left out.
 */
#ifndef DM_SERVER_DMBOX_CLIENT_H
#define DM_SERVER_DMBOX_CLIENT_H

#include <jansson.h>
#include <stdbool.h>

struct event_base;
struct dmbox;

/*
 * The answer to a request, borrowed: result, or error if dmboxd refuses it for
 * good; its "message" is for people. owner is that of dmbox_open(), about what
 * the request was given.
 */
typedef void dmbox_answer(void *owner, void *about, json_t *result,
			  json_t *error);

struct dmbox_callbacks {
	/*
	 * Something has happened to a job: see EVENTS in dmbox-api(7). Keep
	 * its "cursor" on disk when you have worked it off.
	 */
	void (*event)(void *owner, json_t *event);
	/* Events may be missing: make your requests again, as at a start. */
	void (*lost)(void *owner, const char *why);
	/* Connected to dmboxd (why is NULL), or no longer. */
	void (*link)(void *owner, const char *why);
	void *owner;
};

/*
 * Connects to dmboxd's socket, and again each second while it is not there.
 * Events behind cursor come; -1: those from now on.
 */
struct dmbox *dmbox_open(struct event_base *base, const char *socket,
			 json_int_t cursor, const struct dmbox_callbacks *c);
void dmbox_close(struct dmbox *d);

struct dmbox_device {
	const char *name;		/* how we call it, in all that follows */
	const char *msisdn;
	const char *imsi;
	const char *dev_id;		/* DevInfo/DevId */
	const char *server_id;
	const char *dm_version;		/* "1.1.2" or "1.2" */
	const char *quirks;		/* see dmbox quirks */
	const char *credential;		/* the server's: B64(MD5(name:password)) */
	const char *nonce;		/* the server's next one, base64 */
};
void dmbox_put_device(struct dmbox *d, const struct dmbox_device *device,
		      dmbox_answer *answer, void *about);

/*
 * The device gets an account, also instead of another one. fields (taken) are
 * those of the profile, less the credentials, which dmboxd makes: they stand in
 * "account" of the answer. Store them before all else.
 */
struct dmbox_bootstrap {
	const char *device;
	const char *profile;
	json_t *fields;
	const char *sec;		/* NETWPIN, USERPIN, USERNETWPIN */
	const char *pin;
	const char *key;		/* names this account */
};
void dmbox_bootstrap(struct dmbox *d, const struct dmbox_bootstrap *b,
		     dmbox_answer *answer, void *about);

/*
 * Wakes the device until its session has started. key names the reason: the
 * same reason gets the same job, however often it is asked for, and the answer
 * says what has become of it. resync: with the default nonce, if it may have
 * lost the other one; dmboxd refuses it (field "resync") where it cannot be.
 */
void dmbox_notify(struct dmbox *d, const char *device, const char *key,
		  bool resync, dmbox_answer *answer, void *about);

/* A session has started or ended; "job" of the answer may be null. */
struct dmbox_report {
	const char *device;
	const char *session_id;		/* SyncHdr/SessionID as it came; or "",
					 * if the device began it by itself */
	bool ended;
	int result;			/* of its Generic Alert; 0: none */
	const char *alert_type;		/* Meta/Type of that alert */
	const char *correlator;		/* of that alert */
	const char *nonce;		/* NextNonce of its Chal, in base64 */
};
void dmbox_report(struct dmbox *d, const struct dmbox_report *r,
		  dmbox_answer *answer, void *about);

#endif
