/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lint. The input is XML, and else says, octet by octet, of which words a
 * document is made.
 */
#include <stdalign.h>
#include <stdio.h>
#include <string.h>

#include "bootstrap/cp_xml.h"
#include "bootstrap/lint.h"
#include "tests/fuzz.h"
#include "wap/utf8.h"

#define TEXT_MAX 65536
#define DEPTH_MAX 6

static alignas(max_align_t) uint8_t room[XML_ARENA_MAX];

static void check_text(const char *text, size_t cap)
{
	FUZZ_CHECK(memchr(text, '\0', cap));
	FUZZ_CHECK(*text && utf8_valid(text, strlen(text)));
	FUZZ_CHECK(!strpbrk(text, "\r\n\t\x1b\x7f"));
}

static void check_findings(const struct lint *l)
{
	size_t n_errors = 0;

	FUZZ_CHECK(l->n <= LINT_FINDINGS_MAX);
	FUZZ_CHECK(l->n == LINT_FINDINGS_MAX || l->n_left_out == 0);
	for (size_t i = 0; i < l->n; i++) {
		check_text(l->findings[i].where, sizeof(l->findings[i].where));
		check_text(l->findings[i].what, sizeof(l->findings[i].what));
		check_text(l->findings[i].why, sizeof(l->findings[i].why));
		n_errors += l->findings[i].severity == LINT_ERROR;
	}
	FUZZ_CHECK(l->n_errors >= n_errors &&
		   l->n_errors <= n_errors + l->n_left_out);
}

/* Twice, since the same document must give the same findings. */
static void check_cp(struct arena *a, const struct xml_node *root,
		     const struct quirk *q)
{
	static struct lint first, second;
	struct cp_doc doc;
	struct err e;

	if (cp_xml_from_tree(a, root, &doc, &e))
		return;
	first = second = (struct lint){ .n = 0 };
	lint_cp(&doc, q, &first);
	lint_cp(&doc, q, &second);
	check_findings(&first);
	FUZZ_CHECK(!memcmp(&first, &second, sizeof(first)));
}

static void check_dm(struct arena *a, const struct xml_node *root,
		     const struct quirk *q)
{
	static struct lint l;

	l = (struct lint){ .n = 0 };
	lint_dm(a, root, q, &l);
	check_findings(&l);
}

/* The length of the input says for which client. */
static void check_xml(const char *text, size_t len)
{
	static const char *const clients[] = {
		"generic", "windows-mobile-5", "aosp", "gecko",
	};
	const struct quirk *q = quirks_find(clients[len % 4]);
	struct arena a = { .buf = room, .cap = sizeof(room) };
	struct xml_node *root;
	struct err e;

	if (xml_read(&a, text, len, &root, &e))
		return;
	if (!strcmp(root->name, "SyncML"))
		check_dm(&a, root, q);
	else
		check_cp(&a, root, q);
}

/* Names and values that the rules know, and some that they do not. */
static const char *const words[] = {
	"NAPDEF", "PXLOGICAL", "PXPHYSICAL", "PORT", "APPLICATION", "APPADDR",
	"APPAUTH", "RESOURCE", "BOOTSTRAP", "ACCESS", "NAPAUTHINFO",
	"SecurityPolicy", "CM_GPRSEntries", "VENDORCONFIG", "Napdef", "X",
	"NAPID", "NAME", "NAP-ADDRESS", "NAP-ADDRTYPE", "INTERNET", "PROXY-ID",
	"PHYSICAL-PROXY-ID", "PXADDR", "PXADDRTYPE", "TO-NAPID", "TO-PROXY",
	"PORTNBR", "SERVICE", "APPID", "PROVIDER-ID", "ADDR", "ADDRTYPE",
	"AAUTHLEVEL", "AAUTHTYPE", "AAUTHDATA", "AAUTHSECRET", "INIT", "ROLE",
	"PROTOVER", "BEARER", "w7", "W7", "w2", "APPSRV", "CLIENT", "DIGEST",
	"IPV4", "IPV6", "APN", "10.0.0.1", "::1", "https://a/", "http://a/",
	"AQIDBA==", "80", "0", "1.2", "8", "P", "", "caf\xc3\xa9",
	"a,b,,c", "4119",
};

#define N_WORDS (sizeof(words) / sizeof(words[0]))

/*
 * Each octet is a step: three of four add a parm (its name, then its value),
 * the fourth opens or closes a characteristic.
 */
static void check_words(const uint8_t *in, size_t len)
{
	static char text[TEXT_MAX];
	size_t n = 0, depth = 0;

	n += (size_t)sprintf(text, "<wap-provisioningdoc>");
	for (size_t i = 0; i + 2 < len && n < TEXT_MAX - 256; i++) {
		if (depth && in[i] >= 224) {
			n += (size_t)sprintf(text + n, "</characteristic>");
			depth--;
		} else if (!depth || (in[i] >= 192 && depth < DEPTH_MAX)) {
			n += (size_t)sprintf(text + n, "<characteristic "
					     "type=\"%s\">",
					     words[in[++i] % N_WORDS]);
			depth++;
		} else {
			n += (size_t)sprintf(text + n, "<parm name=\"%s\"",
					     words[in[i] % N_WORDS]);
			if (in[++i] & 0x40)
				n += (size_t)sprintf(text + n, " value=\"%s\"",
						     words[in[i] % N_WORDS]);
			n += (size_t)sprintf(text + n, "/>");
		}
	}
	while (depth-- > 0)
		n += (size_t)sprintf(text + n, "</characteristic>");
	n += (size_t)sprintf(text + n, "</wap-provisioningdoc>");
	check_xml(text, n);
}

static const char *const paths[] = {
	"./SyncML/DMAcc/", "./DMAcc/", "./Inbox/", "x/", "y/", "AppAuth/",
	"AppAddr/", "Port/", "1/", "ToConRef/", "Addr", "ServerID", "ServerId",
	"AppID", "AAuthLevel", "AAuthType", "AAuthData", "ServerNonce",
	"PortNbr", "ConRef", "Ext", "Name",
};

#define N_PATHS (sizeof(paths) / sizeof(paths[0]))

/* Three octets are the parts of a path, a fourth is a value. */
static void check_paths(const uint8_t *in, size_t len)
{
	static char text[TEXT_MAX];
	size_t n = 0;

	n += (size_t)sprintf(text, "<SyncML><SyncHdr><VerDTD>1.%c</VerDTD>"
			     "</SyncHdr><SyncBody>", len & 1 ? '1' : '2');
	for (; len >= 4 && n < TEXT_MAX - 256; in += 4, len -= 4)
		n += (size_t)sprintf(text + n, "<Add><Item><Target><LocURI>"
				     "%s%s%s</LocURI></Target><Data>%s</Data>"
				     "</Item></Add>", paths[in[0] % N_PATHS],
				     paths[in[1] % N_PATHS],
				     paths[in[2] % N_PATHS],
				     words[in[3] % N_WORDS]);
	n += (size_t)sprintf(text + n, "</SyncBody></SyncML>");
	check_xml(text, n);
}

int LLVMFuzzerTestOneInput(const uint8_t *in, size_t len)
{
	if (len > FUZZ_INPUT_MAX)
		return 0;
	check_xml((const char *)in, len);
	check_words(in, len);
	check_paths(in, len);
	return 0;
}
