/* SPDX-License-Identifier: Apache-2.0 */
/*
 * device.h - a device, as the server knows it
 *
 * It stands in two files of the data folder, each with one writer:
 *
 *	devices/NAME.json	who it is; the operator's
 *	state/NAME.json		its keys, and how its update stands; the server's
 *
 * A file is written under another name and moved into its place, so that it is
 * the old one or the new one after a crash, never half of each. Of thousands of
 * devices the first one can be a line of one file, the fleet.
 */
#ifndef DM_SERVER_DEVICE_H
#define DM_SERVER_DEVICE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "notif/digest.h"
#include "wap/err.h"
#include "wap/imsi.h"
#include "wap/msisdn.h"

#define DEVICE_NAME_MAX 64		/* characters, as in dmbox */
#define DEVICE_TEXT_MAX 255		/* octets of any other text */

enum update_step {
	UPDATE_NONE,
	UPDATE_WANTED,		/* the device has to be told */
	UPDATE_STARTED,		/* it has said that it will do it */
	UPDATE_AGAIN,		/* it failed for now: wanted again, later */
	UPDATE_DONE,
	UPDATE_FAILED,
};

/* The last update that the operator wanted. */
struct update {
	enum update_step step;
	unsigned number;		/* 1..; it names it towards all others */
	char package[DEVICE_TEXT_MAX + 1];	/* its name on our web site */
	char version[DEVICE_TEXT_MAX + 1];	/* FwV of who has it */
	unsigned result;		/* of the device; 0: none yet */
	unsigned tries;			/* times that it has begun it */

	/* What update.c does if the device does not do its part. */
	unsigned wakes;			/* the notification that counts, 1.. */
	unsigned resync_wake;		/* the one with the default nonce; 0 */
	long long due_s;		/* when it is looked after, in seconds
					 * since 1970; 0: it is being woken */
	char words[DEVICE_TEXT_MAX + 1];	/* how it stands, for people */
};

struct device {
	char name[DEVICE_NAME_MAX + 1];	/* that of its files */

	/* Who it is. "": not said. */
	char msisdn[MSISDN_SIZE];
	char imsi[IMSI_DIGITS_MAX + 1];	/* a secret */
	char pin[33];			/* a secret, its user's */
	char dev_id[DEVICE_TEXT_MAX + 1];	/* DevInfo/DevId */
	char dm_version[8];		/* "1.1.2" or "1.2" */
	char quirks[33];		/* see dmbox quirks */
	char profile[33];		/* see dmbox profile list */
	char sec[16];			/* what signs the bootstrap */

	/* Its account with us: secrets. credential "": it has none. */
	struct digest_key client;	/* proves the device to us */
	struct digest_key server;	/* proves us to the device */
	unsigned bootstrap;		/* number of its last one; 0: none */
	char firmware[DEVICE_TEXT_MAX + 1];	/* DevDetail/FwV, as it said */
	struct update update;
};

bool device_has_account(const struct device *d);

/* As in "update: wanted". */
const char *update_step_name(enum update_step step);

/*
 * Reads the device called name, and its state if it has any. Returns DM_OK, or
 * DM_EINVAL with *e, which says the file and what is wrong in it.
 */
int device_load(struct device *d, const char *data, const char *name,
		struct err *e) DM_CHECK;

/*
 * The same of a line of the fleet: "device" is its name, "account" one that it
 * has already, as dmboxd tells it, and the rest what would stand in
 * devices/NAME.json. Its state counts, if it has any.
 */
int device_load_line(struct device *d, const char *data, json_t *line,
		     struct err *e) DM_CHECK;

/*
 * Takes over what dmboxd has made for both sides: see "account" of bootstrap in
 * dmbox-api(7). False, and nothing is changed, if it cannot be used.
 */
bool device_take_account(struct device *d, json_t *account);

/* Writes its state. DM_OK, or DM_EIO with *e. */
int device_save(const struct device *d, const char *data, struct err *e)
	DM_CHECK;

/* Larger than any before, even if the state of the device was lost. */
unsigned device_next_number(unsigned last);

/* The nonce of a key as base64, into out, which has this room. */
#define DEVICE_NONCE_SIZE BASE64_SIZE(DIGEST_NONCE_MAX)
void device_nonce_text(const struct digest_key *key,
		       char out[DEVICE_NONCE_SIZE]);

#endif
