/* SPDX-License-Identifier: Apache-2.0 */
/*
 * encode.h - what dmbox encode's kinds of message share
 */
#ifndef CLI_ENCODE_H
#define CLI_ENCODE_H

#include "cli/args.h"
#include "cli/message.h"

/* What stands behind "encode notify" and "encode bootstrap". */
int encode_notify(int argc, char **argv);
int encode_bootstrap(int argc, char **argv);

/* Options that only mean something to dmboxd: NULL ends the list. */
extern const char *const encode_online_only[];

/* DM_EINVAL with *e if one of them came. */
int encode_check_offline(json_t *fields, struct err *e) DM_CHECK;

/*
 * "to" stands in a PDU only: checks it, or puts one in, since without one any
 * device will do.
 */
int encode_check_to(json_t *fields, struct err *e) DM_CHECK;

#endif
