/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/bootstrap_vectors.h"

#include <stdio.h>
#include <string.h>

#include "tests/tap.h"

static void (*test_message)(const struct bootstrap_vector *v);
static size_t n_messages;

/* NULL where the field is null. */
static const char *text_or_null(const json_t *v, const char *field)
{
	return json_string_value(json_object_get(v, field));
}

static enum mac_sec sec_of(const char *name)
{
	for (int sec = MAC_NETWPIN; name && sec <= MAC_USERPINMAC; sec++)
		if (!strcmp(mac_sec_name((enum mac_sec)sec), name))
			return (enum mac_sec)sec;
	return MAC_SEC_NONE;
}

/* The message m of vector v, in fields that begin with prefix. */
static struct bootstrap_vector read_message(const json_t *v, const json_t *m,
					    const char *prefix)
{
	const json_t *material = json_object_get(v, "key_material");
	struct bootstrap_vector got = {
		.name = vector_text(v, "name"),
		.source.sec = sec_of(text_or_null(v, "sec")),
		.source.imsi = text_or_null(material, "imsi"),
		.source.pin = text_or_null(material, "pin"),
		.key_hex = text_or_null(v, "key_hex"),
		.oob_pin = text_or_null(m, "out_of_band_pin"),
	};
	char field[40];

	snprintf(field, sizeof(field), "%swbxml_hex", prefix);
	got.body_len = tap_hex(vector_text(m, field), got.body,
			       sizeof(got.body));
	snprintf(field, sizeof(field), "%swsp_hex", prefix);
	got.wsp_len = tap_hex(vector_text(m, field), got.wsp,
			      sizeof(got.wsp));
	snprintf(field, sizeof(field), "%smac_hex", prefix);
	if (got.oob_pin)
		tap_hex(vector_text(m, "hmac_sha1_hex"), got.mac, MAC_LEN);
	else if (got.key_hex)
		tap_hex(vector_text(m, field), got.mac, MAC_LEN);
	return got;
}

static struct bootstrap_vector recommended(const json_t *v)
{
	return read_message(v, v, vector_has(v, "recommended_wsp_hex") ?
			    "recommended_" : "");
}

struct bootstrap_vector bootstrap_vector(const char *name)
{
	return recommended(vectors_find("bootstrap", "vectors", name));
}

static void each_vector(const json_t *v)
{
	struct bootstrap_vector message = recommended(v);
	const json_t *m;
	size_t i;

	test_message(&message);
	json_array_foreach(json_object_get(v, "variants"), i, m) {
		message = read_message(v, m, "");
		test_message(&message);
	}
	n_messages += 1 + i;
}

size_t bootstrap_vectors_each(void (*test)(const struct bootstrap_vector *v))
{
	test_message = test;
	n_messages = 0;
	vectors_each("bootstrap", "vectors", each_vector);
	return n_messages;
}
