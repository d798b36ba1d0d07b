/* SPDX-License-Identifier: Apache-2.0 */
#include "examples/dm-server/dmbox_client.h"

#include <stdlib.h>

#include "examples/dm-server/jsonrpc.h"

struct dmbox {
	struct jsonrpc *rpc;
	struct dmbox_callbacks callbacks;
	json_int_t cursor;		/* of the last event, or -1 */
};

/* ----------------------- 1. What we say to dmboxd ------------------------ */

static void call(struct dmbox *d, const char *method, json_t *params,
		 dmbox_answer *answer, void *about)
{
	jsonrpc_call(d->rpc, method, params, answer, about);
}

/* "s*" leaves a member out if its text is NULL. */
static const char *or_null(const char *text)
{
	return text && text[0] ? text : NULL;
}

void dmbox_put_device(struct dmbox *d, const struct dmbox_device *device,
		      dmbox_answer *answer, void *about)
{
	call(d, "device.put", json_pack(
		"{s:s, s:s, s:s*, s:s*, s:s*, s:s*, s:s*, s:s*, s:s*}",
		"device", device->name,
		"msisdn", device->msisdn,
		"imsi", or_null(device->imsi),
		"dev-id", or_null(device->dev_id),
		"server-id", or_null(device->server_id),
		"dm-version", or_null(device->dm_version),
		"quirks", or_null(device->quirks),
		"credential", or_null(device->credential),
		"nonce", or_null(device->nonce)), answer, about);
}

void dmbox_delete_device(struct dmbox *d, const char *device,
			 dmbox_answer *answer, void *about)
{
	call(d, "device.delete", json_pack("{s:s}", "device", device), answer,
	     about);
}

void dmbox_bootstrap(struct dmbox *d, const struct dmbox_bootstrap *b,
		     dmbox_answer *answer, void *about)
{
	call(d, "bootstrap", json_pack(
		"{s:s, s:b, s:s, s:o, s:s, s:s*, s:s}",
		"to", b->device,
		"create-account", 1,
		"profile", b->profile,
		"fields", b->fields,
		"sec", b->sec,
		"pin", or_null(b->pin),
		"key", b->key), answer, about);
}

/* dmboxd knows number, server-id, credential and nonce: from device.put. */
void dmbox_notify(struct dmbox *d, const char *device, const char *key,
		  dmbox_answer *answer, void *about)
{
	call(d, "notify", json_pack("{s:s, s:s, s:s, s:s}",
		"to", device,
		"ui-mode", "background",
		"until", "session",
		"key", key), answer, about);
}

void dmbox_session_started(struct dmbox *d, const struct dmbox_session *s,
			   dmbox_answer *answer, void *about)
{
	call(d, "session.report", json_pack("{s:s, s:s*, s:s}",
		"device", s->device,
		"session-id", or_null(s->session_id),
		"event", "started"), answer, about);
}

void dmbox_session_ended(struct dmbox *d, const struct dmbox_session *s,
			 dmbox_answer *answer, void *about)
{
	json_t *result = s->result < 0 ? NULL : json_integer(s->result);

	call(d, "session.report", json_pack(
		"{s:s, s:s*, s:s, s:o*, s:s*, s:s*}",
		"device", s->device,
		"session-id", or_null(s->session_id),
		"event", "ended",
		"result", result,
		"alert-type", or_null(s->alert_type),
		"correlator", or_null(s->correlator)), answer, about);
}

void dmbox_put_nonce(struct dmbox *d, const char *device, const char *nonce,
		     dmbox_answer *answer, void *about)
{
	call(d, "nonce.put", json_pack("{s:s, s:s}",
		"device", device,
		"nonce", nonce), answer, about);
}

/* ---------------------- 2. What we hear from dmboxd ---------------------- */

static void subscribe(struct dmbox *d);

/* Events behind our cursor may be lost: it goes on with the oldest that is. */
static void on_subscribed(void *owner, void *about, json_t *result,
			  json_t *error)
{
	struct dmbox *d = about;
	json_t *data = json_object_get(error, "data");
	json_t *oldest = json_object_get(data, "oldest");

	(void)owner;
	if (result) {
		d->cursor = json_integer_value(json_object_get(result,
							       "cursor"));
	} else if (oldest) {
		d->cursor = json_integer_value(oldest);
		subscribe(d);
	}
}

/* Behind the cursor each event comes as a line of its own. */
static void subscribe(struct dmbox *d)
{
	json_t *params = json_object();

	if (d->cursor >= 0)
		json_object_set_new(params, "after", json_integer(d->cursor));
	jsonrpc_call_once(d->rpc, "event.subscribe", params, on_subscribed, d);
}

/* "event"; or "event.lost", which has no cursor: it goes on behind "oldest". */
static void on_notification(void *owner, json_t *params)
{
	struct dmbox *d = owner;
	json_t *cursor = json_object_get(params, "cursor");

	d->cursor = json_integer_value(cursor ? cursor :
				       json_object_get(params, "oldest"));
	if (cursor)
		d->callbacks.event(d->callbacks.owner, params);
}

static void on_link(void *owner, const char *why)
{
	struct dmbox *d = owner;

	if (!why)
		subscribe(d);
	d->callbacks.link(d->callbacks.owner, why);
}

/* Errors after which the same request is right later. */
static bool passes(json_int_t code)
{
	return code == -32003 ||	/* too much at once */
	       code == -32005;		/* the queue on disk failed */
}

struct dmbox *dmbox_open(struct event_base *base, const char *socket,
			 json_int_t cursor, const struct dmbox_callbacks *c)
{
	struct dmbox *d = calloc(1, sizeof(*d));

	if (!d)
		abort();
	d->callbacks = *c;
	d->cursor = cursor;
	d->rpc = jsonrpc_open(base, socket, &(struct jsonrpc_callbacks){
		on_notification, on_link, passes, d });
	return d;
}

void dmbox_close(struct dmbox *d)
{
	jsonrpc_close(d->rpc);
	free(d);
}
