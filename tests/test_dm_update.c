/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The emulator's device and the example DM server in one update: both sides of
 * the session, without a network between them.
 */
#include <stdio.h>
#include <string.h>

#include "examples/dm-server/session.h"
#include "tests/dm_conversation.h"
#include "tests/tap.h"

#define URL "http://dm.example.com/packages/fw-2.0.bin"

static _Alignas(max_align_t) uint8_t room[SYNCML_ARENA_MAX];
static struct arena arena = { .buf = room, .cap = sizeof(room) };

/* The two sides. */
static struct dm_scene scene;
static struct device device;		/* as the server knows it */
static struct session session;
static struct session_outcome last;	/* of the last message */
static unsigned n_messages;		/* of the server */
static bool finished, started;		/* the update, in any message */
static enum syncml_encoding encoding;

static void begin(enum syncml_version version)
{
	dm_scene_begin(&scene, version);
	scene.setup.encoding = encoding;
	memset(&device, 0, sizeof(device));
	device.client = scene.client_key;
	device.server = scene.server_key;
	device.update.step = UPDATE_WANTED;
	device.update.number = 7;
	strcpy(device.update.version, "2.0");
}

static bool server_answers(const struct dm_dialog_out *from, uint8_t *to,
			   size_t *len)
{
	struct session_input in = { .server_name = "srv1",
				    .package_url = URL };
	struct syncml_message message, answer;
	struct err e = { .field = "" };
	int rc;

	arena.used = 0;
	memset(in.nonce, (int)(0x80 + ++n_messages), sizeof(in.nonce));
	in.message = &message;
	rc = syncml_read(&arena, encoding, from->buf, from->len, &message, &e);
	if (!rc && message.msg_id == 1)
		session_begin(&session, &device, &message);
	if (!rc)
		rc = session_answer(&session, &in, &arena, &answer, &last);
	if (!rc)
		rc = syncml_write(&arena, encoding, &answer, to,
				  DM_DIALOG_OCTETS_MAX, len, &e);
	if (rc)
		printf("# the server: %s: %s\n", e.field, e.came);
	finished |= last.finished;
	started |= last.started;
	return rc == DM_OK;
}

/* A session, to its end; how it ends for the device. */
static enum dm_dialog_turn talk(bool server_initiated)
{
	static uint8_t said[DM_DIALOG_OCTETS_MAX], answer[DM_DIALOG_OCTETS_MAX];
	struct dm_dialog_out out = { said, sizeof(said), 0 };
	enum dm_dialog_turn turn;
	size_t len;

	finished = started = false;
	scene.setup.server_initiated = server_initiated;
	turn = dm_dialog_begin(&scene.dialog, &scene.setup, &out);
	while (turn == DM_DIALOG_SEND) {
		scene.nonce[0]++;
		if (!server_answers(&out, answer, &len))
			return DM_DIALOG_FAILED;
		out.cap = sizeof(said);
		turn = dm_dialog_take(&scene.dialog, answer, len, scene.nonce,
				      &out);
	}
	if (turn == DM_DIALOG_FAILED)
		printf("# the device: %s\n", scene.dialog.why);
	return turn;
}

static bool same_nonces(void)
{
	return device.client.nonce_len == scene.client_key.nonce_len &&
	       device.server.nonce_len == scene.server_key.nonce_len &&
	       !memcmp(device.client.nonce, scene.client_key.nonce,
		       device.client.nonce_len) &&
	       !memcmp(device.server.nonce, scene.server_key.nonce,
		       device.server.nonce_len);
}

/* It fetches a package with this version, NULL: a broken one, installs it. */
static void install(const char *version)
{
	CU_ASSERT_EQUAL(dm_fumo_next(&scene.fumo), DM_FUMO_FETCH);
	CU_ASSERT_STRING_EQUAL(scene.fumo.url, URL);
	if (version)
		dm_fumo_fetched(&scene.fumo, version);
	else
		dm_fumo_failed(&scene.fumo, DM_FUMO_CORRUPTED);
	if (dm_fumo_next(&scene.fumo) == DM_FUMO_INSTALL) {
		dm_tree_set(&scene.tree, "./DevDetail/FwV",
			    scene.fumo.version);
		dm_fumo_installed(&scene.fumo, DM_FUMO_SUCCESS);
	}
	dm_fumo_show(&scene.fumo, &scene.tree);
	CU_ASSERT_EQUAL(dm_fumo_next(&scene.fumo), DM_FUMO_REPORT);
}

/* ------------------------------- updates ------------------------------- */

static void accept(void)
{
	CU_ASSERT_EQUAL(talk(true), DM_DIALOG_DONE);
	CU_ASSERT(session.ended_well);
	CU_ASSERT(session.server_initiated);
	CU_ASSERT(started);
	CU_ASSERT_EQUAL(device.update.step, UPDATE_STARTED);
	CU_ASSERT_STRING_EQUAL(device.firmware, "1.0");
	CU_ASSERT(same_nonces());
}

static void report(enum update_step step, unsigned result, const char *firmware)
{
	CU_ASSERT_EQUAL(talk(false), DM_DIALOG_DONE);
	CU_ASSERT(session.ended_well);
	CU_ASSERT(!session.server_initiated);
	CU_ASSERT(finished);
	CU_ASSERT_EQUAL(device.update.step, step);
	CU_ASSERT_EQUAL(device.update.result, result);
	CU_ASSERT_STRING_EQUAL(device.firmware, firmware);
	CU_ASSERT(scene.dialog.reported);
	scene.fumo.has_report = false;
	CU_ASSERT(same_nonces());
}

static void goes_well(enum syncml_version version)
{
	begin(version);
	accept();
	install("2.0");
	report(UPDATE_DONE, 200, "2.0");
}

static void goes_wrong(enum syncml_version version)
{
	begin(version);
	accept();
	install(NULL);
	report(UPDATE_FAILED, DM_FUMO_CORRUPTED, "1.0");
}

/* Each of both versions, in both encodings. */
static void each(void (*test)(enum syncml_version version))
{
	for (int e = SYNCML_XML; e <= SYNCML_WBXML; e++) {
		encoding = (enum syncml_encoding)e;
		test(SYNCML_11);
		test(SYNCML_12);
	}
}

static void a_device_is_updated(void)
{
	each(goes_well);
}

static void a_broken_package_is_reported(void)
{
	each(goes_wrong);
}

/* The result of the first one must not be taken for that of the second. */
static void twice(enum syncml_version version)
{
	goes_wrong(version);
	device.update.step = UPDATE_WANTED;
	device.update.number++;
	device.update.result = 0;
	accept();
	CU_ASSERT_EQUAL(talk(false), DM_DIALOG_DONE);
	CU_ASSERT_EQUAL(device.update.step, UPDATE_STARTED);
	install("2.0");
	report(UPDATE_DONE, 200, "2.0");
}

static void a_second_update_has_its_own_result(void)
{
	each(twice);
}

/* -------------------------------- nonces -------------------------------- */

static void lose_client_nonce(enum syncml_version version)
{
	begin(version);
	scene.client_key.nonce_len = 3;
	accept();
}

static void lose_server_nonce(enum syncml_version version)
{
	begin(version);
	device.server.nonce_len = 3;
	accept();
}

static void lose_both(enum syncml_version version)
{
	begin(version);
	scene.client_key.nonce_len = 3;
	device.server.nonce_len = 3;
	accept();
}

static void lost_nonces_are_found_again(void)
{
	each(lose_client_nonce);
	each(lose_server_nonce);
	each(lose_both);
}

static void change_client(enum syncml_version version)
{
	struct digest_key before;

	begin(version);
	before = device.client;
	scene.client_key.credential[0] ^= 1;
	CU_ASSERT_EQUAL(talk(true), DM_DIALOG_FAILED);
	CU_ASSERT(!session.ended_well);
	CU_ASSERT_EQUAL(device.update.step, UPDATE_WANTED);
	CU_ASSERT_STRING_EQUAL(device.firmware, "");
	CU_ASSERT(!memcmp(&before, &device.client, sizeof(before)));
}

static void change_server(enum syncml_version version)
{
	begin(version);
	device.server.credential[0] ^= 1;
	CU_ASSERT_EQUAL(talk(true), DM_DIALOG_FAILED);
	CU_ASSERT(!session.ended_well);
	CU_ASSERT_EQUAL(device.update.step, UPDATE_WANTED);
	CU_ASSERT_STRING_EQUAL(device.firmware, "");
}

static void wrong_passwords_end_it(void)
{
	each(change_client);
	each(change_server);
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "a device is updated", a_device_is_updated },
		{ "that a package is broken is reported",
		  a_broken_package_is_reported },
		{ "a second update has a result of its own",
		  a_second_update_has_its_own_result },
		{ "lost nonces are found again", lost_nonces_are_found_again },
		{ "wrong passwords end it, and change nothing", wrong_passwords_end_it },
		CU_TEST_INFO_NULL,
	};

	return tap_run("dm_update", tests);
}
