/* SPDX-License-Identifier: Apache-2.0 */
/*
 * account.h - the DM account that a bootstrap sets up
 *
 * Spec: OMA-SUP-ac_w7_dm; DMAcc of DM 1.1.2 and 1.2. What a client takes from
 * either kind of document; texts are borrowed from it.
 */
#ifndef BOOTSTRAP_ACCOUNT_H
#define BOOTSTRAP_ACCOUNT_H

#include <stdbool.h>
#include <stdint.h>

#include "bootstrap/cp_doc.h"
#include "bootstrap/xml.h"

struct account_auth {
	bool given;
	const char *type;	/* "DIGEST", "BASIC", ... as it came; or NULL */
	const char *name;	/* AAUTHNAME; NULL: not said */
	const char *secret;	/* AAUTHSECRET; NULL: not said */
	const char *nonce;	/* AAUTHDATA, base64; NULL: not said */
};

struct account {
	const char *server_id;	/* PROVIDER-ID, ServerID */
	const char *name;	/* for people; NULL: not said */
	const char *addr;	/* URI */
	const char *port;	/* text; NULL: not said */
	const char *dm_version;	/* "1.1.2", "1.2"; NULL: not said (CP) */
	struct account_auth client;	/* APPSRV, CLCRED: the client's own */
	struct account_auth server;	/* CLIENT, SRVCRED: the server's; signs
					 * notifications */
	bool init;		/* INIT: begin a session at once; of CP only */
};

/*
 * The first account of a document: of CP an APPLICATION w7; of DM the leaves
 * of one node in ./SyncML/DMAcc (1.1.2) or ./DMAcc (1.2), or a node elsewhere,
 * as in ./Inbox, whose AppID is w7; added or replaced one by one, or by TNDS
 * that is a tree (see dm_profile.h). Returns DM_OK; DM_ENOENT (it has none);
 * DM_EINVAL with *e (one without server-id or address); DM_ENOSPC with *e (the
 * arena, for paths, is full). On error *out is untouched.
 */
int account_from_cp(const struct cp_doc *doc, struct account *out,
		    struct err *e) DM_CHECK;
int account_from_dm(struct arena *a, const struct xml_node *root,
		    struct account *out, struct err *e) DM_CHECK;

#endif
