/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The example DM server in a session with a device that has proved itself and
 * then says anything: the answer can be written, a session ends, and what is
 * known of the device stays in its bounds.
 */
#include <string.h>

#include "examples/dm-server/session.h"
#include "syncml/codec.h"
#include "tests/fuzz.h"

static _Alignas(max_align_t) uint8_t room[2 * SYNCML_ARENA_MAX];
static uint8_t octets[2 * XML_OCTETS_MAX];

static void check_answer(struct arena *a, const struct syncml_message *answer)
{
	struct err e;
	size_t len;
	int rc = syncml_write(a, SYNCML_XML, answer, octets, sizeof(octets),
			      &len, &e);

	FUZZ_CHECK(!rc || rc == DM_ENOSPC);
}

static void talk(enum syncml_encoding encoding, enum update_step step,
		 const uint8_t *in, size_t len)
{
	struct arena a = { .buf = room, .cap = sizeof(room) };
	struct device d = { .update = { .step = step, .number = 7 } };
	struct syncml_message message, answer;
	const struct session_input input = {
		.message = &message, .server_name = "srv1",
		.package_url = "http://x/packages/fw-2.0.bin",
	};
	struct session_outcome out = { .over = false };
	struct session s;
	struct err e;
	size_t before;

	if (syncml_read(&a, encoding, in, len, &message, &e))
		return;
	session_begin(&s, &d, &message);
	s.phase = SESSION_OPEN;
	before = a.used;
	for (unsigned n = 0; !out.over; n++) {
		FUZZ_CHECK(n <= SESSION_MESSAGES_MAX);
		a.used = before;
		if (!session_answer(&s, &input, &a, &answer, &out) && n < 6)
			check_answer(&a, &answer);
	}
	FUZZ_CHECK(s.phase == SESSION_OVER);
	FUZZ_CHECK(memchr(d.firmware, '\0', sizeof(d.firmware)));
	FUZZ_CHECK(!d.update.result ||
		   (d.update.result >= 200 && d.update.result <= 599));
}

int LLVMFuzzerTestOneInput(const uint8_t *in, size_t len)
{
	if (len > FUZZ_INPUT_MAX)
		return 0;
	talk(SYNCML_XML, UPDATE_WANTED, in, len);
	talk(SYNCML_XML, UPDATE_STARTED, in, len);
	talk(SYNCML_WBXML, UPDATE_WANTED, in, len);
	return 0;
}
