/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/log.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "tests/tap.h"

#define HEAD_LEN 24		/* "2026-11-22T18:00:00.123Z" */
#define LINES_EACH 500		/* of each thread */

static char dir[64];
static char path[96];
static char moved[96];
static char text[200000];	/* of the file last read */

static size_t read_file(const char *name)
{
	FILE *f = fopen(name, "r");
	size_t n = 0;

	if (f) {
		n = fread(text, 1, sizeof(text) - 1, f);
		fclose(f);
	}
	text[n] = '\0';
	return n;
}

static void fresh(enum log_level level)
{
	struct err e;

	unlink(path);
	unlink(moved);
	CU_ASSERT_EQUAL_FATAL(log_open(path, level, &e), DM_OK);
}

static void writes_time_level_and_text(void)
{
	struct tm tm = { 0 };
	unsigned ms = 1000;
	const char *rest;

	fresh(LOG_LEVEL_INFO);
	log_info("job.pushed job=%d segments=%u", 17, 2u);
	read_file(path);
	rest = strptime(text, "%Y-%m-%dT%H:%M:%S", &tm);
	CU_ASSERT_PTR_NOT_NULL_FATAL(rest);
	CU_ASSERT_EQUAL(sscanf(rest, ".%3uZ", &ms), 1);
	CU_ASSERT(ms < 1000);
	CU_ASSERT(labs((long)(timegm(&tm) - time(NULL))) < 60);
	CU_ASSERT_STRING_EQUAL(text + HEAD_LEN,
			       " info job.pushed job=17 segments=2\n");
}

static void drops_what_is_below_its_level(void)
{
	fresh(LOG_LEVEL_WARN);
	log_error("a.a");
	log_warn("b.b");
	log_info("c.c");
	log_debug("d.d");
	read_file(path);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "Z error a.a\n"));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "Z warn b.b\n"));
	CU_ASSERT_PTR_NULL(strstr(text, "c.c"));
	CU_ASSERT_PTR_NULL(strstr(text, "d.d"));
	CU_ASSERT(log_wants(LOG_LEVEL_WARN));
	CU_ASSERT_FALSE(log_wants(LOG_LEVEL_INFO));
}

static void nobody_outside_can_forge_a_line(void)
{
	fresh(LOG_LEVEL_DEBUG);
	log_debug("api.x name=%s", "a\nb\r\tc\x1b[2J\x7f\xc3\xa9");
	read_file(path);
	CU_ASSERT_STRING_EQUAL(text + HEAD_LEN,
			       " debug api.x name=a?b??c?[2J?\xc3\xa9\n");
}

static void bounds_a_line(void)
{
	char longer[3000];
	size_t n;

	fresh(LOG_LEVEL_DEBUG);
	memset(longer, 'x', sizeof(longer));
	longer[LOG_TEXT_MAX] = '\0';
	log_debug("%s", longer);
	n = read_file(path);
	CU_ASSERT_EQUAL(n, HEAD_LEN + 7 + LOG_TEXT_MAX + 1);
	CU_ASSERT_PTR_NULL(strstr(text, "..."));

	fresh(LOG_LEVEL_DEBUG);
	longer[LOG_TEXT_MAX] = 'x';
	longer[sizeof(longer) - 1] = '\0';
	log_debug("%s", longer);
	CU_ASSERT_EQUAL(read_file(path), n);
	CU_ASSERT_STRING_EQUAL(text + n - 5, "x...\n");
}

static void does_not_cut_a_character(void)
{
	char longer[3000];
	size_t n;

	for (size_t i = 0; i + 1 < sizeof(longer); i += 2)
		memcpy(longer + i, "\xc3\xa9", 2);
	longer[sizeof(longer) - 2] = '\0';
	for (size_t shift = 0; shift < 2; shift++) {
		fresh(LOG_LEVEL_DEBUG);
		log_debug("%s%s", shift ? "x" : "", longer);
		n = read_file(path);
		CU_ASSERT(n <= HEAD_LEN + 7 + LOG_TEXT_MAX + 1);
		CU_ASSERT_STRING_EQUAL(text + n - 6, "\xc3\xa9...\n");
	}
}

static void keeps_errno(void)
{
	fresh(LOG_LEVEL_DEBUG);
	errno = EXDEV;
	log_error("a.a");
	CU_ASSERT_EQUAL(errno, EXDEV);
}

static void reopens_after_the_file_was_moved(void)
{
	fresh(LOG_LEVEL_INFO);
	log_info("a.a");
	CU_ASSERT_EQUAL(rename(path, moved), 0);
	log_info("b.b");
	CU_ASSERT_EQUAL(log_reopen(), DM_OK);
	log_info("c.c");
	read_file(moved);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "b.b"));
	CU_ASSERT_PTR_NULL(strstr(text, "c.c"));
	read_file(path);
	CU_ASSERT_PTR_NULL(strstr(text, "b.b"));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "c.c"));
}

static void keeps_the_old_file_if_it_cannot_reopen(void)
{
	fresh(LOG_LEVEL_INFO);
	CU_ASSERT_EQUAL(rename(path, moved), 0);
	CU_ASSERT_EQUAL(mkdir(path, 0700), 0);
	CU_ASSERT_EQUAL(log_reopen(), DM_EIO);
	log_info("c.c");
	CU_ASSERT_EQUAL(rmdir(path), 0);
	read_file(moved);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, " error log.reopen_failed "));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, " info c.c\n"));
}

static void keeps_the_old_file_if_it_cannot_open(void)
{
	struct err e;

	fresh(LOG_LEVEL_INFO);
	CU_ASSERT_EQUAL(log_open(dir, LOG_LEVEL_DEBUG, &e), DM_EIO);
	CU_ASSERT_STRING_EQUAL(e.field, "log-file");
	CU_ASSERT_EQUAL(log_open("", LOG_LEVEL_DEBUG, &e), DM_EINVAL);
	log_info("c.c");
	log_debug("d.d");
	read_file(path);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, " info c.c\n"));
	CU_ASSERT_PTR_NULL(strstr(text, "d.d"));
}

static void the_file_is_not_for_others(void)
{
	struct stat st;

	fresh(LOG_LEVEL_INFO);
	CU_ASSERT_EQUAL(stat(path, &st), 0);
	CU_ASSERT_EQUAL(st.st_mode & 0137, 0);
}

static void parses_the_names_of_levels(void)
{
	enum log_level level = LOG_LEVEL_WARN;

	CU_ASSERT_EQUAL(log_level_parse("error", &level), DM_OK);
	CU_ASSERT_EQUAL(level, LOG_LEVEL_ERROR);
	CU_ASSERT_EQUAL(log_level_parse("debug", &level), DM_OK);
	CU_ASSERT_EQUAL(level, LOG_LEVEL_DEBUG);
	CU_ASSERT_EQUAL(log_level_parse("DEBUG", &level), DM_EINVAL);
	CU_ASSERT_EQUAL(log_level_parse("", &level), DM_EINVAL);
	CU_ASSERT_EQUAL(level, LOG_LEVEL_DEBUG);
}

static void *write_lines(void *name)
{
	for (int i = 0; i < LINES_EACH; i++)
		log_info("thread.%s n=%d tail=%s", (char *)name, i,
			 "................................................");
	return NULL;
}

static void lines_of_two_threads_do_not_mix(void)
{
	char name_a[] = "a", name_b[] = "b";
	unsigned n = 0, n_bad = 0;
	pthread_t a, b;
	char *save;

	fresh(LOG_LEVEL_INFO);
	pthread_create(&a, NULL, write_lines, name_a);
	pthread_create(&b, NULL, write_lines, name_b);
	for (int i = 0; i < 50; i++)
		log_reopen();
	pthread_join(a, NULL);
	pthread_join(b, NULL);
	read_file(path);
	for (char *l = strtok_r(text, "\n", &save); l;
	     l = strtok_r(NULL, "\n", &save), n++)
		if (!strstr(l, "Z info thread.") ||
		    strcmp(l + strlen(l) - 6, "......") != 0)
			n_bad++;
	CU_ASSERT_EQUAL(n, 2 * LINES_EACH);
	CU_ASSERT_EQUAL(n_bad, 0);
}

static CU_TestInfo tests[] = {
	{ "writes time, level and text", writes_time_level_and_text },
	{ "drops what is below its level", drops_what_is_below_its_level },
	{ "nobody outside can forge a line", nobody_outside_can_forge_a_line },
	{ "bounds a line", bounds_a_line },
	{ "does not cut a character", does_not_cut_a_character },
	{ "keeps errno", keeps_errno },
	{ "reopens after the file was moved",
	  reopens_after_the_file_was_moved },
	{ "keeps the old file if it cannot reopen",
	  keeps_the_old_file_if_it_cannot_reopen },
	{ "keeps the old file if it cannot open",
	  keeps_the_old_file_if_it_cannot_open },
	{ "the file is not for others", the_file_is_not_for_others },
	{ "parses the names of levels", parses_the_names_of_levels },
	{ "lines of two threads do not mix", lines_of_two_threads_do_not_mix },
	CU_TEST_INFO_NULL,
};

int main(void)
{
	struct err e;
	int rc;

	strcpy(dir, "/tmp/dmbox-log-XXXXXX");
	if (!mkdtemp(dir))
		return EXIT_FAILURE;
	snprintf(path, sizeof(path), "%s/log", dir);
	snprintf(moved, sizeof(moved), "%s/log.1", dir);
	rc = tap_run("log", tests);
	if (log_open(NULL, LOG_LEVEL_INFO, &e))
		rc = EXIT_FAILURE;
	unlink(path);
	unlink(moved);
	rmdir(dir);
	return rc;
}
