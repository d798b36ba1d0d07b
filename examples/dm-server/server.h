/* SPDX-License-Identifier: Apache-2.0 */
/*
 * server.h - the server's devices in memory, and what is shared by its parts
 *
 * web.h takes requests, dm.h answers those of devices, contact.h reaches
 * devices through dmbox, orders.h takes what the operator wants.
 */
#ifndef DM_SERVER_SERVER_H
#define DM_SERVER_SERVER_H

#include "examples/dm-server/config.h"
#include "examples/dm-server/device.h"
#include "examples/dm-server/session.h"
#include "wap/hash.h"

#define URL_SIZE 256			/* octets, with NUL */
#define JOB_SIZE 24			/* the same */

struct event_base;
struct event;
struct dmbox;
struct server;

/* A device of ours, and its session. */
struct member {
	struct server *server;
	struct device device;
	uint8_t kept[HASH_SHA256_LEN];	/* what the disk has of it */
	struct session session;		/* the last one that was opened */
	struct session candidate;	/* it has to prove itself first */
	struct event *timeout;		/* of the session; NULL: had none yet */
	char job[JOB_SIZE];		/* dmboxd's, that wakes it; "" */
	char resp_uri[URL_SIZE + SESSION_ADDRESS_SIZE + 4];	/* last answer's */
};

struct server {
	struct event_base *base;	/* borrowed, as is config */
	const struct config *config;
	char url[URL_SIZE];		/* of us, without a '/' at the end */
	struct dmbox *dmbox;
	struct event *tick;		/* each second */
	json_int_t cursor;		/* of dmboxd's events; -1: none yet */
	bool cursor_is_new;		/* not on the disk yet */
	struct packages *packages;	/* owned */
	struct arena arena;		/* of one message at a time */
	struct member **members;	/* owned, each of them, too; by name */
	size_t n_members;
	struct member **dev_ids;	/* the same, by DevInfo/DevId */
};

/* Reads all devices. Returns DM_OK, or an error with *e. */
int server_load(struct server *s, struct event_base *base,
		const struct config *config, struct err *e) DM_CHECK;
void server_free(struct server *s);

/* NULL if there is none. */
struct member *server_find_name(const struct server *s, const char *name);

/*
 * By DevInfo/DevId, or else by its name: a new one may say only that. Either
 * may be NULL.
 */
struct member *server_find_device(const struct server *s, const char *dev_id,
				  const char *name);

/* Saves the device's state if it is another; the server ends if it cannot. */
void server_save(struct member *m);

#endif
