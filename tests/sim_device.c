/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/sim_device.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/xalloc.h"
#include "tests/sim_ledger.h"
#include "tests/sim_loop.h"
#include "tests/sim_server.h"
#include "wap/quirks.h"

#define SECOND ((int64_t)1000)
#define HOUR (3600 * SECOND)
#define DAY (24 * HOUR)
#define KEYS 4			/* the newest ones are remembered */
#define STALE_MS (2 * 60 * SECOND)	/* a message may be older than that */

/* How long it is on and off, on average. */
static const struct habit {
	int64_t on_ms;
	int64_t off_ms;
} habits[] = {
	{ 30 * DAY, HOUR / 10 },
	{ 16 * HOUR, 8 * HOUR },
	{ 3 * HOUR, 5 * HOUR },
	{ 2 * DAY, 4 * DAY },
};

static const char *const clients[] = {
	"generic", "generic", "libdmclient", "symbian",
};

struct device {
	uint8_t habit;
	uint8_t client;
	bool is_registered;
	bool is_on;
	int64_t changes_ms;	/* when it goes off, or on */
	uint16_t last_session;
	struct sim_key keys[KEYS];	/* the newest first */
	int64_t told_ms[KEYS];	/* when dmboxd knew that it is void */
};

static struct device *devices;
static unsigned n_devices;
static struct sim_inbox *inbox;

void sim_devices_start(unsigned n)
{
	n_devices = n;
	devices = xcalloc(n, sizeof(*devices));
	inbox = xcalloc(1, sizeof(*inbox));
	sim_inbox_init(inbox);
	for (unsigned i = 0; i < n; i++) {
		struct device *d = &devices[i];

		d->habit = (uint8_t)sim_below(4);
		d->client = (uint8_t)sim_below(4);
		d->is_registered = sim_one_in(2);
		d->is_on = sim_one_in(2);
		d->changes_ms = sim_between(0, HOUR);
		for (unsigned k = 0; k < KEYS; k++)
			d->keys[k].device = i;
	}
}

unsigned sim_devices(void)
{
	return n_devices;
}

void sim_device_msisdn(unsigned device, char out[SIM_TEXT_SIZE])
{
	snprintf(out, SIM_TEXT_SIZE, "+49170%08u", device);
}

unsigned sim_device_of(const char *msisdn)
{
	return (unsigned)strtoul(msisdn + strlen("+49170"), NULL, 10);
}

void sim_device_name(unsigned device, char out[SIM_TEXT_SIZE])
{
	snprintf(out, SIM_TEXT_SIZE, "device-%u", device);
}

bool sim_device_is_registered(unsigned device)
{
	return devices[device].is_registered;
}

const char *sim_device_quirks(unsigned device)
{
	return clients[devices[device].client];
}

int64_t sim_device_on_in_ms(unsigned device)
{
	struct device *d = &devices[device];
	const struct habit *h = &habits[d->habit];

	while (d->changes_ms <= sim_now_ms()) {
		d->is_on = !d->is_on;
		d->changes_ms += SECOND + sim_about(d->is_on ? h->on_ms
							     : h->off_ms);
	}
	return d->is_on ? 0 : d->changes_ms - sim_now_ms();
}

/* --------------------------------- keys --------------------------------- */

struct sim_key sim_device_key(unsigned device)
{
	return devices[device].keys[0];
}

static struct sim_key *new_key(struct device *d)
{
	memmove(&d->keys[1], &d->keys[0], (KEYS - 1) * sizeof(d->keys[0]));
	memmove(&d->told_ms[1], &d->told_ms[0],
		(KEYS - 1) * sizeof(d->told_ms[0]));
	d->told_ms[1] = INT64_MAX;
	return &d->keys[0];
}

void sim_device_new_nonce(unsigned device)
{
	new_key(&devices[device])->nonce++;
}

void sim_device_new_credential(unsigned device)
{
	new_key(&devices[device])->credential++;
}

void sim_device_key_told(unsigned device)
{
	for (unsigned k = 1; k < KEYS; k++)
		if (devices[device].told_ms[k] == INT64_MAX)
			devices[device].told_ms[k] = sim_now_ms();
}

bool sim_device_key_may_be(unsigned device, const struct sim_message *m)
{
	const struct device *d = &devices[device];

	for (unsigned k = 0; k < KEYS; k++)
		if ((k == 0 || d->told_ms[k] == INT64_MAX ||
		     d->told_ms[k] + STALE_MS > sim_now_ms()) &&
		    sim_message_proves(m, d->keys[k]))
			return true;
	return false;
}

/* ------------------------------- messages ------------------------------- */

/* The id that the client uses in its session. */
static uint16_t session_id_of(const struct device *d,
			      const struct sim_message *m)
{
	if (!m->server_initiated)
		return (uint16_t)sim_between(1, 0xffff);
	if (quirks_find(clients[d->client])->swaps_session_id)
		return (uint16_t)(m->session_id << 8 | m->session_id >> 8);
	return m->session_id;
}

void sim_device_receive(const struct sim_sms *sms)
{
	struct device *d = &devices[sms->device];
	struct sim_message m;

	if (!sim_ledger_is_notification(sms->request) ||
	    !sim_message_read(inbox, sms->request, sms, &m) ||
	    m.session_id == d->last_session ||
	    !sim_message_proves(&m, d->keys[0]))
		return;
	d->last_session = m.session_id;
	sim_ledger_note(sms->request, "the device takes session id %u",
			m.session_id);
	if (!sim_one_in(5))
		sim_server_session(sms->device, sms->request,
				   session_id_of(d, &m), sim_one_in(4) ?
				   sim_between(HOUR, DAY) :
				   sim_between(SECOND, 60 * SECOND));
}
