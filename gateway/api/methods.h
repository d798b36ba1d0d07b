/* SPDX-License-Identifier: Apache-2.0 */
/*
 * methods.h - what the API can do: see dmbox-api(7)
 */
#ifndef GATEWAY_METHODS_H
#define GATEWAY_METHODS_H

#include "gateway/api/api.h"
#include "gateway/api/request_key.h"
#include "gateway/config.h"
#include "gateway/profile_dir.h"
#include "gateway/request/submit.h"
#include "gateway/send/routes.h"

struct methods {			/* what the methods work with */
	struct store *store;
	struct routes *routes;
	const struct config *config;	/* borrowed */
	struct request_secret secret;
	struct profile_dir profiles;
	int64_t started_ms;
	unsigned n_lists;	/* job.list, device.list under way */
	struct rate accepted;
	bool backing_up;
	struct subscriber *subscribers;	/* of events: a list */
};

/* The table for api_new(), whose arg is a struct methods. */
extern const struct api_method_entry methods_table[];

/* The methods that have a file of their own. */
api_method method_notify;
api_method method_bootstrap;
api_method method_decode;
api_method method_backup;
api_method method_event_subscribe;	/* subscribe.h */
api_method method_device_put;
api_method method_device_get;
api_method method_device_list;
api_method method_device_delete;
api_method method_nonce_put;
api_method method_session;

/*
 * What a client was refused, in a part of its call: only logged. The log names
 * the field, not what came: that may be a number or a secret.
 */
void methods_log_refused(const struct api_call *call, const char *method,
			 const struct err *e);

/* Refuses a call and logs that. */
void methods_refuse(struct api_call *call, const char *method,
		    const struct err *e);
void methods_refuse_with(struct api_call *call, const char *method,
			 const struct err *e, const char *name, json_t *value);

/* The state with this name, as field of a request; DM_EINVAL with *e. */
int methods_read_state(const char *name, const char *field,
		       enum job_state *state, struct err *e) DM_CHECK;
/* The name of a registered device, if the request has one: the same. */
int methods_read_device(const char *name, char out[JOB_DEVICE_SIZE],
			struct err *e) DM_CHECK;
/* A page takes up to a megabyte until it is answered. DM_EBUSY: too many. */
int methods_check_lists(const struct methods *m, const char *method,
			struct err *e) DM_CHECK;

/* What a method's requests of this client are done with by default. */
struct submit_defaults methods_defaults(const struct methods *m,
					const struct api_call *call,
					enum job_method method);

/* Answers a request that got a job, new or not, and wakes the sender. */
void methods_answer_submit(struct api_call *call, struct methods *m,
			   const struct store_submit *s, json_t *answer);

/* Refuses one that got none. */
void methods_refuse_submit(struct api_call *call, const char *method,
			   const struct store_submit *s);

#endif
