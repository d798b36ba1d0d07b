/* SPDX-License-Identifier: Apache-2.0 */
#include "wap/udh.h"

#include <string.h>

#include "tests/tap.h"
#include "tests/vectors.h"

/* Ports 2948 and 9200, 16 bit reference 0x1234, 2 of 3: facts, 3. */
static const uint8_t golden[] = {
	0x0c, 0x05, 0x04, 0x0b, 0x84, 0x23, 0xf0,
	0x08, 0x04, 0x12, 0x34, 0x03, 0x02,
};

static const struct udh golden_udh = {
	.has_ports = true,
	.dest_port = UDH_PORT_WAP_PUSH,
	.source_port = UDH_PORT_WSP,
	.concat = UDH_CONCAT_16,
	.reference = 0x1234,
	.total = 3,
	.index = 2,
};

static void assert_equal(const struct udh *got, const struct udh *want)
{
	CU_ASSERT_EQUAL(got->has_ports, want->has_ports);
	CU_ASSERT_EQUAL(got->ports_8bit, want->ports_8bit);
	CU_ASSERT_EQUAL(got->dest_port, want->dest_port);
	CU_ASSERT_EQUAL(got->source_port, want->source_port);
	CU_ASSERT_EQUAL(got->concat, want->concat);
	CU_ASSERT_EQUAL(got->reference, want->reference);
	CU_ASSERT_EQUAL(got->total, want->total);
	CU_ASSERT_EQUAL(got->index, want->index);
	CU_ASSERT_EQUAL(got->n_unknown, want->n_unknown);
}

static void assert_both_ways(const struct udh *u, const void *octets,
			     size_t octets_len)
{
	uint8_t out[UDH_MAX];
	struct udh back;
	size_t len = 0;

	CU_ASSERT_EQUAL(udh_encode(u, out, sizeof(out), &len), DM_OK);
	CU_ASSERT(tap_same(out, len, octets, octets_len));
	CU_ASSERT_EQUAL(udh_size(u->has_ports, u->concat), octets_len);
	CU_ASSERT_EQUAL_FATAL(udh_decode(&back, octets, octets_len), DM_OK);
	CU_ASSERT_EQUAL(back.len, octets_len);
	assert_equal(&back, u);
}

static void agrees_with_the_golden_octets(void)
{
	struct udh u = golden_udh;

	assert_both_ways(&u, golden, sizeof(golden));
	u.concat = UDH_CONCAT_8;
	u.reference = 0x5b;
	assert_both_ways(&u, "\x0b\5\4\x0b\x84\x23\xf0\0\3\x5b\3\2", 12);
	u.has_ports = false;
	u.dest_port = u.source_port = 0;
	assert_both_ways(&u, "\5\0\3\x5b\3\2", 6);
	assert_both_ways(&(struct udh){ .concat = UDH_CONCAT_NONE }, "", 1);
	assert_both_ways(&(struct udh){ .has_ports = true,
		.dest_port = 0xffff }, "\6\5\4\xff\xff\0\0", 7);
}

/* The header of a segment in the vectors, as the encoder writes it. */
static void check_segment(const json_t *s, enum udh_concat concat)
{
	uint8_t octets[VECTOR_OCTETS_MAX], out[UDH_MAX];
	size_t len = vector_hex(s, "udh_hex", octets), out_len = 0;
	struct udh u;

	CU_ASSERT_EQUAL_FATAL(udh_decode(&u, octets, len), DM_OK);
	CU_ASSERT(u.has_ports && !u.ports_8bit);
	CU_ASSERT_EQUAL(u.dest_port, 2948);
	CU_ASSERT_EQUAL(u.source_port, 9200);
	CU_ASSERT_EQUAL(u.concat, len == 7 ? UDH_CONCAT_NONE : concat);
	CU_ASSERT_EQUAL(udh_encode(&u, out, sizeof(out), &out_len), DM_OK);
	CU_ASSERT(tap_same(out, out_len, octets, len));
}

static void check_vector(const json_t *v)
{
	const json_t *s;
	size_t i;

	json_array_foreach(json_object_get(v, "sms8"), i, s)
		check_segment(s, UDH_CONCAT_8);
	json_array_foreach(json_object_get(v, "sms16"), i, s)
		check_segment(s, UDH_CONCAT_16);
}

static void agrees_with_every_segment_of_the_vectors(void)
{
	vectors_each("notification", "vectors", check_vector);
}

/* Verizon's builder sends from 49152, not 9200. */
static void reads_the_ports_of_a_capture(void)
{
	uint8_t octets[VECTOR_OCTETS_MAX];
	size_t len = vector_hex(vectors_find("notification", "captures",
					     "dm12-appendix-c"),
				"udh_hex", octets);
	struct udh u;

	CU_ASSERT_EQUAL_FATAL(udh_decode(&u, octets, len), DM_OK);
	CU_ASSERT_EQUAL(u.dest_port, 2948);
	CU_ASSERT_EQUAL(u.source_port, 0xc002);
}

static void check_cut(const uint8_t *in, size_t len)
{
	struct udh u = { .total = 77 };

	CU_ASSERT_EQUAL(udh_decode(&u, in, len), DM_EPROTO);
	CU_ASSERT_EQUAL(u.total, 77);
}

static void refuses_every_cut_input(void)
{
	tap_each_cut(golden, sizeof(golden), check_cut);
}

/* Shortened with its length saying so: whole only between elements. */
static void check_cut_elements(const uint8_t *in, size_t len)
{
	uint8_t copy[sizeof(golden)];
	struct udh u;

	if (len == 0)
		return;
	memcpy(copy, in, len);
	copy[0] = (uint8_t)(len - 1);
	CU_ASSERT_EQUAL(udh_decode(&u, copy, len),
			len == 1 || len == 7 ? DM_OK : DM_EPROTO);
}

static void refuses_a_header_that_ends_inside_an_element(void)
{
	tap_each_cut(golden, sizeof(golden), check_cut_elements);
}

static void check_short(uint8_t *out, size_t cap)
{
	size_t len = 77;

	CU_ASSERT_EQUAL(udh_encode(&golden_udh, out, cap, &len), DM_ENOSPC);
	CU_ASSERT_EQUAL(len, 77);
}

static void refuses_every_short_buffer(void)
{
	tap_each_short(sizeof(golden), check_short);
}

static int encode(enum udh_concat concat, unsigned reference, unsigned total,
		  unsigned index)
{
	uint8_t out[UDH_MAX];
	size_t len;

	return udh_encode(&(struct udh){
		.concat = concat,
		.reference = (uint16_t)reference,
		.total = (uint8_t)total,
		.index = (uint8_t)index,
	}, out, sizeof(out), &len);
}

static void refuses_what_does_not_fit_its_field(void)
{
	CU_ASSERT_EQUAL(encode(UDH_CONCAT_8, 255, 255, 255), DM_OK);
	CU_ASSERT_EQUAL(encode(UDH_CONCAT_8, 256, 255, 255), DM_ERANGE);
	CU_ASSERT_EQUAL(encode(UDH_CONCAT_16, 0xffff, 1, 1), DM_OK);
	CU_ASSERT_EQUAL(encode(UDH_CONCAT_16, 0, 1, 0), DM_ERANGE);
	CU_ASSERT_EQUAL(encode(UDH_CONCAT_16, 0, 1, 2), DM_ERANGE);
	CU_ASSERT_EQUAL(encode(UDH_CONCAT_8, 0, 0, 0), DM_ERANGE);
	CU_ASSERT_EQUAL(encode(UDH_CONCAT_NONE, 999, 0, 0), DM_OK);
}

static void refuses_malformed_elements(void)
{
	static const struct {
		const char *octets;
		size_t len;
	} bad[] = {
		{ "\5\0\3\1\2\0", 6 },		/* index 0 */
		{ "\5\0\3\1\2\3", 6 },		/* index past the total */
		{ "\5\0\3\1\0\0", 6 },
		{ "\6\x08\4\0\1\2\0", 7 },
		{ "\4\0\2\1\1", 5 },		/* elements of other lengths */
		{ "\6\0\4\1\1\1\1", 7 },
		{ "\7\0\5\1\2\1\x70\0", 8 },
		{ "\3\4\1\1", 4 },
		{ "\5\5\3\1\1\1", 6 },
		{ "\5\x08\3\1\1\1", 6 },
		{ "\1\5", 2 },			/* an element of one octet */
		{ "\3\x70\2\1", 4 },		/* unknown, and too long */
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		check_cut((const uint8_t *)bad[i].octets, bad[i].len);
}

static struct udh decode(const char *octets, size_t len)
{
	struct udh u = { .n_unknown = 77 };

	CU_ASSERT_EQUAL(udh_decode(&u, (const uint8_t *)octets, len), DM_OK);
	return u;
}

static void reads_elements_in_any_order(void)
{
	struct udh u = decode("\x0c\x08\4\x12\x34\3\2\5\4\x0b\x84\x23\xf0",
			      13);

	assert_equal(&u, &golden_udh);
}

static void lets_the_last_of_two_alike_count(void)
{
	struct udh u = decode("\x0b\0\3\1\2\1\x08\4\1\0\4\3", 12);

	CU_ASSERT_EQUAL(u.concat, UDH_CONCAT_16);
	CU_ASSERT_EQUAL(u.reference, 0x100);
	CU_ASSERT_EQUAL(u.total, 4);
	CU_ASSERT_EQUAL(u.index, 3);
	u = decode("\x0a\5\4\1\1\2\2\4\2\7\x08", 11);
	CU_ASSERT(u.has_ports && u.ports_8bit);
	CU_ASSERT_EQUAL(u.dest_port, 7);
	CU_ASSERT_EQUAL(u.source_port, 8);
	u = decode("\x0a\4\2\7\x08\5\4\1\1\2\2", 11);
	CU_ASSERT(u.has_ports && !u.ports_8bit);
	CU_ASSERT_EQUAL(u.dest_port, 0x101);
}

static void steps_over_unknown_elements(void)
{
	struct udh u = decode("\x0b\x24\1\3\x70\0\5\4\x0b\x84\x23\xf0!", 13);

	CU_ASSERT_EQUAL(u.n_unknown, 2);
	CU_ASSERT_EQUAL(u.dest_port, 2948);
	CU_ASSERT_EQUAL(u.len, 12);
}

static void survives_a_round_trip(uint64_t *state)
{
	static const enum udh_concat kinds[] = {
		UDH_CONCAT_NONE, UDH_CONCAT_8, UDH_CONCAT_16,
	};
	struct udh back, u = {
		.has_ports = tap_random(state) & 1,
		.concat = kinds[tap_random_below(state, 3)],
	};
	uint8_t out[UDH_MAX];
	size_t len = 0;

	if (u.has_ports) {
		u.dest_port = (uint16_t)tap_random(state);
		u.source_port = (uint16_t)tap_random(state);
	}
	if (u.concat) {
		u.reference = (uint16_t)tap_random_below(state,
			u.concat == UDH_CONCAT_8 ? 256 : 65536);
		u.total = (uint8_t)(1 + tap_random_below(state, 255));
		u.index = (uint8_t)(1 + tap_random_below(state, u.total));
	}
	CU_ASSERT_EQUAL(udh_encode(&u, out, sizeof(out), &len), DM_OK);
	CU_ASSERT_EQUAL_FATAL(udh_decode(&back, out, len), DM_OK);
	assert_equal(&back, &u);
}

static void reads_back_what_it_wrote(void)
{
	tap_property(2000, survives_a_round_trip);
}

static CU_TestInfo tests[] = {
	{ "agrees with the golden octets", agrees_with_the_golden_octets },
	{ "agrees with every segment of the vectors",
	  agrees_with_every_segment_of_the_vectors },
	{ "reads the ports of a capture", reads_the_ports_of_a_capture },
	{ "refuses every cut input", refuses_every_cut_input },
	{ "refuses a header that ends inside an element",
	  refuses_a_header_that_ends_inside_an_element },
	{ "refuses every short buffer", refuses_every_short_buffer },
	{ "refuses what does not fit its field",
	  refuses_what_does_not_fit_its_field },
	{ "refuses malformed elements", refuses_malformed_elements },
	{ "reads elements in any order", reads_elements_in_any_order },
	{ "lets the last of two alike count",
	  lets_the_last_of_two_alike_count },
	{ "steps over unknown elements", steps_over_unknown_elements },
	{ "reads back what it wrote", reads_back_what_it_wrote },
	CU_TEST_INFO_NULL,
};

int main(void)
{
	return tap_run("udh", tests);
}
