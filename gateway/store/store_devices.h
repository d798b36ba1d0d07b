/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store_devices.h - the registry of devices, in the store
 *
 * Operations as in store.h. What they give out holds secrets: wipe it.
 */
#ifndef GATEWAY_STORE_DEVICES_H
#define GATEWAY_STORE_DEVICES_H

#include "gateway/request/device.h"
#include "gateway/store/store.h"

/* Changes a device, or makes it: see device_change(). */
struct store_device_put {
	struct store_op op;
	const struct device_put_request *request;	/* borrowed */
	int64_t now_ms;
	struct device device;		/* out */
	bool created;			/* out */
};
store_run store_device_put_run;

/*
 * One device: to read it, to delete it, to give it a nonce. The key passed
 * device_key_check(). DM_ENOENT; DM_ESTATE if several have that number.
 */
struct store_device {
	struct store_op op;
	struct device_key key;		/* its texts are borrowed */
	const struct digest_source *nonce;	/* borrowed; only to put one */
	int64_t now_ms;
	struct device device;		/* out */
};
store_run store_device_get_run;
store_run store_device_delete_run;
store_run store_nonce_put_run;

/* Devices in the order of their names. */
struct store_device_list {
	struct store_op op;
	const char *after;		/* borrowed; "": from the first */
	const char *msisdn;		/* borrowed; NULL: any */
	size_t limit;			/* 1..STORE_LIST_MAX */
	size_t n;			/* out */
	struct device *devices;		/* out: room for limit; the caller's */
};
store_run store_device_list_run;

/* For other operations, within their transaction; errors as above. */
int sql_device_find(struct store_sql *sql, const struct device_key *key,
		    struct device *out, struct err *e) DM_CHECK;

/* Writes a device, with another generation than the one that it had. */
int sql_device_put(struct store_sql *sql, struct device *d, int64_t now_ms,
		   struct err *e) DM_CHECK;

#endif
