/* SPDX-License-Identifier: Apache-2.0 */
/*
 * provision.h - from a checked bootstrap request to a signed message; pure
 *
 * Wherever the document comes from (XML, ready WBXML, a profile), it is read
 * into a tree, linted, encoded (ready WBXML stays as it is) and signed.
 */
#ifndef GATEWAY_PROVISION_H
#define GATEWAY_PROVISION_H

#include "bootstrap/account.h"
#include "bootstrap/bootstrap.h"
#include "bootstrap/lint.h"
#include "bootstrap/profile.h"
#include "gateway/request/submit.h"

#define PROVISION_ARENA_MAX (2 * XML_ARENA_MAX)	/* octets */
#define PROVISION_K_SIZE 6	/* a random K: five digits and a NUL */

/* A document of either kind; it lives in an arena. */
struct document {
	enum bootstrap_kind kind;
	struct cp_doc cp;		/* BOOTSTRAP_CP */
	struct xml_node *dm;		/* the others: the SyncML element */
	const uint8_t *ready;		/* it came as WBXML: these octets */
	size_t ready_len;
	bool unread;			/* which we cannot read */
	char unread_why[ERR_TEXT_MAX];
};

struct provision {
	struct document document;
	struct message message;		/* its body is the WBXML */
	struct bootstrap_security security;	/* with the MAC of the body */
	struct transport transport;
	struct lint lint;
	char server_id[JOB_SERVER_ID_SIZE];	/* of its account, or "" */
	bool has_account;
	struct account account;		/* borrowed from the document */
	char oob_pin[MAC_OOB_PIN_SIZE];	/* USERPINMAC: tell it the user */
};

/*
 * Reads the one document that the request has. profile is the one that it
 * names, or NULL. Returns DM_OK or an error with *e.
 */
int provision_read(const struct bootstrap_request *rq,
		   const struct profile *profile, struct arena *a,
		   struct document *d, struct err *e) DM_CHECK;

/* The same from octets. DM_EPROTO, DM_ENOSPC, with *e. */
int provision_decode(const uint8_t *body, size_t len, struct arena *a,
		     struct document *d, struct err *e) DM_CHECK;

/* What a device of this client would refuse in it, but for its size. */
void provision_lint(const struct document *d, const struct quirk *quirk,
		    struct arena *a, struct lint *l);

/*
 * Builds the message up to its segments. random_k is the K of USERPINMAC where
 * the request has none; reference as for submit_transport(). *p is secret: wipe
 * it, and the arena. Findings do not make it fail: see provision_refuse().
 */
int provision_make(const struct bootstrap_request *rq,
		   const struct profile *profile,
		   const char random_k[PROVISION_K_SIZE], uint16_t reference,
		   struct arena *a, struct provision *p, struct err *e)
	DM_CHECK;

/* DM_EINVAL about "document" if the lint has errors; names the first. */
int provision_refuse(const struct lint *l, struct err *e) DM_CHECK;

/* The document as XML, indented, and a NUL; DM_ENOSPC. */
int provision_write(const struct document *d, bool show_secrets,
		    struct arena *a, char *out, size_t cap, size_t *len)
	DM_CHECK;

/* What of the request a MAC is made of; the quirk says what it leaves open. */
struct mac_source provision_mac_source(const struct security_request *rq,
				       const struct quirk *quirk);

/* What a job's rows say of a bootstrap beyond submit_job(). */
void provision_describe(const struct bootstrap_request *rq,
			const struct provision *p, struct job *j);

#endif
