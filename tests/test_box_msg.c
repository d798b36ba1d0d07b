/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The codec of Kannel's box protocol against Kannel's own. Kannel's headers
 * poison malloc and others, so they come last.
 */
#include "gateway/box/box_msg.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "tests/tap.h"

#include <gwlib/gwlib.h>
#include <gw/msg.h>

#define N_RANDOM 500		/* messages of each type */
#define ROOM (BOX_FRAME_MAX + 64)

static uint8_t frame[ROOM];
static uint8_t pool[8192];	/* what random strings are cut from */
static uint64_t seed;

/* xorshift64*: the same messages in each run */
static uint32_t rnd(uint32_t below)
{
	seed ^= seed >> 12;
	seed ^= seed << 25;
	seed ^= seed >> 27;
	return (uint32_t)((seed * 0x2545f4914f6cdd1d) >> 32) % below;
}

static void start_random(void)
{
	seed = 20220514;
	for (size_t i = 0; i < sizeof(pool); i++)
		pool[i] = (uint8_t)rnd(256);
}

static int32_t random_integer(void)
{
	static const int32_t edges[] = {
		-1, 0, 1, 2, 127, 128, 255, 65536, INT32_MAX, INT32_MIN,
	};

	if (rnd(2))
		return edges[rnd(sizeof(edges) / sizeof(edges[0]))];
	return (int32_t)((rnd(65536) << 16) | rnd(65536));
}

static struct box_octets random_octets(void)
{
	static const uint32_t longest[] = { 1, 2, 40, 255, 4000 };
	struct box_octets o = { 0 };

	if (rnd(3) == 0)
		return o;
	o.len = rnd(longest[rnd(5)]);
	o.mem = pool + rnd((uint32_t)(sizeof(pool) - o.len));
	return o;
}

static const char *random_uuid(void)
{
	static char text[BOX_UUID_LEN + 1];
	uint8_t octets[BOX_UUID_OCTETS];

	if (rnd(8) == 0)
		return NULL;
	for (size_t i = 0; i < sizeof(octets); i++)
		octets[i] = (uint8_t)(rnd(255) + 1);
	box_uuid_encode(octets, text);
	return text;
}

#define INTEGER(name) m->name = random_integer();
#define OCTSTR(name) m->name = random_octets();
#define UUID(name) m->name = random_uuid();
#define VOID(name)
#define MSG(name, fields) \
	static void fill_##name(struct box_msg_##name *m) fields
#include <gw/msg-decl.h>

static void fill(struct box_msg *m, enum box_msg_type type)
{
	box_msg_init(m, type);
	switch (type) {
#define MSG(name, fields) case BOX_MSG_##name: fill_##name(&m->name); break;
#include <gw/msg-decl.h>
	case BOX_MSG_TYPES:
		break;
	}
}

/* Ours against Kannel's struct */
static bool octstr_is(Octstr *os, const struct box_octets *o)
{
	if (!os || !o->mem)
		return !os && !o->mem;
	if ((size_t)octstr_len(os) != o->len)
		return false;
	return o->len == 0 ||
	       memcmp(octstr_get_cstr(os), o->mem, o->len) == 0;
}

static bool uuid_is(uuid_t id, const char *text)
{
	char kannels[UUID_STR_LEN + 1];

	uuid_unparse(id, kannels);
	return memcmp(kannels, text ? text : BOX_UUID_NONE,
		      BOX_UUID_LEN) == 0;
}

#define INTEGER(name) CU_ASSERT_EQUAL(k->name, m->name);
#define OCTSTR(name) CU_ASSERT(octstr_is(k->name, &m->name));
#define UUID(name) CU_ASSERT(uuid_is(k->name, m->name));
#define VOID(name)
#define MSG(name, fields) static void compare_##name(struct name *k, \
	const struct box_msg_##name *m) fields
#include <gw/msg-decl.h>

static void compare(Msg *k, const struct box_msg *m)
{
	CU_ASSERT_EQUAL_FATAL((int)k->type, (int)m->type);
	switch (m->type) {
#define MSG(name, fields) case BOX_MSG_##name: \
	compare_##name(&k->name, &m->name); break;
#include <gw/msg-decl.h>
	case BOX_MSG_TYPES:
		break;
	}
}

/* Kannel reads what we wrote, and writes the same again. */
static void check_ours(const struct box_msg *m)
{
	size_t len = 0, whole = 0;
	Octstr *message, *again;
	Msg *k;

	CU_ASSERT_EQUAL_FATAL(box_msg_encode(m, frame, ROOM, &len), DM_OK);
	CU_ASSERT_EQUAL(box_frame_len(frame, &whole), DM_OK);
	CU_ASSERT_EQUAL(whole, len);
	message = octstr_create_from_data((char *)frame + BOX_LENGTH_LEN,
					  (long)(len - BOX_LENGTH_LEN));
	k = msg_unpack(message);
	CU_ASSERT_PTR_NOT_NULL_FATAL(k);
	compare(k, m);
	again = msg_pack(k);
	CU_ASSERT_EQUAL(octstr_compare(message, again), 0);
	octstr_destroy(message);
	octstr_destroy(again);
	msg_destroy(k);
}

/* We read what Kannel wrote, and write the same again. */
static void check_kannels(Msg *k)
{
	Octstr *os = msg_pack(k);
	const uint8_t *in = (const uint8_t *)octstr_get_cstr(os);
	size_t len = (size_t)octstr_len(os);
	struct box_msg m;
	size_t n = 0;

	CU_ASSERT_EQUAL_FATAL(box_msg_decode(&m, in, len), DM_OK);
	compare(k, &m);
	CU_ASSERT_EQUAL(box_msg_encode(&m, frame, ROOM, &n), DM_OK);
	CU_ASSERT_EQUAL_FATAL(n, len + BOX_LENGTH_LEN);
	CU_ASSERT_EQUAL(memcmp(frame + BOX_LENGTH_LEN, in, len), 0);
	octstr_destroy(os);
}

#define INTEGER(name) k->name = random_integer();
#define OCTSTR(name) o = random_octets(); \
	k->name = !o.mem ? NULL : \
		octstr_create_from_data((const char *)o.mem, (long)o.len);
#define UUID(name) if (rnd(8) == 0) uuid_clear(k->name);
#define VOID(name)
#define MSG(name, fields) static void fill_kannels_##name(struct name *k) \
	{ struct box_octets o; (void)o; fields }
#include <gw/msg-decl.h>

static void fill_kannels(Msg *k)
{
	switch (k->type) {
#define MSG(name, fields) case name: fill_kannels_##name(&k->name); break;
#include <gw/msg-decl.h>
	case msg_type_count:
		break;
	}
}

static void has_kannels_numbers(void)
{
	CU_ASSERT_EQUAL(BOX_MSG_TYPES, (int)msg_type_count);
	CU_ASSERT_EQUAL(BOX_UNDEFINED, MSG_PARAM_UNDEFINED);
	CU_ASSERT_EQUAL(BOX_UUID_LEN, UUID_STR_LEN);
	CU_ASSERT_EQUAL(BOX_SMS_MO, mo);
	CU_ASSERT_EQUAL(BOX_SMS_MT_REPLY, mt_reply);
	CU_ASSERT_EQUAL(BOX_SMS_MT_PUSH, mt_push);
	CU_ASSERT_EQUAL(BOX_SMS_REPORT_MO, report_mo);
	CU_ASSERT_EQUAL(BOX_SMS_REPORT_MT, report_mt);
	CU_ASSERT_EQUAL(BOX_CMD_SHUTDOWN, cmd_shutdown);
	CU_ASSERT_EQUAL(BOX_CMD_SUSPEND, cmd_suspend);
	CU_ASSERT_EQUAL(BOX_CMD_RESUME, cmd_resume);
	CU_ASSERT_EQUAL(BOX_CMD_IDENTIFY, cmd_identify);
	CU_ASSERT_EQUAL(BOX_CMD_RESTART, cmd_restart);
	CU_ASSERT_EQUAL((int)BOX_ACK_SUCCESS, (int)ack_success);
	CU_ASSERT_EQUAL((int)BOX_ACK_FAILED, (int)ack_failed);
	CU_ASSERT_EQUAL((int)BOX_ACK_FAILED_TMP, (int)ack_failed_tmp);
	CU_ASSERT_EQUAL((int)BOX_ACK_BUFFERED, (int)ack_buffered);
}

/* admin{cmd_identify, "dmbox"}, by hand; bearerbox 1.4.5 takes it */
static const uint8_t identify[] = {
	0, 0, 0, 17,	0, 0, 0, 1,	0, 0, 0, 3,
	0, 0, 0, 5, 'd', 'm', 'b', 'o', 'x',
};

static void writes_the_golden_identification(void)
{
	struct box_msg m;
	size_t len = 0;

	box_msg_init(&m, BOX_MSG_admin);
	m.admin.command = BOX_CMD_IDENTIFY;
	m.admin.boxc_id = box_text("dmbox");
	CU_ASSERT_EQUAL(box_msg_encode(&m, frame, ROOM, &len), DM_OK);
	CU_ASSERT_EQUAL_FATAL(len, sizeof(identify));
	CU_ASSERT_EQUAL(memcmp(frame, identify, len), 0);
}

static void reads_the_golden_identification(void)
{
	struct box_msg m;

	CU_ASSERT_EQUAL(box_msg_decode(&m, identify + 4, 17), DM_OK);
	CU_ASSERT_EQUAL(m.type, BOX_MSG_admin);
	CU_ASSERT_EQUAL(m.admin.command, BOX_CMD_IDENTIFY);
	CU_ASSERT_EQUAL(m.admin.boxc_id.len, 5);
	CU_ASSERT_PTR_EQUAL(m.admin.boxc_id.mem, identify + 16);
}

static void an_empty_message_of_each_type_is_kannels(void)
{
	struct box_msg m;

	for (int type = 0; type < BOX_MSG_TYPES; type++) {
		box_msg_init(&m, (enum box_msg_type)type);
		check_ours(&m);
	}
}

static void kannel_reads_what_we_write(void)
{
	struct box_msg m;

	start_random();
	for (int type = 0; type < BOX_MSG_TYPES; type++) {
		for (int i = 0; i < N_RANDOM; i++) {
			fill(&m, (enum box_msg_type)type);
			check_ours(&m);
		}
	}
}

static void we_read_what_kannel_writes(void)
{
	start_random();
	for (int type = 0; type < (int)msg_type_count; type++) {
		for (int i = 0; i < N_RANDOM; i++) {
			Msg *k = msg_create((enum msg_type)type);

			if (i > 0)
				fill_kannels(k);
			check_kannels(k);
			msg_destroy(k);
		}
	}
}

static void refuses_every_cut_input_and_one_octet_more(void)
{
	struct box_msg m;
	uint8_t *exact;
	size_t len = 0;

	start_random();
	for (int type = 0; type < BOX_MSG_TYPES; type++) {
		fill(&m, (enum box_msg_type)type);
		CU_ASSERT_EQUAL(box_msg_encode(&m, frame, ROOM, &len), DM_OK);
		len -= BOX_LENGTH_LEN;
		for (size_t cut = 0; cut < len; cut++) {
			exact = gw_malloc(cut + 1);	/* for ASan */
			memcpy(exact + 1, frame + BOX_LENGTH_LEN, cut);
			CU_ASSERT_EQUAL(box_msg_decode(&m, exact + 1, cut),
					DM_EPROTO);
			gw_free(exact);
		}
		frame[BOX_LENGTH_LEN + len] = 0;
		CU_ASSERT_EQUAL(box_msg_decode(&m, frame + BOX_LENGTH_LEN,
					       len + 1), DM_EPROTO);
	}
}

static void refuses_every_short_buffer(void)
{
	struct box_msg m;
	size_t len = 0, no = 77;

	start_random();
	for (int type = 0; type < BOX_MSG_TYPES; type++) {
		fill(&m, (enum box_msg_type)type);
		CU_ASSERT_EQUAL(box_msg_encode(&m, frame, ROOM, &len), DM_OK);
		for (size_t cap = 0; cap < len; cap++)
			CU_ASSERT_EQUAL(box_msg_encode(&m, frame, cap, &no),
					DM_ENOSPC);
		CU_ASSERT_EQUAL(box_msg_encode(&m, frame, len, &len), DM_OK);
	}
	CU_ASSERT_EQUAL(no, 77);
}

/* admin with the length of its string replaced */
static void refuses_bad_lengths(void)
{
	static const char *const lengths[] = {
		"fffffffe", "80000000", "7fffffff", "00000006", "00000004",
		"ffff0000", "00010000",
	};
	uint8_t in[sizeof(identify)];
	struct box_msg m = { .type = BOX_MSG_TYPES };

	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		memcpy(in, identify, sizeof(in));
		tap_hex(lengths[i], in + 12, 4);
		CU_ASSERT_EQUAL(box_msg_decode(&m, in + 4, 17), DM_EPROTO);
	}
	CU_ASSERT_EQUAL(m.type, BOX_MSG_TYPES);
}

static void refuses_unknown_types(void)
{
	static const char *const types[] = {
		"00000005", "ffffffff", "80000000", "7fffffff", "01000000",
	};
	uint8_t in[sizeof(identify)];
	struct box_msg m;
	size_t len;

	memcpy(in, identify, sizeof(in));
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		tap_hex(types[i], in + 4, 4);
		CU_ASSERT_EQUAL(box_msg_decode(&m, in + 4, 17), DM_EPROTO);
	}
	box_msg_init(&m, BOX_MSG_TYPES);
	CU_ASSERT_EQUAL(box_msg_encode(&m, frame, ROOM, &len), DM_ERANGE);
}

/* ack{0, -1, uuid} with the uuid replaced; *m borrows until the next call */
static int decode_ack(const char *length, const char *uuid, struct box_msg *m)
{
	static uint8_t in[100] = {
		0, 0, 0, 3, 0, 0, 0, 0, 255, 255, 255, 255,
	};
	size_t len = strlen(uuid);

	tap_hex(length, in + 12, 4);
	memcpy(in + 16, uuid, len);
	return box_msg_decode(m, in, 16 + len);
}

static void reads_only_a_uuid_as_uuid(void)
{
	const char *good = "00112233-4455-6677-8899-AABBccddeeff";
	struct box_msg m;

	CU_ASSERT_EQUAL_FATAL(decode_ack("00000024", good, &m), DM_OK);
	CU_ASSERT_EQUAL(memcmp(m.ack.id, good, 36), 0);
	CU_ASSERT_EQUAL_FATAL(decode_ack("00000024", BOX_UUID_NONE, &m), DM_OK);
	CU_ASSERT_PTR_NULL(m.ack.id);
	CU_ASSERT_EQUAL(decode_ack("00000023", good + 1, &m), DM_EPROTO);
	CU_ASSERT_EQUAL(decode_ack("00000000", "", &m), DM_EPROTO);
	CU_ASSERT_EQUAL(decode_ack("00000024",
		"0011223344-55-6677-8899-AABBccddeeff", &m), DM_EPROTO);
	CU_ASSERT_EQUAL(decode_ack("00000024",
		"00112233-4455-6677-8899-AABBccddeefg", &m), DM_EPROTO);
	CU_ASSERT_EQUAL(decode_ack("00000025",
		"00112233-4455-6677-8899-AABBccddeeff0", &m), DM_EPROTO);
}

/* Kannel never writes -1 for a UUID and does not read it either. */
static void refuses_an_absent_uuid_as_kannel_does(void)
{
	static const char in[] = "\0\0\0\3" "\0\0\0\0" "\xff\xff\xff\xff"
				 "\xff\xff\xff\xff";
	Octstr *os = octstr_create_from_data(in, 16);
	struct box_msg m;

	CU_ASSERT_PTR_NULL(msg_unpack(os));
	CU_ASSERT_EQUAL(decode_ack("ffffffff", "", &m), DM_EPROTO);
	octstr_destroy(os);
}

static void refuses_to_write_what_is_no_uuid(void)
{
	struct box_msg m;
	size_t len;

	box_msg_init(&m, BOX_MSG_ack);
	m.ack.id = "1234";
	CU_ASSERT_EQUAL(box_msg_encode(&m, frame, ROOM, &len), DM_ERANGE);
}

static void uuid_text_and_octets_are_one(void)
{
	static const char *const text = "00112233-4455-6677-8899-aabbccddeeff";
	uint8_t octets[BOX_UUID_OCTETS];
	char again[BOX_UUID_LEN + 1];

	CU_ASSERT_EQUAL(box_uuid_decode(text, 36, octets), DM_OK);
	for (size_t i = 0; i < sizeof(octets); i++)
		CU_ASSERT_EQUAL(octets[i], i * 0x11);
	box_uuid_encode(octets, again);
	CU_ASSERT_STRING_EQUAL(again, text);
	CU_ASSERT_EQUAL(box_uuid_decode(text, 35, octets), DM_EPROTO);
}

static void bounds_a_frame(void)
{
	static uint8_t big[BOX_FRAME_MAX];
	size_t most = BOX_FRAME_MAX - sizeof(identify) + 5;
	struct box_msg m;
	size_t len = 0;

	box_msg_init(&m, BOX_MSG_admin);
	m.admin.boxc_id = (struct box_octets){ big, most };
	CU_ASSERT_EQUAL(box_msg_encode(&m, frame, ROOM, &len), DM_OK);
	CU_ASSERT_EQUAL(len, BOX_FRAME_MAX);
	m.admin.boxc_id.len++;
	CU_ASSERT_EQUAL(box_msg_encode(&m, frame, ROOM, &len), DM_ERANGE);
	m.admin.boxc_id.len = SIZE_MAX;
	CU_ASSERT_EQUAL(box_msg_encode(&m, frame, ROOM, &len), DM_ERANGE);
}

static void tells_the_length_of_a_frame(void)
{
	size_t len = 0;

	CU_ASSERT_EQUAL(box_frame_len(identify, &len), DM_OK);
	CU_ASSERT_EQUAL(len, 21);
	CU_ASSERT_EQUAL(box_frame_len((uint8_t[]){ 0, 0, 0xff, 0xfc }, &len),
			DM_OK);
	CU_ASSERT_EQUAL(len, BOX_FRAME_MAX);
	CU_ASSERT_EQUAL(box_frame_len((uint8_t[]){ 0, 0, 0xff, 0xfd }, &len),
			DM_EPROTO);
	CU_ASSERT_EQUAL(box_frame_len((uint8_t[4]){ 0 }, &len), DM_EPROTO);
	CU_ASSERT_EQUAL(box_frame_len((uint8_t[]){ 255, 255, 255, 255 }, &len),
			DM_EPROTO);
	CU_ASSERT_EQUAL(box_frame_len((uint8_t[]){ 0x80, 0, 0, 0 }, &len),
			DM_EPROTO);
	CU_ASSERT_EQUAL(len, BOX_FRAME_MAX);
}

static CU_TestInfo tests[] = {
	{ "has Kannel's numbers", has_kannels_numbers },
	{ "writes the golden identification",
	  writes_the_golden_identification },
	{ "reads the golden identification", reads_the_golden_identification },
	{ "an empty message of each type is Kannel's",
	  an_empty_message_of_each_type_is_kannels },
	{ "Kannel reads what we write", kannel_reads_what_we_write },
	{ "we read what Kannel writes", we_read_what_kannel_writes },
	{ "refuses every cut input and one octet more",
	  refuses_every_cut_input_and_one_octet_more },
	{ "refuses every short buffer", refuses_every_short_buffer },
	{ "refuses bad lengths", refuses_bad_lengths },
	{ "refuses unknown types", refuses_unknown_types },
	{ "reads only a UUID as UUID", reads_only_a_uuid_as_uuid },
	{ "refuses an absent UUID as Kannel does",
	  refuses_an_absent_uuid_as_kannel_does },
	{ "refuses to write what is no UUID",
	  refuses_to_write_what_is_no_uuid },
	{ "UUID text and octets are one", uuid_text_and_octets_are_one },
	{ "bounds a frame", bounds_a_frame },
	{ "tells the length of a frame", tells_the_length_of_a_frame },
	CU_TEST_INFO_NULL,
};

int main(void)
{
	int rc;

	gwlib_init();
	log_set_output_level(GW_PANIC);
	rc = tap_run("box_msg", tests);
	gwlib_shutdown();
	return rc;
}
