/* SPDX-License-Identifier: Apache-2.0 */
#include "bootstrap/dm_profile.h"

#include <stdalign.h>
#include <stdio.h>
#include <string.h>

#include "tests/tap.h"
#include "tests/trees.h"
#include "tests/vectors.h"

#define TEXT_MAX (64 * 1024)

#define DM_12 "<SyncML xmlns=\"SYNCML:SYNCML1.2\"><SyncHdr><VerDTD>1.2" \
	"</VerDTD></SyncHdr><SyncBody>"
#define DM_11 "<SyncML xmlns=\"SYNCML:SYNCML1.1\"><SyncHdr><VerDTD>1.1" \
	"</VerDTD></SyncHdr><SyncBody>"
#define END "</SyncBody></SyncML>"
#define ITEM(uri, inner) "<Add><Item><Target><LocURI>" uri "</LocURI>" \
	"</Target>" inner "</Item></Add>"
#define FORMAT(format) "<Meta><Format xmlns=\"syncml:metinf\">" format \
	"</Format></Meta>"
#define TYPE(type) "<Meta><Type xmlns=\"syncml:metinf\">" type \
	"</Type></Meta>"
#define TNDS "application/vnd.syncml.dmtnds"
#define TREE(ns, format) "<MgmtTree" ns "><VerDTD>1.2</VerDTD><Node>" \
	"<NodeName>AAuthData</NodeName><RTProperties><Format><" format "/>" \
	"</Format></RTProperties><Value>QUJD</Value></Node></MgmtTree>"
#define NS_TREE " xmlns=\"syncml:dmddf1.2\""
#define MENDED DM_12 ITEM("./Inbox", TYPE(TNDS "+wbxml") \
	"<Data>" TREE(NS_TREE, "b64") "</Data>") END

static alignas(max_align_t) uint8_t room[XML_ARENA_MAX];
static char text[TEXT_MAX];
static uint8_t octets[TEXT_MAX];

static struct arena new_arena(void)
{
	return (struct arena){ .buf = room, .cap = sizeof(room) };
}

static int read_text(struct arena *a, const char *xml, struct xml_node **root,
		     struct err *e)
{
	e->code = DM_OK;
	return dm_profile_read(a, xml, strlen(xml), root, e);
}

static struct xml_node *must_read(struct arena *a, const char *xml)
{
	struct xml_node *root = NULL;
	struct err e;
	int rc = read_text(a, xml, &root, &e);

	if (rc)
		printf("# %s\n", e.came);
	CU_ASSERT_EQUAL_FATAL(rc, DM_OK);
	return root;
}

static struct xml_node *plain_tree(struct arena *a, const char *xml)
{
	struct xml_node *root = NULL;
	struct err e;

	CU_ASSERT_EQUAL_FATAL(xml_read(a, xml, strlen(xml), &root, &e), DM_OK);
	return root;
}

static size_t must_encode(struct arena *a, const struct xml_node *root)
{
	size_t len = 0;
	struct err e;

	CU_ASSERT_EQUAL_FATAL(dm_profile_encode(a, root, octets,
						sizeof(octets), &len, &e),
			      DM_OK);
	return len;
}

static struct xml_node *must_decode(struct arena *a, size_t len)
{
	struct xml_node *root = NULL;
	struct err e;

	CU_ASSERT_EQUAL_FATAL(dm_profile_decode(a, octets, len, &root, &e),
			      DM_OK);
	return root;
}

/* In a buffer that the next call overwrites. */
static const char *written(struct arena *a, const struct xml_node *root,
			   bool show_secrets)
{
	size_t len = 0;

	CU_ASSERT_EQUAL_FATAL(dm_profile_write(a, root, show_secrets, text,
					       sizeof(text), &len), DM_OK);
	CU_ASSERT_EQUAL(len, strlen(text));
	return text;
}

/* -------------------------------- vectors -------------------------------- */

static void each_dm(void (*test)(const json_t *v))
{
	const json_t *all = vectors_section("bootstrap", "vectors");
	const json_t *v;
	size_t i, n = 0;

	json_array_foreach(all, i, v) {
		if (strcmp(vector_text(v, "kind"), "dm"))
			continue;
		test(v);
		n++;
	}
	CU_ASSERT_EQUAL(n, 4);
}

static void check_vector(const json_t *v)
{
	struct arena a = new_arena();
	const char *xml = vector_text(v, "xml");
	struct xml_node *root = must_read(&a, xml);
	uint8_t want[VECTOR_OCTETS_MAX];
	size_t want_len = vector_hex(v, "wbxml_hex", want);
	size_t len = must_encode(&a, root);

	CU_ASSERT(trees_same_xml(root, plain_tree(&a, xml)));
	CU_ASSERT(tap_same(octets, len, want, want_len));
	CU_ASSERT(trees_same_xml(must_decode(&a, len), root));
}

static void reads_encodes_and_decodes_the_vectors(void)
{
	each_dm(check_vector);
}

static void check_written(const json_t *v)
{
	struct arena a = new_arena();
	struct xml_node *root = must_read(&a, vector_text(v, "xml"));
	const char *shown = written(&a, root, true);

	CU_ASSERT_PTR_NOT_NULL(strstr(shown, "clientpw"));
	CU_ASSERT(trees_same_xml(must_read(&a, shown), root));
}

static void writes_what_it_reads_again(void)
{
	each_dm(check_written);
}

static void check_masked(const json_t *v)
{
	static const char *const secrets[] = {
		"clientpw", "serverpw", "s3cr3t", "Y2xpZW50bm9uY2Ux",
		"c2VydmVybm9uY2Ux",
	};
	struct arena a = new_arena();
	struct xml_node *root = must_read(&a, vector_text(v, "xml"));
	const char *masked = written(&a, root, false);

	for (size_t i = 0; i < sizeof(secrets) / sizeof(secrets[0]); i++)
		CU_ASSERT_PTR_NULL(strstr(masked, secrets[i]));
	CU_ASSERT_PTR_NOT_NULL(strstr(masked, ">***<"));
	CU_ASSERT_PTR_NOT_NULL(strstr(masked, "device42"));
	CU_ASSERT_PTR_NOT_NULL(strstr(written(&a, root, true), "clientpw"));
}

static void masks_secrets(void)
{
	each_dm(check_masked);
}

/* --------------------------------- mend --------------------------------- */

/* What comes, and the document that it means. */
static const struct {
	const char *in, *out;
} mended[] = {
	/* format bin, nonces */
	{ DM_12 ITEM("./DMAcc/x/AAuthData", FORMAT("bin") "<Data>QUJD</Data>")
	  END,
	  DM_12 ITEM("./DMAcc/x/AAuthData", FORMAT("b64") "<Data>QUJD</Data>")
	  END },
	{ DM_11 ITEM("./x", FORMAT("bin")) END,
	  DM_11 ITEM("./x", FORMAT("b64")) END },
	{ DM_12 "<Add>" FORMAT("bin") "<Item><Data>QUJD</Data></Item></Add>"
	  END,
	  DM_12 "<Add>" FORMAT("b64") "<Item><Data>QUJD</Data></Item></Add>"
	  END },
	{ DM_12 ITEM("./x", FORMAT("chr") "<Data>bin</Data>") END,
	  DM_12 ITEM("./x", FORMAT("chr") "<Data>bin</Data>") END },
	{ DM_11 ITEM("./x/ClientNonce", "<Data/>") END,
	  DM_11 ITEM("./x/ClientNonce", "<Data/>") END },

	/* namespaces of Meta */
	{ DM_12 ITEM("./x", "<Meta><Format>chr</Format><Type>text/plain</Type>"
		     "</Meta><Data>a</Data>") END,
	  DM_12 ITEM("./x", "<Meta><Format xmlns=\"syncml:metinf\">chr"
		     "</Format><Type xmlns=\"syncml:metinf\">text/plain"
		     "</Type></Meta><Data>a</Data>") END },
	{ DM_12 ITEM("./x", "<Meta xmlns=\"syncml:metinf\"><Format>chr"
		     "</Format></Meta>") END,
	  DM_12 ITEM("./x", FORMAT("chr")) END },
	{ "<s:SyncML xmlns:s=\"SYNCML:SYNCML1.1\"><s:SyncHdr><s:VerDTD>1.1"
	  "</s:VerDTD></s:SyncHdr><s:SyncBody><s:Add/></s:SyncBody>"
	  "</s:SyncML>",
	  DM_11 "<Add/>" END },

	/* TNDS */
	{ DM_12 ITEM("./Inbox", TYPE(TNDS "+wbxml") "<Data>"
		     TREE(NS_TREE, "bin") "</Data>") END, MENDED },
	{ DM_12 ITEM("./Inbox", TYPE(TNDS "+wbxml") "<Data>"
		     TREE("", "b64") "</Data>") END, MENDED },
	{ DM_12 ITEM("./Inbox", TYPE(TNDS "+xml") "<Data>"
		     TREE(NS_TREE, "b64") "</Data>") END, MENDED },
	{ DM_12 ITEM("./Inbox", TYPE("text/plain") "<Data>"
		     TREE(NS_TREE, "b64") "</Data>") END, MENDED },
	{ DM_12 ITEM("./Inbox", "<Meta/><Data>" TREE(NS_TREE, "b64")
		     "</Data>") END, MENDED },
	{ DM_12 ITEM("./Inbox", "<Data>" TREE(NS_TREE, "b64") "</Data>") END,
	  MENDED },
	{ DM_12 ITEM("./Inbox", TYPE(TNDS "+xml") "<Data><![CDATA["
		     TREE(NS_TREE, "b64") "]]></Data>") END, MENDED },
	{ DM_12 ITEM("./Inbox", TYPE(TNDS "+wbxml") "<Data>\n <![CDATA["
		     "<?xml version=\"1.0\"?>\n<!DOCTYPE MgmtTree>\n"
		     TREE("", "bin") "]]>\n</Data>") END, MENDED },
	{ DM_12 ITEM("./Inbox", "<Data>&lt;MgmtTree&gt;&lt;VerDTD&gt;1.2"
		     "&lt;/VerDTD>&lt;/MgmtTree></Data>") END,
	  DM_12 ITEM("./Inbox", TYPE(TNDS "+wbxml") "<Data><MgmtTree" NS_TREE
		     "><VerDTD>1.2</VerDTD></MgmtTree></Data>") END },
	{ DM_12 ITEM("./Inbox", FORMAT("xml") "<Data>" TREE("", "b64")
		     "</Data>") END,
	  DM_12 ITEM("./Inbox", "<Meta><Type xmlns=\"syncml:metinf\">" TNDS
		     "+wbxml</Type><Format xmlns=\"syncml:metinf\">xml"
		     "</Format></Meta><Data>" TREE(NS_TREE, "b64") "</Data>")
	  END },
	{ DM_12 "<Add>" TYPE(TNDS "+xml") "<Item><Data>" TREE("", "b64")
	  "</Data></Item></Add>" END,
	  DM_12 "<Add>" TYPE(TNDS "+wbxml") "<Item>" TYPE(TNDS "+wbxml")
	  "<Data>" TREE(NS_TREE, "b64") "</Data></Item></Add>" END },
	{ DM_12 ITEM("./Inbox", TYPE("Application/vnd.Syncml.dmtnds+XML")) END,
	  DM_12 ITEM("./Inbox", TYPE(TNDS "+wbxml")) END },

	/* what must stay as it is */
	{ DM_12 "<Atomic><Add/></Atomic>" END,
	  DM_12 "<Atomic><Add/></Atomic>" END },
	{ DM_12 ITEM("./x", "<Data> &lt;a&gt; &amp; \xc3\xa4\t </Data>") END,
	  DM_12 ITEM("./x", "<Data> &lt;a&gt; &amp; \xc3\xa4\t </Data>") END },
	{ DM_12 ITEM("./Inbox", TYPE(TNDS "+wbxml") "<Data><MgmtTree" NS_TREE
		     "><Node><NodeName> a&#10;&#13;</NodeName></Node>"
		     "</MgmtTree></Data>") END,
	  DM_12 ITEM("./Inbox", TYPE(TNDS "+wbxml") "<Data><MgmtTree" NS_TREE
		     "><Node><NodeName> a&#10;&#13;</NodeName></Node>"
		     "</MgmtTree></Data>") END },
};

static void mends_what_libwbxml_would_get_wrong(void)
{
	for (size_t i = 0; i < sizeof(mended) / sizeof(mended[0]); i++) {
		struct arena a = new_arena();
		struct xml_node *want = plain_tree(&a, mended[i].out);
		struct xml_node *root = must_read(&a, mended[i].in);
		bool same = trees_same_xml(root, want);

		CU_ASSERT(same);
		if (!same)
			printf("# document %zu: %s\n", i,
			       written(&a, root, true));
		CU_ASSERT(trees_same_xml(
			must_decode(&a, must_encode(&a, root)), want));
	}
}

/* -------------------------------- refusals -------------------------------- */

static const struct {
	const char *xml;
	int code;
	const char *came;
} bad[] = {
	{ "<a", DM_EPROTO, "it ends too early" },
	{ "<wap-provisioningdoc/>", DM_EPROTO, "line 1: another root" },
	{ "<SyncML/>", DM_EPROTO, "line 1: another root" },
	{ "<SyncML xmlns=\"SYNCML:SYNCML1.0\"/>", DM_EPROTO, "another root" },
	{ "<syncml xmlns=\"SYNCML:SYNCML1.2\"/>", DM_EPROTO, "another root" },
	{ "<SyncML xmlns=\"SYNCML:SYNCML1.2\"/>", DM_EINVAL,
	  "another VerDTD, or none" },
	{ "<SyncML xmlns=\"SYNCML:SYNCML1.2\"><SyncHdr/></SyncML>", DM_EINVAL,
	  "another VerDTD, or none" },
	{ "<SyncML xmlns=\"SYNCML:SYNCML1.2\"><SyncHdr>\n<VerDTD>1.1</VerDTD>"
	  "</SyncHdr><SyncBody><Add/></SyncBody></SyncML>", DM_EINVAL,
	  "line 2: another VerDTD, or none" },
	{ "<SyncML xmlns=\"SYNCML:SYNCML1.1\"><SyncHdr><VerDTD>1.1</VerDTD>"
	  "</SyncHdr></SyncML>", DM_EINVAL, "nothing is added" },
	{ DM_12 "<Final/>" END, DM_EINVAL, "nothing is added" },
	{ DM_12 "\n<Add a=\"b\"/>" END, DM_EINVAL, "line 2: an attribute" },
	{ DM_12 "<Add xmlns=\"x\"/>" END, DM_EINVAL,
	  "an element of another namespace" },

	/* values */
	{ DM_12 ITEM("./x", FORMAT("b64") "<Data>s3cr3t!</Data>") END,
	  DM_EINVAL, "line 1: a value that is not base64" },
	{ DM_12 ITEM("./x", FORMAT("bin") "<Data>QUJD </Data>") END,
	  DM_EINVAL, "a value that is not base64" },
	{ DM_12 ITEM("./DMAcc/x/AAuthData", FORMAT("chr") "<Data>s3c</Data>")
	  END, DM_EINVAL, "a value that is not base64" },
	{ DM_11 ITEM("./SyncML/DMAcc/x/ServerNonce", "<Data>a</Data>") END,
	  DM_EINVAL, "a value that is not base64" },
	{ DM_11 ITEM("ClientNonce", "<Data>a</Data>") END,
	  DM_EINVAL, "a value that is not base64" },
	{ DM_12 "<Add>" FORMAT("bin") "<Item><Data>a</Data></Item></Add>" END,
	  DM_EINVAL, "a value that is not base64" },
	{ DM_12 ITEM("./Inbox", "<Data><MgmtTree><Node><NodeName>x</NodeName>"
		     "<RTProperties><Format><bin/></Format></RTProperties>"
		     "<Value>s3cr3t!</Value></Node></MgmtTree></Data>") END,
	  DM_EINVAL, "a value that is not base64" },
	{ DM_12 ITEM("./Inbox", "<Data><MgmtTree><Node><NodeName>ClientNonce"
		     "</NodeName><Value>s3cr3t!</Value></Node></MgmtTree>"
		     "</Data>") END,
	  DM_EINVAL, "a value that is not base64" },
	{ DM_12 ITEM("./x", "<Data>a\nb</Data>") END, DM_EINVAL,
	  "a line break in Data" },
	{ DM_12 ITEM("./x", "<Data>a&#13;</Data>") END, DM_EINVAL,
	  "a line break in Data" },

	/* TNDS */
	{ DM_11 ITEM("./Inbox", "<Data><MgmtTree/></Data>") END, DM_EINVAL,
	  "a MgmtTree" },
	{ DM_12 ITEM("./Inbox", "<MgmtTree/>") END, DM_EINVAL, "a MgmtTree" },
	{ DM_12 ITEM("./Inbox", "<Data>&lt;MgmtTree&gt;</Data>") END,
	  DM_EPROTO, "line 1: " },
	{ DM_12 ITEM("./Inbox", "<Data><MgmtTree a=\"b\"/></Data>") END,
	  DM_EINVAL, "an attribute" },
	{ DM_12 ITEM("./Inbox", "<Data><MgmtTree xmlns=\"x\"/></Data>") END,
	  DM_EINVAL, "an element of another namespace" },
	{ DM_11 ITEM("./Inbox", TYPE(TNDS "+wbxml")) END, DM_EINVAL,
	  "a type that stands for an embedded document" },
	{ DM_12 ITEM("./x", TYPE("application/vnd.syncml-devinf+xml")) END,
	  DM_EINVAL, "a type that stands for an embedded document" },
	{ DM_12 ITEM(TNDS "+xml", "<Data>a</Data>") END,
	  DM_EINVAL, "a type that stands for an embedded document" },
};

static void refuses_what_cannot_be_mended(void)
{
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct arena a = new_arena();
		struct xml_node *root = NULL;
		struct err e;

		CU_ASSERT_EQUAL(read_text(&a, bad[i].xml, &root, &e),
				bad[i].code);
		CU_ASSERT_EQUAL(e.code, bad[i].code);
		CU_ASSERT_STRING_EQUAL(e.field, "xml");
		CU_ASSERT_PTR_NOT_NULL(strstr(e.came, bad[i].came));
		CU_ASSERT_PTR_NULL(strstr(e.came, "s3c"));
		CU_ASSERT_PTR_NULL(root);
		if (e.code != bad[i].code || !strstr(e.came, bad[i].came))
			printf("# document %zu: %s\n", i, e.came);
	}
}

/* Read without complaint, but libwbxml or the scanner refuse them. */
static const char *const not_encoded[] = {
	DM_12 "<Add2/><Add/>" END,
	DM_12 ITEM("./x", "<Data>]]&gt;</Data>") END,
	DM_12 ITEM("./x", "<Data>a<Final/></Data>") END,
	DM_12 ITEM("./x", TYPE(TNDS "+wbxml") "<Data>a</Data>") END,
	DM_12 ITEM("./x", "<Data><MgmtTree><x/></MgmtTree></Data>") END,
};

static void refuses_what_cannot_be_encoded(void)
{
	size_t n = sizeof(not_encoded) / sizeof(not_encoded[0]);

	for (size_t i = 0; i < n; i++) {
		struct arena a = new_arena();
		struct xml_node *root = must_read(&a, not_encoded[i]);
		size_t used = a.used, len = 77;
		struct err e = { .code = DM_OK };

		CU_ASSERT_EQUAL(dm_profile_encode(&a, root, octets,
			sizeof(octets), &len, &e), DM_EPROTO);
		CU_ASSERT_EQUAL(e.code, DM_EPROTO);
		CU_ASSERT_EQUAL(len, 77);
		CU_ASSERT_EQUAL(a.used, used);
	}
}

/* ------------------------------- foreign ------------------------------- */

/* libwbxml would have written a tree; another sender sends the text. */
static const uint8_t tree_as_text[] =
	"\2\xa4\1\x6a\0\x6d\x6b\x45\x54\x5a\0\1\x53\3" TNDS "+xml\0\1\1\0\0"
	"\x4f\xc3\x3d<MgmtTree xmlns=\"syncml:dmddf1.2\"><VerNo>1</VerNo>"
	"</MgmtTree>\1\1\1\1\1";

static void reads_a_tree_that_came_as_text(void)
{
	struct arena a = new_arena();
	struct xml_node *root = NULL;
	struct err e;

	CU_ASSERT_EQUAL_FATAL(dm_profile_decode(&a, tree_as_text,
		sizeof(tree_as_text) - 1, &root, &e), DM_OK);
	CU_ASSERT(trees_same_xml(root, plain_tree(&a,
		"<SyncML xmlns=\"SYNCML:SYNCML1.2\"><SyncBody><Add><Item>"
		TYPE(TNDS "+xml") "<Data><MgmtTree" NS_TREE "><VerNo>1</VerNo>"
		"</MgmtTree></Data></Item></Add>" END)));
	CU_ASSERT_EQUAL(root->line, 0);
	CU_ASSERT_EQUAL(root->children->line, 0);
}

static void keeps_a_text_that_is_no_tree_but_shows_it_to_nobody(void)
{
	uint8_t in[sizeof(tree_as_text)];
	struct arena a = new_arena();
	struct xml_node *root = NULL;
	struct err e;

	memcpy(in, tree_as_text, sizeof(in));
	in[sizeof(in) - 1 - 6] = '!';		/* instead of its last > */
	CU_ASSERT_EQUAL_FATAL(dm_profile_decode(&a, in, sizeof(in) - 1, &root,
						&e), DM_OK);
	CU_ASSERT_PTR_NOT_NULL(strstr(written(&a, root, true), "MgmtTree!"));
	CU_ASSERT_PTR_NULL(strstr(written(&a, root, false), "MgmtTree!"));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "<Data>***</Data>"));
	for (const struct xml_node *n = root; n; n = n->children)
		CU_ASSERT_EQUAL(n->line, 0);
}

static void masks_credentials_of_the_header(void)
{
	struct arena a = new_arena();
	struct xml_node *root = must_read(&a,
		"<SyncML xmlns=\"SYNCML:SYNCML1.2\"><SyncHdr><VerDTD>1.2"
		"</VerDTD><Cred><Data>czNjcjN0</Data></Cred></SyncHdr>"
		"<SyncBody><Add/>" END);

	CU_ASSERT_PTR_NULL(strstr(written(&a, root, false), "czNjcjN0"));
}

/* ------------------------------- too little ------------------------------- */

static uint8_t vector_octets[VECTOR_OCTETS_MAX];

static void check_cut(const uint8_t *in, size_t len)
{
	struct arena a = new_arena();
	struct xml_node *root = NULL;
	struct err e = { .code = DM_OK };

	CU_ASSERT_EQUAL(dm_profile_decode(&a, in, len, &root, &e), DM_EPROTO);
	CU_ASSERT_EQUAL(e.code, DM_EPROTO);
	CU_ASSERT_PTR_NULL(root);
}

static void refuses_every_cut_input(void)
{
	const json_t *v = vectors_find("bootstrap", "vectors",
				       "dm12-inbox-tnds-userpin");

	tap_each_cut(vector_octets, vector_hex(v, "wbxml_hex", vector_octets),
		     check_cut);
}

static struct xml_node *small;

static void check_short(uint8_t *out, size_t cap)
{
	struct arena a = { .buf = room, .cap = sizeof(room),
			   .used = sizeof(room) / 2 };
	struct err e = { .code = DM_OK };
	size_t len = 77;

	CU_ASSERT_EQUAL(dm_profile_encode(&a, small, out, cap, &len, &e),
			DM_ENOSPC);
	CU_ASSERT_EQUAL(e.code, DM_ENOSPC);
	CU_ASSERT_EQUAL(dm_profile_write(&a, small, true, (char *)out, cap,
					 &len), DM_ENOSPC);
	CU_ASSERT_EQUAL(len, 77);
}

static void refuses_every_short_buffer(void)
{
	struct arena a = new_arena();

	small = must_read(&a, DM_12 ITEM("./x", "<Data>a</Data>") END);
	tap_each_short(must_encode(&a, small), check_short);
}

/* Every step, and none breaks off in the middle of something. */
static int do_all(struct arena *a, const char *xml)
{
	struct xml_node *root;
	size_t len;
	struct err e;
	int rc = read_text(a, xml, &root, &e);

	if (!rc)
		rc = dm_profile_encode(a, root, octets, sizeof(octets), &len,
				       &e);
	if (!rc)
		rc = dm_profile_decode(a, octets, len, &root, &e);
	if (rc)
		CU_ASSERT_EQUAL(rc, e.code);
	if (!rc)
		rc = dm_profile_write(a, root, false, text, sizeof(text),
				      &len);
	return rc;
}

static void refuses_every_small_arena(void)
{
	struct arena a = new_arena();
	size_t need;

	CU_ASSERT_EQUAL(do_all(&a, mended[14].in), DM_OK);
	need = a.used;
	for (size_t cap = 0; cap < need; cap += cap % 8192 < 4096 ? 8 : 4096) {
		a = (struct arena){ .buf = room, .cap = cap };
		CU_ASSERT_EQUAL(do_all(&a, mended[14].in), DM_ENOSPC);
	}
}

static CU_TestInfo tests[] = {
	{ "reads, encodes and decodes the vectors",
	  reads_encodes_and_decodes_the_vectors },
	{ "writes what it reads again", writes_what_it_reads_again },
	{ "masks secrets", masks_secrets },
	{ "mends what libwbxml would get wrong",
	  mends_what_libwbxml_would_get_wrong },
	{ "refuses what cannot be mended", refuses_what_cannot_be_mended },
	{ "refuses what cannot be encoded", refuses_what_cannot_be_encoded },
	{ "reads a tree that came as text", reads_a_tree_that_came_as_text },
	{ "keeps a text that is no tree, but shows it to nobody",
	  keeps_a_text_that_is_no_tree_but_shows_it_to_nobody },
	{ "masks credentials of the header", masks_credentials_of_the_header },
	{ "refuses every cut input", refuses_every_cut_input },
	{ "refuses every short buffer", refuses_every_short_buffer },
	{ "refuses every small arena", refuses_every_small_arena },
	CU_TEST_INFO_NULL,
};

int main(void)
{
	return tap_run("dm_profile", tests);
}
