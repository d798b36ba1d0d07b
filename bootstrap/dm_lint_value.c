/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "bootstrap/address.h"
#include "bootstrap/dm_lint.h"
#include "bootstrap/lint_account.h"
#include "bootstrap/spelling.h"

static void add_verdict(struct dm_lint *d, const struct dm_node *n,
			const struct lint_verdict *v)
{
	if (v)
		dm_lint_add(d, v->severity, n, v->why, "%s", v->what);
}

/* What a node beside this one says; NULL if there is none, or no value. */
static const char *beside(const struct dm_lint *d, const struct dm_node *n,
			  const char *name)
{
	size_t len = (size_t)(strrchr(n->path, '/') + 1 - n->path);

	for (const struct dm_node *b = d->nodes; b; b = b->next)
		if (b->path && !strncmp(b->path, n->path, len) &&
		    !strcmp(b->path + len, name))
			return b->value;
	return NULL;
}

static void check_word(struct dm_lint *d, const struct dm_node *n,
		       const char *values)
{
	char meant[SPELLING_WORD_SIZE];

	switch (spelling_find(values, n->value, meant)) {
	case SPELLING_KNOWN:
		break;
	case SPELLING_NEAR:
		dm_lint_add(d, LINT_ERROR, n, lint_misspelt,
			    "did you mean %s? The value is \"%s\"", meant,
			    n->value);
		break;
	case SPELLING_UNKNOWN:
		dm_lint_add(d, LINT_WARNING, n,
			    "clients refuse or ignore what they do not know",
			    "unknown value \"%s\"", n->value);
		break;
	}
}

static void check_server_id(struct dm_lint *d, const struct dm_node *n,
			    const char *values)
{
	(void)values;
	add_verdict(d, n, lint_server_id(n->value, d->quirk));
}

/* values: address types that make it something else than a URL. */
static void check_url(struct dm_lint *d, const struct dm_node *n,
		      const char *values)
{
	const char *type = beside(d, n, "AddrType");
	char meant[SPELLING_WORD_SIZE];

	if (!type || spelling_find(values, type, meant) != SPELLING_KNOWN)
		add_verdict(d, n, lint_url(n->value, d->quirk));
}

static void check_port(struct dm_lint *d, const struct dm_node *n,
		       const char *values)
{
	(void)values;
	if (!address_is_port(n->value))
		dm_lint_add(d, LINT_ERROR, n, "there is no such port",
			    "is not a port from 1 to 65535");
}

static void check_nonce(struct dm_lint *d, const struct dm_node *n,
			const char *values)
{
	(void)values;
	add_verdict(d, n, lint_nonce(n->value));
}

static void check_auth_type(struct dm_lint *d, const struct dm_node *n,
			    const char *values)
{
	check_word(d, n, values);
	if (!strcmp(n->value, "DIGEST") || !strcmp(n->value, "HMAC")) {
		const char *nonce = beside(d, n, "AAuthData");

		if (!nonce || !*nonce)
			add_verdict(d, n, lint_nonce(NULL));
	}
}

static void check_reference(struct dm_lint *d, const struct dm_node *n,
			    const char *values)
{
	const char *path = dm_path(n->value);

	(void)values;
	for (const struct dm_node *m = d->nodes; m; m = m->next)
		if (m->path && dm_path_is_in(m->path, path))
			return;
	dm_lint_add(d, LINT_ERROR, n,
		    "a client has no way to connect, and refuses the account",
		    "no node of the document is \"%s\"", n->value);
}

const struct dm_rule dm_rules_112[] = {
	{ "Addr", true, check_url, "2 3" },	/* WSP, OBEX */
	{ "AddrType", false, check_word, "1 2 3" },
	{ "PortNbr", false, check_port, NULL },
	{ "ConRef", false, check_reference, NULL },
	{ "ServerId", true, check_server_id, NULL },
	{ "ServerPW", false, NULL, NULL },
	{ "ServerNonce", false, check_nonce, NULL },
	{ "UserName", false, NULL, NULL },
	{ "ClientPW", false, NULL, NULL },
	{ "ClientNonce", false, check_nonce, NULL },
	{ "AuthPref", false, check_word,
	  "syncml:auth-basic syncml:auth-md5 syncml:auth-MAC BASIC DIGEST "
	  "HMAC" },
	{ "Name", false, NULL, NULL },
	{ NULL, false, NULL, NULL },
};

#define AUTH_TYPES \
	"HTTP-BASIC HTTP-DIGEST BASIC DIGEST HMAC X509 SECURID SAFEWORD " \
	"DIGIPASS TRANSPORT"

const struct dm_rule dm_rules_12[] = {
	{ "AppID", true, check_word, "w7" },
	{ "ServerID", true, check_server_id, NULL },
	{ "Name", false, NULL, NULL },
	{ "PrefConRef", false, check_reference, NULL },
	{ "ToConRef", false, NULL, NULL },
	{ "ToConRef/*", false, NULL, NULL },
	{ "ToConRef/*/ConRef", false, check_reference, NULL },
	{ "AppAddr", false, NULL, NULL },
	{ "AppAddr/*", false, NULL, NULL },
	{ "AppAddr/*/Addr", true, check_url, "IPv4 IPv6" },
	{ "AppAddr/*/AddrType", false, check_word, "URI IPv4 IPv6" },
	{ "AppAddr/*/Port", false, NULL, NULL },
	{ "AppAddr/*/Port/*", false, NULL, NULL },
	{ "AppAddr/*/Port/*/PortNbr", false, check_port, NULL },
	{ "AAuthPref", false, check_word, AUTH_TYPES },
	{ "AppAuth", false, NULL, NULL },
	{ "AppAuth/*", false, NULL, NULL },
	{ "AppAuth/*/AAuthLevel", false, check_word,
	  "CLCRED SRVCRED OBEX HTTP" },
	{ "AppAuth/*/AAuthType", false, check_auth_type, AUTH_TYPES },
	{ "AppAuth/*/AAuthName", false, NULL, NULL },
	{ "AppAuth/*/AAuthSecret", false, NULL, NULL },
	{ "AppAuth/*/AAuthData", false, check_nonce, NULL },
	{ NULL, false, NULL, NULL },
};
