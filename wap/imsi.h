/* SPDX-License-Identifier: Apache-2.0 */
/*
 * imsi.h - IMSI: 6 to 15 digits, and the octets that NETWPIN keys are made of
 *
 * Spec: GSM 11.11, 10.3.2 (EF-IMSI), without the length octet: digit 1 in the
 * high nibble of the first octet, its low nibble is 9 for an odd number of
 * digits and 1 for an even one; then two digits an octet, the earlier one in
 * the low nibble; F fills the last octet of an even number. Clients deviate
 * for other lengths than 15: enum imsi_key.
 */
#ifndef WAP_IMSI_H
#define WAP_IMSI_H

#include <stddef.h>
#include <stdint.h>

#include "wap/err.h"
#include "wap/quirks.h"

#define IMSI_DIGITS_MIN 6
#define IMSI_DIGITS_MAX 15
#define IMSI_OCTETS_MAX 8

/* DM_OK, or DM_EINVAL with *e about "imsi". The error never has the digits. */
int imsi_check(const char *imsi, struct err *e) DM_CHECK;

/*
 * Writes the semi-octets of an IMSI that passed imsi_check(), as the client
 * makes them; returns how many. All rules agree where there are 15 digits.
 */
size_t imsi_octets(const char *imsi, enum imsi_key rule,
		   uint8_t out[IMSI_OCTETS_MAX]);

#endif
