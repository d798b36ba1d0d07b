/* SPDX-License-Identifier: Apache-2.0 */
#include "bootstrap/xml.h"

#include <stdalign.h>
#include <string.h>

#include "tests/tap.h"
#include "tests/trees.h"

#define OUT_MAX 100000

static alignas(max_align_t) uint8_t room[XML_ARENA_MAX];
static alignas(max_align_t) uint8_t other_room[XML_ARENA_MAX];

static struct xml_node *read_xml(const char *text)
{
	struct arena a = { .buf = room, .cap = sizeof(room) };
	struct xml_node *root = NULL;
	struct err e;

	CU_ASSERT_EQUAL_FATAL(xml_read(&a, text, strlen(text), &root, &e),
			      DM_OK);
	return root;
}

/* In a buffer that the next call overwrites. */
static const char *written(const struct xml_node *root, bool indent)
{
	static char out[OUT_MAX];
	size_t len = 0;

	CU_ASSERT_EQUAL_FATAL(xml_write(root, indent, out, sizeof(out), &len),
			      DM_OK);
	CU_ASSERT_EQUAL(len, strlen(out));
	return out;
}

static void knows_names_texts_and_lines(void)
{
	const struct xml_node *a = read_xml("<!-- -->\n<a b='1' c=''>\n"
					    "<d/>\n\n x\n<d e='2'/></a>");
	const struct xml_node *d = xml_child(a, "d");

	CU_ASSERT_STRING_EQUAL(a->name, "a");
	CU_ASSERT_PTR_NULL(a->ns);
	CU_ASSERT_EQUAL(a->line, 2);
	CU_ASSERT_STRING_EQUAL(xml_attribute(a, "b"), "1");
	CU_ASSERT_STRING_EQUAL(xml_attribute(a, "c"), "");
	CU_ASSERT_PTR_NULL(xml_attribute(a, "d"));
	CU_ASSERT_STRING_EQUAL(xml_text(a), "\n\n x\n");
	CU_ASSERT_PTR_NULL(xml_child(a, "x"));
	CU_ASSERT_EQUAL(d->line, 3);
	CU_ASSERT_STRING_EQUAL(xml_text(d), "");
	CU_ASSERT_PTR_NULL(d->next->name);
	CU_ASSERT_STRING_EQUAL(d->next->text, "\n\n x\n");
	d = xml_next(d, "d");
	CU_ASSERT_STRING_EQUAL(xml_attribute(d, "e"), "2");
	CU_ASSERT_EQUAL(d->line, 6);
	CU_ASSERT_PTR_NULL(xml_next(d, "d"));
}

static void indents_elements_but_no_texts(void)
{
	const struct xml_node *root = read_xml(
		"<a><b c='1'><d/><e>t<f><g/></f></e></b><h/></a>");

	CU_ASSERT_STRING_EQUAL(written(root, true),
			       "<a>\n"
			       "  <b c=\"1\">\n"
			       "    <d/>\n"
			       "    <e>t<f><g/></f></e>\n"
			       "  </b>\n"
			       "  <h/>\n"
			       "</a>\n");
}

static const struct xml_node *short_tree;

static void check_short(uint8_t *out, size_t cap)
{
	size_t len = 77;

	CU_ASSERT_EQUAL(xml_write(short_tree, true, (char *)out, cap, &len),
			DM_ENOSPC);
	CU_ASSERT_EQUAL(len, 77);
}

static void refuses_every_short_buffer(void)
{
	short_tree = read_xml(
		"<a b='1'>\n<c d='2&amp;'>t&lt;</c><e/>\n</a>");
	tap_each_short(strlen(written(short_tree, true)) + 1, check_short);
}

/* --------------------------- any tree at all --------------------------- */

static const char *any_text(uint64_t *state, struct arena *a)
{
	static const char *const pieces[] = {
		"x", "&", "<", ">", "\"", "'", " ", "\t", "\n", "\r", "]]>",
		"&amp;", "\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x98\x80",
		"\xef\xbf\xbd", "\x7f", "<!-- ",
	};
	size_t n = tap_random_below(state, 6);
	char text[64] = "";

	while (n-- > 0)
		strcat(text, pieces[tap_random_below(state, 18)]);
	return arena_text(a, text, strlen(text));
}

static const char *any_name(uint64_t *state)
{
	static const char *const names[] = {
		"a", "parm", "x-y.z", "_1", "\xc3\xa9", "xmlish",
	};

	return names[tap_random_below(state, 6)];
}

static struct xml_node *any_node(uint64_t *state, struct arena *a,
				 size_t depth)
{
	static const char *const names[] = { "a", "b", "c" };
	static const char *const spaces[] = { NULL, NULL, "u", "urn:v?w&x" };
	struct xml_node *n = arena_alloc(a, sizeof(*n));
	struct xml_attribute **x = &n->attributes;
	struct xml_node **end = &n->children;
	bool was_text = false;

	n->name = any_name(state);
	n->ns = spaces[tap_random_below(state, 4)];
	for (size_t i = tap_random_below(state, 4); i > 0; i--) {
		*x = arena_alloc(a, sizeof(**x));
		(*x)->name = names[i - 1];
		(*x)->value = any_text(state, a);
		x = &(*x)->next;
	}
	for (size_t i = tap_random_below(state, 4); i > 0 && depth > 1; i--) {
		was_text = !was_text && tap_random_below(state, 3) == 0;
		if (was_text) {
			*end = arena_alloc(a, sizeof(**end));
			(*end)->text = "x";	/* a text is more than blank */
			if (tap_random_below(state, 2))
				(*end)->text = any_text(state, a);
			if (!strpbrk((*end)->text, "x&<>\"'\xc3\xe2\xf0\xef"))
				(*end)->text = "x";
		} else {
			*end = any_node(state, a, depth - 1);
		}
		end = &(*end)->next;
	}
	return n;
}

static void survives_a_round_trip(uint64_t *state)
{
	struct arena a = { .buf = other_room, .cap = sizeof(other_room) };
	size_t depth = 1 + tap_random_below(state, 7);
	const struct xml_node *tree = any_node(state, &a, depth);
	struct xml_node *again;

	again = read_xml(written(tree, false));
	CU_ASSERT(trees_same_xml(tree, again));
	again = read_xml(written(tree, true));
	CU_ASSERT(trees_same_xml(tree, again));
}

static void reads_any_tree_that_it_wrote(void)
{
	tap_property(2000, survives_a_round_trip);
}

static bool valid(const char *text)
{
	return xml_text_valid(text, strlen(text));
}

static void knows_what_text_it_can_hold(void)
{
	CU_ASSERT(valid(""));
	CU_ASSERT(valid(" \t\r\n~\x7f\xc2\x80\xed\x9f\xbf\xee\x80\x80"));
	CU_ASSERT(valid("\xef\xbf\xbd\xf0\x90\x80\x80\xf4\x8f\xbf\xbf"));
	CU_ASSERT(!valid("\xef\xbf\xbe"));
	CU_ASSERT(!valid("x\xef\xbf\xbf"));
	CU_ASSERT(!valid("\xed\xa0\x80"));
	CU_ASSERT(!valid("\xff"));
	CU_ASSERT(!xml_text_valid("", 1));
	for (char c = 1; c < ' '; c++) {
		char text[] = { 'x', c, '\0' };

		CU_ASSERT_EQUAL(valid(text), c == '\t' || c == '\r' ||
				c == '\n');
	}
}

static CU_TestInfo tests[] = {
	{ "knows names, texts and lines", knows_names_texts_and_lines },
	{ "indents elements but no texts", indents_elements_but_no_texts },
	{ "refuses every short buffer", refuses_every_short_buffer },
	{ "reads any tree that it wrote", reads_any_tree_that_it_wrote },
	{ "knows what text it can hold", knows_what_text_it_can_hold },
	CU_TEST_INFO_NULL,
};

int main(void)
{
	return tap_run("xml_tree", tests);
}
