/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Profiles: the input is read as a file, and spliced into a good one. What is
 * read can be filled, and what is filled is XML.
 */
#include <stdalign.h>
#include <stdio.h>
#include <string.h>

#include "bootstrap/profile.h"
#include "tests/fuzz.h"

#define OUT_MAX (256 * 1024)

static const char good[] =
	"<profile client='generic' summary='s'>"
	"<field name='t' type='text' min='1' max='9' required='yes'>h</field>"
	"<field name='w' type='word' default='w1'>h</field>"
	"<field name='n' type='number' min='-3' max='65535'>h</field>"
	"<field name='f' type='flag' default='yes'>h</field>"
	"<field name='c' type='choice' choices='A B C' default='B'>h</field>"
	"<field name='u' type='url' secret='yes'>h</field>"
	"<field name='b' type='base64' max='8'>h</field>"
	"<document><wap-provisioningdoc version='1.1'>"
	"<characteristic type='{w}' if='f'><parm name='{t}' value='{{{c}}}'/>"
	"<parm name='u' value='{u}' if='u'/><parm name='n' unless='n'/>"
	"<parm name='b' if='b n u'>{b}{n}</parm></characteristic>"
	"<parm name='a' value='{t}{t}{w}'/></wap-provisioningdoc>"
	"</document></profile>";

static alignas(max_align_t) uint8_t room[2][XML_ARENA_MAX];

/* By the type's name: a value that most ranges take. */
static const char *value_of(const struct profile_field *f)
{
	static const char *const values[] = {
		[PROFILE_TEXT] = "x<&\"{}", [PROFILE_WORD] = "x1",
		[PROFILE_NUMBER] = "7", [PROFILE_FLAG] = "yes",
		[PROFILE_CHOICE] = "A", [PROFILE_URL] = "https://x/",
		[PROFILE_HOST] = "x", [PROFILE_IPV4] = "10.0.0.1",
		[PROFILE_BASE64] = "AAEC", [PROFILE_HEX] = "0001",
	};

	return values[f->type];
}

static void check_fill(const struct profile *p, bool all)
{
	struct profile_value values[PROFILE_FIELDS_MAX];
	struct arena a = { .buf = room[1], .cap = sizeof(room[1]) };
	struct xml_node *root, *again;
	struct err e = { .code = DM_OK };
	static char out[OUT_MAX];
	size_t n = 0, len;
	int rc;

	for (size_t i = 0; i < p->n_fields; i++)
		if (all || p->fields[i].required)
			values[n++] = (struct profile_value){
				p->fields[i].name, value_of(&p->fields[i]),
			};
	rc = profile_fill(p, values, n, &a, &root, &e);
	FUZZ_CHECK(rc == e.code);
	FUZZ_CHECK(rc == DM_OK || rc == DM_EINVAL || rc == DM_ENOSPC);
	if (rc)
		return;
	FUZZ_CHECK(!xml_attribute(root, "if"));
	FUZZ_CHECK(xml_write(root, false, out, sizeof(out), &len) == DM_OK);
	FUZZ_CHECK(xml_read(&a, out, len, &again, &e) == DM_OK);
	FUZZ_CHECK(!strcmp(root->name, again->name));
}

static void check_read(const uint8_t *in, size_t len)
{
	struct arena a = { .buf = room[0], .cap = sizeof(room[0]) };
	struct err e = { .code = DM_OK };
	struct profile p;
	int rc = profile_read(&a, "fuzz", (const char *)in, len, &p, &e);

	FUZZ_CHECK(rc == e.code);
	if (rc)
		return;
	for (size_t i = 0; i < p.n_fields; i++) {
		FUZZ_CHECK(p.fields[i].name[0] && p.fields[i].help[0]);
		FUZZ_CHECK(p.fields[i].min <= p.fields[i].max);
	}
	check_fill(&p, false);
	check_fill(&p, true);
}

/* Two numbers say what of the good profile the rest of the input replaces. */
static void check_splice(const uint8_t *in, size_t len)
{
	uint8_t text[sizeof(good) + FUZZ_INPUT_MAX];
	size_t at = (size_t)(in[0] << 8 | in[1]) % sizeof(good);
	size_t from = at + in[2] % (sizeof(good) - at);
	size_t n = sizeof(good) - 1 - from + (from == sizeof(good));

	in += 3;
	len -= 3;
	memcpy(text, good, at);
	memcpy(text + at, in, len);
	memcpy(text + at + len, good + from, n);
	check_read(text, at + len + n);
}

int LLVMFuzzerTestOneInput(const uint8_t *in, size_t len)
{
	if (len > FUZZ_INPUT_MAX)
		return 0;
	check_read(in, len);
	if (len >= 3)
		check_splice(in, len);
	return 0;
}
