/* SPDX-License-Identifier: Apache-2.0 */
#include "examples/dm-server/result.h"

#include <stddef.h>

static const struct result {
	unsigned first, last;
	bool passes;
	const char *words;
} results[] = {
	{ 200, 299, false, "success" },
	{ 401, 401, false, "its user has cancelled it" },
	{ 402, 402, false, "the package was corrupted when it came" },
	{ 403, 403, false, "the package is for another device" },
	{ 404, 404, false, "the package's signature does not verify" },
	{ 405, 405, false, "the package is not acceptable" },
	{ 406, 406, false, "it was not allowed to download the package" },
	{ 407, 407, true, "the download took too long" },
	{ 408, 408, false, "it cannot do that" },
	{ 410, 410, false, "the package could not be installed" },
	{ 411, 411, false, "the package's URL is a bad one" },
	{ 412, 412, true, "the package's server was not there" },
	{ 450, 499, false, "an error of its maker's" },
	{ 500, 500, true, "the package or its server failed" },
	{ 501, 501, false, "it has no room for the package" },
	{ 502, 502, false, "it has no room to install the package" },
	{ 503, 503, true, "the network failed" },
	{ 550, 599, true, "an error of its maker's, that may pass" },
	{ RESULT_MIN, RESULT_MAX, false, "an error" },
};

static const struct result *find(unsigned result)
{
	const struct result *r = results;

	while (result < r->first || result > r->last)
		r++;
	return r;
}

bool result_is_success(unsigned result)
{
	return result < 300;
}

bool result_passes(unsigned result)
{
	return find(result)->passes;
}

const char *result_words(unsigned result)
{
	return find(result)->words;
}
