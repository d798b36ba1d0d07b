/* SPDX-License-Identifier: Apache-2.0 */
/*
 * clock.h - the time and chance, for the edges
 */
#ifndef GATEWAY_CLOCK_H
#define GATEWAY_CLOCK_H

#include <stddef.h>
#include <stdint.h>

int64_t clock_ms(void);		/* since 1970, milliseconds */

/* Octets that nobody can guess. Ends the program if there are none. */
void random_octets(void *out, size_t len);

/* size - 1 digits that nobody can guess, and a NUL. */
void random_digits(char *out, size_t size);

#endif
