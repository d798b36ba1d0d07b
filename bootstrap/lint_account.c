/* SPDX-License-Identifier: Apache-2.0 */
#include "bootstrap/lint_account.h"

#include <string.h>
#include <strings.h>

#include "wap/base64.h"
#include "wap/hash.h"

#define NONCE_MAX 1024		/* octets that we look at */

const char lint_no_client_credential[] =
	"without the client's credential the server cannot tell which device "
	"is there";
const char lint_no_server_credential[] =
	"without the server's credential the client can verify no notification";

bool lint_is_windows_mobile(const struct quirk *quirk)
{
	return !strcmp(quirk->name, "windows-mobile-5") ||
	       !strcmp(quirk->name, "windows-mobile-6");
}

const struct lint_verdict *lint_server_id(const char *id,
					  const struct quirk *quirk)
{
	static const struct lint_verdict too_long = {
		LINT_WARNING, "longer than this client's limit",
		"a notification carries the server-id: this client refuses "
		"one that is so long",
	};

	return quirk->server_id_max && strlen(id) > quirk->server_id_max ?
	       &too_long : NULL;
}

const struct lint_verdict *lint_url(const char *url,
				    const struct quirk *quirk)
{
	static const struct lint_verdict no_scheme = {
		LINT_ERROR, "does not begin with https:// or http://",
		"the client takes it for a URL and cannot open it",
	};
	static const struct lint_verdict tls_required = {
		LINT_ERROR, "is not an https:// address",
		"TLS is required: Windows Mobile opens no session without it",
	};
	static const struct lint_verdict in_the_clear = {
		LINT_WARNING, "is not an https:// address",
		"whoever is on the way can read and change the session, and "
		"many clients refuse it",
	};

	if (!strstr(url, "://"))
		return &no_scheme;
	if (!strncasecmp(url, "https://", strlen("https://")))
		return NULL;
	return lint_is_windows_mobile(quirk) ? &tls_required : &in_the_clear;
}

const struct lint_verdict *lint_nonce(const char *nonce)
{
	static const struct lint_verdict none = {
		LINT_WARNING, "there is no nonce",
		"clients differ in what they take for the first nonce then",
	};
	static const struct lint_verdict not_base64 = {
		LINT_ERROR, "is not base64 with its padding",
		"the client cannot decode the nonce, and no digest will fit",
	};
	uint8_t octets[NONCE_MAX];
	size_t len;
	int rc;

	if (!nonce || !*nonce)
		return &none;
	rc = base64_decode(nonce, strlen(nonce), octets, sizeof(octets), &len);
	hash_wipe(octets, sizeof(octets));
	return rc == DM_EPROTO ? &not_base64 : NULL;
}
