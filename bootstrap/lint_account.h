/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lint_account.h - what is wrong with an account of OMA DM, whichever kind of
 * document sets it up
 */
#ifndef BOOTSTRAP_LINT_ACCOUNT_H
#define BOOTSTRAP_LINT_ACCOUNT_H

#include "bootstrap/lint.h"

struct lint_verdict {
	enum lint_severity severity;
	const char *what;
	const char *why;
};

/* Each returns NULL if all is well. */
const struct lint_verdict *lint_server_id(const char *id,
					  const struct quirk *quirk);
const struct lint_verdict *lint_url(const char *url,
				    const struct quirk *quirk);

/* nonce: NULL or empty if there is none. */
const struct lint_verdict *lint_nonce(const char *nonce);

/* Why an account needs the credential of either side. */
extern const char lint_no_client_credential[];
extern const char lint_no_server_credential[];

/* Windows Mobile 5 and 6 refuse what others take. */
bool lint_is_windows_mobile(const struct quirk *quirk);

#endif
