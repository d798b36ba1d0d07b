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
 *	dmbox_session_started()	it has: dmboxd stops waking it
 *	dmbox_put_nonce()	it has told the nonce of the next notification
 *	dmbox_session_ended()	how it went
 *
 * Every request may come twice without harm (that is what keys are for). So
 * this client needs no memory of its own: requests without an answer are sent
 * again after a broken connection, and after a restart you simply make the same
 * requests again.
 */
#ifndef DM_SERVER_DMBOX_CLIENT_H
#define DM_SERVER_DMBOX_CLIENT_H

#include <jansson.h>

struct event_base;
struct dmbox;

/*
 * The answer to a request, borrowed: result, or error if dmboxd refuses it for
 * good; its "message" is for people. owner is that of dmbox_open(), about what
 * the request was given.
 */
typedef void dmbox_answer(void *owner, void *about, json_t *result,
			  json_t *error);

/*
 * Something has happened to a job: see EVENTS in dmbox-api(7). Keep its
 * "cursor" on disk when you have worked it off.
 */
typedef void dmbox_event(void *owner, json_t *event);

/* Connected to dmboxd (why is NULL), or no longer. */
typedef void dmbox_link(void *owner, const char *why);

struct dmbox_callbacks {
	dmbox_event *event;
	dmbox_link *link;
	void *owner;
};

/*
 * Connects to dmboxd's socket, and again each second while it is not there.
 * Events behind cursor come; -1: those from now on.
 */
struct dmbox *dmbox_open(struct event_base *base, const char *socket,
			 json_int_t cursor, const struct dmbox_callbacks *c);
void dmbox_close(struct dmbox *d);

/* Of each device. Texts that are "" are left out. */
struct dmbox_device {
	const char *name;		/* how we call it */
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

/* It has to be put again before it can get another account. */
void dmbox_delete_device(struct dmbox *d, const char *device,
			 dmbox_answer *answer, void *about);

/*
 * fields (taken) are those of the profile, less the credentials, which dmboxd
 * makes: they stand in "account" of the answer. Store them before all else. pin
 * may be "".
 */
struct dmbox_bootstrap {
	const char *device;		/* its name, as of all that follows */
	const char *profile;
	json_t *fields;
	const char *sec;		/* NETWPIN, USERPIN, USERNETWPIN */
	const char *pin;
	const char *key;
};

void dmbox_bootstrap(struct dmbox *d, const struct dmbox_bootstrap *b,
		     dmbox_answer *answer, void *about);

/*
 * Wakes the device until its session has started. key names the reason: the
 * same reason gets the same job, however often it is asked for.
 */
void dmbox_notify(struct dmbox *d, const char *device, const char *key,
		  dmbox_answer *answer, void *about);

/* session_id: SyncHdr/SessionID as it came; or "", if the device began it. */
struct dmbox_session {
	const char *device;
	const char *session_id;
	int result;			/* of its Generic Alert; -1: none */
	const char *alert_type;		/* Meta/Type of that alert; or "" */
	const char *correlator;		/* of that alert; or "" */
};

void dmbox_session_started(struct dmbox *d, const struct dmbox_session *s,
			   dmbox_answer *answer, void *about);
void dmbox_session_ended(struct dmbox *d, const struct dmbox_session *s,
			 dmbox_answer *answer, void *about);

/* nonce: NextNonce of the device's Chal, in base64 as it came. */
void dmbox_put_nonce(struct dmbox *d, const char *device, const char *nonce,
		     dmbox_answer *answer, void *about);

#endif
