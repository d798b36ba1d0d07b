/* SPDX-License-Identifier: Apache-2.0 */
/*
 * UDH, segmentation and reassembly. The input is read in three ways: as one
 * segment, as many segments with a length octet each, and as a message to be
 * split, mixed and put together.
 */
#include <string.h>

#include "tests/fuzz.h"
#include "wap/reassembly.h"

#define N_SLOTS 3

static struct reassembly_slot slots[N_SLOTS];

static struct reassembly new_room(void)
{
	for (size_t i = 0; i < N_SLOTS; i++)
		slots[i].busy = false;
	return (struct reassembly){ slots, N_SLOTS, 10 };
}

static void check_udh(const uint8_t *in, size_t len)
{
	uint8_t out[UDH_MAX];
	struct udh u, again;
	size_t out_len;

	if (udh_decode(&u, in, len))
		return;
	FUZZ_CHECK(u.len >= 1 && u.len <= len);
	FUZZ_CHECK(!u.concat || (u.index >= 1 && u.index <= u.total));
	FUZZ_CHECK(udh_encode(&u, out, sizeof(out), &out_len) == DM_OK);
	FUZZ_CHECK(out_len == udh_size(u.has_ports, u.concat));
	FUZZ_CHECK(udh_decode(&again, out, out_len) == DM_OK);
	FUZZ_CHECK(again.has_ports == u.has_ports);
	FUZZ_CHECK(again.dest_port == u.dest_port);
	FUZZ_CHECK(again.source_port == u.source_port);
	FUZZ_CHECK(again.concat == u.concat && again.total == u.total);
	FUZZ_CHECK(again.reference == u.reference && again.index == u.index);
}

/* Each octet is a length, time goes on by one each. */
static void check_stream(const uint8_t *in, size_t len)
{
	struct reassembly room = new_room();
	size_t at = 0;

	for (int64_t now = 0; at < len; now++) {
		size_t n = in[at++];
		struct reassembled got = { .msg = NULL };
		unsigned sum = 0;

		if (n > len - at)
			n = len - at;
		if (!reassembly_add(&room, n & 1, in + at, n, now, &got)) {
			FUZZ_CHECK(got.len <= REASSEMBLY_MSG_MAX);
			for (size_t i = 0; i < got.len; i++)
				sum += got.msg[i];	/* may it be read? */
		}
		at += n;
		FUZZ_CHECK(sum < UINT32_MAX);
	}
}

/* The input's first octets say how it is split and mixed. */
static void check_round_trip(const uint8_t *in, size_t len)
{
	static struct segment s[64];
	struct reassembly room = new_room();
	struct reassembled got = { .msg = NULL };
	struct segment_form form = { .dest_port = 2948 };
	size_t n, step;

	form.concat = in[0] & 1 ? UDH_CONCAT_8 : UDH_CONCAT_16;
	form.reference = in[1];
	if (segment_split(&form, in, len, s, 64, &n))
		return;
	step = n > 1 && in[0] & 2 ? n - 1 : 1;	/* both reach every one */
	for (size_t i = 0; i < n; i++) {
		const struct segment *p = &s[i * step % n];
		int rc = reassembly_add(&room, 1, p->octets, p->len, 0, &got);

		FUZZ_CHECK(rc == (i + 1 < n ? DM_EBUSY : DM_OK));
	}
	FUZZ_CHECK(got.len == len && !memcmp(got.msg, in, len));
}

int LLVMFuzzerTestOneInput(const uint8_t *in, size_t len)
{
	if (len > FUZZ_INPUT_MAX)
		return 0;
	check_udh(in, len);
	check_stream(in, len);
	if (len >= 2)
		check_round_trip(in, len);
	return 0;
}
