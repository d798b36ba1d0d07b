/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fumo.h - the result codes of a firmware update, in words; pure
 *
 * Spec: OMA-TS-DM-FUMO-V1_0, 10.2.2.4 "Result Codes". They come in the Generic
 * Alert of the session in which the device tells how its update went.
 */
#ifndef GATEWAY_FUMO_H
#define GATEWAY_FUMO_H

#include <stdint.h>

/*
 * alert_type is the alert's Meta/Type, or "" if it is not known. Returns NULL
 * for a code that FUMO does not have, or for the alert of something else.
 */
const char *fumo_result_text(int32_t result, const char *alert_type);

#endif
