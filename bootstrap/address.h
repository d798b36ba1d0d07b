/* SPDX-License-Identifier: Apache-2.0 */
/*
 * address.h - what kind of address is a text?
 */
#ifndef BOOTSTRAP_ADDRESS_H
#define BOOTSTRAP_ADDRESS_H

#include <stdbool.h>

bool address_is_ipv4(const char *text);		/* four decimal octets */
bool address_is_ipv6(const char *text);		/* RFC 4291, 2.2 */
bool address_is_e164(const char *text);		/* '+' or not, digits */

/* 3GPP TS 23.003, 9.1: labels of letters, digits and hyphens, with dots. */
bool address_is_apn(const char *text);

/* 1 to 65535. */
bool address_is_port(const char *text);

#endif
