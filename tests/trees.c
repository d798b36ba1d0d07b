/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/trees.h"

#include <stdlib.h>
#include <string.h>

#include "bootstrap/cp_tokens.h"
#include "tests/tap.h"

static bool same_text(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

static bool same_attributes(const struct xml_attribute *a,
			    const struct xml_attribute *b)
{
	for (; a && b; a = a->next, b = b->next)
		if (strcmp(a->name, b->name) || strcmp(a->value, b->value))
			return false;
	return !a && !b;
}

bool trees_same_xml(const struct xml_node *a, const struct xml_node *b)
{
	if (!same_text(a->name, b->name) || !same_text(a->ns, b->ns) ||
	    !same_text(a->text, b->text) ||
	    !same_attributes(a->attributes, b->attributes))
		return false;
	a = a->children;
	b = b->children;
	for (; a && b; a = a->next, b = b->next)
		if (!trees_same_xml(a, b))
			return false;
	return !a && !b;
}

static bool same_nodes(const struct cp_node *a, const struct cp_node *b)
{
	for (; a && b; a = a->next, b = b->next)
		if (a->is_parm != b->is_parm || strcmp(a->name, b->name) ||
		    !same_text(a->value, b->value) ||
		    !same_nodes(a->children, b->children))
			return false;
	return !a && !b;
}

bool trees_same_cp(const struct cp_doc *a, const struct cp_doc *b)
{
	return same_text(a->version, b->version) &&
	       same_nodes(a->nodes, b->nodes);
}

/* The text of any token of an attribute. */
static const char *any_token(uint64_t *state, enum cp_attribute attribute)
{
	const struct cp_token *t;

	do
		t = cp_token_read((uint8_t)tap_random_below(state, 2),
				  (uint8_t)tap_random(state));
	while (!t || !t->text || t->attribute != attribute);
	return t->text;
}

/* Up to four pieces, of tokens and others. */
static const char *any_text(uint64_t *state)
{
	static const char *const pieces[] = {
		"", "x", " ", "  ", "\t", "\n", "\r", ",", "MANAGER", "HAPPY",
		"1.0", "1.1", "http://", "&<>\"'", "\xc3\xa9", "\xe2\x82\xac",
		"\xf0\x9f\x98\x80", "\xc2\x80", "apn", "Chap",
	};
	static char text[200];
	size_t n = tap_random_below(state, 5);

	text[0] = '\0';
	while (n-- > 0)
		strcat(text, tap_random_below(state, 3) ?
			     pieces[tap_random_below(state, 20)] :
			     any_token(state, CP_VALUE));
	return text;
}

static void check(const void *added)
{
	if (!added)
		abort();
}

static void add_parm(uint64_t *state, struct arena *a, struct cp_node **end)
{
	const char *value = NULL;
	char name[200];

	strcpy(name, tap_random_below(state, 3) ?
		     any_token(state, CP_NAME) : any_text(state));
	if (tap_random_below(state, 8))
		value = tap_random_below(state, 2) ? any_text(state) :
			any_token(state, CP_VALUE);
	check(cp_add(a, end, true, name, value));
}

static void add_nodes(uint64_t *state, struct arena *a, struct cp_node **end,
		      size_t depth)
{
	size_t n = 1 + tap_random_below(state, 4);

	for (; n > 0; n--, end = &(*end)->next) {
		if (depth > 0 && tap_random_below(state, 2)) {
			add_parm(state, a, end);
			continue;
		}
		if (depth == CP_DEPTH_MAX)
			return;
		check(cp_add(a, end, false, tap_random_below(state, 3) ?
			     any_token(state, CP_TYPE) : any_text(state),
			     NULL));
		if (tap_random_below(state, n))		/* one goes deep */
			continue;
		add_nodes(state, a, &(*end)->children, depth + 1);
	}
}

struct cp_doc trees_any_cp(uint64_t *state, struct arena *a)
{
	static const char *const versions[] = {
		NULL, "1.0", "1.1", "", "1.0x",
	};
	struct cp_doc doc = { .version = versions[tap_random_below(state, 5)] };

	if (tap_random_below(state, 20))
		add_nodes(state, a, &doc.nodes, 0);
	return doc;
}
