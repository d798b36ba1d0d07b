/* SPDX-License-Identifier: Apache-2.0 */
/*
 * notif_vectors.h - vectors of notifications as our structs
 */
#ifndef TESTS_NOTIF_VECTORS_H
#define TESTS_NOTIF_VECTORS_H

#include "notif/digest.h"
#include "notif/trigger.h"
#include "tests/vectors.h"

/*
 * Trigger and key that a vector or capture of notification.json describes.
 * The trigger's vendor body stands in a buffer that the next call overwrites.
 */
struct trigger vector_trigger(const json_t *v);
struct digest_key vector_key(const json_t *v);

#endif
