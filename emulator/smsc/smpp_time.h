/* SPDX-License-Identifier: Apache-2.0 */
/*
 * smpp_time.h - times as SMPP writes them
 *
 * Spec: SMPP 3.4, 7.1.1: YYMMDDhhmmsstnnp, where t is tenths of a second, nn
 * quarters of an hour from UTC, and p '+' or '-' for an absolute time (ahead
 * of or behind UTC) or 'R' for one that counts from now.
 */
#ifndef EMULATOR_SMPP_TIME_H
#define EMULATOR_SMPP_TIME_H

#include <stdint.h>

#include "wap/err.h"

#define SMPP_DATE_SIZE 11	/* YYMMDDhhmm and NUL */

/*
 * Reads a time into *out, seconds since 1970. now_s is what a relative one
 * counts from: its months have 30 days, its years 365. Returns DM_OK or
 * DM_EPROTO (not 16 characters, a field out of its range).
 */
int smpp_time_parse(const char *text, int64_t now_s, int64_t *out) DM_CHECK;

/* A date as it stands in a receipt (SMPP 3.4, appendix B); UTC. */
void smpp_date_format(int64_t time_s, char out[SMPP_DATE_SIZE]);

#endif
