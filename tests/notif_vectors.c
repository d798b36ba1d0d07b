/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/notif_vectors.h"

#include <string.h>

#include "tests/tap.h"

struct trigger vector_trigger(const json_t *v)
{
	static uint8_t vendor[VECTOR_OCTETS_MAX];
	const char *server_id = vector_text(v, "server_id");

	return (struct trigger){
		.version = (uint16_t)vector_number(v, "version_field"),
		.ui_mode = (enum ui_mode)vector_number(v, "ui_mode_value"),
		.server_initiated = vector_number(v, "initiator_value"),
		.session_id = (uint16_t)vector_number(v, "session_id"),
		.server_id = server_id,
		.server_id_len = strlen(server_id),
		.vendor = vendor,
		.vendor_len = vector_hex(v, "body_hex", vendor),
	};
}

struct digest_key vector_key(const json_t *v)
{
	struct digest_key key = { .nonce_len = 0 };
	struct err e;

	CU_ASSERT_EQUAL_FATAL(digest_key_make(&(struct digest_source){
			.server_id = vector_text(v, "server_id"),
			.password = vector_text(v, "password"),
			.nonce_hex = vector_text(v, "nonce_hex"),
		}, &key, &e), DM_OK);
	return key;
}
