/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/sim_server.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/xalloc.h"
#include "tests/sim_api.h"
#include "tests/sim_device.h"
#include "tests/sim_ledger.h"
#include "tests/sim_loop.h"
#include "tests/sim_weather.h"

#define SECOND ((int64_t)1000)
#define MINUTE (60 * SECOND)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)
#define AGAIN_MS (5 * MINUTE)	/* after a connection that broke, about */

static unsigned jobs_a_day;
static int64_t longest_ms;
static bool asks;

/* -------------------------- what is asked for --------------------------- */

static const char *server_id(unsigned server)
{
	static const char *const ids[SIM_SERVERS] = { "srv-a", "srv-b" };

	return ids[server];
}

static void set_text(json_t *o, const char *name, const char *text)
{
	json_object_set_new(o, name, json_string(text));
}

static void set_to(json_t *o, const struct sim_request *rq)
{
	char to[SIM_TEXT_SIZE];

	if (rq->by_name)
		sim_device_name(rq->device, to);
	else
		sim_device_msisdn(rq->device, to);
	set_text(o, "to", to);
}

static void set_key(json_t *o, struct sim_key key)
{
	char credential[DIGEST_CREDENTIAL_SIZE];
	char nonce[SIM_NONCE_SIZE];

	sim_key_credential(key, credential);
	sim_key_nonce(key, nonce);
	set_text(o, "credential", credential);
	set_text(o, "nonce", nonce);
}

static void set_vendor(json_t *o, unsigned len)
{
	char hex[2 * NOTIF_VENDOR_MAX + 1];

	snprintf(hex, sizeof(hex), "%0*d", (int)(2 * len), 0);
	set_text(o, "vendor-hex", hex);
}

static void set_notification(json_t *o, const struct sim_request *rq)
{
	static const char *const busy[] = { "join", "supersede", "refuse" };

	set_text(o, "on-busy", busy[rq->on_busy]);
	set_text(o, "initiator", rq->client_initiated ? "client" : "server");
	if (rq->vendor_len)
		set_vendor(o, rq->vendor_len);
	if (rq->by_name)
		return;
	set_text(o, "server-id", server_id(rq->server));
	set_text(o, "quirks", sim_device_quirks(rq->device));
	set_key(o, rq->key);
}

static void set_bootstrap(json_t *o)
{
	set_text(o, "xml", "<wap-provisioningdoc version=\"1.1\">"
		 "<characteristic type=\"APPLICATION\">"
		 "<parm name=\"APPID\" value=\"w7\"/>"
		 "</characteristic></wap-provisioningdoc>");
	set_text(o, "sec", "USERPIN");
	set_text(o, "pin", "1234");
	json_object_set_new(o, "force", json_true());
}

static json_t *params_of(const struct sim_request *rq)
{
	json_t *o = json_object();
	char number[SIM_TEXT_SIZE];

	set_to(o, rq);
	snprintf(number, sizeof(number), "%u", rq->number);
	set_text(o, "from", number);
	set_text(o, "until", job_reached_name(rq->until));
	json_object_set_new(o, "expires-s", json_integer(rq->expires_s));
	if (rq->has_key)
		set_text(o, "key", number);
	if (rq->method == JOB_BOOTSTRAP)
		set_bootstrap(o);
	else
		set_notification(o, rq);
	return o;
}

static void ask(void *number);

static const char *method_of(const struct sim_request *rq)
{
	return rq->method == JOB_BOOTSTRAP ? "bootstrap" : "notify";
}

static void cancelled(void *arg, json_t *result, const struct err *e)
{
	(void)arg;
	(void)result;
	(void)e;
}

static void cancel(void *number)
{
	int64_t job = sim_ledger_job((unsigned)(uintptr_t)number);
	char text[SIM_TEXT_SIZE];

	if (!job)
		return;
	snprintf(text, sizeof(text), "%lld", (long long)job);
	sim_call("job.cancel", json_pack("{s:s}", "job", text), cancelled,
		 NULL);
}

/* The same key for another request is an error of the client. */
static void misused(void *arg, json_t *result, const struct err *e)
{
	sim_ledger_key_misused((unsigned)(uintptr_t)arg, result, e);
}

static void misuse(void *number)
{
	struct sim_request other =
		*sim_ledger_request((unsigned)(uintptr_t)number);

	other.expires_s++;
	sim_call(method_of(&other), params_of(&other), misused, number);
}

static void answered(void *arg, json_t *result, const struct err *e)
{
	unsigned number = (unsigned)(uintptr_t)arg;
	const struct sim_request *rq = sim_ledger_request(number);

	if (e)
		sim_ledger_refused(number, e);
	if (result)
		sim_ledger_accepted(number, result);
	if (!result && rq->has_key && (!e || e->code == DM_EIO))
		sim_after(sim_about(AGAIN_MS), ask, arg);
	if (!result)
		return;
	if (sim_one_in(20))
		sim_after(sim_between(0, sim_one_in(2) ? SECOND : HOUR),
			  cancel, arg);
	if (rq->has_key && sim_one_in(4))
		sim_after(sim_between(0, DAY), sim_one_in(5) ? misuse : ask,
			  arg);
}

static void ask(void *number)
{
	struct sim_request rq =
		*sim_ledger_request((unsigned)(uintptr_t)number);

	sim_ledger_asked(&rq);
	sim_call(method_of(&rq), params_of(&rq), answered, number);
}

static int32_t choose_expiry_s(void)
{
	const int64_t longest[] = { 5 * MINUTE, HOUR, 8 * HOUR, longest_ms };

	return (int32_t)(sim_between(SECOND, longest[sim_below(4)]) / SECOND);
}

/* A client that wants a new session id each time cannot have this one. */
static enum job_reached choose_until(const struct sim_request *rq)
{
	if (rq->method == JOB_BOOTSTRAP ||
	    (!rq->by_name && !strcmp(sim_device_quirks(rq->device),
				     "symbian")))
		return sim_one_in(3) ? REACHED_TAKEN : REACHED_DELIVERED;
	return sim_one_in(5) ? REACHED_TAKEN :
	       sim_one_in(3) ? REACHED_DELIVERED : REACHED_SESSION;
}

static void ask_for(unsigned device)
{
	struct sim_request rq = {
		.method = sim_one_in(15) ? JOB_BOOTSTRAP : JOB_NOTIFY,
		.device = device,
		.key = sim_device_key(device),
		.expires_s = choose_expiry_s(),
		.on_busy = (enum on_busy)sim_below(3),
		.client_initiated = sim_one_in(10),
		.has_key = sim_one_in(2),
		.vendor_len = sim_one_in(10) ? 250 : 0,
	};

	rq.by_name = rq.method == JOB_NOTIFY && !sim_one_in(4) &&
		     sim_device_is_registered(device);
	rq.server = rq.by_name ? 0 : (unsigned)sim_below(SIM_SERVERS);
	rq.until = choose_until(&rq);
	sim_ledger_asked(&rq);
	sim_call(method_of(&rq), params_of(&rq), answered,
		 (void *)(uintptr_t)rq.number);
}

static void ask_again(void *device)
{
	if (!asks)
		return;
	ask_for((unsigned)(uintptr_t)device);
	if (sim_one_in(2))
		sim_after(sim_between(0, sim_one_in(2) ? SECOND : 3 * HOUR),
			  ask_again, device);
}

static void ask_some(void *unused)
{
	unsigned n = sim_one_in(50) ? (unsigned)sim_between(20, 200) : 1;
	int64_t mean_ms = DAY / jobs_a_day;

	if (!asks)
		return;
	for (unsigned i = 0; i < n; i++)
		ask_again((void *)(uintptr_t)sim_below(sim_devices()));
	sim_after(sim_about(mean_ms * n * 2), ask_some, unused);
}

/* ----------------------------- the registry ----------------------------- */

static void put(void *device);

static void was_put(void *device, json_t *result, const struct err *e)
{
	(void)e;
	if (result)
		sim_device_key_told((unsigned)(uintptr_t)device);
	else
		sim_after(sim_about(AGAIN_MS), put, device);
}

/* All of its key, so that what got lost before does not matter. */
static void put(void *arg)
{
	unsigned device = (unsigned)(uintptr_t)arg;
	char name[SIM_TEXT_SIZE], msisdn[SIM_TEXT_SIZE];
	json_t *o = json_object();

	sim_device_name(device, name);
	sim_device_msisdn(device, msisdn);
	set_text(o, "device", name);
	set_text(o, "msisdn", msisdn);
	set_text(o, "server-id", server_id(0));
	set_text(o, "quirks", sim_device_quirks(device));
	set_key(o, sim_device_key(device));
	sim_call("device.put", o, was_put, arg);
}

static void put_nonce(unsigned device)
{
	char name[SIM_TEXT_SIZE], nonce[SIM_NONCE_SIZE];
	json_t *o = json_object();

	sim_device_name(device, name);
	sim_key_nonce(sim_device_key(device), nonce);
	set_text(o, "device", name);
	set_text(o, "nonce", nonce);
	sim_call("nonce.put", o, was_put, (void *)(uintptr_t)device);
}

/* ------------------------------- sessions ------------------------------- */

struct session {
	struct sim_session of;
	unsigned device;
	int n_left;	/* reports of this event that are still to come */
};

static void report(void *session);

static void ends(struct session *s)
{
	if (sim_one_in(2)) {
		sim_device_new_nonce(s->device);
		if (sim_device_is_registered(s->device))
			put_nonce(s->device);
	}
	free(s);
}

static void next(struct session *s)
{
	if (s->n_left-- > 0) {
		sim_after(sim_between(0, MINUTE), report, s);
	} else if (s->of.has_ended) {
		ends(s);
	} else {
		s->of.has_ended = true;
		s->n_left = sim_fault(FAULT_SESSION_TWICE);
		if (sim_one_in(4))	/* the result of another session */
			s->of.id = (uint16_t)sim_between(1, 0xffff);
		sim_after(sim_between(SECOND, sim_one_in(5) ? DAY : MINUTE),
			  report, s);
	}
}

static void told(void *arg, json_t *result, const struct err *e)
{
	struct session *s = arg;

	if (!result && !e) {
		sim_after(sim_about(AGAIN_MS), report, s);
		return;
	}
	sim_ledger_session_told(&s->of, result, e);
	next(s);
}

static void report(void *arg)
{
	struct session *s = arg;
	const struct sim_request *rq = sim_ledger_request(s->of.request);
	char to[SIM_TEXT_SIZE];
	json_t *o = json_object();

	set_text(o, "event", s->of.has_ended ? "ended" : "started");
	if (s->of.by_job) {
		snprintf(to, sizeof(to), "%lld",
			 (long long)sim_ledger_job(s->of.request));
		set_text(o, "job", to);
	} else {
		sim_device_msisdn(s->device, to);
		set_text(o, "to", to);
		set_text(o, "server-id", server_id(rq->server));
		json_object_set_new(o, "session-id", json_integer(s->of.id));
	}
	if (s->of.has_ended && sim_one_in(2))
		json_object_set_new(o, "result", json_integer(200));
	sim_ledger_session_asked(&s->of);
	sim_call("session.report", o, told, s);
}

void sim_server_session(unsigned device, unsigned request,
			uint16_t session_id, int64_t delay_ms)
{
	struct session *s = xcalloc(1, sizeof(*s));

	*s = (struct session){
		.device = device,
		.of.request = request,
		.of.id = session_id,
		.of.by_job = sim_one_in(10),
		.of.has_ended = sim_fault(FAULT_SESSION_LOST),
		.n_left = sim_fault(FAULT_SESSION_TWICE),
	};
	sim_after(delay_ms, report, s);
}

/* ---------------------------- start and stop ---------------------------- */

static void change_credential(void *unused)
{
	unsigned device = (unsigned)sim_below(sim_devices());

	sim_device_new_credential(device);
	if (sim_device_is_registered(device))
		put((void *)(uintptr_t)device);
	sim_after(sim_about(HOUR), change_credential, unused);
}

void sim_server_start(unsigned per_day, int64_t expires_ms)
{
	jobs_a_day = per_day;
	longest_ms = expires_ms;
	asks = true;
	for (unsigned i = 0; i < sim_devices(); i++)
		if (sim_device_is_registered(i))
			put((void *)(uintptr_t)i);
	sim_after(MINUTE, ask_some, NULL);
	sim_after(sim_about(HOUR), change_credential, NULL);
}

void sim_server_stop_asking(void)
{
	asks = false;
}
