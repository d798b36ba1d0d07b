/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/syncml_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/profile_fixture.h"

const char *const syncml_names[] = {
	"dm112-package1", "dm112-package2", "dm112-package3", "dm112-package4",
	"dm12-package1", "dm12-package2", "dm12-package3", "dm12-package4",
	NULL,
};

static _Alignas(max_align_t) uint8_t room[XML_ARENA_MAX];

static void check(int rc, const struct err *e)
{
	char text[ERR_TEXT_MAX];

	if (!rc)
		return;
	printf("Bail out! %s\n", err_text(e, text, sizeof(text)));
	exit(EXIT_FAILURE);
}

const char *syncml_file(const char *name)
{
	static char text[XML_OCTETS_MAX];
	char path[100];

	snprintf(path, sizeof(path), "syncml/%s.xml", name);
	read_test_file(path, text, sizeof(text));
	return text;
}

struct syncml_message syncml_from_text(struct arena *a, const char *xml)
{
	struct syncml_message m = { .msg_id = 0 };
	struct err e;

	check(syncml_read(a, SYNCML_XML, (const uint8_t *)xml, strlen(xml), &m,
			  &e), &e);
	return m;
}

const char *syncml_to_text(const struct syncml_message *m)
{
	static char line[XML_OCTETS_MAX], text[2 * XML_OCTETS_MAX];
	struct arena a = { .buf = room, .cap = sizeof(room) };
	struct xml_node *root = NULL;
	struct err e;
	size_t len = 0;

	check(syncml_write(&a, SYNCML_XML, m, (uint8_t *)line, sizeof(line),
			   &len, &e), &e);
	check(xml_read(&a, line, len, &root, &e), &e);
	if (xml_write(root, true, text, sizeof(text), &len))
		return "";
	return text;
}
