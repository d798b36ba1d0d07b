/* SPDX-License-Identifier: Apache-2.0 */
#include "notif/notif.h"

#include <string.h>

#include "tests/notif_vectors.h"
#include "tests/tap.h"

static void check_vector(const json_t *v)
{
	uint8_t want[VECTOR_OCTETS_MAX], out[VECTOR_OCTETS_MAX];
	size_t want_len = vector_hex(v, "package0_hex", want), len = 0;
	struct trigger t = vector_trigger(v);
	struct digest_key key = vector_key(v);
	struct notif n;

	CU_ASSERT_EQUAL(notif_encode(&t, &key, out, sizeof(out), &len),
			DM_OK);
	CU_ASSERT(tap_same(out, len, want, want_len));
	CU_ASSERT_EQUAL_FATAL(notif_decode(&n, want, want_len), DM_OK);
	CU_ASSERT_PTR_EQUAL(n.digest, want);
	CU_ASSERT_PTR_EQUAL(n.trigger_octets, want + DIGEST_LEN);
	CU_ASSERT_EQUAL(n.trigger_len, want_len - DIGEST_LEN);
	CU_ASSERT_EQUAL(n.trigger.session_id, t.session_id);
	CU_ASSERT_EQUAL(notif_verify(&n, &key), DM_OK);
	key.nonce[0] ^= 1;
	key.nonce_len += key.nonce_len == 0;
	CU_ASSERT_EQUAL(notif_verify(&n, &key), DM_EINVAL);
}

static void agrees_with_every_vector(void)
{
	CU_ASSERT(vectors_each("notification", "vectors", check_vector) >=
		  37);
}

static void check_capture(const json_t *v)
{
	uint8_t in[VECTOR_OCTETS_MAX];
	struct trigger want = vector_trigger(v);
	struct notif n;

	CU_ASSERT_EQUAL_FATAL(notif_decode(&n, in,
		vector_hex(v, "package0_hex", in)), DM_OK);
	CU_ASSERT_EQUAL(n.trigger.version, want.version);
	CU_ASSERT_EQUAL(n.trigger.ui_mode, want.ui_mode);
	CU_ASSERT_EQUAL(n.trigger.server_initiated, want.server_initiated);
	CU_ASSERT_EQUAL(n.trigger.future_use,
			(uint32_t)vector_number(v, "future_use"));
	CU_ASSERT_EQUAL(n.trigger.session_id, want.session_id);
	CU_ASSERT(tap_same(n.trigger.server_id, n.trigger.server_id_len,
			   want.server_id, want.server_id_len));
	CU_ASSERT(tap_same(n.trigger.vendor, n.trigger.vendor_len,
			   want.vendor, want.vendor_len));
	if (vector_has(v, "password")) {
		struct digest_key key = vector_key(v);

		CU_ASSERT_EQUAL(notif_verify(&n, &key), DM_OK);
	}
}

static void reads_the_captures(void)
{
	CU_ASSERT(vectors_each("notification", "captures", check_capture) >=
		  3);
}

/* What each "expect" of the negative vectors means to us. */
static const struct {
	const char *expect;
	int decode;
	unsigned deviations;
} expectations[] = {
	{ "digest rejected", DM_OK, 0 },
	{ "digest rejected; future-use bit set", DM_OK, NOTIF_FUTURE_USE },
	{ "too short: fewer than 24 octets", DM_EPROTO, 0 },
	{ "server identifier runs past the end", DM_EPROTO, 0 },
};

static void check_negative(const json_t *v)
{
	struct digest_key key = vector_key(vectors_find("notification",
		"vectors", vector_text(v, "of")));
	uint8_t in[VECTOR_OCTETS_MAX];
	size_t len = vector_hex(v, "package0_hex", in), i = 0;
	struct notif n;
	int rc;

	while (i < 4 && strcmp(expectations[i].expect,
			       vector_text(v, "expect")))
		i++;
	CU_ASSERT_FATAL(i < 4);
	rc = notif_decode(&n, in, len);
	CU_ASSERT_EQUAL(rc, expectations[i].decode);
	if (rc)
		return;
	CU_ASSERT_EQUAL(notif_verify(&n, &key), DM_EINVAL);
	CU_ASSERT_EQUAL(notif_deviations(&n.trigger),
			expectations[i].deviations);
}

static void refuses_what_the_negative_vectors_say(void)
{
	CU_ASSERT(vectors_each("notification", "negative", check_negative) >=
		  5);
}

static size_t sample(uint8_t *out)
{
	return vector_hex(vectors_find("notification", "vectors",
				       "dm12-body-1"), "package0_hex", out);
}

/* 16 + 8 + 15 octets, and one of body that may be missing. */
static void check_cut(const uint8_t *in, size_t len)
{
	struct notif n = { .trigger_len = 777 };
	bool ok = len >= NOTIF_LEN_MIN + 15;

	CU_ASSERT_EQUAL(notif_decode(&n, in, len), ok ? DM_OK : DM_EPROTO);
	CU_ASSERT_EQUAL(n.trigger_len == 777, !ok);
}

static void refuses_every_cut_input_until_the_body_begins(void)
{
	uint8_t in[VECTOR_OCTETS_MAX];

	tap_each_cut(in, sample(in), check_cut);
}

static void check_short(uint8_t *out, size_t cap)
{
	const json_t *v = vectors_find("notification", "vectors",
				       "dm12-body-1");
	struct trigger t = vector_trigger(v);
	struct digest_key key = vector_key(v);
	size_t len = 777;

	CU_ASSERT_EQUAL(notif_encode(&t, &key, out, cap, &len), DM_ENOSPC);
	CU_ASSERT_EQUAL(len, 777);
}

static void refuses_every_short_buffer(void)
{
	uint8_t in[VECTOR_OCTETS_MAX];

	tap_each_short(sample(in), check_short);
}

static void notices_every_flipped_bit(void)
{
	struct digest_key key = vector_key(vectors_find("notification",
		"vectors", "dm12-body-1"));
	uint8_t in[VECTOR_OCTETS_MAX];
	size_t len = sample(in);
	struct notif n;

	for (size_t bit = 0; bit < 8 * len; bit++) {
		in[bit / 8] ^= (uint8_t)(1 << bit % 8);
		if (notif_decode(&n, in, len) == DM_OK)
			CU_ASSERT_EQUAL(notif_verify(&n, &key), DM_EINVAL);
		in[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
}

static struct trigger good(void)
{
	return (struct trigger){
		.version = 11, .session_id = 1, .server_id = "s",
		.server_id_len = 1, .vendor = (const uint8_t *)"",
	};
}

static int encode(struct trigger t)
{
	struct digest_key key = { .credential = "x" };
	uint8_t out[NOTIF_LEN_MAX];
	size_t len;

	return notif_encode(&t, &key, out, sizeof(out), &len);
}

static void passes_on_what_the_trigger_refuses(void)
{
	static uint8_t vendor[NOTIF_VENDOR_MAX + 1];
	static char id[256];
	struct trigger t = good();

	t.version = 1024;
	CU_ASSERT_EQUAL(encode(t), DM_ERANGE);
	t = good();
	t.server_id = id;
	t.server_id_len = 255;
	t.vendor = vendor;
	t.vendor_len = NOTIF_VENDOR_MAX;
	CU_ASSERT_EQUAL(encode(t), DM_OK);	/* NOTIF_LEN_MAX is right */
	t.vendor_len++;
	CU_ASSERT_EQUAL(encode(t), DM_ENOSPC);
}

static CU_TestInfo tests[] = {
	{ "agrees with every vector", agrees_with_every_vector },
	{ "reads the captures", reads_the_captures },
	{ "refuses what the negative vectors say",
	  refuses_what_the_negative_vectors_say },
	{ "refuses every cut input until the body begins",
	  refuses_every_cut_input_until_the_body_begins },
	{ "refuses every short buffer", refuses_every_short_buffer },
	{ "notices every flipped bit", notices_every_flipped_bit },
	{ "passes on what the trigger refuses",
	  passes_on_what_the_trigger_refuses },
	CU_TEST_INFO_NULL,
};

int main(void)
{
	return tap_run("notif", tests);
}
