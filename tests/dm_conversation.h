/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dm_conversation.h - plays the server of a recorded session to a device
 *
 * A recording is a text: a line "server ->" or "device ->", and then that
 * message as XML, the device's as syncml_to_text() writes it. Lines that begin
 * with "#" are for people.
 */
#ifndef TESTS_DM_CONVERSATION_H
#define TESTS_DM_CONVERSATION_H

#include "emulator/dm/dm_dialog.h"

/* The device that takes part; begin with dm_scene_begin(). */
struct dm_scene {
	struct dm_tree tree;
	struct dm_fumo fumo;
	struct digest_key client_key, server_key;
	struct dm_dialog_setup setup;
	struct dm_dialog dialog;
	size_t out_len;			/* octets of its last message */
	uint8_t nonce[DM_DIALOG_NONCE_LEN];	/* the first octet counts up */
};

/* A device, its account and its keys, all of them always the same. */
void dm_scene_begin(struct dm_scene *s, enum syncml_version version);

/* The device's first message as XML text, and how it answers one; "" if it
 * does not. Borrowed until the next call. */
const char *dm_scene_first(struct dm_scene *s, enum dm_dialog_turn *turn);
const char *dm_scene_answer(struct dm_scene *s, const char *xml,
			    enum dm_dialog_turn *turn);

/*
 * Plays the file tests/dm/NAME.txt. Asserts that the device says what stands
 * there; returns what came of its last message.
 */
enum dm_dialog_turn dm_scene_play(struct dm_scene *s, const char *name);

#endif
