/* SPDX-License-Identifier: Apache-2.0 */
/*
 * device.h - a device of the registry, and what it adds to requests
 *
 * Who registers a device gives its number, keys and habits once; requests then
 * name it, and what they leave out comes from it. Pure.
 */
#ifndef GATEWAY_DEVICE_H
#define GATEWAY_DEVICE_H

#include <stdbool.h>
#include <stdint.h>

#include "gateway/job/job.h"
#include "gateway/request/request.h"
#include "wap/imsi.h"

#define DEVICE_NAME_MAX (JOB_DEVICE_SIZE - 1)	/* characters */
#define DEVICE_ID_MAX 128		/* octets */
#define DEVICE_AUTH_NAME_SIZE 256	/* octets, with NUL */
#define DEVICE_QUIRKS_SIZE 33		/* characters, with NUL */
#define DEVICE_NONCE_SIZE BASE64_SIZE(DIGEST_NONCE_MAX)
#define DEVICE_RESYNC_MS (24 * 3600 * 1000)	/* from one to the next */

/* Texts are "" where nothing is known. imsi, credential, nonce are secrets. */
struct device {
	char name[DEVICE_NAME_MAX + 1];
	char msisdn[MSISDN_SIZE];
	char imsi[IMSI_DIGITS_MAX + 1];
	char dev_id[DEVICE_ID_MAX + 1];	/* DevInfo/DevId */
	char server_id[JOB_SERVER_ID_SIZE];
	char auth_name[DEVICE_AUTH_NAME_SIZE];
	char credential[DIGEST_CREDENTIAL_SIZE];
	char nonce[DEVICE_NONCE_SIZE];	/* base64 */
	bool has_nonce;			/* it may be the empty one */
	int32_t dm_version;		/* enum dm_version, or REQUEST_UNSET */
	char quirks[DEVICE_QUIRKS_SIZE];
	char route[JOB_ROUTE_SIZE];	/* "": bearerbox */
	int64_t generation;		/* another one after each change */
	int64_t resync_ms;		/* last resynchronisation; 0: none */
	int64_t changed_ms;
};

/*
 * 1 to 64 letters, digits and . _ : @ -, not digits alone, which are an MSISDN.
 * DM_OK, or DM_EINVAL with *e about the given field.
 */
int device_name_check(const char *name, const char *field, struct err *e)
	DM_CHECK;

/* Exactly one of the three, and well formed; else DM_EINVAL with *e. */
int device_key_check(const struct device_key *key, struct err *e) DM_CHECK;

/*
 * Changes what the request gives; the rest stays. A device without a number is
 * new: it gets its name and needs a number. Of a password only the credential
 * is kept; as that holds the server's name, a new name needs a new one. Returns
 * DM_OK; DM_EINVAL or DM_EIO (no MD5) with *e, and then *d is undefined. The
 * request does not borrow from *d.
 */
int device_change(struct device *d, const struct device_put_request *rq,
		  struct err *e) DM_CHECK;

/* Whether a request has a nonce, in any of its forms. */
bool device_has_nonce(const struct digest_source *s);

/*
 * The next nonce. The default ones are no nonce that a session gives: DM_EINVAL
 * with *e, as for one that is malformed.
 */
int device_set_nonce(struct device *d, const struct digest_source *nonce,
		     struct err *e) DM_CHECK;

/*
 * Fills what a request leaves out; it borrows from *d. Of a notification that
 * names another server than the device's, credential and nonce are left out.
 * Returns DM_OK, or DM_EINVAL with *e: the credential is the device's and the
 * nonce a default one (see device_resync()), or came together with resync.
 */
int device_merge(const struct device *d, struct notify_request *rq,
		 struct err *e) DM_CHECK;
void device_merge_bootstrap(const struct device *d,
			    struct bootstrap_request *rq);

/*
 * After device_merge(), for a request with resync: the default nonce, as the
 * client reads it. Whoever has seen one such message can send it again for
 * ever, so a device gets one in DEVICE_RESYNC_MS. Returns DM_OK and notes
 * the time in *d; DM_EINVAL (the client does not know it) or DM_ESTATE (too
 * soon) with *e.
 */
int device_resync(struct device *d, struct notify_request *rq, int64_t now_ms,
		  struct err *e) DM_CHECK;

#endif
