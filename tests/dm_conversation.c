/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/dm_conversation.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/profile_fixture.h"
#include "tests/syncml_fixture.h"
#include "tests/tap.h"

static _Alignas(max_align_t) uint8_t room[2 * SYNCML_ARENA_MAX];
static _Alignas(max_align_t) uint8_t test_room[2 * SYNCML_ARENA_MAX];
static struct arena arena = { .buf = room, .cap = sizeof(room) };
static uint8_t octets[DM_DIALOG_OCTETS_MAX], in[DM_DIALOG_OCTETS_MAX];

static struct digest_key key_of(const char *name, const char *password,
				const char *nonce)
{
	const struct digest_source source = {
		.server_id = name, .password = password, .nonce_text = nonce,
	};
	struct digest_key key = { .nonce_len = 0 };
	struct err e;

	CU_ASSERT_EQUAL(digest_key_make(&source, &key, &e), DM_OK);
	return key;
}

void dm_scene_begin(struct dm_scene *s, enum syncml_version version)
{
	const struct dm_tree_facts facts = {
		.dev_id = "IMEI:493005100592800", .man = "Example",
		.mod = "X1", .lang = "en",
		.dm_version = version == SYNCML_12 ? "1.2" : "1.1.2",
		.firmware = "1.0", .server_id = "srv1",
		.url = "http://dm.example.com/dm", .user = "user1",
	};

	memset(s, 0, sizeof(*s));
	dm_tree_init(&s->tree, version, &facts);
	s->fumo.state = DM_FUMO_IDLE;
	s->client_key = key_of("user1", "secret1", "client nonce");
	s->server_key = key_of("srv1", "srvpwd", "server nonce");
	s->setup = (struct dm_dialog_setup){
		.encoding = SYNCML_XML, .session_id = "104",
		.server_initiated = true, .url = "http://dm.example.com/dm",
		.user = "user1", .client_key = &s->client_key,
		.server_key = &s->server_key, .tree = &s->tree,
		.fumo = &s->fumo, .arena = &arena,
	};
}

/* ------------------------------- one turn ------------------------------- */

static const char *text_of(const struct dm_scene *s,
			   const struct dm_dialog_out *out)
{
	struct arena a = { .buf = test_room, .cap = sizeof(test_room) };
	struct syncml_message m;
	struct err e;

	CU_ASSERT_EQUAL_FATAL(syncml_read(&a, s->setup.encoding, out->buf,
					  out->len, &m, &e), DM_OK);
	return syncml_to_text(&m);
}

const char *dm_scene_first(struct dm_scene *s, enum dm_dialog_turn *turn)
{
	struct dm_dialog_out out = { octets, sizeof(octets), 0 };

	*turn = dm_dialog_begin(&s->dialog, &s->setup, &out);
	return *turn == DM_DIALOG_SEND ? text_of(s, &out) : "";
}

/* In the encoding of the session; XML goes as it is. */
static size_t encode(const struct dm_scene *s, const char *xml)
{
	struct arena a = { .buf = test_room, .cap = sizeof(test_room) };
	struct syncml_message m;
	struct err e;
	size_t len = strlen(xml);

	if (s->setup.encoding == SYNCML_XML) {
		memcpy(in, xml, len);
		return len;
	}
	m = syncml_from_text(&a, xml);
	CU_ASSERT_EQUAL_FATAL(syncml_write(&a, SYNCML_WBXML, &m, in,
					   sizeof(in), &len, &e), DM_OK);
	return len;
}

const char *dm_scene_answer(struct dm_scene *s, const char *xml,
			    enum dm_dialog_turn *turn)
{
	struct dm_dialog_out out = { octets, sizeof(octets), 0 };
	size_t len = encode(s, xml);

	s->nonce[0]++;
	*turn = dm_dialog_take(&s->dialog, in, len, s->nonce, &out);
	s->out_len = out.len;
	return *turn == DM_DIALOG_SEND ? text_of(s, &out) : "";
}

/* ------------------------------ a recording ------------------------------ */

/* The next message after the line that begins with mark; ends in a NUL. */
static char *take_message(char **at, const char *mark)
{
	char *begin = strstr(*at, mark), *end;

	if (!begin)
		return NULL;
	begin = strchr(begin, '\n') + 1;
	end = strstr(begin, "</SyncML>\n");
	if (!end) {
		printf("Bail out! a message without its end: %s\n", mark);
		exit(EXIT_FAILURE);
	}
	end += strlen("</SyncML>");
	*end = '\0';
	*at = end + 1;
	return begin;
}

static void assert_said(const char *got, const char *want)
{
	size_t len = strlen(want);
	bool same = !strncmp(got, want, len) && !strcmp(got + len, "\n");

	CU_ASSERT(same);
	if (same)
		return;
	printf("# the device says:\n# ");
	for (; *got; got++)
		printf(*got == '\n' ? "\n# " : "%c", *got);
	printf("\n");
}

enum dm_dialog_turn dm_scene_play(struct dm_scene *s, const char *name)
{
	static char text[XML_OCTETS_MAX];
	char path[100], *at = text, *message;
	enum dm_dialog_turn turn;

	snprintf(path, sizeof(path), "dm/%s.txt", name);
	read_test_file(path, text, sizeof(text));
	message = take_message(&at, "device ->");
	CU_ASSERT_PTR_NOT_NULL_FATAL(message);
	assert_said(dm_scene_first(s, &turn), message);
	while ((message = take_message(&at, "server ->"))) {
		const char *got = dm_scene_answer(s, message, &turn);

		if (turn != DM_DIALOG_SEND)
			break;
		message = take_message(&at, "device ->");
		assert_said(got, message ? message : "nothing");
		if (!message)
			break;
	}
	CU_ASSERT_PTR_NULL(strstr(at, "->"));	/* nothing is left unsaid */
	if (turn == DM_DIALOG_FAILED)
		printf("# it ends: %s\n", s->dialog.why);
	return turn;
}
