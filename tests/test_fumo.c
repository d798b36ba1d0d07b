/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/job/fumo.h"

#include <string.h>

#include "tests/tap.h"

#define DOWNLOAD "org.openmobilealliance.dm.firmwareupdate.download"

static void every_code_of_the_specification_has_words(void)
{
	static const int32_t codes[] = {
		200, 250, 299, 400, 401, 402, 403, 404, 405, 406, 407, 408,
		409, 410, 411, 412, 450, 499, 500, 501, 502, 503, 550, 599,
	};

	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		CU_ASSERT_PTR_NOT_NULL(fumo_result_text(codes[i], ""));
		CU_ASSERT_PTR_NOT_NULL(fumo_result_text(codes[i], DOWNLOAD));
	}
	CU_ASSERT_STRING_EQUAL(fumo_result_text(200, DOWNLOAD), "success");
	CU_ASSERT_STRING_EQUAL(fumo_result_text(401, ""),
			       "cancelled by the user");
	CU_ASSERT_STRING_EQUAL(fumo_result_text(502, DOWNLOAD),
			       "no memory for the update");
}

static void no_other_code_has(void)
{
	static const int32_t codes[] = {
		-1, 0, 199, 201, 249, 300, 399, 413, 449, 504, 549, 600, 1200,
		65535,
	};

	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		CU_ASSERT_PTR_NULL(fumo_result_text(codes[i], DOWNLOAD));
}

static void the_alert_may_be_of_something_else(void)
{
	static const char prefixed[] = "Reversed-Domain-Name: "
		"org.openmobilealliance.dm.firmwareupdate.downloadandupdate";

	CU_ASSERT_PTR_NOT_NULL(fumo_result_text(200, prefixed));
	CU_ASSERT_PTR_NULL(fumo_result_text(200,
		"urn:oma:at:scomo:1.0:OperationComplete"));
	CU_ASSERT_PTR_NULL(fumo_result_text(200, "firmwareupdate"));
}

int main(void)
{
	return tap_run("fumo", (CU_TestInfo[]){
		{ "every code of the specification has words",
		  every_code_of_the_specification_has_words },
		{ "no other code has", no_other_code_has },
		{ "the alert may be of something else",
		  the_alert_may_be_of_something_else },
		CU_TEST_INFO_NULL,
	});
}
