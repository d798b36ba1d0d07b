/* SPDX-License-Identifier: Apache-2.0 */
/*
 * methods.h - what the API can do: see dmbox-api(7)
 */
#ifndef GATEWAY_METHODS_H
#define GATEWAY_METHODS_H

#include "gateway/api.h"
#include "gateway/sender.h"

struct methods {			/* what the methods work with */
	struct store *store;
	struct sender *sender;
	const char *default_sender;	/* borrowed */
	int32_t expires_s;
	int64_t jobs_max;
	int64_t started_ms;
	unsigned n_lists;	/* job.list under way */
	struct rate accepted;
};

/* The table for api_new(), whose arg is a struct methods. */
extern const struct api_method_entry methods_table[];

#endif
