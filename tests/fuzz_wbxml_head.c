/* SPDX-License-Identifier: Apache-2.0 */
/* The head of a WBXML document stands alone: no octet of it can be spared. */
#include "tests/fuzz.h"
#include "wap/wbxml.h"

static void check_head(const struct wbxml_head *h, const uint8_t *in,
		       size_t len)
{
	FUZZ_CHECK(h->len >= 3 && h->len <= len);
	FUZZ_CHECK(h->strings_len <= h->len - 3);
	FUZZ_CHECK(h->strings + h->strings_len == in + h->len);
	FUZZ_CHECK(h->version == in[0]);
	FUZZ_CHECK(h->public_id != 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *in, size_t len)
{
	struct wbxml_head h, again;

	if (wbxml_head_decode(&h, in, len))
		return 0;
	check_head(&h, in, len);
	FUZZ_CHECK(wbxml_head_decode(&again, in, h.len) == DM_OK);
	FUZZ_CHECK(again.len == h.len && again.public_id == h.public_id);
	FUZZ_CHECK(wbxml_head_decode(&again, in, h.len - 1) == DM_EPROTO);
	return 0;
}
