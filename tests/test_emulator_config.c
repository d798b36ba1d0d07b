/* SPDX-License-Identifier: Apache-2.0 */
#include "emulator/config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/tap.h"

#define KEY "server-id = \"srv\"\npassword = 'pw'\nnonce-hex = \"\"\n"
#define PIN_40 "1234567890123456789012345678901234567890"
#define URL "server-url = 'http://x/'\n"
#define PATH "test_emulator_config.conf"

static struct config config;
static char why[CONFIG_ERROR_MAX];

static int load(const char *text)
{
	FILE *f = fopen(PATH, "w");
	int rc;

	CU_ASSERT_PTR_NOT_NULL_FATAL(f);
	fputs(text, f);
	fclose(f);
	rc = config_load(&config, PATH, why);
	unlink(PATH);
	return rc;
}

static void loads(const char *text)
{
	int rc = load(text);

	if (rc)
		printf("# %s\n", why);
	CU_ASSERT_EQUAL_FATAL(rc, DM_OK);
}

static void loads_the_example(void)
{
	static char path[4096];
	const char *srcdir = getenv("srcdir");
	const struct device *d;

	snprintf(path, sizeof(path), "%s/conf/emulator.conf",
		 srcdir ? srcdir : ".");
	CU_ASSERT_EQUAL_FATAL(config_load(&config, path, why), DM_OK);
	CU_ASSERT_EQUAL(config.n_devices, 4);
	CU_ASSERT_EQUAL(config.faults.all.n, 2);
	CU_ASSERT_STRING_EQUAL(config.unknown_number->name, "UNDELIV");
	d = config_find(&config, "+491701234567");
	CU_ASSERT_PTR_NOT_NULL_FATAL(d);
	CU_ASSERT_STRING_EQUAL(d->account.server_id, "com.example.dms");
	CU_ASSERT_STRING_EQUAL(d->account.key.credential,
			       "YQr3nhYDR/JY0imB7v2wfA==");
	CU_ASSERT_EQUAL(d->account.key.nonce_len, 16);
	CU_ASSERT_EQUAL(d->account.key.nonce[0], 0x10);
	config_free(&config);
}

static void has_defaults(void)
{
	const struct device *d;

	loads("device \"49170\" {\n" KEY "}\n");
	d = config_find(&config, "49170");
	CU_ASSERT_PTR_NOT_NULL_FATAL(d);
	CU_ASSERT_STRING_EQUAL(d->dm_version, "1.2");
	CU_ASSERT_STRING_EQUAL(d->quirk->name, "generic");
	CU_ASSERT_STRING_EQUAL(d->receipt->name, "DELIVRD");
	CU_ASSERT_EQUAL(d->receipt_delay_ms, 0);
	CU_ASSERT_STRING_EQUAL(d->imsi, "");
	CU_ASSERT_STRING_EQUAL(d->pin, "");
	CU_ASSERT(!d->accepts_unsigned);
	CU_ASSERT_EQUAL(d->plan.comes_after, 0);
	CU_ASSERT_STRING_EQUAL(config.unknown_number->name, "UNDELIV");
	config_free(&config);
	loads("");
	CU_ASSERT_EQUAL(config.n_devices, 0);
	CU_ASSERT_EQUAL(config.faults.all.n, 0);
	CU_ASSERT_PTR_NULL(config_find(&config, "49170"));
	config_free(&config);
}

/* As many as there are devices, and each of its own. */
static void gives_each_device_its_faults(void)
{
	static char text[10000 * 80];
	size_t len = 0;

	for (unsigned i = 0; i < 10000; i++)
		len += (size_t)sprintf(text + len, "device \"+%u\" "
				       "{\nfault('off %u')\nfault('result 500')}"
				       "\n", 491700000 + i, i);
	loads(text);
	CU_ASSERT_EQUAL(config.faults.all.n, 0);
	for (unsigned i = 0; i < 10000; i++) {
		CU_ASSERT_EQUAL_FATAL(config.devices[i].faults.n, 2);
		CU_ASSERT_EQUAL(config.devices[i].faults.rules[0].value, i);
	}
	config_free(&config);
}

static void takes_every_field(void)
{
	const struct device *d;

	loads("unknown-number = \"none\"\n"
	      "fault('+49* lost 20%')	# a comment\nfault(\"* late 5\")\n"
	      "device \"+49170\" { dm-version = \"1.1.2\" "
	      "server-id = \"srv\" credential = \"YQr3nhYDR/JY0imB7v2wfA==\" "
	      "nonce = \"AAAAAA==\" quirks = \"aosp\" receipt = \"REJECTD\" "
	      "receipt-delay-ms = 3600000 }\n"
	      "device \"+49171\" { server-id = \"srv\" password = \"pw\" "
	      "auth-name = \"other\" nonce-text = \"text\" "
	      "receipt = \"none\" imsi = \"310150123456789\" pin = 4711 "
	      "accept-unsigned = true comes-after = 1000 "
	      "comes-delay-ms = 1 session-lasts-ms = 3600000 result = 0 "
	      "alert-type = \"a.b\" }\n"
	      "device \"+49172\" { comes-after = 1 resync = false "
	      "nonce-as = text }\n"
	      "device \"+49173\" { quirks = windows-mobile-6 }\n"
	      "device \"+49174\" { quirks = windows-mobile-6 resync = true }\n"
	      "device \"+49175\" { quirks = symbian resync = false }\n");
	CU_ASSERT_PTR_NULL(config.unknown_number);
	CU_ASSERT_EQUAL(config.faults.all.n, 2);
	CU_ASSERT_STRING_EQUAL(config.faults.all.rules[0].text,
			       "+49* lost 20%");
	CU_ASSERT_STRING_EQUAL(config.faults.all.rules[1].text, "* late 5");
	CU_ASSERT(config_find(&config, "+49173")->no_resync);
	CU_ASSERT_FALSE(config_find(&config, "+49174")->no_resync);
	CU_ASSERT(config_find(&config, "+49175")->no_resync);
	d = config_find(&config, "+49170");
	CU_ASSERT_PTR_NOT_NULL_FATAL(d);
	CU_ASSERT_FALSE(d->no_resync || d->nonce_as_text);
	CU_ASSERT_STRING_EQUAL(d->dm_version, "1.1.2");
	CU_ASSERT_STRING_EQUAL(d->quirk->name, "aosp");
	CU_ASSERT_STRING_EQUAL(d->receipt->name, "REJECTD");
	CU_ASSERT_EQUAL(d->receipt_delay_ms, 3600000);
	CU_ASSERT_EQUAL(d->account.key.nonce_len, 4);
	d = config_find(&config, "+49171");
	CU_ASSERT_PTR_NOT_NULL_FATAL(d);
	CU_ASSERT_PTR_NULL(d->receipt);
	CU_ASSERT_EQUAL(d->account.key.nonce_len, 4);
	CU_ASSERT(d->account.given && d->account.has_key);
	CU_ASSERT_STRING_EQUAL(d->imsi, "310150123456789");
	CU_ASSERT_STRING_EQUAL(d->pin, "4711");
	CU_ASSERT(d->accepts_unsigned);
	CU_ASSERT_EQUAL(d->plan.comes_after, 1000);
	CU_ASSERT_EQUAL(d->plan.comes_delay_ms, 1);
	CU_ASSERT_EQUAL(d->plan.lasts_ms, 3600000);
	CU_ASSERT_EQUAL(d->plan.result, 0);
	CU_ASSERT_STRING_EQUAL(d->plan.alert_type, "a.b");
	d = config_find(&config, "+49172");
	CU_ASSERT_PTR_NOT_NULL_FATAL(d);
	CU_ASSERT(d->no_resync && d->nonce_as_text);
	CU_ASSERT_EQUAL(d->plan.result, DM_PLAN_NO_RESULT);
	CU_ASSERT_STRING_EQUAL(d->plan.alert_type, "");
	config_free(&config);
}

static void loads_a_device_without_an_account(void)
{
	const struct device *d;

	loads("device \"49170\" { imsi = \"310150\" pin = " PIN_40 " }\n"
	      "device \"49171\" { }\n");
	d = config_find(&config, "49170");
	CU_ASSERT_PTR_NOT_NULL_FATAL(d);
	CU_ASSERT(!d->account.given);
	CU_ASSERT_STRING_EQUAL(d->imsi, "310150");
	CU_ASSERT_STRING_EQUAL(d->pin, PIN_40);
	CU_ASSERT_PTR_NOT_NULL(config_find(&config, "49171"));
	config_free(&config);
}

static void gives_a_device_a_client(void)
{
	const struct device *d;

	loads("device \"+49170\" {\n" KEY URL "}\n"
	      "device \"+49171\" {\n" KEY "dm-version = '1.1.2'\n"
	      "server-url = 'bootstrap'\ncomes-after = 3\ndev-id = 'IMEI:1'\n"
	      "user-password = 'p'\nencoding = 'xml'\nanswers = 'never'\n"
	      "retry-ms = 10\nrestart-ms = 0\nconfirms = true\n"
	      "firmware = '0.9'\nmodel = 'X1'\n}\n");
	d = config_find(&config, "49170");
	CU_ASSERT_PTR_NOT_NULL_FATAL(d->client);
	CU_ASSERT_EQUAL(d->plan.comes_after, 1);
	CU_ASSERT_EQUAL(d->client->version, SYNCML_12);
	CU_ASSERT_EQUAL(d->client->encoding, SYNCML_WBXML);
	CU_ASSERT_EQUAL(d->client->answers, DM_USER_YES);
	CU_ASSERT_EQUAL(d->client->retry_ms, 5000);
	CU_ASSERT_EQUAL(d->client->restart_ms, 2000);
	CU_ASSERT(!d->client->confirms);
	CU_ASSERT(!d->client->has_key);
	CU_ASSERT_STRING_EQUAL(dm_tree_value(&d->client->tree,
			       "./DevInfo/DevId"), "MSISDN:49170");
	CU_ASSERT_STRING_EQUAL(dm_tree_value(&d->client->tree,
			       "./DMAcc/1/AppAddr/1/Addr"), "http://x/");
	d = config_find(&config, "49171");
	CU_ASSERT_EQUAL(d->plan.comes_after, 3);
	CU_ASSERT_EQUAL(d->client->version, SYNCML_11);
	CU_ASSERT_EQUAL(d->client->encoding, SYNCML_XML);
	CU_ASSERT_EQUAL(d->client->answers, DM_USER_NEVER);
	CU_ASSERT_EQUAL(d->client->retry_ms, 10);
	CU_ASSERT_EQUAL(d->client->restart_ms, 0);
	CU_ASSERT(d->client->confirms);
	CU_ASSERT(d->client->url_from_bootstrap && !d->client->url[0]);
	CU_ASSERT(d->client->has_key);
	CU_ASSERT_STRING_EQUAL(d->client->user, "IMEI:1");
	CU_ASSERT_STRING_EQUAL(dm_tree_value(&d->client->tree,
			       "./DevDetail/FwV"), "0.9");
	config_free(&config);
}

static void finds_numbers_with_and_without_plus(void)
{
	loads("device \"+49170\" {\n" KEY "}\ndevice \"49172\" {\n" KEY "}\n"
	      "device \"49171\" {\n" KEY "}\n");
	CU_ASSERT_PTR_NOT_NULL(config_find(&config, "49170"));
	CU_ASSERT_PTR_NOT_NULL(config_find(&config, "+49170"));
	CU_ASSERT_PTR_NOT_NULL(config_find(&config, "49171"));
	CU_ASSERT_PTR_NOT_NULL(config_find(&config, "+49172"));
	CU_ASSERT_PTR_NULL(config_find(&config, "4917"));
	CU_ASSERT_PTR_NULL(config_find(&config, "491700"));
	CU_ASSERT_PTR_NULL(config_find(&config, ""));
	CU_ASSERT_PTR_NULL(config_find(&config, "letters"));
	config_free(&config);
}

static void finds_each_of_thousands(void)
{
	static char text[400000];
	size_t len = 0;
	char number[16];

	for (unsigned i = 0; i < 3000; i++)
		len += (size_t)snprintf(text + len, sizeof(text) - len,
			"device \"+4917%08u\" {\n" KEY "}\n", i * 7919u);
	loads(text);
	CU_ASSERT_EQUAL(config.n_devices, 3000);
	for (unsigned i = 0; i < 3000; i++) {
		const struct device *d;

		snprintf(number, sizeof(number), "4917%08u", i * 7919u);
		d = config_find(&config, number);
		CU_ASSERT(d && !strcmp(d->msisdn + 1, number));
	}
	config_free(&config);
}

/* What is wrong with a file, and what the message must say of it. */
static const struct {
	const char *text, *message;
} bad[] = {
	{ "device \"+49170\" {\n" KEY "quirks = \"nokia\"\n}",
	  PATH ":5: device +49170: quirks: \"nokia\", allowed: generic, " },
	{ "device \"+49170\" {\n" KEY "quirks = symbian\nresync = true\n}",
	  PATH ":6: device +49170: resync: true, allowed: false for a symbian" },
	{ "device \"+49170\" {\n" KEY "nonce-as = base64\n}",
	  PATH ":5: device +49170: nonce-as: \"base64\", allowed: octets, " },
	{ "device \"+49170\" {\n" KEY "receipt = \"ENROUTE\"\n}",
	  PATH ":5: device +49170: receipt: \"ENROUTE\", allowed: DELIVRD, " },
	{ "device \"+49170\" {\n" KEY "\n\nreceipt-delay-ms = 3600001\n}",
	  PATH ":7: device +49170: receipt-delay-ms: 3600001, allowed: 0 to "
	  "3600000" },
	{ "device \"+49170\" {\n" KEY "receipt-delay-ms = -1\n}",
	  PATH ":5: device +49170: receipt-delay-ms: -1, allowed: 0 to " },
	{ "device \"+49170\" {\n" KEY "receipt-delay-ms = soon\n}",
	  PATH ":5: device +49170: " },
	{ "device \"+49170\" {\n" KEY "dm-version = \"1.3\"\n}",
	  PATH ":5: device +49170: dm-version: \"1.3\", allowed: 1.1.2, 1.2" },
	{ "device \"+49170\" {\npassword = 'p'\nnonce-hex = ''\n}",
	  PATH ":4: device +49170: server-id: missing, allowed: 1 to 255" },
	{ "device \"+49170\" {\nserver-id = ''\npassword = 'p'\n}",
	  PATH ":2: device +49170: server-id: 0 octets, allowed: 1 to 255" },
	{ "device \"+49170\" {\nserver-id = 's'\nnonce-hex = ''\n}",
	  PATH ":4: device +49170: password: missing, allowed: password or "
	  "credential" },
	{ "device \"+49170\" {\nserver-id = 's'\npassword = 'p'\n}",
	  PATH ":4: device +49170: nonce: missing, allowed: one of nonce, " },
	{ "device \"+49170\" {\nserver-id = 's'\npassword = 'p'\n"
	  "nonce = 'x'\n}",
	  PATH ":4: device +49170: nonce: 1 characters, allowed: base64" },
	{ "device \"+49170\" {\nserver-id = 's'\nnonce-hex = ''\n"
	  "credential = 'short'\n}",
	  PATH ":4: device +49170: credential: 5 characters, allowed: " },
	{ "device \"+49170\" {\nauth-name = 'n'\n}",
	  PATH ":3: device +49170: server-id: missing, allowed: 1 to 255" },
	{ "device \"+49170\" {\nnonce-text = ''\n}",
	  PATH ":3: device +49170: server-id: missing, allowed: 1 to 255" },
	{ "device \"+49170\" {\nserver-id = 's'\n}",
	  PATH ":3: device +49170: password: missing, allowed: password or " },
	{ "device \"+49170\" {\n\nimsi = \"31015\"\n}",
	  PATH ":3: device +49170: imsi: 5 " },
	{ "device \"+49170\" {\n\nimsi = \"3101501234567890\"\n}",
	  PATH ":3: device +49170: imsi: 16 " },
	{ "device \"+49170\" {\n\nimsi = \"31015x\"\n}",
	  PATH ":3: device +49170: imsi: " },
	{ "device \"+49170\" {\npin = ''\n}",
	  PATH ":2: device +49170: pin: 0 characters, allowed: 1 to 40" },
	{ "device \"+49170\" {\npin = '" PIN_40 "1'\n}",
	  PATH ":2: device +49170: pin: 41 characters, allowed: 1 to 40" },
	{ "device \"+49170\" {\npin = '\u00e4'\n}",
	  PATH ":2: device +49170: pin: other characters, allowed: printable "
	  "ASCII" },
	{ "device \"+49170\" {\naccept-unsigned = maybe\n}",
	  PATH ":2: device +49170: invalid boolean value for option "
	  "'accept-unsigned', allowed: true, false" },
	{ "device \"49170\" {\ncomes-after = 1001\n}",
	  PATH ":2: device 49170: comes-after: 1001, allowed: 0 to 1000" },
	{ "device \"49170\" {\ncomes-after = 1\nresult = -1\n}",
	  PATH ":3: device 49170: result: -1, allowed: 0 to 65535" },
	{ "device \"49170\" {\ncomes-after = 1\nalert-type = ''\n}",
	  PATH ":3: device 49170: alert-type: 0 octets, allowed: 1 to 128" },
	{ "device \"49170\" {\ncomes-after = 1\nalert-type = '\xff'\n}",
	  PATH ":3: device 49170: alert-type: octets that are not UTF-8" },
	{ "device \"49170\" {\ncomes-after = 0\nresult = 200\n}",
	  PATH ":3: device 49170: result: came, allowed: only with "
	  "comes-after of 1 or more" },
	{ "device \"49170\" {\nsession-lasts-ms = 0\n}",
	  PATH ":2: device 49170: session-lasts-ms: came, allowed: only " },
	{ "device \"49170\" {\ndev-id = 'x'\n}",
	  PATH ":2: device 49170: dev-id: came, allowed: only with "
	  "server-url" },
	{ "device \"49170\" {\n" URL "result = 200\n}",
	  PATH ":3: device 49170: result: came, allowed: only without "
	  "server-url" },
	{ "device \"49170\" {\nserver-url = 'ftp://x/'\n}",
	  PATH ":2: device 49170: server-url: another address, allowed: "
	  "http:// or https://" },
	{ "device \"49170\" {\nserver-url = 'http://'\n}",
	  PATH ":2: device 49170: server-url: another address" },
	{ "device \"49170\" {\n" URL "encoding = 'json'\n}",
	  PATH ":3: device 49170: encoding: \"json\", allowed: wbxml, xml" },
	{ "device \"49170\" {\n" URL "restart-ms = 3600001\n}",
	  PATH ":3: device 49170: restart-ms: 3600001, allowed: 0 to 3600000" },
	{ "device \"49170\" {\n" URL "retry-ms = 9\n}",
	  PATH ":3: device 49170: retry-ms: 9, allowed: 10 to 3600000" },
	{ "device \"49170\" {\n" URL "answers = 'perhaps'\n}",
	  PATH ":3: device 49170: answers: \"perhaps\", allowed: yes, no, " },
	{ "device \"49170\" {\n" URL "answers-after-ms = 3600001\n}",
	  PATH ":3: device 49170: answers-after-ms: 3600001, allowed: 0 to " },
	{ "device \"49170\" {\n" URL "model = ''\n}",
	  PATH ":3: device 49170: model: 0 octets, allowed: 1 to 127" },
	{ "device \"49170\" {\n" URL "firmware = '\x01'\n}",
	  PATH ":3: device 49170: firmware: some, allowed: no control" },
	{ "device \"49170\" {\n" URL "user-name = 'u'\n}",
	  PATH ":4: device 49170: user-password: missing, allowed: 0 to " },
	{ "device \"49170\" {\n" URL "user-password = 'p'\n"
	  "user-nonce = '!'\n}",
	  PATH ":4: device 49170: user-nonce: 1 characters, allowed: base64" },
	{ "device \"49170\" {\ncount = 0\n}\n",
	  PATH ":2: device 49170: count: 0, allowed: 1 to 100000" },
	{ "device \"49170\" {\ncount = 100001\n}\n", "count: 100001, " },
	{ "device \"99998\" {\ncount = 3\n}\n",
	  PATH ":2: device 99999: count: 3, allowed: what is left" },
	{ "device \"49170\" {\ncount = 2\npin = '100%'\n}\n",
	  PATH ":3: device 49170: pin: another character behind %, allowed: "
	  "%n (the number), %% (a %)" },
	{ "device \"+49178\" {\ncount = 2\nimsi = '%n12345678901'\n}\n",
	  PATH ":3: device +49178: imsi: 16" },
	{ "device \"49178\" {\ncount = 3\n}\ndevice \"+49179\" {\n}\n",
	  "number: came in line " },
	{ "device \"49-170\" {\n" KEY "}", PATH ":5: device 49-170: number: " },
	{ "device \"49170\" {\n" KEY "}\ndevice \"+49170\" {\n" KEY "}",
	  "number: came in line " },
	{ "device \"49170\" {\n" KEY "}\ndevice \"49170\" {\n" KEY "}",
	  PATH ":" },
	{ "device \"49170\" {\n" KEY "colour = 'red'\n}",
	  PATH ":5: device 49170: no such option 'colour', allowed: "
	  "count, dm-version, " },
	{ "\ncolour = 'red'\n",
	  PATH ":2: no such option 'colour', allowed: device, "
	  "unknown-number, fault" },
	{ "fault('* lost')\nfault('* throttled') # comment\n",
	  PATH ":2: fault: \"throttled\", allowed: a status like " },
	{ "\nfault('+49- lost')", PATH ":2: pattern: \"+49-\", allowed: " },
	{ "fault('* lost', '* early')\n",
	  PATH ":1: fault: 2 texts, allowed: one, in parentheses" },
	{ "device \"49170\" {\n" KEY "fault('off')\nfault('* off') }",
	  PATH ":6: device 49170: fault: \"*\", allowed: a status like " },
	{ "device \"49170\" {\nfault('off', 'off') }",
	  PATH ":2: device 49170: fault: 2 texts, allowed: one, in " },
	{ "fault()\n", PATH ":1: fault: 0 texts, allowed: one" },
	{ "fault = '* lost'\n", PATH ":1: " },
	{ "\nunknown-number = 'LOST'\n",
	  PATH ":2: unknown-number: \"LOST\", allowed: DELIVRD, " },
	{ "device \"49170\" {\n" KEY "device \"49171\" {\n" KEY "}",
	  PATH ":5: device 49170: no such option 'device', allowed: " },
	{ "device {\n" KEY "}", PATH ":" },
	{ "}", PATH ":1: " },
};

static void says_where_and_what_is_wrong(void)
{
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		CU_ASSERT_EQUAL(load(bad[i].text), DM_EINVAL);
		if (!strstr(why, bad[i].message))
			printf("# \"%s\" is not in \"%s\"\n", bad[i].message,
			       why);
		CU_ASSERT_PTR_NOT_NULL(strstr(why, bad[i].message));
	}
}

static void says_that_the_file_is_not_there(void)
{
	CU_ASSERT_EQUAL(config_load(&config, "no/such/file", why), DM_EINVAL);
	CU_ASSERT_STRING_EQUAL(why, "no/such/file: No such file or directory");
}

static void tells_no_secret_in_a_message(void)
{
	CU_ASSERT_EQUAL(load("device \"49170\" {\nserver-id = 's'\n"
			     "password = 'hushhush'\nnonce = 'hushhush!'\n}"),
			DM_EINVAL);
	CU_ASSERT_PTR_NULL(strstr(why, "hush"));
	CU_ASSERT_EQUAL(load("device \"49170\" {\nserver-id = 's'\n"
			     "credential = 'hushhush'\nnonce-hex = ''\n}"),
			DM_EINVAL);
	CU_ASSERT_PTR_NULL(strstr(why, "hush"));
	CU_ASSERT_EQUAL(load("device \"49170\" {\nimsi = '3101501hush'\n}"),
			DM_EINVAL);
	CU_ASSERT_PTR_NULL(strstr(why, "31015"));
	CU_ASSERT_EQUAL(load("device \"49170\" {\npin = 'hush\t'\n}"),
			DM_EINVAL);
	CU_ASSERT_PTR_NULL(strstr(why, "hush"));
}

static void makes_many_of_one(void)
{
	const struct device *d;

	loads("device \"+4917098\" {\ncount = 3\n"
	      "server-id = 'srv'\npassword = 'p-%n'\nnonce-text = '100%%'\n"
	      "imsi = '%n'\nserver-url = 'http://x/%n'\n"
	      "user-password = 'u-%n'\n}\n"
	      "device \"4917101\" {\n" URL "dev-id = '%n'\n}\n");
	CU_ASSERT_EQUAL(config.n_devices, 4);
	CU_ASSERT_PTR_NULL(config_find(&config, "4917097"));
	d = config_find(&config, "4917100");
	CU_ASSERT_PTR_NOT_NULL_FATAL(d);
	CU_ASSERT_STRING_EQUAL(d->msisdn, "+4917100");
	CU_ASSERT_STRING_EQUAL(d->imsi, "4917100");
	CU_ASSERT_STRING_EQUAL(d->client->url, "http://x/4917100");
	CU_ASSERT_STRING_EQUAL(d->client->dev_id, "MSISDN:4917100");
	CU_ASSERT_EQUAL(d->account.key.nonce_len, 4);
	CU_ASSERT_EQUAL(memcmp(d->account.key.nonce, "100%", 4), 0);
	CU_ASSERT_STRING_EQUAL(d->account.key.credential,
			       "LqaKfehK4zQNPju4Z/A+cQ==");
	CU_ASSERT_STRING_EQUAL(d->client->key.credential,
			       "AqyRwpS/WF0Bp8k+ffaFDQ==");
	d = config_find(&config, "4917101");
	CU_ASSERT_PTR_NOT_NULL_FATAL(d);
	CU_ASSERT_STRING_EQUAL(d->client->dev_id, "%n");
	config_free(&config);
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "loads the example", loads_the_example },
		{ "has defaults", has_defaults },
		{ "gives each device its faults",
		  gives_each_device_its_faults },
		{ "takes every field", takes_every_field },
		{ "loads a device without an account",
		  loads_a_device_without_an_account },
		{ "gives a device a client", gives_a_device_a_client },
		{ "finds numbers with and without plus",
		  finds_numbers_with_and_without_plus },
		{ "finds each of thousands", finds_each_of_thousands },
		{ "says where and what is wrong",
		  says_where_and_what_is_wrong },
		{ "says that the file is not there",
		  says_that_the_file_is_not_there },
		{ "tells no secret in a message",
		  tells_no_secret_in_a_message },
		{ "makes many of one", makes_many_of_one },
		CU_TEST_INFO_NULL,
	};

	return tap_run("emulator config", tests);
}
