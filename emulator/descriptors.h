/* SPDX-License-Identifier: Apache-2.0 */
/*
 * descriptors.h - how many files and connections we may have open
 */
#ifndef EMULATOR_DESCRIPTORS_H
#define EMULATOR_DESCRIPTORS_H

#include <stddef.h>

/* Raises the limit (RLIMIT_NOFILE) as far as we may, and returns it. */
size_t descriptors_raise(void);

#endif
