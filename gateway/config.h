/* SPDX-License-Identifier: Apache-2.0 */
/*
 * config.h - dmboxd's configuration file: see dmbox.conf(5)
 */
#ifndef GATEWAY_CONFIG_H
#define GATEWAY_CONFIG_H

#include <stdbool.h>
#include <stdint.h>

#include "gateway/job/attempt.h"
#include "gateway/log.h"
#include "gateway/request/route_config.h"

struct config_client {
	const char *name;		/* borrowed from file */
	uint32_t uid;
	enum job_reached until;
};

struct config {				/* texts are borrowed from file */
	const char *socket;
	const char *store;
	const char *sender;
	const char *pid_file;		/* "": none */
	const char *log_file;		/* "": standard error */
	enum log_level log_level;
	bool log_msisdn;
	int32_t expires_s;
	int32_t bootstrap_expires_s;
	int32_t expires_max_s;
	int32_t result_window_s;
	enum job_reached until;
	struct attempt_plan attempts;
	struct config_client *clients;	/* owned */
	size_t n_clients;
	struct route_config *routes;	/* owned */
	size_t n_routes;
	int64_t queue_max;		/* jobs */
	int64_t jobs_keep_s;
	int64_t events_keep_s;
	int32_t clients_max;
	const char *profiles;		/* folder */
	bool unsigned_bootstrap;
	struct {
		const char *host;
		uint16_t port;
		const char *box_id;
		int32_t window;		/* segments */
		int32_t ack_timeout_s;
	} bearerbox;
	struct cfg_t *file;		/* owned */
};

/*
 * Reads and checks the file at path. Returns DM_OK; DM_EINVAL with *e, whose
 * came names file and line where libconfuse knows it.
 */
int config_load(const char *path, struct config *c, struct err *e) DM_CHECK;

void config_free(struct config *c);

/* What a client's requests are done with, unless they say so. */
enum job_reached config_until(const struct config *c, uint32_t uid);

#endif
