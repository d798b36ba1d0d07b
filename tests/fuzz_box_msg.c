/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any octets as a message of bearerbox. What decodes is written again, and
 * that decodes and writes to the same octets.
 */
#include "gateway/box/box_msg.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t encode(const struct box_msg *m, uint8_t *out)
{
	size_t len;

	if (box_msg_encode(m, out, BOX_FRAME_MAX, &len))
		abort();
	return len;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t first[BOX_FRAME_MAX], second[BOX_FRAME_MAX];
	struct box_msg m;
	struct err e;
	size_t len;

	if (size > BOX_FRAME_MAX - BOX_LENGTH_LEN ||
	    box_msg_decode(&m, data, size))
		return 0;
	if (m.type == BOX_MSG_sms && box_msg_check_sms(&m.sms, &e) > 0)
		abort();
	len = encode(&m, first);
	if (len != size + BOX_LENGTH_LEN ||
	    memcmp(first + BOX_LENGTH_LEN, data, size) != 0)
		abort();
	if (box_msg_decode(&m, first + BOX_LENGTH_LEN, size))
		abort();
	if (encode(&m, second) != len || memcmp(first, second, len) != 0)
		abort();
	return 0;
}
