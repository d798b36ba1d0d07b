/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pattern.h - which numbers a rule is for; pure
 *
 * "+4917*", "4917000000??": digits, '*' for any of them, none too, and '?'
 * for one. A '+' in front of pattern or number does not matter.
 */
#ifndef EMULATOR_PATTERN_H
#define EMULATOR_PATTERN_H

#include <stdbool.h>
#include <stddef.h>

#include "wap/err.h"

#define PATTERN_MAX 20		/* characters, without the '+' */

/* Returns DM_OK, or DM_EINVAL with *e about "pattern". */
int pattern_check(const char *pattern, struct err *e) DM_CHECK;

/* Both may begin with '+'. The number may be any text. */
bool pattern_matches(const char *pattern, const char *number);

#endif
