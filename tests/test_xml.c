/* SPDX-License-Identifier: Apache-2.0 */
#include "bootstrap/xml.h"

#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

#include "tests/tap.h"
#include "tests/trees.h"
#include "tests/vectors.h"
#include "wap/bits.h"

#define OUT_MAX (2 * XML_OCTETS_MAX)

static alignas(max_align_t) uint8_t room[XML_ARENA_MAX];
static alignas(max_align_t) uint8_t other_room[XML_ARENA_MAX];

static int read_in(uint8_t *buf, size_t cap, const char *text, size_t len,
		   struct xml_node **root, struct err *e)
{
	struct arena a = { .buf = buf, .cap = cap };

	return xml_read(&a, text, len, root, e);
}

static struct xml_node *read_xml(const char *text)
{
	struct xml_node *root = NULL;
	struct err e = { .code = DM_OK };
	int rc = read_in(room, sizeof(room), text, strlen(text), &root, &e);

	CU_ASSERT_EQUAL_FATAL(rc, DM_OK);
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

/* Documents, and how each is written. */
static const struct {
	const char *in, *out;
} forms[] = {
	{ "<a/>", "<a/>" },
	{ "<a></a>", "<a/>" },
	{ "<?xml version='1.0'?>\n<!-- x --><?p q?><a/>\n<!-- y -->", "<a/>" },
	{ "<a x='1' y = \"2\"><b/>t<c>u</c></a>",
	  "<a x=\"1\" y=\"2\"><b/>t<c>u</c></a>" },
	{ "<a>\n  <b/>\n\t<c> </c>\r\n</a>", "<a><b/><c/></a>" },
	{ "<a> <b/> x <b/> </a>", "<a><b/> x <b/></a>" },

	/* references and line ends */
	{ "<a b='&lt;&gt;&amp;&quot;&apos;&#65;&#x20AC;'/>",
	  "<a b=\"&lt;&gt;&amp;&quot;'A\xe2\x82\xac\"/>" },
	{ "<a>&lt;&gt;&amp;&quot;&apos;&#65;&#x20AC;</a>",
	  "<a>&lt;&gt;&amp;&quot;'A\xe2\x82\xac</a>" },
	{ "<a b='&amp;amp;&#38;lt;'>&amp;amp;&#38;lt;</a>",
	  "<a b=\"&amp;amp;&amp;lt;\">&amp;amp;&amp;lt;</a>" },
	{ "<a b='x&#9;y&#10;z&#13;'>x&#9;y&#10;z&#13;</a>",
	  "<a b=\"x&#9;y&#10;z&#13;\">x&#9;y&#10;z&#13;</a>" },
	{ "<a b='x\ty\nz'>x\ty\r\nz</a>",
	  "<a b=\"x y z\">x&#9;y&#10;z</a>" },

	/* one text, however it is made */
	{ "<a>b<![CDATA[<c>&amp;]]>d</a>", "<a>b&lt;c&gt;&amp;amp;d</a>" },
	{ "<a>b<!-- c -->d<?e f?>g</a>", "<a>bdg</a>" },
	{ "<a> <![CDATA[ ]]> </a>", "<a/>" },
	{ "<a> <!-- b --> c</a>", "<a>  c</a>" },

	/* namespaces */
	{ "<a xmlns='u'><b/><c xmlns='v'><d/></c></a>",
	  "<a xmlns=\"u\"><b/><c xmlns=\"v\"><d/></c></a>" },
	{ "<x:a xmlns:x='u'><x:b/><b/></x:a>",
	  "<a xmlns=\"u\"><b/><b xmlns=\"\"/></a>" },
	{ "<a xmlns='u'><b xmlns=''><c/></b></a>",
	  "<a xmlns=\"u\"><b xmlns=\"\"><c/></b></a>" },
	{ "<a xmlns='urn:v?w&amp;x'/>", "<a xmlns=\"urn:v?w&amp;x\"/>" },

	/* encodings */
	{ "\xef\xbb\xbf<a>\xc3\xa9</a>", "<a>\xc3\xa9</a>" },
	{ "\xef\xbb\xbf<?xml version='1.0' encoding='utf-8'?><a/>", "<a/>" },
	{ "<?xml version=\"1.0\" encoding=\"US-ASCII\"?><a/>", "<a/>" },
	{ "<?xml version='1.0' encoding = 'iso-8859-1' ?><a b='\xe9'>\xe9</a>",
	  "<a b=\"\xc3\xa9\">\xc3\xa9</a>" },
	{ "<?xml-stylesheet encoding='x'?><a/>", "<a/>" },

	/* a DOCTYPE is there, and nothing comes of it */
	{ "<!DOCTYPE a><a/>", "<a/>" },
	{ "<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>", "<a/>" },
	{ "<!DOCTYPE b PUBLIC '-//X//EN' 'http://127.0.0.1:1/'><a/>", "<a/>" },
};

#define N_FORMS (sizeof(forms) / sizeof(forms[0]))

static void reads_each_form_as_it_is_meant(void)
{
	for (size_t i = 0; i < N_FORMS; i++)
		CU_ASSERT(tap_same(written(read_xml(forms[i].in), false),
				   strlen(forms[i].out), forms[i].out,
				   strlen(forms[i].out)));
}

static void reads_what_it_wrote_as_the_same_tree(void)
{
	for (size_t i = 0; i < 2 * N_FORMS; i++) {
		const struct xml_node *root = read_xml(forms[i / 2].in);
		const char *text = written(root, i % 2);
		struct xml_node *again = NULL;
		struct err e;

		CU_ASSERT_EQUAL_FATAL(read_in(other_room, sizeof(other_room),
					      text, strlen(text), &again, &e),
				      DM_OK);
		CU_ASSERT(trees_same_xml(root, again));
	}
}

/* libxml2 hands long texts over in pieces. */
static void keeps_a_long_text_in_one(void)
{
	static char in[100000], want[100000];
	const struct xml_node *a;

	strcpy(in, "<a>");
	for (unsigned i = 0; i < 5000; i++) {
		strcat(in + 18 * i, "0123456&#55;&amp;x");
		strcat(want + 10 * i, "01234567&x");
	}
	strcat(in, "</a>");
	a = read_xml(in);
	CU_ASSERT(tap_same(xml_text(a), strlen(xml_text(a)), want,
			   strlen(want)));
	CU_ASSERT_PTR_NULL(a->children->next);
}

/* What is wrong, word for word. */
static const struct {
	const char *in, *came;
} bad[] = {
	{ "", "it is empty" },
	{ " \r\n\t", "it is empty" },
	{ "\xef\xbb\xbf", "it is empty" },
	{ "abc", "line 1: it does not begin with an element" },
	{ "\n\n<a", "line 3: it ends too early" },
	{ "<a>\n<b>", "line 2: it ends too early" },
	{ "<a b='x", "line 1: it ends too early" },
	{ "<a><![CDATA[</a>", "line 1: it ends too early" },
	{ "<!-- <a/>", "line 1: it ends too early" },
	{ "<?xml version='1.0'?>", "line 1: it ends too early" },
	{ "<a/>\nb", "line 2: there is more behind its end" },
	{ "<a/><a/>", "line 1: there is more behind its end" },
	{ "<a>\n</b>", "line 2: an end that fits no beginning" },
	{ "<a b=1/>", "line 1: a value without quotes" },
	{ "<a b/>", "line 1: an attribute without value" },
	{ "<a b='1' b='2'/>", "line 1: an attribute that is there twice" },
	{ "<a b='<'/>", "line 1: a < inside an attribute" },
	{ "<a>& b</a>", "line 1: a name is missing, or an & is not &amp;" },
	{ "<a b='x&yz'/>", "line 1: an & that is not &amp;" },
	{ "<a>&#0;</a>", "line 1: a character that XML does not allow" },
	{ "<a>&#xfffe;</a>", "line 1: a character that XML does not allow" },
	{ "<a>\x01</a>", "line 1: a character that XML does not allow" },
	{ "<a>]]></a>", "line 1: a ]]> in a text" },
	{ "<x:a/>", "line 1: a prefix without a namespace" },
	{ " <?xml version='1.0'?><a/>", "line 1: an XML declaration inside" },
	{ "<a xmlns:x='u' b='1' x:b='2'/>",
	  "line 1: an attribute of another namespace" },
	{ "<a xml:lang='de'/>", "line 1: an attribute of another namespace" },

	/* encodings */
	{ "<a>\xe9</a>", "octets that are not UTF-8" },
	{ "<?xml version='1.0' encoding='UTF-16'?><a/>",
	  "line 1: another encoding" },
	{ "<?xml version='1.0' encoding='UTF-7'?><a/>",
	  "line 1: another encoding" },
	{ "<?xml version='1.0' encoding=''?><a/>",
	  "line 1: another encoding" },
	{ "<?xml version='1.0'"
	  "                                                            "
	  "                                                            "
	  "encoding='KOI8-R'?><a/>", "line 1: another encoding" },
	{ "\xff\xfe<", "octets that are not UTF-8" },

	/* entities and declarations */
	{ "<a>&b;</a>", "line 1: an entity that XML does not have" },
	{ "<a b='&c;'/>", "line 1: an entity that XML does not have" },
	{ "<!DOCTYPE a SYSTEM 'x'><a>&b;</a>",
	  "line 1: an entity that XML does not have" },
	{ "<!DOCTYPE a SYSTEM 'x'><a b='&c;'/>",
	  "line 1: an entity that XML does not have" },
	{ "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>",
	  "line 1: entities and declarations are not allowed" },
	{ "<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>",
	  "line 1: entities and declarations are not allowed" },
	{ "<!DOCTYPE a [<!ENTITY % b SYSTEM 'file:///etc/passwd'> %b;]><a/>",
	  "line 1: entities and declarations are not allowed" },
	{ "<!DOCTYPE a SYSTEM 'x'\n[<!ATTLIST a b CDATA 'c'>]><a/>",
	  "line 2: entities and declarations are not allowed" },
	{ "<!DOCTYPE a []><a/>",
	  "line 1: entities and declarations are not allowed" },
};

#define N_BAD (sizeof(bad) / sizeof(bad[0]))

static void check_refused(const char *text, size_t len, const char *came)
{
	struct xml_node *untouched, *root = untouched = (void *)&root;
	struct err e;

	CU_ASSERT_EQUAL(read_in(room, sizeof(room), text, len, &root, &e),
			DM_EPROTO);
	CU_ASSERT_STRING_EQUAL(e.field, "xml");
	CU_ASSERT(tap_same(e.came, strlen(e.came), came, strlen(came)));
	CU_ASSERT_NOT_EQUAL(e.allowed[0], '\0');
	CU_ASSERT_PTR_EQUAL(root, untouched);
}

static void says_what_is_wrong_and_where(void)
{
	for (size_t i = 0; i < N_BAD; i++)
		check_refused(bad[i].in, strlen(bad[i].in), bad[i].came);
	check_refused("<a>\n\0</a>", 9, "line 2: a NUL octet");
	check_refused("<\0a\0/\0>\0", 8, "line 1: a NUL octet");
}

/* Each entity is ten of the one before: ten to the tenth. */
static void refuses_a_billion_laughs(void)
{
	static char in[XML_OCTETS_MAX];
	struct writer w = { .buf = (uint8_t *)in, .cap = sizeof(in) };
	char declaration[] = "<!ENTITY x1 '&x0;&x0;&x0;&x0;&x0;"
			     "&x0;&x0;&x0;&x0;&x0;'>\n";

	put_mem(&w, "<!DOCTYPE a [<!ENTITY x0 'lol'>\n", 32);
	for (char n = '1'; n <= '9'; n++) {
		declaration[10] = n;
		for (size_t i = 0; i < 10; i++)
			declaration[15 + 4 * i] = (char)(n - 1);
		put_mem(&w, declaration, sizeof(declaration) - 1);
	}
	put_mem(&w, "]><a>&x9;</a>", 14);
	check_refused(in, w.len - 1,
		      "line 1: entities and declarations are not allowed");
}

/* A document of elements inside each other. */
static size_t nested(char *out, size_t depth)
{
	out[0] = '\0';
	for (size_t i = 0; i < depth; i++)
		strcat(out, "<a>");
	for (size_t i = 0; i < depth; i++)
		strcat(out, "</a>");
	return strlen(out);
}

static void refuses_what_is_too_deep(void)
{
	char text[8 * XML_DEPTH_MAX];
	struct xml_node *root;
	struct err e;

	nested(text, XML_DEPTH_MAX);
	CU_ASSERT_PTR_NOT_NULL(read_xml(text));
	CU_ASSERT_EQUAL(read_in(room, sizeof(room), text,
				nested(text, XML_DEPTH_MAX + 1), &root, &e),
			DM_ENOSPC);
	CU_ASSERT_STRING_EQUAL(e.came, "line 1: it is too deep");
}

static void refuses_what_is_too_big(void)
{
	static char text[XML_OCTETS_MAX + 2];
	struct xml_node *root;
	struct err e;

	memset(text, ' ', sizeof(text) - 1);
	memcpy(text, "<a>", 3);
	memcpy(text + XML_OCTETS_MAX - 4, "</a>", 4);
	text[XML_OCTETS_MAX] = '\0';
	CU_ASSERT_PTR_NOT_NULL(read_xml(text));
	text[XML_OCTETS_MAX] = ' ';
	CU_ASSERT_EQUAL(read_in(room, sizeof(room), text, strlen(text), &root,
				&e), DM_ENOSPC);
	CU_ASSERT_STRING_EQUAL(e.came, "262145 octets");
}

/* In blocks of their own, so that the sanitizer sees the octet behind. */
static void refuses_every_arena_that_is_too_small(void)
{
	static const char text[] = "<a b='1' xmlns='u'>t&amp;<c d='2' e='3'/>"
				   "<f xmlns='v'>g<!-- -->h</f></a>";
	struct arena a = { .buf = room, .cap = sizeof(room) };
	struct xml_node *root;
	struct err e;

	CU_ASSERT_EQUAL(xml_read(&a, text, strlen(text), &root, &e), DM_OK);
	for (size_t cap = 0; cap < a.used; cap++) {
		uint8_t *block = malloc(cap);

		CU_ASSERT_EQUAL(read_in(block, cap, text, strlen(text), &root,
					&e), DM_ENOSPC);
		CU_ASSERT_STRING_EQUAL(e.came,
				       "line 1: there is too much of it");
		free(block);
	}
}

static const char golden[] =
	"<?xml version='1.0'?>\n<!DOCTYPE a SYSTEM 'b'>\n<a b='1'>\n"
	"<c d='s3cr3t&amp;'>s3cr3t</c><!-- s3cr3t --><e/></a>";

static void check_cut(const uint8_t *in, size_t len)
{
	struct xml_node *root = NULL;
	struct err e;

	CU_ASSERT_EQUAL(read_in(room, sizeof(room), (const char *)in, len,
				&root, &e), DM_EPROTO);
	CU_ASSERT_STRING_EQUAL(e.field, "xml");
	CU_ASSERT_PTR_NULL(root);
}

static void refuses_every_cut_input(void)
{
	tap_each_cut((const uint8_t *)golden, sizeof(golden) - 1, check_cut);
}

/* One octet is another: whatever is said then, no piece of it is told. */
static void check_secret(uint64_t *state)
{
	char text[sizeof(golden)], said[ERR_TEXT_MAX];
	struct xml_node *root;
	struct err e;

	memcpy(text, golden, sizeof(golden));
	text[tap_random_below(state, sizeof(golden) - 1)] =
		"<>&;'\"= /x!-[]\xc3\x01"[tap_random_below(state, 16)];
	if (read_in(room, sizeof(room), text, strlen(text), &root, &e))
		CU_ASSERT_PTR_NULL(strstr(err_text(&e, said, sizeof(said)),
					  "3cr3"));
}

static void tells_no_piece_of_a_document(void)
{
	tap_property(3000, check_secret);
	check_refused("<a b='&s3cr3t;'/>",
		      17, "line 1: an entity that XML does not have");
}

static void check_document(const json_t *v)
{
	const struct xml_node *root = read_xml(vector_text(v, "xml"));
	const char *name = root->ns ? "SyncML" : "wap-provisioningdoc";

	CU_ASSERT_STRING_EQUAL(root->name, name);
	CU_ASSERT_PTR_NOT_NULL(root->children);
}

static void reads_the_documents_of_the_vectors(void)
{
	vectors_each("bootstrap", "vectors", check_document);
}

static CU_TestInfo tests[] = {
	{ "reads each form as it is meant", reads_each_form_as_it_is_meant },
	{ "reads what it wrote as the same tree",
	  reads_what_it_wrote_as_the_same_tree },
	{ "keeps a long text in one", keeps_a_long_text_in_one },
	{ "reads the documents of the vectors",
	  reads_the_documents_of_the_vectors },
	{ "says what is wrong and where", says_what_is_wrong_and_where },
	{ "refuses a billion laughs", refuses_a_billion_laughs },
	{ "refuses what is too deep", refuses_what_is_too_deep },
	{ "refuses what is too big", refuses_what_is_too_big },
	{ "refuses every arena that is too small",
	  refuses_every_arena_that_is_too_small },
	{ "refuses every cut input", refuses_every_cut_input },
	{ "tells no piece of a document", tells_no_piece_of_a_document },
	CU_TEST_INFO_NULL,
};

int main(void)
{
	return tap_run("xml", tests);
}
