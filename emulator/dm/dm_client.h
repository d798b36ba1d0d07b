/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dm_client.h - what a device needs to talk to its DM server
 *
 * Pure. Not every device has one: only those whose file says where the server
 * is, or that a bootstrap shall say it.
 */
#ifndef EMULATOR_DM_CLIENT_H
#define EMULATOR_DM_CLIENT_H

#include "bootstrap/account.h"
#include "emulator/dm/dm_fumo.h"
#include "emulator/dm/dm_package.h"
#include "emulator/dm/dm_tree.h"
#include "emulator/dm/dm_user.h"
#include "notif/digest.h"
#include "syncml/codec.h"

#define DM_CLIENT_TEXT_MAX 127		/* octets of each text in the file */
#define DM_CLIENT_URL_MAX DM_TREE_VALUE_MAX	/* octets */

struct dm_client {
	enum syncml_version version;
	enum syncml_encoding encoding;
	enum dm_user answers;
	unsigned answers_after_ms;	/* its user thinks */
	bool confirms;			/* it asks him before it downloads */
	unsigned retry_ms;		/* from a try that failed to the next */
	unsigned restart_ms;		/* from the loss of its battery on */
	bool url_from_bootstrap;
	char url[DM_CLIENT_URL_MAX + 1];	/* of the server; "": none yet */
	char dev_id[DM_CLIENT_TEXT_MAX + 1];
	char model[DM_CLIENT_TEXT_MAX + 1];
	char firmware[DM_CLIENT_TEXT_MAX + 1];	/* at first; then ask the tree */
	char user[DM_CLIENT_TEXT_MAX + 1];
	bool has_key;
	struct digest_key key;			/* the client's; a secret */
	struct dm_tree tree;
	struct dm_fumo fumo;
	struct dm_package *package;	/* owned: what has come of it; NULL:
					 * nothing */
};

/* Makes the tree and rests; all above the tree is filled. */
void dm_client_begin(struct dm_client *c, const char *server_id);

/* What has come of a package is not needed any more. */
void dm_client_drop_package(struct dm_client *c);

/*
 * Takes over the account of a bootstrap: the client's credential, and the
 * address if that shall come from it. Returns DM_OK; DM_EINVAL with *e (a text
 * that is too long, an address that is no URL of HTTP), DM_EIO with *e. On
 * error *c is as it was.
 */
int dm_client_take_account(struct dm_client *c, const struct account *a,
			   struct err *e) DM_CHECK;

/* "http://..." or "https://...", of at most DM_CLIENT_URL_MAX octets. */
int dm_client_check_url(const char *field, const char *url, struct err *e)
	DM_CHECK;

#endif
