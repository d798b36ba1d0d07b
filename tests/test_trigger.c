/* SPDX-License-Identifier: Apache-2.0 */
#include "notif/trigger.h"

#include <string.h>

#include "tests/notif_vectors.h"
#include "tests/tap.h"

/*
 * <version> 11, informative, server-initiated, session 0x0042, "srv1", body
 * 0xaa 0xbb: by hand from OMA-TS-DM_Notification-V1_2, 6.2.2. Informative (2)
 * makes the second octet 1110 1000.
 */
static const uint8_t golden[] = {
	0x02, 0xe8, 0x00, 0x00, 0x00, 0x00, 0x42, 0x04, 's', 'r', 'v', '1',
	0xaa, 0xbb,
};
#define GOLDEN_BODY_LEN 2

static const struct trigger golden_trigger = {
	.version = 11,
	.ui_mode = UI_MODE_INFORMATIVE,
	.server_initiated = true,
	.session_id = 0x42,
	.server_id = "srv1",
	.server_id_len = 4,
	.vendor = golden + 12,
	.vendor_len = GOLDEN_BODY_LEN,
};

static void assert_equal(const struct trigger *got, const struct trigger *want)
{
	CU_ASSERT_EQUAL(got->version, want->version);
	CU_ASSERT_EQUAL(got->ui_mode, want->ui_mode);
	CU_ASSERT_EQUAL(got->server_initiated, want->server_initiated);
	CU_ASSERT_EQUAL(got->future_use, want->future_use);
	CU_ASSERT_EQUAL(got->session_id, want->session_id);
	CU_ASSERT(tap_same(got->server_id, got->server_id_len,
			   want->server_id, want->server_id_len));
	CU_ASSERT(tap_same(got->vendor, got->vendor_len, want->vendor,
			   want->vendor_len));
}

static void assert_both_ways(const struct trigger *t, const uint8_t *octets,
			     size_t octets_len)
{
	uint8_t out[VECTOR_OCTETS_MAX];
	struct trigger back;
	size_t len = 0;

	CU_ASSERT_EQUAL(trigger_encode(t, out, sizeof(out), &len), DM_OK);
	CU_ASSERT(tap_same(out, len, octets, octets_len));
	CU_ASSERT_EQUAL_FATAL(trigger_decode(&back, octets, octets_len),
			      DM_OK);
	assert_equal(&back, t);
}

static void agrees_with_the_golden_octets(void)
{
	assert_both_ways(&golden_trigger, golden, sizeof(golden));
}

static void check_vector(const json_t *v)
{
	uint8_t octets[VECTOR_OCTETS_MAX];
	size_t len = vector_hex(v, "trigger_hex", octets);
	struct trigger t = vector_trigger(v);

	assert_both_ways(&t, octets, len);
	CU_ASSERT_STRING_EQUAL(ui_mode_name(t.ui_mode),
			       vector_text(v, "ui_mode"));
}

static void agrees_with_every_vector(void)
{
	CU_ASSERT(vectors_each("notification", "vectors", check_vector) >= 37);
}

static void check_cut(const uint8_t *in, size_t len)
{
	struct trigger t = { .session_id = 7 };
	bool id_is_cut = len < sizeof(golden) - GOLDEN_BODY_LEN;

	CU_ASSERT_EQUAL(trigger_decode(&t, in, len),
			id_is_cut ? DM_EPROTO : DM_OK);
	CU_ASSERT_EQUAL(t.session_id, id_is_cut ? 7 : 0x42);
}

static void refuses_every_cut_input_until_the_body_begins(void)
{
	tap_each_cut(golden, sizeof(golden), check_cut);
}

static void check_short(uint8_t *out, size_t cap)
{
	size_t len = 7;

	CU_ASSERT_EQUAL(trigger_encode(&golden_trigger, out, cap, &len),
			DM_ENOSPC);
	CU_ASSERT_EQUAL(len, 7);
}

static void refuses_every_short_buffer(void)
{
	tap_each_short(sizeof(golden), check_short);
}

static int encode(struct trigger t)
{
	uint8_t out[512];
	size_t len;

	return trigger_encode(&t, out, sizeof(out), &len);
}

static void refuses_a_value_that_does_not_fit_its_field(void)
{
	static char id[256];

	memset(id, 'a', sizeof(id));
	CU_ASSERT_EQUAL(encode((struct trigger){ .version = 1023 }), DM_OK);
	CU_ASSERT_EQUAL(encode((struct trigger){ .version = 1024 }),
			DM_ERANGE);
	CU_ASSERT_EQUAL(encode((struct trigger){ .future_use = 0x7ffffff }),
			DM_OK);
	CU_ASSERT_EQUAL(encode((struct trigger){ .future_use = 0x8000000 }),
			DM_ERANGE);
	CU_ASSERT_EQUAL(encode((struct trigger){ .ui_mode = 4 }), DM_ERANGE);
	CU_ASSERT_EQUAL(encode((struct trigger){
		.server_id = id, .server_id_len = 255 }), DM_OK);
	CU_ASSERT_EQUAL(encode((struct trigger){
		.server_id = id, .server_id_len = 256 }), DM_ERANGE);
}

/* Each field at its greatest, all others 0: bits stand where they should. */
static void puts_each_field_in_its_place(void)
{
	static const struct {
		struct trigger t;
		uint8_t octets[8];
	} fields[] = {
		{ { .version = 1023 }, { 0xff, 0xc0 } },
		{ { .ui_mode = 3 }, { 0, 0x30 } },
		{ { .server_initiated = true }, { 0, 0x08 } },
		{ { .future_use = 0x7ffffff }, { 0, 7, 0xff, 0xff, 0xff } },
		{ { .session_id = 0xffff }, { 0, 0, 0, 0, 0, 0xff, 0xff } },
	};

	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		assert_both_ways(&fields[i].t, fields[i].octets, 8);
}

static void survives_a_round_trip(uint64_t *state)
{
	uint8_t id[255], vendor[300], octets[8 + 255 + 300];
	size_t len;
	struct trigger back, t = {
		.version = tap_random(state) & 1023,
		.ui_mode = tap_random(state) & 3,
		.server_initiated = tap_random(state) & 1,
		.future_use = tap_random(state) & 0x7ffffff,
		.session_id = (uint16_t)tap_random(state),
		.server_id = (const char *)id,
		.server_id_len = tap_random_below(state, sizeof(id) + 1),
		.vendor = vendor,
		.vendor_len = tap_random_below(state, sizeof(vendor) + 1),
	};

	tap_random_octets(state, id, sizeof(id));
	tap_random_octets(state, vendor, sizeof(vendor));
	CU_ASSERT_EQUAL_FATAL(trigger_encode(&t, octets, sizeof(octets),
					     &len), DM_OK);
	CU_ASSERT_EQUAL(len, 8 + t.server_id_len + t.vendor_len);
	CU_ASSERT_EQUAL_FATAL(trigger_decode(&back, octets, len), DM_OK);
	assert_equal(&back, &t);
}

static void reads_back_what_it_wrote(void)
{
	tap_property(2000, survives_a_round_trip);
}

static CU_TestInfo tests[] = {
	{ "agrees with the golden octets", agrees_with_the_golden_octets },
	{ "agrees with every vector", agrees_with_every_vector },
	{ "refuses every cut input until the body begins",
	  refuses_every_cut_input_until_the_body_begins },
	{ "refuses every short buffer", refuses_every_short_buffer },
	{ "refuses a value that does not fit its field",
	  refuses_a_value_that_does_not_fit_its_field },
	{ "puts each field in its place", puts_each_field_in_its_place },
	{ "reads back what it wrote", reads_back_what_it_wrote },
	CU_TEST_INFO_NULL,
};

int main(void)
{
	return tap_run("trigger", tests);
}
