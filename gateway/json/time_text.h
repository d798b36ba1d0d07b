/* SPDX-License-Identifier: Apache-2.0 */
/*
 * time_text.h - times as the API shows them: RFC 3339, UTC, milliseconds
 */
#ifndef GATEWAY_TIME_TEXT_H
#define GATEWAY_TIME_TEXT_H

#include <stdint.h>

#define TIME_TEXT_SIZE sizeof("2026-11-22T18:00:00.000Z")

/* ms: since 1970. Returns out. */
const char *time_text(int64_t ms, char out[TIME_TEXT_SIZE]);

#endif
