/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/fuzz.h"

#include <stdio.h>
#include <string.h>

#include "tests/syncml_fixture.h"
#include "tests/vectors.h"
#include "wap/hex.h"

static void (*take_seed)(const uint8_t *seed, size_t len);

static void each_text(const char *text, size_t len)
{
	uint8_t octets[FUZZ_INPUT_MAX];
	size_t n;

	if (len == 0 || len > FUZZ_INPUT_MAX)
		return;
	take_seed((const uint8_t *)text, len);
	if (hex_decode(text, len, octets, sizeof(octets), &n) == DM_OK)
		take_seed(octets, n);
}

static void each_segment(const json_t *segments)
{
	uint8_t octets[2 * VECTOR_OCTETS_MAX];
	const json_t *s;
	size_t i;

	json_array_foreach(segments, i, s) {
		size_t n = vector_hex(s, "udh_hex", octets);

		n += vector_hex(s, "ud_hex", octets + n);
		take_seed(octets, n);
	}
}

static void each_vector(const json_t *v)
{
	each_segment(json_object_get(v, "sms8"));
	each_segment(json_object_get(v, "sms16"));
}

/* A vector of bootstrap.json, or a variant of one. */
static void each_message(const json_t *v)
{
	static const char *const fields[] = {
		"wbxml_hex", "recommended_wbxml_hex", "wsp_hex",
	};
	uint8_t octets[VECTOR_OCTETS_MAX];

	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (json_is_string(json_object_get(v, fields[i])))
			take_seed(octets, vector_hex(v, fields[i], octets));
}

/* Not every text in it: the notes are many, and slow targets are slow. */
static void each_document(const json_t *v)
{
	const char *xml = vector_text(v, "xml");
	const json_t *variant;
	size_t i;

	if (strlen(xml) <= FUZZ_INPUT_MAX)
		take_seed((const uint8_t *)xml, strlen(xml));
	each_message(v);
	json_array_foreach(json_object_get(v, "variants"), i, variant)
		each_message(variant);
}

/* A message of tests/syncml/, on one line and as WBXML. */
static void each_syncml(const char *name)
{
	static _Alignas(max_align_t) uint8_t room[XML_ARENA_MAX];
	struct arena a = { .buf = room, .cap = sizeof(room) };
	struct syncml_message m = syncml_from_text(&a, syncml_file(name));
	uint8_t octets[FUZZ_INPUT_MAX];
	struct err e;
	size_t len;

	if (!syncml_write(&a, SYNCML_XML, &m, octets, sizeof(octets), &len,
			  &e))
		take_seed(octets, len);
	if (!syncml_write(&a, SYNCML_WBXML, &m, octets, sizeof(octets), &len,
			  &e))
		take_seed(octets, len);
}

void fuzz_each_seed(void (*take)(const uint8_t *seed, size_t len))
{
	take_seed = take;
	vectors_each("notification", "vectors", each_vector);
	vectors_each_text("notification", each_text);
	vectors_each_text("sms_pdu", each_text);
	vectors_each("bootstrap", "vectors", each_document);
	for (size_t i = 0; syncml_names[i]; i++)
		each_syncml(syncml_names[i]);
}
