/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/job/fumo.h"

#include <stddef.h>
#include <string.h>

/* A code between two codes is the vendor's own. */
static const struct {
	int32_t first, last;
	const char *text;
} results[] = {
	{ 200, 200, "success" },
	{ 250, 299, "success, with a code of the vendor's" },
	{ 400, 400, "client error" },
	{ 401, 401, "cancelled by the user" },
	{ 402, 402, "the package is corrupted" },
	{ 403, 403, "the package does not fit the device" },
	{ 404, 404, "the package's signature does not verify" },
	{ 405, 405, "the package is not acceptable" },
	{ 406, 406, "not authenticated for the download" },
	{ 407, 407, "the download timed out" },
	{ 408, 408, "not implemented by the device" },
	{ 409, 409, "undefined error" },
	{ 410, 410, "the update failed" },
	{ 411, 411, "the URL is malformed or bad" },
	{ 412, 412, "the download server is not available" },
	{ 450, 499, "client error, with a code of the vendor's" },
	{ 500, 500, "the update or the download server failed" },
	{ 501, 501, "no memory for the download" },
	{ 502, 502, "no memory for the update" },
	{ 503, 503, "network failure" },
	{ 550, 599, "server error, with a code of the vendor's" },
};

const char *fumo_result_text(int32_t result, const char *alert_type)
{
	if (alert_type[0] && !strstr(alert_type, ".firmwareupdate."))
		return NULL;
	for (size_t i = 0; i < sizeof(results) / sizeof(results[0]); i++)
		if (result >= results[i].first && result <= results[i].last)
			return results[i].text;
	return NULL;
}
