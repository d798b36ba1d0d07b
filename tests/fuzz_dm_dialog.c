/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A device in a session with a server that says anything, in both encodings and
 * versions. What the device says can be read, and all that its tree lists is
 * there.
 */
#include <stdio.h>
#include <string.h>

#include "emulator/dm/dm_dialog.h"
#include "tests/fuzz.h"

static _Alignas(max_align_t) uint8_t room[2 * SYNCML_ARENA_MAX];
static _Alignas(max_align_t) uint8_t check_room[2 * SYNCML_ARENA_MAX];
static uint8_t octets[DM_DIALOG_OCTETS_MAX];
static struct dm_tree tree;
static struct dm_fumo fumo;

static void check_out(enum syncml_encoding encoding,
		      const struct dm_dialog_out *out)
{
	struct arena a = { .buf = check_room, .cap = sizeof(check_room) };
	struct syncml_message m;
	struct err e;

	FUZZ_CHECK(!syncml_read(&a, encoding, out->buf, out->len, &m, &e));
	FUZZ_CHECK(m.commands);
}

/* Whatever is listed is there. */
static void check_below(const char *uri)
{
	char child[2 * DM_TREE_PATH_MAX], *names, *name;
	struct dm_tree_answer *answer = malloc(sizeof(*answer));
	unsigned code = dm_tree_get(&tree, uri, answer);

	FUZZ_CHECK(code == 200 || code == 405 || code == 413);
	names = code == 200 && !strcmp(answer->format, "node") ?
		answer->value : NULL;
	while ((name = strsep(&names, "/")) && *name) {
		snprintf(child, sizeof(child), "%s/%s", uri, name);
		check_below(child);
	}
	free(answer);
}

static void check_tree(void)
{
	FUZZ_CHECK(tree.len <= sizeof(tree.octets));
	check_below(".");
}

static void talk(enum syncml_version version, enum syncml_encoding encoding,
		 const uint8_t *in, size_t len)
{
	const struct dm_tree_facts facts = {
		"id", "man", "mod", "1.2", "en", "1.0", "srv1", "http://x/",
		"user1",
	};
	const uint8_t nonce[DM_DIALOG_NONCE_LEN] = { 1 };
	struct arena arena = { .buf = room, .cap = sizeof(room) };
	struct digest_key key = { .credential = "x", .nonce_len = 0 };
	const struct dm_dialog_setup setup = {
		.encoding = encoding, .session_id = "104", .url = "http://x/",
		.user = "user1", .client_key = &key, .tree = &tree,
		.fumo = &fumo, .arena = &arena,
	};
	struct dm_dialog_out out = { octets, sizeof(octets), 0 };
	struct dm_dialog d;

	dm_tree_init(&tree, version, &facts);
	fumo = (struct dm_fumo){ .state = DM_FUMO_IDLE };
	FUZZ_CHECK(dm_dialog_begin(&d, &setup, &out) == DM_DIALOG_SEND);
	for (int i = 0; i < 2; i++) {
		if (dm_dialog_take(&d, in, len, nonce, &out) != DM_DIALOG_SEND)
			break;
		check_out(encoding, &out);
		d.msg_id = 1;		/* so that the same answer fits */
	}
	check_tree();
}

int LLVMFuzzerTestOneInput(const uint8_t *in, size_t len)
{
	if (len > FUZZ_INPUT_MAX)
		return 0;
	talk(SYNCML_12, SYNCML_XML, in, len);
	talk(SYNCML_11, SYNCML_XML, in, len);
	talk(SYNCML_12, SYNCML_WBXML, in, len);
	talk(SYNCML_11, SYNCML_WBXML, in, len);
	return 0;
}
