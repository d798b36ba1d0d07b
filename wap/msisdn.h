/* SPDX-License-Identifier: Apache-2.0 */
/*
 * msisdn.h - telephone numbers: an optional '+' and 5 to 15 digits (E.164)
 */
#ifndef WAP_MSISDN_H
#define WAP_MSISDN_H

#include <stdbool.h>
#include <stddef.h>

#include "wap/err.h"

#define MSISDN_DIGITS_MIN 5
#define MSISDN_DIGITS_MAX 15
#define MSISDN_SIZE (1 + MSISDN_DIGITS_MAX + 1)	/* '+', digits, NUL */

/* Only '+' and digits, of whatever number: meant as an MSISDN, not a name. */
bool msisdn_looks_like(const char *text);

/*
 * Checks text and copies it to out. Returns DM_OK or DM_EINVAL, with *e about
 * the given field.
 */
int msisdn_parse(const char *text, const char *field, char out[MSISDN_SIZE],
		 struct err *e) DM_CHECK;

/* Without the '+': the same device, however it was written. */
const char *msisdn_digits(const char *msisdn);

/*
 * For the log: all but the first two and the last two digits as '*'. A text
 * that is no MSISDN is masked as a whole. Returns out.
 */
const char *msisdn_mask(const char *text, char out[MSISDN_SIZE]);

#endif
