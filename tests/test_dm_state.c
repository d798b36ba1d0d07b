/* SPDX-License-Identifier: Apache-2.0 */
#include "emulator/dm/dm_state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/tap.h"

#define FILE_NAME "491701234567.json"

static char dir[] = "/tmp/dmbox-state.XXXXXX";
static char path[sizeof(dir) + sizeof(FILE_NAME) + 1];
static struct dm_client client;

static struct device device(void)
{
	struct device d = { .msisdn = "+491701234567", .client = &client };

	memset(&client, 0, sizeof(client));
	client.version = SYNCML_12;
	client.has_key = true;
	strcpy(client.dev_id, "IMEI:1");
	strcpy(client.firmware, "1.0");
	strcpy(d.account.server_id, "srv1");
	d.account.has_key = true;
	d.account.key.nonce_len = 2;
	dm_client_begin(&client, "srv1");
	return d;
}

static int load(struct device *d)
{
	struct err e = { .code = DM_OK };
	int rc = dm_state_load(dir, d, &e);

	CU_ASSERT(rc == DM_OK || rc == DM_ENOENT || e.code == rc);
	return rc;
}

static void save(const struct device *d)
{
	struct err e;

	CU_ASSERT_EQUAL(dm_state_save(dir, d, &e), DM_OK);
}

static void put(const char *text)
{
	FILE *f = fopen(path, "w");

	CU_ASSERT_PTR_NOT_NULL_FATAL(f);
	fputs(text, f);
	fclose(f);
}

static void has_none_at_first(void)
{
	struct device d = device();

	CU_ASSERT_EQUAL(load(&d), DM_ENOENT);
}

static void change(struct device *d)
{
	dm_tree_set(&client.tree, "./DevDetail/FwV", "2.0");
	CU_ASSERT_EQUAL(dm_fumo_exec(&client.fumo, DM_FUMO_DOWNLOAD_UPDATE,
				     "http://x/", "job-1"), 202);
	dm_fumo_failed(&client.fumo, DM_FUMO_NETWORK_FAILED);
	memcpy(client.key.nonce, "\0\1\2", client.key.nonce_len = 3);
	memcpy(d->account.key.nonce, "abcd", d->account.key.nonce_len = 4);
}

static void comes_back(void)
{
	struct device d = device();
	struct stat st;

	change(&d);
	save(&d);
	CU_ASSERT_EQUAL(stat(path, &st), 0);
	CU_ASSERT_EQUAL(st.st_mode & 0777, 0600);
	d = device();
	CU_ASSERT_EQUAL(load(&d), DM_OK);
	CU_ASSERT_STRING_EQUAL(dm_tree_value(&client.tree, "./DevDetail/FwV"),
			       "2.0");
	CU_ASSERT_EQUAL(dm_fumo_next(&client.fumo), DM_FUMO_REPORT);
	CU_ASSERT_EQUAL(client.fumo.result, DM_FUMO_NETWORK_FAILED);
	CU_ASSERT_EQUAL(client.fumo.operation, DM_FUMO_DOWNLOAD_UPDATE);
	CU_ASSERT_STRING_EQUAL(client.fumo.correlator, "job-1");
	CU_ASSERT_STRING_EQUAL(dm_tree_firmware_value(&client.tree, "State"),
			       "20");
	CU_ASSERT(tap_same(client.key.nonce, client.key.nonce_len,
			   (const uint8_t *)"\0\1\2", 3));
	CU_ASSERT(tap_same(d.account.key.nonce, d.account.key.nonce_len,
			   (const uint8_t *)"abcd", 4));
}

static void takes_no_nonce_of_another_server(void)
{
	struct device d = device();

	change(&d);
	save(&d);
	d = device();
	strcpy(d.account.server_id, "srv2");
	CU_ASSERT_EQUAL(load(&d), DM_OK);
	CU_ASSERT_EQUAL(client.key.nonce_len, 0);
	CU_ASSERT_EQUAL(d.account.key.nonce_len, 2);
	CU_ASSERT_STRING_EQUAL(dm_tree_value(&client.tree, "./DevDetail/FwV"),
			       "2.0");
}

#define REST "\"operation\":\"\",\"url\":\"\",\"correlator\":\"\"," \
	"\"package-version\":\"\",\"to-report\":false,"
#define FILE_WITH(firmware, state, nonce) "{\"server-id\":\"srv1\"," \
	"\"firmware\":" firmware ",\"state\":" state ",\"result\":0," REST \
	"\"client-nonce\":" nonce ",\"server-nonce\":\"\"}"

static void refuses_what_it_did_not_write(void)
{
	static const char *const bad[] = {
		"", "[]", "{}", "no JSON",
		FILE_WITH("1", "10", "\"\""),
		FILE_WITH("\"1\"", "11", "\"\""),
		FILE_WITH("\"1\"", "-1", "\"\""),
		FILE_WITH("\"1\"", "\"10\"", "\"\""),
		FILE_WITH("\"1\"", "10", "\"!\""),
		FILE_WITH("\"1\"", "10", "null"),
	};
	struct device d = device();

	put(FILE_WITH("\"1\"", "10", "\"AA==\""));
	CU_ASSERT_EQUAL(load(&d), DM_OK);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		put(bad[i]);
		CU_ASSERT_EQUAL(load(&d), DM_EINVAL);
	}
}

static void says_that_it_cannot_write(void)
{
	struct device d = device();
	struct err e = { .came = "" };

	CU_ASSERT_EQUAL(dm_state_save("/nowhere", &d, &e), DM_EIO);
	CU_ASSERT_STRING_EQUAL(e.came, "No such file or directory");
}

static CU_TestInfo tests[] = {
	{ "has none at first", has_none_at_first },
	{ "comes back", comes_back },
	{ "takes no nonce of another server",
	  takes_no_nonce_of_another_server },
	{ "refuses what it did not write", refuses_what_it_did_not_write },
	{ "says that it cannot write", says_that_it_cannot_write },
	CU_TEST_INFO_NULL,
};

int main(void)
{
	int rc;

	if (!mkdtemp(dir))
		return EXIT_FAILURE;
	snprintf(path, sizeof(path), "%s/" FILE_NAME, dir);
	rc = tap_run("dm state", tests);
	unlink(path);
	rmdir(dir);
	return rc;
}
