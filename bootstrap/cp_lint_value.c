/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "bootstrap/address.h"
#include "bootstrap/cp_lint.h"
#include "bootstrap/spelling.h"

static bool is_ip(const char *text)
{
	return address_is_ipv4(text) || address_is_ipv6(text);
}

static void check_number(struct cp_lint *c, const struct cp_place *p,
			 const struct cp_rule *r)
{
	(void)r;
	if (!spelling_is_number(p->node->value))
		cp_lint_add(c, LINT_ERROR, p, "a device cannot read it",
			    "is not a number");
}

static void check_port(struct cp_lint *c, const struct cp_place *p,
		       const struct cp_rule *r)
{
	(void)r;
	if (!address_is_port(p->node->value))
		cp_lint_add(c, LINT_ERROR, p, "there is no such port",
			    "is not a port from 1 to 65535");
}

static void check_ip(struct cp_lint *c, const struct cp_place *p,
		     const struct cp_rule *r)
{
	(void)r;
	if (!is_ip(p->node->value))
		cp_lint_add(c, LINT_ERROR, p, "a device cannot read it",
			    "is not an IPv4 or IPv6 address");
}

/* ------------------------------- addresses ------------------------------- */

static bool is_no_ip(const char *text)
{
	return !is_ip(text);
}

/* What an address of a type looks like; the first that it breaks counts. */
static const struct {
	const char *type;
	bool (*fits)(const char *text);
	enum lint_severity severity;
	const char *what;
} address_rules[] = {
	{ "IPV4", address_is_ipv4, LINT_ERROR, "is not an IPv4 address" },
	{ "IPV6", address_is_ipv6, LINT_ERROR, "is not an IPv6 address" },
	{ "E164", address_is_e164, LINT_ERROR, "is not a telephone number" },
	{ "APN", is_no_ip, LINT_ERROR, "is an IP address, not an APN" },
	{ "APN", address_is_apn, LINT_WARNING,
	  "has characters that no APN has" },
};

#define N_ADDRESS_RULES (sizeof(address_rules) / sizeof(address_rules[0]))

void cp_lint_address(struct cp_lint *c, const struct cp_place *p,
		     const struct cp_rule *r)
{
	const char *address = p->node->value;
	const char *type = cp_value(p->siblings, r->values);

	if (!type)
		type = "";
	if (is_ip(type))
		return;		/* swapped: the type's own finding says so */
	if (!strcmp(address, "IPV4") || !strcmp(address, "IPV6") ||
	    !strcmp(address, "E164")) {
		cp_lint_add(c, LINT_ERROR, p,
			    "a device tries to reach an address of this name",
			    "is a type of address: it belongs in %s",
			    r->values);
		return;
	}
	for (size_t i = 0; i < N_ADDRESS_RULES; i++) {
		if (strcmp(address_rules[i].type, type) ||
		    address_rules[i].fits(address))
			continue;
		cp_lint_add(c, address_rules[i].severity, p,
			    "a device reads it as the type says, and fails",
			    "%s, but %s is %s", address_rules[i].what,
			    r->values, type);
		return;
	}
}

/* --------------------------------- words --------------------------------- */

static void check_word(struct cp_lint *c, const struct cp_place *p,
		       const struct cp_rule *r, const char *word)
{
	char meant[SPELLING_WORD_SIZE];

	switch (spelling_find(r->values, word, meant)) {
	case SPELLING_KNOWN:
		return;
	case SPELLING_NEAR:
		cp_lint_add(c, LINT_ERROR, p, lint_misspelt,
			    "did you mean %s? The value is \"%s\"", meant,
			    word);
		return;
	case SPELLING_UNKNOWN:
		break;
	}
	if (is_ip(word))
		cp_lint_add(c, LINT_ERROR, p,
			    "a device looks for the address in another parm",
			    "is an address, where a word like %.*s is due",
			    (int)strcspn(r->values, " "), r->values);
	else
		cp_lint_add(c, LINT_WARNING, p,
			    "devices skip what holds a value that they do not "
			    "know", "unknown value \"%s\"", word);
}

/* ProvCont 1.1 has a token for the comma of "HTTP-BASIC,HTTP-DIGEST". */
void cp_lint_enum(struct cp_lint *c, const struct cp_place *p,
		  const struct cp_rule *r)
{
	char word[2 * SPELLING_WORD_SIZE];
	const char *value = p->node->value;

	for (;;) {
		size_t len = strcspn(value, ",");

		snprintf(word, sizeof(word), "%.*s", (int)len, value);
		check_word(c, p, r, word);
		if (!value[len])
			return;
		value += len + 1;
	}
}

/* Anybody may register an application: only letter case is surely wrong. */
static void check_appid(struct cp_lint *c, const struct cp_place *p,
			const struct cp_rule *r)
{
	char meant[SPELLING_WORD_SIZE];

	if (spelling_find(r->values, p->node->value, meant) == SPELLING_NEAR &&
	    !strcasecmp(meant, p->node->value))
		cp_lint_enum(c, p, r);
}

/* ------------------------------- references ------------------------------- */

/* The value of the parm, if need be of one with nearly its name; or NULL. */
static const char *value_of(const struct cp_node *list, const char *name)
{
	const char *value = cp_value(list, name);

	for (; list && !value; list = list->next)
		if (spelling_is_near(list->name, name))
			value = list->value;
	return value;
}

/* Does a characteristic of this type, before end, have this name? */
static bool is_defined(const struct cp_node *list, const struct cp_node *end,
		       const char *type, const char *parm, const char *name)
{
	for (; list != end; list = list->next) {
		const char *value = value_of(list->children, parm);

		if (value && !strcmp(value, name) &&
		    spelling_is_near(list->name, type))
			return true;
	}
	return false;
}

static bool has_physical_proxy(const struct cp_node *list, const char *name)
{
	for (; list; list = list->next)
		if (is_defined(list->children, NULL, "PXPHYSICAL",
			       "PHYSICAL-PROXY-ID", name))
			return true;
	return false;
}

static void check_definition(struct cp_lint *c, const struct cp_place *p,
			     const struct cp_rule *r)
{
	if (is_defined(c->doc->nodes, p->parent->node, r->parent, r->name,
		       p->node->value))
		cp_lint_add(c, LINT_ERROR, p,
			    "devices differ in which one they take",
			    "another %s has the name \"%s\"", r->parent,
			    p->node->value);
}

static bool has_internet(const struct cp_node *list)
{
	for (; list; list = list->next)
		if (spelling_is_near(list->name, "NAPDEF") &&
		    cp_parm(list->children, "INTERNET"))
			return true;
	return false;
}

static void check_to_napid(struct cp_lint *c, const struct cp_place *p,
			   const struct cp_rule *r)
{
	const struct cp_node *all = c->doc->nodes;
	const char *name = p->node->value;

	(void)r;
	if (!strcmp(name, "INTERNET")) {
		if (!has_internet(all))
			cp_lint_add(c, LINT_WARNING, p,
				    "it works only if the device has one "
				    "already", "no NAPDEF of the document has "
				    "INTERNET");
	} else if (!is_defined(all, NULL, "NAPDEF", "NAPID", name)) {
		cp_lint_add(c, LINT_ERROR, p,
			    "a device has no way to connect, and refuses it",
			    "no NAPDEF of the document is \"%s\"", name);
	}
}

static void check_to_proxy(struct cp_lint *c, const struct cp_place *p,
			   const struct cp_rule *r)
{
	const struct cp_node *all = c->doc->nodes;
	const char *name = p->node->value;

	(void)r;
	if (!is_defined(all, NULL, "PXLOGICAL", "PROXY-ID", name) &&
	    !has_physical_proxy(all, name))
		cp_lint_add(c, LINT_ERROR, p,
			    "a device has no way to connect, and refuses it",
			    "no proxy of the document is \"%s\"", name);
}

/* --------------------------------- value --------------------------------- */

static void (*const checks[CP_KINDS])(struct cp_lint *c,
				      const struct cp_place *p,
				      const struct cp_rule *r) = {
	[CP_NUMBER] = check_number,
	[CP_PORT] = check_port,
	[CP_IP] = check_ip,
	[CP_ADDRESS] = cp_lint_address,
	[CP_ENUM] = cp_lint_enum,
	[CP_APPID] = check_appid,
	[CP_NAPID] = check_definition,
	[CP_PROXY_ID] = check_definition,
	[CP_TO_NAPID] = check_to_napid,
	[CP_TO_PROXY] = check_to_proxy,
	[CP_SERVER_ID] = cp_lint_server_id,
	[CP_URL] = cp_lint_url,
	[CP_AUTH_TYPE] = cp_lint_auth_type,
	[CP_NONCE] = cp_lint_nonce,
	[CP_PROTOVER] = cp_lint_protover,
};

static void check_empty(struct cp_lint *c, const struct cp_place *p,
			const struct cp_rule *r)
{
	bool required = r->occurs == CP_ONE || r->occurs == CP_SOME;
	bool text = r->kind == CP_LABEL || r->kind == CP_TEXT;

	if (r->kind == CP_MAYBE || r->kind == CP_NONCE)
		return;
	if (r->kind == CP_URL || (required && r->kind != CP_LABEL))
		cp_lint_add(c, LINT_ERROR, p,
			    "a device refuses it as if it were not there",
			    "has no value");
	else if (required || !text || !p->node->value)
		cp_lint_add(c, LINT_WARNING, p,
			    "devices differ in what they take then",
			    "has no value");
}

void cp_lint_value(struct cp_lint *c, const struct cp_place *p,
		   const struct cp_rule *r)
{
	const char *value = p->node->value;

	if (r->kind == CP_PRESENCE) {
		if (value)
			cp_lint_add(c, LINT_WARNING, p,
				    "that it is there is what counts: also 0 "
				    "or \"no\" switches it on",
				    "has a value, but takes none");
	} else if (!value || !*value) {
		check_empty(c, p, r);
	} else if (checks[r->kind]) {
		checks[r->kind](c, p, r);
	}
}
