/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz.h - what fuzz targets and those who feed them share
 *
 * A target reads any octets and aborts if a promise of a header is broken. It
 * is fed by libFuzzer (--enable-fuzz) or by fuzz_main.c (ordinary builds).
 */
#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#define FUZZ_INPUT_MAX 4096	/* octets */

/* Not assert(): NDEBUG must not take it away. */
#define FUZZ_CHECK(truth) do { if (!(truth)) abort(); } while (0)

int LLVMFuzzerTestOneInput(const uint8_t *in, size_t len);

/*
 * Calls take for each seed: every text of the vectors, and, if it is hex, its
 * octets, too; of a segment also UDH and data as one; of provisioning the
 * documents, as XML and as WBXML of every encoder, and the messages; SyncML DM
 * messages in both encodings.
 */
void fuzz_each_seed(void (*take)(const uint8_t *seed, size_t len));

#endif
