/* SPDX-License-Identifier: Apache-2.0 */
/* Package 0: what decodes becomes the same octets when encoded. */
#include <string.h>

#include "notif/notif.h"
#include "tests/fuzz.h"

static void check_encoding(const struct notif *n)
{
	uint8_t out[FUZZ_INPUT_MAX];
	size_t len = 0;

	FUZZ_CHECK(trigger_encode(&n->trigger, out, sizeof(out), &len) ==
		   DM_OK);
	FUZZ_CHECK(len == n->trigger_len &&
		   !memcmp(out, n->trigger_octets, len));
}

/* Of what deviates a sender may only say another version. */
static void check_deviations(const struct notif *n)
{
	unsigned deviations = notif_deviations(&n->trigger);
	struct err e = { .code = DM_OK };
	int rc = notif_check(&n->trigger, quirks_row(0), &e);

	FUZZ_CHECK(deviations < 1u << NOTIF_DEVIATIONS);
	for (unsigned bit = 0; bit < NOTIF_DEVIATIONS; bit++)
		FUZZ_CHECK(notif_deviation_text(bit)[0]);
	FUZZ_CHECK(rc == DM_OK || rc == DM_EINVAL);
	FUZZ_CHECK(rc == e.code);
	FUZZ_CHECK(!(deviations & ~(unsigned)NOTIF_VERSION) || rc);
	FUZZ_CHECK(ui_mode_name(n->trigger.ui_mode));
}

int LLVMFuzzerTestOneInput(const uint8_t *in, size_t len)
{
	struct digest_key key = { .credential = "x" };
	uint8_t out[FUZZ_INPUT_MAX];
	struct notif n, again;
	size_t out_len;

	if (len > FUZZ_INPUT_MAX || notif_decode(&n, in, len))
		return 0;
	check_encoding(&n);
	check_deviations(&n);
	FUZZ_CHECK(!notif_encode(&n.trigger, &key, out, sizeof(out),
				 &out_len));
	FUZZ_CHECK(out_len == len && !notif_decode(&again, out, out_len));
	FUZZ_CHECK(notif_verify(&again, &key) == DM_OK);
	FUZZ_CHECK(notif_verify(&n, &key) ==
		   (memcmp(in, out, len) ? DM_EINVAL : DM_OK));
	return 0;
}
