/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/api/request_key.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/tap.h"

static char dir[] = "/tmp/dmbox-test-request_key.XXXXXX";
static char store[64], file[64];

static struct request_secret load(void)
{
	struct request_secret s = { { 0 } };
	struct err e;

	CU_ASSERT_EQUAL(request_secret_load(store, &s, &e), DM_OK);
	return s;
}

static struct store_submit submit_of(const char *key, const char *method,
				     const char *params)
{
	static const struct request_secret s = { "a secret" };
	struct store_submit op = { .job.client = 1000 };
	json_t *json = json_loads(params, 0, NULL);
	struct err e;

	CU_ASSERT_PTR_NOT_NULL_FATAL(json);
	CU_ASSERT_EQUAL(request_key_set(&op, &s, key, method, json, &e),
			DM_OK);
	json_decref(json);
	return op;
}

static bool same(const char *method, const char *params)
{
	struct store_submit a = submit_of("k", "notify",
		"{\"to\": \"1\", \"fields\": {\"a\": 1, \"b\": true}}");
	struct store_submit b = submit_of("k", method, params);

	return !memcmp(a.digest, b.digest, sizeof(a.digest));
}

static void the_secret_is_made_once(void)
{
	struct request_secret first, again;
	struct stat st;

	unlink(file);
	first = load();
	again = load();
	CU_ASSERT(!memcmp(&first, &again, sizeof(first)));
	CU_ASSERT_EQUAL(stat(file, &st), 0);
	CU_ASSERT_EQUAL(st.st_size, REQUEST_SECRET_LEN);
	CU_ASSERT_EQUAL(st.st_mode & 0777, 0600);
	unlink(file);
	again = load();
	CU_ASSERT(memcmp(&first, &again, sizeof(first)));
}

static void refuses(const char *path, const char *came)
{
	struct request_secret s;
	struct err e;

	CU_ASSERT_EQUAL(request_secret_load(path, &s, &e), DM_EIO);
	CU_ASSERT_PTR_NOT_NULL(strstr(e.came, came));
}

static void a_file_that_is_none_is_refused_and_kept(void)
{
	for (size_t len = 0; len <= 33; len += len == 0 ? 31 : 2) {
		FILE *f = fopen(file, "w");

		fprintf(f, "%*s", (int)len, "");
		fclose(f);
		refuses(store, "is another file");
	}
	CU_ASSERT_EQUAL(unlink(file), 0);
	refuses("/nonexistent/q.db", "No such file or directory");
	refuses("/proc/q.db", "/proc/q.db.key");
}

static void the_order_of_members_does_not_matter(void)
{
	CU_ASSERT(same("notify", "{\"fields\": {\"b\": true, \"a\": 1},"
		       " \"to\": \"1\"}"));
}

static void all_else_matters(void)
{
	CU_ASSERT(!same("bootstrap", "{\"to\": \"1\","
			" \"fields\": {\"a\": 1, \"b\": true}}"));
	CU_ASSERT(!same("notify", "{\"to\": \"1\","
			" \"fields\": {\"a\": 1, \"b\": false}}"));
	CU_ASSERT(!same("notify", "{\"to\": 1,"
			" \"fields\": {\"a\": 1, \"b\": true}}"));
	CU_ASSERT(!same("notify", "{\"to\": \"1\"}"));
}

static void without_a_key_there_is_none(void)
{
	CU_ASSERT_STRING_EQUAL(submit_of(NULL, "notify", "{}").key, "");
	CU_ASSERT_STRING_EQUAL(submit_of("k", "notify", "{}").key, "k");
}

static void digits(const struct store_submit *op, const char *secret,
		   char out[6])
{
	struct request_secret s = { { 0 } };
	struct err e;

	memcpy(s.octets, secret, strlen(secret));
	CU_ASSERT_EQUAL(request_key_digits(op, &s, out, 6, &e), DM_OK);
	CU_ASSERT_EQUAL(strspn(out, "0123456789"), 5);
	CU_ASSERT_EQUAL(strlen(out), 5);
}

static void a_key_has_its_digits(void)
{
	struct store_submit op = submit_of("k", "bootstrap", "{}");
	char first[6], second[6];

	digits(&op, "a", first);
	digits(&op, "a", second);
	CU_ASSERT_STRING_EQUAL(first, second);
	digits(&op, "b", second);
	CU_ASSERT(strcmp(first, second));
	op.job.client++;
	digits(&op, "a", second);
	CU_ASSERT(strcmp(first, second));
}

static void without_a_key_they_are_others_each_time(void)
{
	struct store_submit op = submit_of(NULL, "bootstrap", "{}");
	char first[6], second[6];
	unsigned same = 0;

	digits(&op, "a", first);
	for (unsigned i = 0; i < 20; i++) {
		digits(&op, "a", second);
		same += !strcmp(first, second);
	}
	CU_ASSERT(same < 3);
}

int main(void)
{
	int status;

	if (!mkdtemp(dir))
		return EXIT_FAILURE;
	snprintf(store, sizeof(store), "%s/q.db", dir);
	snprintf(file, sizeof(file), "%s/q.db.key", dir);
	status = tap_run("request_key", (CU_TestInfo[]){
		{ "the secret is made once", the_secret_is_made_once },
		{ "a file that is none is refused and kept",
		  a_file_that_is_none_is_refused_and_kept },
		{ "the order of members does not matter",
		  the_order_of_members_does_not_matter },
		{ "all else matters", all_else_matters },
		{ "without a key there is none",
		  without_a_key_there_is_none },
		{ "a key has its digits", a_key_has_its_digits },
		{ "without a key they are others each time",
		  without_a_key_they_are_others_each_time },
		CU_TEST_INFO_NULL,
	});
	unlink(file);
	rmdir(dir);
	return status;
}
