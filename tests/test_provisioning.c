/* SPDX-License-Identifier: Apache-2.0 */
#include "emulator/provisioning.h"

#include <stdio.h>
#include <string.h>

#include "tests/provisioning_fixture.h"
#include "tests/tap.h"

#define IMSI "310150123456789"
#define MAC_REASON "MAC does not verify with this device's IMSI and PIN"

/* Vectors with an account, and the server's secret in it. */
static const struct {
	const char *name, *password, *nonce;
	enum bootstrap_kind kind;
} accounts[] = {
	{ "cp-w7-dm112-wm5", "serverpw", "c2VydmVybm9uY2Ux", BOOTSTRAP_CP },
	{ "cp-w7-dm12-wm6", "serverpw", "c2VydmVybm9uY2Ux", BOOTSTRAP_CP },
	{ "cp-w7-dm-oma-generic", "p2", "AQIDBA==", BOOTSTRAP_CP },
	{ "cp-large-10sms", "p2", "AQIDBA==", BOOTSTRAP_CP },
	{ "cp-wm6-tps-headers", "serverpw", "c2VydmVybm9uY2Ux", BOOTSTRAP_CP },
	{ "dm112-con-dmacc-userpin", "serverpw", "c2VydmVybm9uY2Ux",
	  BOOTSTRAP_DM_112 },
	{ "dm12-dmacc-netwpin", "serverpw", "c2VydmVybm9uY2Ux",
	  BOOTSTRAP_DM_12 },
	{ "dm12-dmacc-usernetwpin", "serverpw", "c2VydmVybm9uY2Ux",
	  BOOTSTRAP_DM_12 },
	{ "dm12-inbox-tnds-userpin", "serverpw", "c2VydmVybm9uY2Ux",
	  BOOTSTRAP_DM_12 },
};

#define N_ACCOUNTS (sizeof(accounts) / sizeof(accounts[0]))

static void takes_over_the_account_of_every_vector(void)
{
	for (size_t i = 0; i < N_ACCOUNTS; i++) {
		const json_t *v = find(accounts[i].name);
		struct device d = device_for(v);

		CU_ASSERT(!example_verifies(&d));
		CU_ASSERT_STRING_EQUAL(out.reason, "no account: it has not "
				       "been bootstrapped");
		take_vector(&d, v);
		applied();
		CU_ASSERT_EQUAL(out.bootstrap.kind, accounts[i].kind);
		CU_ASSERT_STRING_EQUAL(mac_sec_name(out.bootstrap.sec),
				       vector_text(v, "sec"));
		CU_ASSERT_FATAL(out.bootstrap.has_account);
		CU_ASSERT_STRING_EQUAL(out.bootstrap.account.server_id,
				       "dm.example.com");
		CU_ASSERT(verifies(&d, "dm.example.com", NULL,
				   accounts[i].password, accounts[i].nonce));
		CU_ASSERT(!verifies(&d, "dm.example.com", NULL, "clientpw",
				    accounts[i].nonce));
		CU_ASSERT(!verifies(&d, "dm.example.org", NULL,
				    accounts[i].password, accounts[i].nonce));
	}
}

static void applies_documents_without_an_account(void)
{
	static const char *const names[] = {
		"cp-internet-userpin", "cp-internet-netwpin-imsi15",
		"cp-internet-netwpin-imsi13", "cp-internet-usernetwpin-imsi15",
		"cp-internet-userpinmac", "cp-codepage1-tokens",
		"cp-utf8-empty-valueless", "cp-version10-noversion",
		"cp-casefold-secret", "cp-ms-characteristics",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const json_t *v = find(names[i]);
		struct device d = device_for(v);

		take_vector(&d, v);
		applied();
		CU_ASSERT(!out.bootstrap.has_account);
		CU_ASSERT_STRING_EQUAL(mac_sec_name(out.bootstrap.sec),
				       vector_text(v, "sec"));
		CU_ASSERT(!example_verifies(&d));
	}
}

static void keeps_its_account_when_a_document_has_none(void)
{
	const json_t *v = find("dm12-dmacc-usernetwpin");
	struct device d = device_for(v);

	take_vector(&d, v);
	strcpy(d.pin, "1234");
	take_vector(&d, find("cp-internet-userpin"));
	applied();
	CU_ASSERT(example_verifies(&d));
}

static void replaces_its_account(void)
{
	static const struct w7 same = {
		"dm.example.com", "CLIENT", "name", "other", "AAAA",
	};
	static const struct w7 another = {
		"com.example.dms", "CLIENT", NULL, "srvpwd", NULL,
	};
	const json_t *v = find("dm12-inbox-tnds-userpin");
	struct device d = device_for(v);

	take_vector(&d, v);
	CU_ASSERT(example_verifies(&d));
	take_w7(&d, &same);
	applied();
	CU_ASSERT(!example_verifies(&d));
	CU_ASSERT(verifies(&d, "dm.example.com", "name", "other", "AAAA"));
	take_w7(&d, &another);
	applied();
	CU_ASSERT(!verifies(&d, "dm.example.com", "name", "other", "AAAA"));
	CU_ASSERT(verifies(&d, "com.example.dms", NULL, "srvpwd", ""));
}

static void puts_ten_segments_together_in_any_order(void)
{
	const json_t *v = find("dm12-inbox-tnds-userpin");
	uint8_t push[PUSH_MAX];
	size_t len = push_of(v, push);

	for (size_t first = 0; first < 10; first++) {
		struct device d = device_for(v);

		CU_ASSERT_EQUAL(take_push(&d, push, len, first, 3), 10);
		applied();
		CU_ASSERT_EQUAL(take_push(&d, push, len, first, 9), 10);
		applied();
		CU_ASSERT(example_verifies(&d));
	}
}

static void needs_the_right_imsi_and_pin(void)
{
	static const struct {
		const char *vector, *imsi, *pin, *reason;
	} cases[] = {
		{ "cp-internet-userpin", IMSI, "1235", MAC_REASON },
		{ "cp-internet-userpin", IMSI, "", "the user has no PIN" },
		{ "cp-internet-userpin", "", "1234", NULL },
		{ "cp-internet-netwpin-imsi15", "310150123456780", "1234",
		  MAC_REASON },
		{ "cp-internet-netwpin-imsi15", "", "1234", "no IMSI" },
		{ "cp-internet-netwpin-imsi15", IMSI, "", NULL },
		{ "cp-internet-usernetwpin-imsi15", IMSI, "4711", MAC_REASON },
		{ "cp-internet-usernetwpin-imsi15", "310150123456788", "1234",
		  MAC_REASON },
		{ "cp-internet-usernetwpin-imsi15", IMSI, "", "has no PIN" },
		{ "cp-internet-usernetwpin-imsi15", "", "1234", "no IMSI" },
		{ "cp-internet-userpinmac", IMSI, "5031734812", MAC_REASON },
		{ "cp-internet-userpinmac", IMSI, "5031834811", MAC_REASON },
		{ "cp-internet-userpinmac", IMSI, "50317", MAC_REASON },
		{ "cp-internet-userpinmac", IMSI, "", "the user has no PIN" },
		{ "dm12-dmacc-netwpin", "310150123456780", "", MAC_REASON },
		{ "dm12-inbox-tnds-userpin", IMSI, "12345", MAC_REASON },
		{ "dm12-inbox-tnds-userpin", IMSI,
		  "1234567890123456789012345678901234567890", MAC_REASON },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct device d = new_device("1.2", cases[i].imsi,
					     cases[i].pin);

		take_vector(&d, find(cases[i].vector));
		if (cases[i].reason)
			refused(cases[i].reason);
		else
			applied();
	}
}

/* Clients do not agree on the key of an IMSI that has not 15 digits. */
static void makes_the_key_as_its_client_does(void)
{
	static const char *const clients[] = {
		"generic", "mediatek", "spreadtrum", "gecko",
	};
	struct device d = new_device("1.2", "26201123456789", "");
	uint8_t body[PUSH_MAX];
	size_t len = tap_hex(vector_text(find("cp-internet-nosec"),
					 "wbxml_hex"), body, sizeof(body));

	for (int i = 0; i < 16; i++) {
		struct mac_source source = {
			.sec = MAC_NETWPIN, .imsi = d.imsi,
			.imsi_key = quirks_find(clients[i / 4])->imsi_key,
		};

		d.quirk = quirks_find(clients[i % 4]);
		take_document(&d, body, len, &source);
		if (i / 4 == i % 4)
			applied();
		else
			refused(MAC_REASON);
	}
}

static void refuses_altered_documents(void)
{
	const json_t *v = find("cp-w7-dm112-wm5");
	struct device d = device_for(v);
	uint8_t push[PUSH_MAX];
	size_t len = push_of(v, push);
	size_t body = 3 + 47, mac = 3 + 5, public_id = body + 1;

	for (size_t i = mac; i < len; i++) {
		push[i] ^= 1;
		take(&d, push, len);
		if (i == public_id)
			refused("allowed: WBXML of public id 0x0b, 0x0fd3");
		else if (i >= body)
			refused(MAC_REASON);
		else
			CU_ASSERT_EQUAL(out.verdict, DEVICE_REFUSED);
		push[i] ^= 1;
	}
	CU_ASSERT(!d.account.given);
	take(&d, push, len);
	applied();
}

static void refuses_what_is_unsigned_unless_it_may_be(void)
{
	struct device d = new_device("1.2", IMSI, "1234");
	uint8_t push[PUSH_MAX];
	size_t len;

	take_vector(&d, find("cp-internet-nosec"));
	refused("unsigned (SEC none, no MAC), allowed: signed ones");
	d.accepts_unsigned = true;
	take_vector(&d, find("cp-internet-nosec"));
	applied();
	CU_ASSERT_EQUAL(out.bootstrap.sec, MAC_SEC_NONE);
	strcpy(d.pin, "1235");
	take_vector(&d, find("cp-internet-userpin"));
	refused(MAC_REASON);

	/* SEC without its MAC proves nothing. */
	len = tap_hex("01060403b69181", push, sizeof(push));
	len += tap_hex(vector_text(find("cp-internet-userpin"), "wbxml_hex"),
		       push + len, sizeof(push) - len);
	take(&d, push, len);
	applied();
	CU_ASSERT_EQUAL(out.bootstrap.sec, MAC_SEC_NONE);
	d.accepts_unsigned = false;
	take(&d, push, len);
	refused("unsigned (SEC USERPIN, no MAC), allowed: signed ones");
}

static void takes_what_its_client_takes(void)
{
	static const struct {
		const char *quirk, *vector, *reason;
	} cases[] = {
		{ "windows-mobile-5", "dm112-con-dmacc-userpin",
		  "a windows-mobile-5 client takes client provisioning only" },
		{ "windows-mobile-6", "dm12-dmacc-netwpin",
		  "a windows-mobile-6 client takes client provisioning only" },
		{ "windows-mobile-6", "cp-w7-dm12-wm6", NULL },
		{ "gecko", "cp-internet-usernetwpin-imsi15",
		  "a gecko client does not take USERNETWPIN" },
		{ "gecko", "cp-internet-userpinmac",
		  "a gecko client does not take USERPINMAC" },
		{ "gecko", "cp-internet-userpin", NULL },
		{ "symbian", "cp-internet-userpinmac", NULL },
		{ "symbian", "dm12-dmacc-usernetwpin", NULL },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const json_t *v = find(cases[i].vector);
		struct device d = device_for(v);

		d.quirk = quirks_find(cases[i].quirk);
		take_vector(&d, v);
		if (cases[i].reason)
			refused(cases[i].reason);
		else
			applied();
	}
}

static void takes_a_dm_profile_of_its_own_version(void)
{
	struct device d = new_device("1.1.2", IMSI, "1234");

	take_vector(&d, find("dm12-inbox-tnds-userpin"));
	refused("bootstrap of DM 1.2, allowed: 1.1.2");
	d.dm_version = "1.2";
	take_vector(&d, find("dm112-con-dmacc-userpin"));
	refused("bootstrap of DM 1.1.2, allowed: 1.2");
	strcpy(d.pin, "4711");
	take_vector(&d, find("cp-w7-dm112-wm5"));
	applied();
}

static void refuses_other_headers(void)
{
	static const struct {
		const char *wsp, *body, *reason;
	} cases[] = {
		{ "010601c2", "dm12-dmacc-netwpin", "no application id" },
		{ "010603c2af9a", "dm12-dmacc-netwpin",
		  "application id 26, allowed: 7" },
		{ "010603c2af87", "cp-internet-nosec",
		  "content type 0x42, allowed: 0x36 for this kind" },
		{ "010601b6", "dm12-dmacc-netwpin",
		  "content type 0x36, allowed: 0x42 for this kind" },
		{ "01060403b69184", "cp-internet-nosec", "sec: " },
		{ "01060605b692303000", "cp-internet-nosec", "mac: " },
	};
	struct device d = new_device("1.2", IMSI, "1234");
	uint8_t push[PUSH_MAX];

	d.accepts_unsigned = true;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		size_t len = tap_hex(cases[i].wsp, push, sizeof(push));

		len += tap_hex(vector_text(find(cases[i].body), "wbxml_hex"),
			       push + len, sizeof(push) - len);
		take(&d, push, len);
		refused(cases[i].reason);
	}
}

static void refuses_every_cut_document(void)
{
	const json_t *v = find("cp-w7-dm-oma-generic");
	struct device d = new_device("1.2", "", "1234");
	uint8_t body[PUSH_MAX];
	size_t len = tap_hex(vector_text(v, "recommended_wbxml_hex"), body,
			     sizeof(body));

	for (size_t cut = 0; cut < len; cut++) {
		take_document(&d, body, cut, &pin_1234);
		refused("");
	}
	CU_ASSERT(!d.account.given);
	take_document(&d, body, len, &pin_1234);
	applied();
}

static void refuses_a_document_that_it_has_no_room_for(void)
{
	const size_t cap = room.arena.cap;

	for (size_t i = 0; i < N_ACCOUNTS; i++) {
		const json_t *v = find(accounts[i].name);
		struct device d = device_for(v);

		for (room.arena.cap = 0; room.arena.cap < 700;
		     room.arena.cap += 100) {
			take_vector(&d, v);
			refused("the document is too large or too deep");
		}
		room.arena.cap = cap;
		take_vector(&d, v);
		applied();
	}
}

static void keeps_its_account_when_it_refuses_another(void)
{
	static char server_id[TRIGGER_SERVER_ID_MAX + 2];
	static const struct {
		struct w7 w7;
		const char *reason;
	} cases[] = {
		{ { server_id, "CLIENT", NULL, "hush", "AAAA" },
		  "server-id: 256 octets, allowed: 1 to 255 octets" },
		{ { "", "CLIENT", NULL, "hush", "AAAA" }, "" },
		{ { NULL, "CLIENT", NULL, "hush", "AAAA" }, "" },
		{ { "other", "CLIENT", NULL, "hush", "hush!" },
		  "nonce: 5 characters, allowed: base64" },
	};
	struct device d = new_device("1.2", IMSI, "1234");

	memset(server_id, 's', sizeof(server_id) - 1);
	take_vector(&d, find("dm12-inbox-tnds-userpin"));
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		take_w7(&d, &cases[i].w7);
		refused(cases[i].reason);
		CU_ASSERT_PTR_NULL(strstr(out.reason, "hush"));
		CU_ASSERT(example_verifies(&d));
	}
}

static void verifies_nothing_without_the_servers_credential(void)
{
	static const struct w7 w = {
		"dm.example.com", "APPSRV", "device42", "clientpw", "AAAA",
	};
	struct device d = new_device("1.2", IMSI, "1234");

	take_w7(&d, &w);
	applied();
	CU_ASSERT(!example_verifies(&d));
	CU_ASSERT_STRING_EQUAL(out.reason, "the account has no credential of "
			       "the server");
}

static struct dm_client client;

static struct device device_with_client(const char *dm_version)
{
	struct device d = new_device(dm_version, IMSI, "1234");

	client = (struct dm_client){
		.version = strcmp(dm_version, "1.2") ? SYNCML_11 : SYNCML_12,
		.url_from_bootstrap = true, .dev_id = "IMEI:1",
		.firmware = "1.0",
	};
	dm_client_begin(&client, "");
	dm_tree_set(&client.tree, "./DevDetail/FwV", "2.0");
	d.client = &client;
	return d;
}

/* Its own credential is that of the level APPSRV. */
static void gives_its_client_an_account(void)
{
	static const struct w7 w = {
		"srv9", "APPSRV", "device42", "clientpw", "AAEC",
	};
	static const struct digest_source source = {
		.server_id = "device42", .password = "clientpw",
		.nonce = "AAEC",
	};
	struct device d = device_with_client("1.2");
	struct digest_key key;
	struct err e;

	take_w7(&d, &w);
	applied();
	CU_ASSERT(!out.comes);
	CU_ASSERT_STRING_EQUAL(client.url, "https://dm.example.com");
	CU_ASSERT_STRING_EQUAL(client.user, "device42");
	CU_ASSERT_EQUAL(digest_key_make(&source, &key, &e), DM_OK);
	CU_ASSERT_STRING_EQUAL(client.key.credential, key.credential);
	CU_ASSERT(tap_same(client.key.nonce, client.key.nonce_len, key.nonce,
			   key.nonce_len));
	CU_ASSERT_STRING_EQUAL(dm_tree_value(&client.tree,
			       "./DMAcc/1/ServerID"), "srv9");
	CU_ASSERT_STRING_EQUAL(dm_tree_value(&client.tree,
			       "./DevDetail/FwV"), "2.0");
}

static void takes_the_port_into_the_address(void)
{
	static const struct {
		const char *addr, *port, *url;
	} cases[] = {
		{ "https://x/dm", "8443", "https://x:8443/dm" },
		{ "https://x", "8443", "https://x:8443" },
		{ "https://x?a", "8443", "https://x:8443?a" },
		{ "https://x:1/dm", "8443", "https://x:1/dm" },
		{ "http://[::1]/dm", "80", "http://[::1]:80/dm" },
		{ "http://[::1]:1/dm", "80", "http://[::1]:1/dm" },
		{ "https://x/a:b", NULL, "https://x/a:b" },
		{ "https://x/a:b", "", "https://x/a:b" },
	};
	struct err e;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct account a = {
			.server_id = "s", .addr = cases[i].addr,
			.port = cases[i].port,
		};

		device_with_client("1.2");
		CU_ASSERT_EQUAL(dm_client_take_account(&client, &a, &e),
				DM_OK);
		CU_ASSERT_STRING_EQUAL(client.url, cases[i].url);
	}
}

static void refuses_addresses_that_it_cannot_call(void)
{
	static char addr[DM_CLIENT_URL_MAX + 1] = "http://";
	struct account a = { .server_id = "s", .addr = addr, .port = "80" };
	struct err e;

	memset(addr + 7, 'x', DM_CLIENT_URL_MAX - 7);
	device_with_client("1.2");
	CU_ASSERT_EQUAL(dm_client_take_account(&client, &a, &e), DM_EINVAL);
	a.port = NULL;
	CU_ASSERT_EQUAL(dm_client_take_account(&client, &a, &e), DM_OK);
	a.addr = "ftp://x/";
	CU_ASSERT_EQUAL(dm_client_take_account(&client, &a, &e), DM_EINVAL);
	CU_ASSERT_STRING_EQUAL(client.url, addr);
}

static void keeps_the_address_of_its_file(void)
{
	static const struct w7 w = { "s", "CLIENT", NULL, "pw", NULL };
	struct device d = device_with_client("1.1.2");

	client.url_from_bootstrap = false;
	strcpy(client.url, "http://file/");
	take_w7(&d, &w);
	applied();
	CU_ASSERT_STRING_EQUAL(client.url, "http://file/");
	CU_ASSERT(!client.has_key);
}

static void comes_at_once_if_it_is_told_to(void)
{
	static const struct w7 w = { "s", "CLIENT", NULL, "pw", NULL };
	struct device d = device_with_client("1.2");

	take_w7_with_init(&d, &w);
	applied();
	CU_ASSERT(out.comes);
	CU_ASSERT_EQUAL(d.session.phase, DM_COMING);
	CU_ASSERT(d.session.own);
	take_w7_with_init(&d, &w);
	applied();
	CU_ASSERT(!out.comes);
	d = new_device("1.2", IMSI, "1234");
	take_w7_with_init(&d, &w);
	applied();
	CU_ASSERT(!out.comes);
}

static void refuses_a_credential_that_its_client_cannot_use(void)
{
	static const struct w7 w = { "s", "APPSRV", "n", "hush", "hush!" };
	struct device d = device_with_client("1.2");

	take_w7(&d, &w);
	refused("nonce: 5 characters");
	CU_ASSERT(!d.account.given);
	CU_ASSERT(!client.has_key && !client.url[0]);
}

static void forgets_the_document(void)
{
	const uint8_t *octets = room.arena.buf;

	for (size_t i = 0; i < N_ACCOUNTS; i++) {
		const json_t *v = find(accounts[i].name);
		struct device d = device_for(v);

		take_vector(&d, v);
		CU_ASSERT_NOT_EQUAL(room.arena.used, 0);
		device_forget(&room);
		CU_ASSERT_EQUAL(room.arena.used, 0);
		CU_ASSERT_EQUAL(octets[0], 0);
		CU_ASSERT(!memcmp(octets, octets + 1, room.arena.cap - 1));
	}
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "takes over the account of every vector",
		  takes_over_the_account_of_every_vector },
		{ "applies documents without an account",
		  applies_documents_without_an_account },
		{ "keeps its account when a document has none",
		  keeps_its_account_when_a_document_has_none },
		{ "replaces its account", replaces_its_account },
		{ "puts ten segments together in any order",
		  puts_ten_segments_together_in_any_order },
		{ "needs the right IMSI and PIN",
		  needs_the_right_imsi_and_pin },
		{ "makes the key as its client does",
		  makes_the_key_as_its_client_does },
		{ "refuses altered documents", refuses_altered_documents },
		{ "refuses what is unsigned unless it may be",
		  refuses_what_is_unsigned_unless_it_may_be },
		{ "takes what its client takes", takes_what_its_client_takes },
		{ "takes a DM profile of its own version",
		  takes_a_dm_profile_of_its_own_version },
		{ "refuses other headers", refuses_other_headers },
		{ "refuses every cut document", refuses_every_cut_document },
		{ "refuses a document that it has no room for",
		  refuses_a_document_that_it_has_no_room_for },
		{ "keeps its account when it refuses another",
		  keeps_its_account_when_it_refuses_another },
		{ "verifies nothing without the server's credential",
		  verifies_nothing_without_the_servers_credential },
		{ "gives its client an account",
		  gives_its_client_an_account },
		{ "takes the port into the address",
		  takes_the_port_into_the_address },
		{ "refuses addresses that it cannot call",
		  refuses_addresses_that_it_cannot_call },
		{ "keeps the address of its file",
		  keeps_the_address_of_its_file },
		{ "comes at once if it is told to",
		  comes_at_once_if_it_is_told_to },
		{ "refuses a credential that its client cannot use",
		  refuses_a_credential_that_its_client_cannot_use },
		{ "forgets the document", forgets_the_document },
		CU_TEST_INFO_NULL,
	};

	return tap_run("provisioning", tests);
}
