/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dm_fumo.h - the firmware update of a device
 *
 * Spec: OMA-TS-DM-FUMO-V1_0; of DM 1.1.2 the same with the vendor's node of
 * dm_tree.h. Pure: says what is to be done next, and is told what came of it.
 * A session accepts an operation; when it is over the package is fetched,
 * checked (dm_package.h) and installed, and a session of the device's own
 * brings the result.
 */
#ifndef EMULATOR_DM_FUMO_H
#define EMULATOR_DM_FUMO_H

#include "emulator/dm/dm_tree.h"

#define DM_FUMO_VERSION_MAX 32		/* octets */
#define DM_FUMO_CORRELATOR_MAX 127	/* octets */

/* FUMO 1.0, "State". */
enum dm_fumo_state {
	DM_FUMO_IDLE = 10,
	DM_FUMO_DOWNLOAD_FAILED = 20,
	DM_FUMO_DOWNLOADING = 30,
	DM_FUMO_DOWNLOADED = 40,
	DM_FUMO_READY = 50,
	DM_FUMO_UPDATING = 60,
	DM_FUMO_UPDATE_FAILED_WITH_DATA = 70,
	DM_FUMO_UPDATE_FAILED = 80,
	DM_FUMO_UPDATED_WITH_DATA = 90,
	DM_FUMO_UPDATED = 100,
};

/* FUMO 1.0, "Result Codes": those that can happen here. */
enum dm_fumo_result {
	DM_FUMO_NO_RESULT = 0,
	DM_FUMO_SUCCESS = 200,
	DM_FUMO_CANCELLED = 401,
	DM_FUMO_CORRUPTED = 402,
	DM_FUMO_WRONG_PACKAGE = 403,
	DM_FUMO_ACCESS_DENIED = 406,
	DM_FUMO_TIMEOUT = 407,
	DM_FUMO_BAD_URL = 411,
	DM_FUMO_SERVER_ERROR = 500,
	DM_FUMO_NO_MEMORY = 501,
	DM_FUMO_NETWORK_FAILED = 503,
};

enum dm_fumo_operation {
	DM_FUMO_NONE,
	DM_FUMO_DOWNLOAD,
	DM_FUMO_UPDATE,
	DM_FUMO_DOWNLOAD_UPDATE,
};

/* Starts with state DM_FUMO_IDLE and zeros. */
struct dm_fumo {
	enum dm_fumo_state state;
	enum dm_fumo_operation operation;	/* the last that was accepted */
	char url[DM_TREE_VALUE_MAX + 1];	/* of its package */
	char correlator[DM_FUMO_CORRELATOR_MAX + 1];	/* "": none */
	unsigned result;		/* enum dm_fumo_result, of operation */
	bool has_report;		/* the result is still to be told */
	char version[DM_FUMO_VERSION_MAX + 1];	/* of the package that it has;
						 * "": it has none */
};

/*
 * A server executes this operation. Returns 202 (accepted, to be done when the
 * session is over), or 500 if another one is not done yet, or there is nothing
 * to update from. correlator is UTF-8, is cut to its room, and may be NULL.
 */
unsigned dm_fumo_exec(struct dm_fumo *f, enum dm_fumo_operation operation,
		      const char *url, const char *correlator);

enum dm_fumo_step {
	DM_FUMO_REST,			/* nothing to do */
	DM_FUMO_FETCH,			/* get url, then dm_fumo_fetched() */
	DM_FUMO_INSTALL,		/* dm_fumo_installed() with version */
	DM_FUMO_REPORT,			/* open a session */
};

enum dm_fumo_step dm_fumo_next(const struct dm_fumo *f);

/* A package with this version is here, or the download has failed. */
void dm_fumo_fetched(struct dm_fumo *f, const char *version);
void dm_fumo_failed(struct dm_fumo *f, unsigned result);

/* It is over, with the package: result is one of success, or is not. */
void dm_fumo_installed(struct dm_fumo *f, unsigned result);

/* 200, or the vendor's 250 to 299. */
bool dm_fumo_is_success(unsigned result);

/*
 * The result of a download that has failed with this HTTP status; 0 (no answer)
 * and 2xx: it has broken off.
 */
enum dm_fumo_result dm_fumo_result_of(int status, bool timed_out);

/* Writes the state, and for DM 1.1.2 the result, into the tree. */
void dm_fumo_show(const struct dm_fumo *f, struct dm_tree *t);

/* The child of the firmware update object that stands for an operation. */
const char *dm_fumo_node(enum dm_fumo_operation operation);
enum dm_fumo_operation dm_fumo_operation_of(const char *node);

/* The type of its Generic Alert. */
const char *dm_fumo_alert_type(enum dm_fumo_operation operation);

#endif
