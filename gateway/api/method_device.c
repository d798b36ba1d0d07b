/* SPDX-License-Identifier: Apache-2.0 */
/* device.put, device.get, device.list, device.delete and nonce.put. */
#include "gateway/api/methods.h"

#include <stdlib.h>

#include "gateway/clock.h"
#include "gateway/json/device_json.h"
#include "gateway/log.h"
#include "gateway/store/store_devices.h"
#include "gateway/wipe.h"
#include "gateway/xalloc.h"

/* name: as the request has it, or NULL. */
static void refuse(struct api_call *call, const char *method, const char *name,
		   const struct err *e)
{
	struct err bad_name;
	bool is_name = name && !device_name_check(name, "device", &bad_name);

	log_info("api.refused method=%s client=%u device=%s field=%s "
		 "allowed=\"%s\"", method, api_call_client(call),
		 is_name ? name : "", e->field, e->allowed);
	api_refuse(call, e);
}

/* ------------------------------ device.put ------------------------------ */

struct put_op {
	struct store_device_put put;
	struct device_put_request request;	/* its texts live in the call */
	struct api_call *call;
};

static void device_put_done(struct store_op *base)
{
	struct put_op *op = (struct put_op *)base;

	if (base->rc) {
		refuse(op->call, "device.put", op->request.device, &base->err);
	} else {
		log_info("device.put device=%s client=%u created=%d",
			 op->put.device.name, api_call_client(op->call),
			 op->put.created);
		api_answer(op->call, json_pack("{s:s, s:b}",
			"device", op->put.device.name,
			"created", (int)op->put.created));
	}
	wipe_free(op);
}

void method_device_put(struct api_call *call, json_t *params, void *arg)
{
	struct methods *m = arg;
	struct put_op *op = xcalloc(1, sizeof(*op));
	struct err e;

	if (fields_parse(request_device_put_fields, params, false,
			 &op->request, &e)) {
		refuse(call, "device.put", op->request.device, &e);
		free(op);
		return;
	}
	op->put.op.run = store_device_put_run;
	op->put.op.done = device_put_done;
	op->put.request = &op->request;
	op->put.now_ms = clock_ms();
	op->call = call;
	store_push(m->store, &op->put.op);
}

/* ------------------ device.get, device.delete, nonce.put ------------------ */

struct one_op {
	struct store_device one;
	struct nonce_put_request request;	/* its texts live in the call */
	struct api_call *call;
};

static void one_refuse(struct one_op *op, const char *method)
{
	refuse(op->call, method, op->one.key.device, &op->one.op.err);
}

static void get_done(struct store_op *base)
{
	struct one_op *op = (struct one_op *)base;

	if (base->rc)
		one_refuse(op, "device.get");
	else
		api_answer(op->call, device_json(&op->one.device, false));
	wipe_free(op);
}

/* For what changes a device: the audit line, and an answer with its name. */
static void one_changed(struct one_op *op, const char *event)
{
	const char *name = op->one.device.name;

	log_info("%s device=%s client=%u", event, name,
		 api_call_client(op->call));
	api_answer(op->call, json_pack("{s:s}", "device", name));
}

static void delete_done(struct store_op *base)
{
	struct one_op *op = (struct one_op *)base;

	if (base->rc)
		one_refuse(op, "device.delete");
	else
		one_changed(op, "device.deleted");
	wipe_free(op);
}

static void nonce_done(struct store_op *base)
{
	struct one_op *op = (struct one_op *)base;

	if (base->rc)
		one_refuse(op, "nonce.put");
	else
		one_changed(op, "nonce.put");
	wipe_free(op);
}

static void one_push(struct one_op *op, struct api_call *call,
		     struct methods *m, store_run *run,
		     void (*done)(struct store_op *op))
{
	op->one.key = op->request.device;
	op->one.nonce = &op->request.key;
	op->one.op.run = run;
	op->one.op.done = done;
	op->one.now_ms = clock_ms();
	op->call = call;
	store_push(m->store, &op->one.op);
}

static void method_one(struct api_call *call, const char *method,
		       json_t *params, struct methods *m, store_run *run,
		       void (*done)(struct store_op *op))
{
	struct one_op *op = xcalloc(1, sizeof(*op));
	struct device_key *key = &op->request.device;
	struct err e;

	if (fields_parse(request_device_fields, params, false, key, &e) ||
	    device_key_check(key, &e)) {
		refuse(call, method, key->device, &e);
		free(op);
		return;
	}
	one_push(op, call, m, run, done);
}

void method_device_get(struct api_call *call, json_t *params, void *arg)
{
	method_one(call, "device.get", params, arg, store_device_get_run,
		   get_done);
}

void method_device_delete(struct api_call *call, json_t *params, void *arg)
{
	method_one(call, "device.delete", params, arg,
		   store_device_delete_run, delete_done);
}

void method_nonce_put(struct api_call *call, json_t *params, void *arg)
{
	struct one_op *op = xcalloc(1, sizeof(*op));
	struct nonce_put_request *rq = &op->request;
	struct err e;

	if (fields_parse(request_nonce_put_fields, params, false, rq, &e) ||
	    device_key_check(&rq->device, &e)) {
		refuse(call, "nonce.put", rq->device.device, &e);
		free(op);
		return;
	}
	one_push(op, call, arg, store_nonce_put_run, nonce_done);
}

/* ------------------------------ device.list ------------------------------ */

struct list_op {
	struct store_device_list list;
	bool secrets;
	struct api_call *call;
	struct methods *m;
};

/* A full page ends with the device after which the next one begins. */
static json_t *list_json(const struct store_device_list *l, bool secrets)
{
	json_t *result = json_object();
	json_t *devices = json_array();

	for (size_t i = 0; i < l->n; i++)
		json_array_append_new(devices,
				      device_json(&l->devices[i], secrets));
	json_object_set_new(result, "devices", devices);
	if (l->n == l->limit)
		json_object_set_new(result, "after",
			json_string(l->devices[l->n - 1].name));
	return result;
}

static void list_done(struct store_op *base)
{
	struct list_op *op = (struct list_op *)base;
	const struct store_device_list *l = &op->list;

	if (base->rc) {
		refuse(op->call, "device.list", NULL, &base->err);
	} else {
		if (op->secrets && l->n > 0)
			log_info("device.secrets_read client=%u devices=%zu "
				 "first=%s last=%s", api_call_client(op->call),
				 l->n, l->devices[0].name,
				 l->devices[l->n - 1].name);
		api_answer(op->call, list_json(l, op->secrets));
	}
	op->m->n_lists--;
	wipe_free(op->list.devices);
	free(op);
}

static int read_list(json_t *params, struct list_op *op, struct err *e)
{
	struct device_list_request rq;
	char msisdn[MSISDN_SIZE];
	int rc = fields_parse(request_device_list_fields, params, false, &rq,
			      e);

	if (!rc && rq.to)
		rc = msisdn_parse(rq.to, "to", msisdn, e);
	if (rc)
		return rc;
	op->list.msisdn = rq.to;
	op->list.after = rq.after ? rq.after : "";
	op->list.limit = (size_t)rq.limit;
	op->secrets = rq.secrets;
	return DM_OK;
}

void method_device_list(struct api_call *call, json_t *params, void *arg)
{
	struct methods *m = arg;
	struct list_op *op = xcalloc(1, sizeof(*op));
	struct err e;

	if (methods_check_lists(m, "device.list", &e) ||
	    read_list(params, op, &e)) {
		refuse(call, "device.list", NULL, &e);
		free(op);
		return;
	}
	op->list.op.run = store_device_list_run;
	op->list.op.done = list_done;
	op->list.devices = xcalloc(op->list.limit, sizeof(struct device));
	op->call = call;
	op->m = m;
	m->n_lists++;
	store_push(m->store, &op->list.op);
}
