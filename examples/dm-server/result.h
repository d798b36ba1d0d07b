/* SPDX-License-Identifier: Apache-2.0 */
/*
 * result.h - what a device says of its update, and what to do about it; pure
 *
 * Spec: OMA-TS-DM-FUMO-V1_0, 10.2.2.4 "Result Codes". Windows Mobile has the
 * same for DM 1.1.2.
 */
#ifndef DM_SERVER_RESULT_H
#define DM_SERVER_RESULT_H

#include <stdbool.h>

#define RESULT_MIN 200
#define RESULT_MAX 599

bool result_is_success(unsigned result);

/* May the same update succeed later, without anybody doing anything? */
bool result_passes(unsigned result);

const char *result_words(unsigned result);

#endif
