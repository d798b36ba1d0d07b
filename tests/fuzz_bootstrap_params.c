/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Security parameters of a bootstrap, alone and as those of a push: what
 * decodes and is encoded again decodes to the same. A push is verified, too.
 */
#include <string.h>

#include "bootstrap/bootstrap.h"
#include "tests/fuzz.h"

static const struct mac_source source = {
	.imsi = "310150123456789", .pin = "5031734811",
};

static void check_security(const struct bootstrap_security *s)
{
	uint8_t params[BOOTSTRAP_PARAMS_MAX];
	struct bootstrap_security again;
	struct err e;
	size_t len;

	FUZZ_CHECK(s->sec >= MAC_SEC_NONE && s->sec <= MAC_USERPINMAC);
	if (!s->has_mac && s->sec != MAC_USERPINMAC)
		return;
	len = bootstrap_params_encode(s, params);
	FUZZ_CHECK(len == (s->sec == MAC_SEC_NONE ? 0 :
			   s->sec == MAC_USERPINMAC ? 2 : 44));
	FUZZ_CHECK(bootstrap_params_decode(params, len, &again, &e) == DM_OK);
	FUZZ_CHECK(again.sec == s->sec);
	FUZZ_CHECK(again.has_mac == (len == 44));
	if (again.has_mac)
		FUZZ_CHECK(!memcmp(again.mac, s->mac, MAC_LEN));
}

static void check_params(const uint8_t *params, size_t len,
			 const uint8_t *body, size_t body_len)
{
	struct bootstrap_security s;
	struct err e = { .code = DM_OK };
	int rc = bootstrap_params_decode(params, len, &s, &e);

	FUZZ_CHECK(rc == DM_OK || (rc == DM_EPROTO && e.code == rc));
	if (rc)
		return;
	check_security(&s);
	rc = bootstrap_verify(&s, &source, body, body_len, &e);
	FUZZ_CHECK(rc == DM_OK || (rc == DM_EINVAL && e.code == rc));
}

int LLVMFuzzerTestOneInput(const uint8_t *in, size_t len)
{
	enum bootstrap_kind kind;
	struct wsp_push p;

	check_params(in, len, in, len);
	if (len > FUZZ_INPUT_MAX || wsp_push_decode(&p, in, len))
		return 0;
	check_params(p.params, p.params_len, p.body, p.body_len);
	if (!bootstrap_kind(p.body, p.body_len, &kind))
		FUZZ_CHECK(wsp_content_type_code(&(struct wsp_value){
			.number = bootstrap_content_type(kind) }) >= 0);
	return 0;
}
