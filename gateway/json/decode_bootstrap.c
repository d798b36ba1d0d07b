/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/json/decode_bootstrap.h"

#include <stdlib.h>
#include <string.h>

#include "gateway/json/dissect.h"
#include "gateway/request/provision.h"

#define DOCUMENT_MAX (256 * 1024)	/* octets of XML in one message */

bool decode_has_mac_key(const struct decode_request *rq)
{
	const struct security_request *s = &rq->security;

	return s->imsi || s->pin || s->key_hex;
}

bool decode_is_wbxml(const struct decode_item *in)
{
	enum bootstrap_kind kind;

	return in->len > 0 && in->octets[0] >= 1 && in->octets[0] <= 3 &&
	       bootstrap_kind(in->octets, in->len, &kind) == DM_OK;
}

static enum decode_status fail(json_t *message, const char *text)
{
	json_object_set_new(message, "error", json_string(text));
	return DECODE_NOT_UNDERSTOOD;
}

/* ------------------------------- security ------------------------------- */

static void add_security(json_t *bootstrap, const struct bootstrap_security *s)
{
	char mac[MAC_TEXT_SIZE];

	json_object_set_new(bootstrap, "sec",
			    json_string(mac_sec_name(s->sec)));
	if (!s->has_mac)
		return;
	mac_text(s->mac, mac);
	json_object_set_new(bootstrap, "mac", json_string(mac));
}

static enum decode_status verify(const struct decode_request *rq,
				 const struct bootstrap_security *s,
				 const struct decode_item *in, json_t *message,
				 int *rc, struct err *e)
{
	struct mac_source source;
	const struct quirk *quirk;
	struct err why;
	bool ok;

	*rc = submit_quirk(rq->security.quirks, &quirk, e);
	if (*rc || !decode_has_mac_key(rq))
		return DECODE_OK;
	source = provision_mac_source(&rq->security, quirk);
	ok = bootstrap_verify(s, &source, in->octets, in->len, &why) == DM_OK;
	json_object_set_new(message, "verified", json_boolean(ok));
	return ok ? DECODE_OK : DECODE_NOT_VERIFIED;
}

/* ------------------------------- document ------------------------------- */

/* With all that it needs in an arena; text has DOCUMENT_MAX octets. */
static enum decode_status show(const struct decode_request *rq,
			       const struct decode_item *in, struct arena *a,
			       char *text, size_t *room, json_t *message)
{
	size_t cap = *room < DOCUMENT_MAX ? *room : DOCUMENT_MAX;
	json_t *bootstrap = json_object_get(message, "bootstrap");
	char why[ERR_TEXT_MAX];
	struct document d;
	struct err e;
	size_t len;

	if (provision_decode(in->octets, in->len, a, &d, &e))
		return fail(message, err_text(&e, why, sizeof(why)));
	json_object_set_new(bootstrap, "kind",
			    json_string(bootstrap_kind_name(d.kind)));
	if (provision_write(&d, rq->show_secrets, a, text, cap, &len))
		return fail(message, "the document is too big to be shown");
	*room -= len;
	json_object_set_new(bootstrap, "document", json_stringn(text, len));
	return DECODE_OK;
}

static enum decode_status add_document(const struct decode_request *rq,
				       const struct decode_item *in,
				       json_t *message, size_t *room)
{
	struct arena a = { .cap = PROVISION_ARENA_MAX };
	char *text = calloc(DOCUMENT_MAX, 1);
	enum decode_status status;

	a.buf = malloc(a.cap);
	status = text && a.buf ?
		 show(rq, in, &a, text, room, message) :
		 fail(message, "there is no memory left");
	if (text)
		hash_wipe(text, strnlen(text, DOCUMENT_MAX));
	if (a.buf)
		hash_wipe(a.buf, a.used);
	free(text);
	free(a.buf);
	return status;
}

enum decode_status decode_bootstrap(const struct decode_request *rq,
				    const struct wsp_push *push,
				    const struct decode_item *in,
				    json_t *message, size_t *room, int *rc,
				    struct err *e)
{
	struct bootstrap_security security = { .sec = MAC_SEC_NONE };
	json_t *bootstrap = json_object();
	enum decode_status status, verified = DECODE_OK;
	struct err why;
	char text[ERR_TEXT_MAX];

	json_object_set_new(message, "bootstrap", bootstrap);
	dissect_wbxml(json_object_get(message, "layers"), in->octets, in->len);
	*rc = DM_OK;
	if (push && bootstrap_params_decode(push->params, push->params_len,
					    &security, &why))
		return fail(message, err_text(&why, text, sizeof(text)));
	if (push) {
		add_security(bootstrap, &security);
		verified = verify(rq, &security, in, message, rc, e);
	}
	status = add_document(rq, in, message, room);
	return status > verified ? status : verified;
}
