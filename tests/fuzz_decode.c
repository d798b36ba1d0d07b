/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Messages from anybody, as one item and cut into several: decode tells
 * something about each, and what it tells can be written and shown.
 */
#include <string.h>

#include "gateway/json/decode.h"
#include "tests/fuzz.h"

#define ITEMS_MAX 12

static void check_field(json_t *field)
{
	const char *value = json_string_value(json_object_get(field, "value"));

	FUZZ_CHECK(json_string_value(json_object_get(field, "octets")));
	FUZZ_CHECK(json_string_value(json_object_get(field, "name")));
	FUZZ_CHECK(value && !strpbrk(value, "\x1b\r\n\x07\x7f"));
	FUZZ_CHECK(!strstr(value, "\xc2\x9b"));
}

static void check_message(json_t *message, enum decode_status status)
{
	json_t *layers = json_object_get(message, "layers");
	json_t *layer, *field;
	size_t i, k;

	FUZZ_CHECK(json_string_value(json_object_get(message, "as")));
	FUZZ_CHECK(json_is_array(layers));
	json_array_foreach(layers, i, layer)
		json_array_foreach(json_object_get(layer, "fields"), k, field)
			check_field(field);
	if (json_object_get(message, "error"))
		FUZZ_CHECK(status == DECODE_NOT_UNDERSTOOD);
	if (json_is_false(json_object_get(message, "verified")))
		FUZZ_CHECK(status != DECODE_OK);
}

static void decode(const struct decode_item *items, size_t n,
		   enum decode_as as, bool with_key)
{
	struct decode_request rq = { .as = (int32_t)as };
	enum decode_status status;
	json_t *messages, *message;
	struct err e;
	size_t i;

	if (with_key) {
		rq.key.password = "secret";
		rq.key.nonce_hex = "00000000";
	}
	FUZZ_CHECK(decode_items(&rq, items, n, &messages, &status, &e) ==
		   DM_OK);
	FUZZ_CHECK(json_array_size(messages) > 0);
	json_array_foreach(messages, i, message)
		check_message(message, status);
	json_decref(messages);
}

/* Each octet is the length of the item behind it. */
static size_t cut(const uint8_t *in, size_t len, struct decode_item *items)
{
	size_t at = 0, n = 0;

	while (at < len && n < ITEMS_MAX) {
		size_t item = in[at++];

		if (item > len - at)
			item = len - at;
		items[n++] = (struct decode_item){ in + at, item };
		at += item;
	}
	return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *in, size_t len)
{
	struct decode_item items[ITEMS_MAX] = { { in, len } };
	size_t n;

	if (len == 0 || len > FUZZ_INPUT_MAX)
		return 0;
	for (unsigned as = DECODE_AUTO; as <= DECODE_PDU; as++)
		decode(items, 1, as, as % 2);
	n = cut(in, len, items);
	decode(items, n, DECODE_AUTO, true);
	decode(items, n, DECODE_SMS, false);
	return 0;
}
