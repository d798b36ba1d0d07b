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

/* "s*" leaves a member out if its text is NULL. */
static const char *or_null(const char *text)
{
	return text && text[0] ? text : NULL;
}

void dmbox_put_device(struct dmbox *d, const struct dmbox_device *device,
		      dmbox_answer *answer, void *about)
{
	jsonrpc_call(d->rpc, "device.put", json_pack(
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

void dmbox_bootstrap(struct dmbox *d, const struct dmbox_bootstrap *b,
		     dmbox_answer *answer, void *about)
{
	jsonrpc_call(d->rpc, "bootstrap", json_pack(
		"{s:s, s:s, s:s, s:o, s:s, s:s*, s:s}",
		"to", b->device,
		"create-account", "anew",
		"profile", b->profile,
		"fields", b->fields,
		"sec", b->sec,
		"pin", or_null(b->pin),
		"key", b->key), answer, about);
}

/* dmboxd knows number, server-id, credential and nonce: from device.put. */
void dmbox_notify(struct dmbox *d, const char *device, const char *key,
		  bool resync, dmbox_answer *answer, void *about)
{
	jsonrpc_call(d->rpc, "notify", json_pack(
		"{s:s, s:s, s:s, s:b, s:s}",
		"to", device,
		"ui-mode", "background",
		"until", "session",
		"resync", resync,
		"key", key), answer, about);
}

void dmbox_report(struct dmbox *d, const struct dmbox_report *r,
		  dmbox_answer *answer, void *about)
{
	jsonrpc_call(d->rpc, "session.report", json_pack(
		"{s:s, s:s*, s:s, s:o*, s:s*, s:s*, s:s*}",
		"device", r->device,
		"session-id", or_null(r->session_id),
		"event", r->ended ? "ended" : "started",
		"result", r->result ? json_integer(r->result) : NULL,
		"alert-type", or_null(r->alert_type),
		"correlator", or_null(r->correlator),
		"nonce", or_null(r->nonce)), answer, about);
}

/* ---------------------- 2. What we hear from dmboxd ---------------------- */

static void on_subscribed(void *owner, void *about, json_t *result,
			  json_t *error)
{
	struct dmbox *d = about;

	(void)owner;
	if (!error)
		d->cursor = json_integer_value(json_object_get(result,
							       "cursor"));
}

/* Behind our cursor each event comes as a line of its own. */
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
	else
		d->callbacks.lost(d->callbacks.owner, json_string_value(
				  json_object_get(params, "reason")));
}

static void on_link(void *owner, const char *why)
{
	struct dmbox *d = owner;

	if (!why)
		subscribe(d);
	d->callbacks.link(d->callbacks.owner, why);
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
		on_notification, on_link, d });
	return d;
}

void dmbox_close(struct dmbox *d)
{
	jsonrpc_close(d->rpc);
	free(d);
}
