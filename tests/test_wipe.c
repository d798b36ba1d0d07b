/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "gateway/wipe.h"
#include "tests/tap.h"

static void keeps_what_was_there_when_it_grows(void)
{
	char *p = wipe_realloc(NULL, 4);

	CU_ASSERT_PTR_NOT_NULL_FATAL(p);
	memcpy(p, "abc", 4);
	p = wipe_realloc(p, 4000);
	CU_ASSERT_PTR_NOT_NULL_FATAL(p);
	CU_ASSERT_STRING_EQUAL(p, "abc");
	p = wipe_realloc(p, 2);
	CU_ASSERT_PTR_NOT_NULL_FATAL(p);
	CU_ASSERT_EQUAL(memcmp(p, "ab", 2), 0);
	wipe_free(p);
}

static void frees_nothing(void)
{
	wipe_free(NULL);
}

int main(void)
{
	return tap_run("wipe", (CU_TestInfo[]){
		{ "keeps what was there when it grows",
		  keeps_what_was_there_when_it_grows },
		{ "frees nothing", frees_nothing },
		CU_TEST_INFO_NULL,
	});
}
