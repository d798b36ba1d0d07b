/* SPDX-License-Identifier: Apache-2.0 */
/*
 * config.h - the configuration of the example DM server
 *
 * dm-server.conf has every option with its default.
 */
#ifndef DM_SERVER_CONFIG_H
#define DM_SERVER_CONFIG_H

#include <stdint.h>

#include "wap/err.h"

struct cfg_t;

struct config {			/* texts are owned by file */
	struct cfg_t *file;
	const char *server_id;
	const char *name;		/* of the account, for people */
	const char *listen;		/* a numeric address */
	uint16_t port;			/* 0: any that is free */
	const char *url;		/* of us, as devices see it; or "" */
	const char *certificate;	/* PEM file; "": no TLS */
	const char *private_key;	/* PEM file */
	unsigned connections;		/* at once */
	const char *data;		/* folder */
	const char *fleet;		/* file of more devices; or "" */
	const char *packages;		/* folder */
	const char *dmbox_socket;
	int message_within_s;		/* or its session has broken off */
	unsigned wakes_max;		/* of a device for one update */
	int retry_s;			/* until it is tried again */
	int result_within_s;		/* from its begin to its result */
};

/* Returns DM_OK, or DM_EINVAL with *e. */
int config_load(struct config *c, const char *path, struct err *e) DM_CHECK;
void config_free(struct config *c);

#endif
