/* SPDX-License-Identifier: Apache-2.0 */
#include "wap/wbxml_scan.h"

#include <stdio.h>
#include <string.h>

#include "tests/tap.h"
#include "tests/vectors.h"
#include "wap/bits.h"

/* Octets of a text without its NUL, and how many. */
#define OCTETS(text) (const uint8_t *)(text), sizeof(text) - 1

#define HEAD "\2\xa4\1\x6a\0"			/* WBXML 1.2, SyncML 1.2 */
#define ITEM HEAD "\x6d\x6b\x45\x54"		/* SyncML SyncBody Add Item */
#define ITEM_END "\1\1\1\1"
#define META(type) "\x5a\0\1\x53\3" type "\0\1\1\0\0"
#define TNDS "application/vnd.syncml.dmtnds+wbxml"
#define DEVINF "application/vnd.syncml-devinf+wbxml"

/* A management tree that says <MgmtTree><VerDTD>1.2</VerDTD></MgmtTree>. */
#define TREE_HEAD "\2\0\0\x6a\x1b-//OMA//DTD-DM-DDF 1.2//EN\0"
#define TREE TREE_HEAD "\0\2\x60\x77\3" "1.2\0\1\1"
#define DATA_TREE "\x4f\xc3\x2b" TREE "\1"	/* 43 octets */

struct document {
	const uint8_t *octets;
	size_t len;
	const char *reason;	/* of a refusal */
};

static const struct document good[] = {
	{ OCTETS(HEAD "\x2d"), "" },
	{ OCTETS(HEAD "\x6d\1"), "" },
	{ OCTETS(HEAD "\0\0\x6d\1"), "" },	/* a switch before the root */
	{ OCTETS("\1\xa4\1\x6a\0\x2d"), "" },
	{ OCTETS("\3\x9f\x53\x6a\0\x2d"), "" },
	{ OCTETS("\2\0\0\x6a\x1e-//SYNCML//DTD SyncML 1.1//EN\0\x2d"), "" },
	/* without its last NUL, as the Reference Toolkit writes it */
	{ OCTETS("\2\0\0\x6a\x1d-//SYNCML//DTD SyncML 1.1//EN\x2d"), "" },
	{ OCTETS("\2\0\2\x6a\x20x\0-//SYNCML//DTD SyncML 1.2//EN\0\x2d"),
	  "" },
	{ OCTETS(HEAD "\x6d\x71\3" "1.\0\3" "2\0\1\1"), "" },	/* in pieces */
	{ OCTETS("\2\xa4\1\x6a\4ab\0\0\x6d\x71\x83\0\x83\1\x83\3\1\1"), "" },
	{ OCTETS(HEAD "\x6d\x71\xc3\3a\tb\1\x6c\1\1"), "" },
	{ OCTETS(HEAD "\x6d\x71\3\xc3\xa4\xf0\x9f\x98\x80\0\1\1"), "" },
	{ OCTETS(HEAD "\x6d\0\1\0\0\0\1\x13\1"), "" },
	{ OCTETS(HEAD "\x6d\0\1\x10\x50\3\0\1\x50\3YQ==\0\1\1"), "" },
	{ OCTETS(HEAD "\x6d\0\1\x50\xc3\3\0\xff\1\1\1"), "" },
	{ OCTETS(ITEM "\x4f\xc3\5a\r\nb\x7f\1" ITEM_END), "" },
	{ OCTETS(ITEM "\x4f\xc3\0\1" ITEM_END), "" },
	{ OCTETS(ITEM META("text/plain") "\x4f\xc3\1a\1" ITEM_END), "" },
	{ OCTETS(ITEM META(TNDS) ITEM_END), "" },
	{ OCTETS(ITEM META(TNDS) DATA_TREE ITEM_END), "" },
	{ OCTETS(ITEM META(TNDS) "\x4f\xc3\0\1" ITEM_END), "" },

	/* the command's Type, the Item's own, none for the next Item */
	{ OCTETS(HEAD "\x6d\x6b\x45" META(TNDS) "\x54" DATA_TREE "\1\1\1\1"),
	  "" },
	{ OCTETS(HEAD "\x6d\x6b\x45" META(TNDS) "\x54" META("text/plain")
		 "\x4f\3a\0\1\1\1\1\1"), "" },
	{ OCTETS(ITEM META(TNDS) DATA_TREE "\1\x54\x4f\3a\0\1\1\1\1\1"), "" },
	{ OCTETS(HEAD "\x6d\x5a\0\1\x53\3" TNDS "\0\1\1\0\0\x4f" "\xc3\x2b"
		 TREE "\1\1"), "" },
};

static const struct document bad[] = {
	/* head */
	{ OCTETS("\0\xa4\1\x6a\0\x2d"), "not WBXML 1.1 to 1.3" },
	{ OCTETS("\4\xa4\1\x6a\0\x2d"), "not WBXML 1.1 to 1.3" },
	{ OCTETS("\2\x0b\x6a\0\x2d"), "another public identifier" },
	{ OCTETS("\2\xa4\2\x6a\0\x2d"), "another public identifier" },
	{ OCTETS("\2\x80\xa4\1\x6a\0\x2d"), "another public identifier" },
	{ OCTETS("\2\x80\0\0\x6a\x1e-//SYNCML//DTD SyncML 1.2//EN\0\x2d"),
	  "another public identifier" },
	{ OCTETS("\2\0\1\x6a\x1e-//SYNCML//DTD SyncML 1.2//EN\0\x2d"),
	  "another public identifier" },
	{ OCTETS("\2\0\x1e\x6a\x1e-//SYNCML//DTD SyncML 1.2//EN\0\x2d"),
	  "another public identifier" },
	{ OCTETS("\2\0\0\x6a\0\x2d"), "another public identifier" },
	{ OCTETS(TREE), "another public identifier" },
	{ OCTETS("\2\xa4\1\4\0\x2d"), "another charset" },
	{ OCTETS("\2\xa4\1\0\0\x2d"), "another charset" },
	{ OCTETS("\2\xa4\1\x87\x68\0\x2d"), "another charset" },
	{ OCTETS("\2\xa4\1\x6a\2ab\x2d"), "without its last NUL" },
	{ OCTETS("\2\xa4\1\x6a\x1d-//SYNCML//DTD SyncML 1.2//EN\x2d"),
	  "without its last NUL" },
	{ OCTETS("\2\0\2\x6a\x1fx\0-//SYNCML//DTD SyncML 1.2//EN\x2d"),
	  "without its last NUL" },
	{ OCTETS("\2\0\0\x6a\x1d-//SYNCML//DTD SyncML 1.2//EN\x6d\x71\x83\0"
		 "\1\1"), "outside the string table" },
	{ OCTETS("\2\xa4\1\x6a\x8f\xff\xff\xff\x7f\x2d"), "cut short" },
	{ OCTETS("\2\xff\xff\xff\xff\xff\1\x6a\0\x2d"), "cut short" },

	/* tokens */
	{ OCTETS(HEAD "\x2c"), "another element as the root" },
	{ OCTETS(HEAD "\x30"), "its language lacks" },
	{ OCTETS(HEAD "\0\0\0\0\x2d"), "its language lacks" },
	{ OCTETS(HEAD "\xad\4\0\1"), "its language lacks" },
	{ OCTETS(HEAD "\x43\5\1\x2d"), "its language lacks" },
	{ OCTETS("\2\xa4\1\x6a\2a\0\x6d\4\0\1"), "its language lacks" },
	{ OCTETS("\2\xa4\1\x6a\2a\0\x6d\x44\0\1\1"), "its language lacks" },
	{ OCTETS("\2\xa4\1\x6a\2a\0\x6d\x80\0\1"), "its language lacks" },
	{ OCTETS(HEAD "\x6d\xc0\1"), "its language lacks" },
	{ OCTETS(HEAD "\x6d\x40" "a\0\1"), "its language lacks" },
	{ OCTETS(HEAD "\x6d\x71\2\x20\1\1"), "its language lacks" },
	{ OCTETS(HEAD "\x6d\x71\2\x88\x80\x80\x80\0\1\1"), "language lacks" },
	{ OCTETS(HEAD "\x6d\x3d\1"), "its language lacks" },
	{ OCTETS(HEAD "\x6d\0\1\x17\1"), "its language lacks" },
	{ OCTETS(HEAD "\x6d\0\1\x50\xc3\0\1\1"), "a nonce of no octets" },
	{ OCTETS(HEAD "\x6d\0\1\x50\xc3\1a\xc3\1b\1\1"),
	  "NextNonce in pieces" },
	{ OCTETS(HEAD "\x6d\0\1\x50\3\xff\0\1\1"), "not text in UTF-8" },
	{ OCTETS(HEAD "\x6d\0\2\5\1"), "its language lacks" },
	{ OCTETS("\2\x9f\x53\x6a\0\x6d\x3a\1"), "its language lacks" },
	{ OCTETS("\2\x9f\x53\x6a\0\x6d\0\1\x16\1"), "its language lacks" },
	{ OCTETS(HEAD "\x2d\1"), "octets behind the root" },
	{ OCTETS(HEAD "\x6d\1\x2d"), "octets behind the root" },

	/* text */
	{ OCTETS(HEAD "\x6d\x71\3" "1\0\x6c\1\1\1"), "beside text" },
	{ OCTETS(HEAD "\x6d\x2c\3" "1\0\1"), "text beside elements" },
	{ OCTETS(HEAD "\x6d\x2c\xc3\1a\1"), "text beside elements" },
	{ OCTETS(HEAD "\x6d\x71\3\xff\0\1\1"), "not text in UTF-8" },
	{ OCTETS(HEAD "\x6d\x71\3\x1b\0\1\1"), "not text in UTF-8" },
	{ OCTETS(HEAD "\x6d\x71\xc3\3a\0b\1\1"), "not text in UTF-8" },
	{ OCTETS(HEAD "\x6d\x71\xc3\2a"), "cut short" },
	{ OCTETS(HEAD "\x6d\x71\xc3\x8f\xff\xff\xff\x7f" "a\1\1"),
	  "cut short" },
	{ OCTETS(HEAD "\x6d\x71\x83\0\1\1"), "outside the string table" },
	{ OCTETS("\2\xa4\1\x6a\2a\0\x6d\x71\x83\2\1\1"),
	  "outside the string table" },
	{ OCTETS("\2\xa4\1\x6a\2a\0\x6d\x71\x83\x8f\xff\xff\xff\x7f\1\1"),
	  "outside the string table" },
	{ OCTETS(ITEM "\x4f\3a\0\3b\0\1" ITEM_END), "in pieces" },
	{ OCTETS(ITEM "\x4f\xc3\5a]]>b\1" ITEM_END), "]]> in Data" },
	{ OCTETS(ITEM "\x4f\3]]>\0\1" ITEM_END), "]]> in Data" },

	/* what is embedded */
	{ OCTETS(ITEM META(TNDS "\0\3x") DATA_TREE ITEM_END), "in pieces" },
	{ OCTETS(ITEM META("x\0\1\x53\3" TNDS) DATA_TREE ITEM_END),
	  "a second Type" },
	{ OCTETS(ITEM META("x") META(TNDS) DATA_TREE ITEM_END),
	  "a second Meta" },
	{ OCTETS(ITEM META("x") DATA_TREE ITEM_END), "not text in UTF-8" },
	{ OCTETS(ITEM META("Application/vnd.syncml.dmtnds+wbxml") DATA_TREE
		 ITEM_END), "not text in UTF-8" },
	{ OCTETS(HEAD "\x6d\x6b\x45" META(TNDS) "\x54" META("x") DATA_TREE
		 "\1\1\1\1"), "not text in UTF-8" },
	{ OCTETS(ITEM META(TNDS) "\x4f\3<a/>\0\1" ITEM_END), "but it is text" },
	{ OCTETS(ITEM META(TNDS) "\x4f\xc3\4<a/>\1" ITEM_END),
	  "cut short" },
	{ OCTETS(ITEM META(TNDS) "\x4f\xc3\6" HEAD "\x2d\1" ITEM_END),
	  "another public identifier" },
	{ OCTETS(ITEM META(DEVINF) "\x4f\xc3\6\2\xa4\3\x6a\0\x0a\1" ITEM_END),
	  "another public identifier" },
	{ OCTETS(ITEM META(TNDS) "\x4f\xc3\x0c\3\x0e\x6a\0\x45\x46\1\xc3\1a\1\1"
		 "\1" ITEM_END), "another public identifier" },
	{ OCTETS(ITEM META(TNDS) "\x4f\xc3\x2c" TREE "\1\1" ITEM_END),
	  "octets behind the root" },
	{ OCTETS(ITEM META(TNDS) "\x4f\xc3\x2a" TREE "\1" ITEM_END),
	  "cut short" },
	{ OCTETS(ITEM META(TNDS) "\x4f\xc3\x23" TREE_HEAD "\0\2\x24\1"
		 ITEM_END), "another element as the root" },
};

static void passes_plain_documents(void)
{
	struct err e;

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		int rc = wbxml_scan(good[i].octets, good[i].len, &e);

		CU_ASSERT_EQUAL(rc, DM_OK);
		if (rc)
			printf("# document %zu: %s\n", i, e.came);
	}
}

static void refuses_what_libwbxml_might_misread(void)
{
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct err e = { .code = DM_OK };

		CU_ASSERT_EQUAL(wbxml_scan(bad[i].octets, bad[i].len, &e),
				DM_EPROTO);
		CU_ASSERT_EQUAL(e.code, DM_EPROTO);
		CU_ASSERT_STRING_EQUAL(e.field, "wbxml");
		CU_ASSERT_PTR_NOT_NULL(strstr(e.came, bad[i].reason));
		if (!strstr(e.came, bad[i].reason))
			printf("# document %zu: %s\n", i, e.came);
	}
}

static void check_vector(const json_t *v)
{
	uint8_t octets[VECTOR_OCTETS_MAX];
	const json_t *variant;
	struct err e;
	size_t i;

	json_array_foreach(json_object_get(v, "variants"), i, variant) {
		size_t len = vector_hex(variant, "wbxml_hex", octets);
		bool is_dm = !strcmp(vector_text(v, "kind"), "dm");

		CU_ASSERT_EQUAL(wbxml_scan(octets, len, &e),
				is_dm ? DM_OK : DM_EPROTO);
	}
}

static void passes_the_dm_documents_of_the_vectors(void)
{
	vectors_each("bootstrap", "vectors", check_vector);
}

static void tells_where_it_stopped(void)
{
	struct err e = { .code = DM_OK };

	CU_ASSERT_EQUAL(wbxml_scan(OCTETS(HEAD "\x6d\x40\1"), &e), DM_EPROTO);
	CU_ASSERT_STRING_EQUAL(e.came,
		"octet 7: a token that its language lacks");
	CU_ASSERT_EQUAL(wbxml_scan(OCTETS(ITEM META(TNDS) "\x4f\xc3\x2c" TREE
					  "\1\1" ITEM_END), &e), DM_EPROTO);
	CU_ASSERT_STRING_EQUAL(e.came, "octet 100: octets behind the root");
}

static void check_cut(const uint8_t *in, size_t len)
{
	struct err e = { .code = DM_OK };

	CU_ASSERT_EQUAL(wbxml_scan(in, len, &e), DM_EPROTO);
	CU_ASSERT_PTR_NOT_NULL(strstr(e.came, "cut short"));
}

static void refuses_every_cut_input(void)
{
	static const char *const names[] = {
		"dm112-con-dmacc-userpin", "dm12-inbox-tnds-userpin",
	};
	uint8_t octets[VECTOR_OCTETS_MAX];

	for (size_t i = 0; i < 2; i++) {
		size_t len = vector_hex(vectors_find("bootstrap", "vectors",
						     names[i]),
					"wbxml_hex", octets);

		tap_each_cut(octets, len, check_cut);
	}
}

/* -------------------------------- limits -------------------------------- */

static uint8_t room[WBXML_SCAN_OCTETS_MAX + 1];

static int scan(const struct writer *w)
{
	struct err e = { .code = DM_OK };
	int rc;

	CU_ASSERT_EQUAL_FATAL(w->err, DM_OK);
	rc = wbxml_scan(w->buf, w->len, &e);
	CU_ASSERT_EQUAL(rc, e.code);
	return rc;
}

static struct writer begin(const void *head, size_t len)
{
	struct writer w = { .buf = room, .cap = sizeof(room) };

	put_mem(&w, head, len);
	return w;
}

static void put_times(struct writer *w, uint8_t octet, size_t n)
{
	while (n-- > 0)
		put_u8(w, octet);
}

static int scan_depth(size_t depth)
{
	struct writer w = begin(OCTETS(HEAD));

	put_times(&w, 0x6d, depth);
	put_times(&w, 0x01, depth);
	return scan(&w);
}

/* In SyncML, SyncBody, Add, Item and Data; the tree counts with its root. */
static int scan_tree_depth(size_t depth)
{
	uint8_t tree[256];
	struct writer t = { .buf = tree, .cap = sizeof(tree) };
	struct writer w = begin(OCTETS(ITEM META(TNDS) "\x4f\xc3"));

	put_mem(&t, OCTETS(TREE_HEAD "\0\2\x60"));
	put_times(&t, 0x64, depth - 1);
	put_times(&t, 0x01, depth);
	put_uintvar(&w, (uint32_t)t.len);
	put_mem(&w, t.buf, t.len);
	put_mem(&w, OCTETS("\1" ITEM_END));
	return scan(&w);
}

static void refuses_elements_too_deep(void)
{
	CU_ASSERT_EQUAL(scan_depth(WBXML_SCAN_DEPTH_MAX), DM_OK);
	CU_ASSERT_EQUAL(scan_depth(WBXML_SCAN_DEPTH_MAX + 1), DM_ENOSPC);
	CU_ASSERT_EQUAL(scan_tree_depth(WBXML_SCAN_DEPTH_MAX - 5), DM_OK);
	CU_ASSERT_EQUAL(scan_tree_depth(WBXML_SCAN_DEPTH_MAX - 4), DM_ENOSPC);
}

static int scan_nodes(size_t n)
{
	struct writer w = begin(OCTETS(HEAD "\x6d"));

	put_times(&w, 0x12, n - 1);
	put_u8(&w, 1);
	return scan(&w);
}

static int scan_texts(size_t n)
{
	struct writer w = begin(OCTETS("\2\xa4\1\x6a\1\0\x6d"));

	while (--n > 0)
		put_mem(&w, "\x83\0", 2);
	put_u8(&w, 1);
	return scan(&w);
}

static void refuses_too_many_elements_and_texts(void)
{
	CU_ASSERT_EQUAL(scan_nodes(WBXML_SCAN_NODES_MAX), DM_OK);
	CU_ASSERT_EQUAL(scan_nodes(WBXML_SCAN_NODES_MAX + 1), DM_ENOSPC);
	CU_ASSERT_EQUAL(scan_texts(WBXML_SCAN_NODES_MAX), DM_OK);
	CU_ASSERT_EQUAL(scan_texts(WBXML_SCAN_NODES_MAX + 1), DM_ENOSPC);
}

/* A string of 4 Kbyte, referred to n times. */
static int scan_references(size_t n)
{
	struct writer w = begin(OCTETS("\2\xa4\1\x6a\xa0\1"));

	put_times(&w, 'a', 4096);
	put_mem(&w, "\0\x6d\x71", 3);
	while (n-- > 0)
		put_mem(&w, "\x83\0", 2);
	put_mem(&w, "\1\1", 2);
	return scan(&w);
}

static void refuses_a_string_table_that_explodes(void)
{
	CU_ASSERT_EQUAL(scan_references(WBXML_SCAN_TEXT_MAX / 4096), DM_OK);
	CU_ASSERT_EQUAL(scan_references(WBXML_SCAN_TEXT_MAX / 4096 + 1),
			DM_ENOSPC);
}

static int scan_size(size_t size)
{
	struct writer w = begin(OCTETS(HEAD "\x6d\x71\3"));

	put_times(&w, 'a', size - w.len - 3);
	put_mem(&w, "\0\1\1", 3);
	CU_ASSERT_EQUAL(w.len, size);
	return scan(&w);
}

static void refuses_too_many_octets(void)
{
	CU_ASSERT_EQUAL(scan_size(WBXML_SCAN_OCTETS_MAX), DM_OK);
	CU_ASSERT_EQUAL(scan_size(WBXML_SCAN_OCTETS_MAX + 1), DM_ENOSPC);
}

static CU_TestInfo tests[] = {
	{ "passes plain documents", passes_plain_documents },
	{ "passes the dm documents of the vectors",
	  passes_the_dm_documents_of_the_vectors },
	{ "refuses what libwbxml might misread",
	  refuses_what_libwbxml_might_misread },
	{ "tells where it stopped", tells_where_it_stopped },
	{ "refuses every cut input", refuses_every_cut_input },
	{ "refuses elements too deep", refuses_elements_too_deep },
	{ "refuses too many elements and texts",
	  refuses_too_many_elements_and_texts },
	{ "refuses a string table that explodes",
	  refuses_a_string_table_that_explodes },
	{ "refuses too many octets", refuses_too_many_octets },
	CU_TEST_INFO_NULL,
};

int main(void)
{
	return tap_run("wbxml_scan", tests);
}
