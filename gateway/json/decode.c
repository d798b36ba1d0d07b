/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/json/decode.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/json/decode_bootstrap.h"
#include "gateway/json/dissect.h"
#include "gateway/request/submit.h"
#include "wap/hex.h"
#include "wap/reassembly.h"

#define SLOTS 32	/* messages whose segments may be mixed */
#define DOCUMENTS_MAX (4 * 1024 * 1024)	/* octets of XML in one answer */

/* One run over all items. */
struct decoding {
	const struct decode_request *rq;
	json_t *messages;
	enum decode_status status;
	struct reassembly parts;
	json_t *open_layers;	/* segments of no complete message yet */
	size_t room;		/* octets of documents that may come yet */
	int rc;
	struct err *e;
};

static void fail(struct decoding *d, json_t *message, const char *text)
{
	json_object_set_new(message, "error", json_string(text));
	d->status = DECODE_NOT_UNDERSTOOD;
}

static void worse(struct decoding *d, enum decode_status status)
{
	if (status > d->status)
		d->status = status;
}

/* ------------------------------ package 0 ------------------------------ */

static json_t *summary(const struct trigger *t)
{
	char session_text[8];

	snprintf(session_text, sizeof(session_text), "%X", t->session_id);
	return json_pack("{s:i, s:s, s:s, s:i, s:s, s:o}",
		"version-field", t->version,
		"ui-mode", ui_mode_name(t->ui_mode),
		"initiator", t->server_initiated ? "server" : "client",
		"session-id", t->session_id,
		"session-id-text", session_text,
		"server-id", dissect_text(t->server_id, t->server_id_len));
}

static void add_trigger(json_t *message, const struct trigger *t)
{
	json_t *list = json_array();
	json_t *notification = summary(t);
	unsigned bits = notif_deviations(t);

	for (unsigned i = 0; i < NOTIF_DEVIATIONS; i++)
		if (bits & 1u << i)
			json_array_append_new(list,
				json_string(notif_deviation_text(i)));
	json_object_set_new(message, "deviations", list);
	if (t->vendor_len) {
		char *hex = malloc(HEX_SIZE(t->vendor_len));

		if (hex) {
			hex_encode(t->vendor, t->vendor_len, hex);
			json_object_set_new(notification, "vendor-hex",
					    json_string(hex));
		}
		free(hex);
	}
	json_object_set_new(message, "notification", notification);
}

static bool has_key(const struct digest_source *k)
{
	return k->password || k->credential || k->auth_name || k->nonce ||
	       k->nonce_hex || k->nonce_text;
}

/* The key, with the message's own server-id where none was given. */
static int make_key(struct decoding *d, const struct trigger *t,
		    struct digest_key *key)
{
	struct digest_source source = d->rq->key;
	char server_id[TRIGGER_SERVER_ID_MAX + 1] = "";

	if (!source.server_id) {
		if (t->server_id_len)
			memcpy(server_id, t->server_id, t->server_id_len);
		source.server_id = server_id;
	}
	return digest_key_make(&source, key, d->e);
}

static bool is_from(const struct trigger *t, const char *server_id)
{
	return !server_id || (strlen(server_id) == t->server_id_len &&
			      !memcmp(server_id, t->server_id,
				      t->server_id_len));
}

static void verify(struct decoding *d, json_t *message, const struct notif *n)
{
	struct digest_key key;
	bool ok;

	if (!has_key(&d->rq->key))
		return;
	d->rc = make_key(d, &n->trigger, &key);
	if (d->rc)
		return;
	ok = notif_verify(n, &key) == DM_OK &&
	     is_from(&n->trigger, d->rq->key.server_id);
	hash_wipe(&key, sizeof(key));
	json_object_set_new(message, "verified", json_boolean(ok));
	if (!ok)
		worse(d, DECODE_NOT_VERIFIED);
}

static void decode_package0(struct decoding *d, json_t *message,
			    const struct decode_item *in)
{
	json_t *layers = json_object_get(message, "layers");
	struct notif n;

	if (notif_decode(&n, in->octets, in->len)) {
		dissect_octets(layers, "not understood", in->octets, in->len);
		fail(d, message, in->len < NOTIF_LEN_MIN ?
		     "not a package 0: fewer than 24 octets" :
		     "not a package 0: the server-id runs past the end");
		return;
	}
	dissect_package0(layers, &n, in->octets, in->len);
	add_trigger(message, &n.trigger);
	verify(d, message, &n);
}

static void decode_trigger(struct decoding *d, json_t *message,
			   const struct decode_item *in)
{
	struct trigger t;

	if (trigger_decode(&t, in->octets, in->len)) {
		fail(d, message, "not a trigger: it is cut short");
		return;
	}
	dissect_trigger(json_object_get(message, "layers"), &t, in->octets,
			in->len);
	add_trigger(message, &t);
}

/* ------------------------------- bootstrap ------------------------------- */

/* The body of a push, or NULL: WBXML on its own. */
static void decode_wbxml(struct decoding *d, json_t *message,
			 const struct wsp_push *push,
			 const struct decode_item *in)
{
	worse(d, decode_bootstrap(d->rq, push, in, message, &d->room, &d->rc,
				  d->e));
}

/* --------------------------------- WSP --------------------------------- */

static void decode_wsp(struct decoding *d, json_t *message,
		       const struct decode_item *in)
{
	json_t *layers = json_object_get(message, "layers");
	struct wsp_push p;
	struct decode_item body;
	int type;

	if (wsp_push_decode(&p, in->octets, in->len)) {
		dissect_octets(layers, "not understood", in->octets, in->len);
		fail(d, message, "not a WSP push");
		return;
	}
	dissect_wsp(layers, &p, in->octets, in->len);
	body = (struct decode_item){ p.body, p.body_len };
	type = wsp_content_type_code(&p.content_type);
	if (type == WSP_SYNCML_NOTIFICATION)
		decode_package0(d, message, &body);
	else if (type == WSP_CONNECTIVITY_WBXML || type == WSP_SYNCML_DM_WBXML)
		decode_wbxml(d, message, &p, &body);
	else if (p.body_len)
		dissect_octets(layers, "body", p.body, p.body_len);
}

/* --------------------------------- SMS --------------------------------- */

static json_t *message_new(struct decoding *d, const char *as)
{
	json_t *message = json_object();

	json_object_set_new(message, "as", json_string(as));
	json_object_set_new(message, "layers", json_array());
	json_array_append_new(d->messages, message);
	return message;
}

/*
 * Layers of segments go into the message that completes; several at once are
 * rare, and then the first to complete shows those of the others, too.
 */
static void decode_user_data(struct decoding *d, const char *as,
			     const uint8_t *ud, size_t len)
{
	struct decode_item whole;
	struct reassembled r;
	json_t *message;
	struct udh u;
	int rc;

	if (len > SEGMENT_OCTETS_MAX || udh_decode(&u, ud, len)) {
		message = message_new(d, as);
		dissect_octets(json_object_get(message, "layers"),
			       "not understood", ud, len);
		fail(d, message, "not an SMS with a user data header");
		return;
	}
	dissect_udh(d->open_layers, &u, ud, len);
	rc = reassembly_add(&d->parts, 0, ud, len, 0, &r);
	if (rc != DM_OK)
		return;
	message = message_new(d, as);
	json_array_extend(json_object_get(message, "layers"), d->open_layers);
	json_array_clear(d->open_layers);
	whole = (struct decode_item){ r.msg, r.len };
	decode_wsp(d, message, &whole);
}

static void decode_sms(struct decoding *d, const struct decode_item *in)
{
	decode_user_data(d, "sms", in->octets, in->len);
}

static void decode_pdu(struct decoding *d, const struct decode_item *in)
{
	struct sms_pdu p;

	if (sms_pdu_decode(&p, in->octets, in->len)) {
		fail(d, message_new(d, "pdu"), "not an SMS PDU");
		return;
	}
	dissect_pdu(d->open_layers, &p, in->octets, in->len);
	if (p.has_udh) {
		decode_user_data(d, "pdu", p.ud, p.ud_len);
		return;
	}
	json_array_extend(json_object_get(message_new(d, "pdu"), "layers"),
			  d->open_layers);
	json_array_clear(d->open_layers);
}

/* Messages of which some segments never came. */
static void report_incomplete(struct decoding *d)
{
	for (size_t i = 0; i < d->parts.n_slots; i++) {
		const struct reassembly_slot *s = &d->parts.slots[i];
		json_t *message;
		char text[80];

		if (!s->busy)
			continue;
		message = message_new(d, "sms");
		json_array_extend(json_object_get(message, "layers"),
				  d->open_layers);
		json_array_clear(d->open_layers);
		snprintf(text, sizeof(text),
			 "only %u of %u segments of the message came",
			 s->n_here, s->first.total);
		fail(d, message, text);
	}
}

/* --------------------------------- auto --------------------------------- */

static bool is_segment(const struct decode_item *in)
{
	struct udh u;

	return in->len <= SEGMENT_OCTETS_MAX &&
	       udh_decode(&u, in->octets, in->len) == DM_OK &&
	       (u.has_ports || u.concat);
}

static bool is_wsp(const struct decode_item *in)
{
	struct wsp_push p;

	return in->len > 1 && in->octets[1] == WSP_PUSH &&
	       wsp_push_decode(&p, in->octets, in->len) == DM_OK &&
	       wsp_content_type_code(&p.content_type) >= 0;
}

static bool is_pdu(const struct decode_item *in)
{
	struct sms_pdu p;

	return sms_pdu_decode(&p, in->octets, in->len) == DM_OK;
}

static bool is_package0(const struct decode_item *in)
{
	struct notif n;

	return notif_decode(&n, in->octets, in->len) == DM_OK;
}

/* In the order in which they are tried. */
static const struct {
	enum decode_as as;
	bool (*fits)(const struct decode_item *in);
} forms[] = {
	{ DECODE_SMS, is_segment },
	{ DECODE_WSP, is_wsp },
	{ DECODE_WBXML, decode_is_wbxml },
	{ DECODE_PDU, is_pdu },
	{ DECODE_PACKAGE0, is_package0 },
};

#define N_FORMS (sizeof(forms) / sizeof(forms[0]))

/* The first form that fits, DECODE_AUTO if none; others get listed. */
static enum decode_as guess(const struct decode_item *in, json_t *others)
{
	enum decode_as found = DECODE_AUTO;

	for (size_t i = 0; i < N_FORMS; i++) {
		if (!forms[i].fits(in))
			continue;
		if (found == DECODE_AUTO)
			found = forms[i].as;
		else
			json_array_append_new(others, json_string(
				fields_choice_name(request_decode_as,
						   (int32_t)forms[i].as)));
	}
	return found;
}

static void decode_as(struct decoding *d, enum decode_as as,
		      const struct decode_item *in)
{
	const char *name = fields_choice_name(request_decode_as, (int32_t)as);
	json_t *message;

	switch (as) {
	case DECODE_SMS:
		decode_sms(d, in);
		break;
	case DECODE_PDU:
		decode_pdu(d, in);
		break;
	case DECODE_WSP:
		decode_wsp(d, message_new(d, name), in);
		break;
	case DECODE_WBXML:
		decode_wbxml(d, message_new(d, name), NULL, in);
		break;
	case DECODE_PACKAGE0:
		decode_package0(d, message_new(d, name), in);
		break;
	case DECODE_TRIGGER:
		decode_trigger(d, message_new(d, name), in);
		break;
	case DECODE_AUTO:
		message = message_new(d, name);
		dissect_octets(json_object_get(message, "layers"),
			       "not understood", in->octets, in->len);
		fail(d, message, "neither segment, WSP push, WBXML, "
				 "SMS PDU nor package 0");
		break;
	}
}

static void decode_item(struct decoding *d, const struct decode_item *in)
{
	json_t *others = json_array();
	size_t before = json_array_size(d->messages);
	enum decode_as as = (enum decode_as)d->rq->as;

	if (as == DECODE_AUTO)
		as = guess(in, others);
	decode_as(d, as, in);
	if (json_array_size(others) && json_array_size(d->messages) > before)
		json_object_set(json_array_get(d->messages, before),
				"could-be", others);
	json_decref(others);
}

/* A key came, but the message has nothing that it could verify. */
static void refuse_unverified(struct decoding *d)
{
	json_t *message;
	size_t i;

	if (!has_key(&d->rq->key) && !decode_has_mac_key(d->rq))
		return;
	json_array_foreach(d->messages, i, message) {
		if (json_object_get(message, "verified") ||
		    json_object_get(message, "error"))
			continue;
		json_object_set_new(message, "verified", json_false());
		worse(d, DECODE_NOT_VERIFIED);
	}
}

int decode_items(const struct decode_request *rq,
		 const struct decode_item *items, size_t n, json_t **out,
		 enum decode_status *status, struct err *e)
{
	struct reassembly_slot *slots = calloc(SLOTS, sizeof(*slots));
	struct decoding d = {
		.rq = rq,
		.messages = json_array(),
		.parts = { slots, SLOTS, INT64_MAX },
		.open_layers = json_array(),
		.room = DOCUMENTS_MAX,
		.e = e,
	};
	const struct quirk *quirk;

	if (!slots)
		d.rc = err_set(e, DM_EIO, "memory", "", "there is none left");
	else
		d.rc = submit_quirk(rq->security.quirks, &quirk, e);
	for (size_t i = 0; i < n && !d.rc; i++)
		decode_item(&d, &items[i]);
	if (!d.rc)
		report_incomplete(&d);
	if (!d.rc)
		refuse_unverified(&d);
	json_decref(d.open_layers);
	free(slots);
	if (d.rc) {
		json_decref(d.messages);
		return d.rc;
	}
	*out = d.messages;
	*status = d.status;
	return DM_OK;
}
