/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/sim_network.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/clock.h"
#include "gateway/xalloc.h"
#include "tests/sim_bearerbox.h"
#include "tests/sim_device.h"
#include "tests/sim_loop.h"
#include "tests/sim_weather.h"

#define SECOND 1000
#define HOUR (3600 * SECOND)

static const struct receipt {
	enum box_dlr event;
	enum sim_meaning meaning;
	const char *text;
} receipts[] = {
	{ BOX_DLR_DELIVERED, MEANS_DELIVERED, "id:1 stat:DELIVRD err:000" },
	{ BOX_DLR_DELIVERED, MEANS_DELIVERED, "" },
	{ BOX_DLR_EXPIRED, MEANS_LATER, "id:1 stat:EXPIRED err:001" },
	{ BOX_DLR_FAILED, MEANS_LATER, "NACK/validity expired" },
	{ BOX_DLR_FAILED, MEANS_LATER, "id:1 stat:UNDELIV err:027" },
	{ BOX_DLR_FAILED, MEANS_LATER, "some text that nobody knows" },
	{ BOX_DLR_FAILED, MEANS_LATER, "" },
	{ BOX_DLR_UNKNOWN, MEANS_LATER, "id:1 stat:UNKNOWN err:255" },
	{ BOX_DLR_SMSC_REFUSED, MEANS_BACK, "NACK/0x00000058/Throttled" },
	{ BOX_DLR_SMSC_REFUSED, MEANS_BACK, "NACK/retries exceeded" },
	{ BOX_DLR_FAILED, MEANS_NEVER, "id:1 stat:REJECTD err:008" },
	{ BOX_DLR_FAILED, MEANS_NEVER, "id:1 stat:DELETED err:000" },
	{ BOX_DLR_SMSC_REFUSED, MEANS_NEVER, "NACK/0x0000000b/Invalid Dest" },
	{ BOX_DLR_SMSC_TOOK, MEANS_NOTHING, "ACK/" },
	{ BOX_DLR_BUFFERED, MEANS_NOTHING, "id:1 stat:ACCEPTD err:000" },
};

#define N_RECEIPTS (sizeof(receipts) / sizeof(receipts[0]))

enum sim_meaning sim_network_meaning(enum box_dlr event, const char *text)
{
	for (size_t i = 0; i < N_RECEIPTS; i++)
		if (receipts[i].event == event &&
		    !strcmp(receipts[i].text, text))
			return receipts[i].meaning;
	assert(false);
	return MEANS_NOTHING;
}

/* Any receipt that means this. */
static const struct receipt *choose(enum sim_meaning meaning)
{
	const struct receipt *r;

	do
		r = &receipts[sim_below(N_RECEIPTS)];
	while (r->meaning != meaning);
	return r;
}

struct delivery {
	struct sim_sms sms;
	const struct receipt *receipt;
};

static void report(void *arg)
{
	struct delivery *d = arg;

	sim_bearerbox_report(&d->sms, d->receipt->event, d->receipt->text);
	free(d);
}

/* When the SMSC has an end of it: with a receipt, or without. */
static void end(struct delivery *d, enum sim_meaning meaning)
{
	if (!d->sms.wants_report || sim_fault(FAULT_REPORT_LOST)) {
		free(d);
		return;
	}
	if (sim_fault(FAULT_REPORT_ODD)) {
		d->receipt = choose(MEANS_NOTHING);
		sim_bearerbox_report(&d->sms, d->receipt->event,
				     d->receipt->text);
	}
	d->receipt = choose(meaning);
	sim_after(sim_fault(FAULT_REPORT_LATE) ?
		  sim_between(HOUR, 30 * HOUR) : sim_between(0, 3 * SECOND),
		  report, d);
}

static void arrives(void *arg)
{
	struct delivery *d = arg;

	if (d->sms.wants_report && sim_fault(FAULT_REPORT_BOTH)) {
		d->receipt = choose(MEANS_LATER);
		sim_bearerbox_report(&d->sms, d->receipt->event,
				     d->receipt->text);
	}
	if (sim_fault(FAULT_UNDELIVERED)) {
		end(d, MEANS_LATER);
		return;
	}
	sim_device_receive(&d->sms);
	end(d, MEANS_DELIVERED);
}

static void expires(void *arg)
{
	end(arg, MEANS_LATER);
}

static void rejects(void *arg)
{
	end(arg, MEANS_NEVER);
}

static void gives_back(void *arg)
{
	end(arg, MEANS_BACK);
}

void sim_network_take(const struct sim_sms *sms)
{
	struct delivery *d = xcalloc(1, sizeof(*d));
	int64_t left_ms = sms->validity_s == BOX_NO_VALIDITY ? HOUR :
			  sms->validity_s * SECOND - clock_ms();
	int64_t on_ms = sim_device_on_in_ms(sms->device) +
			sim_between(SECOND, 10 * SECOND);

	d->sms = *sms;
	if (sim_fault(FAULT_REJECTED))
		sim_after(sim_between(0, 5 * SECOND), rejects, d);
	else if (sim_fault(FAULT_NO_ROOM))
		sim_after(sim_between(0, 5 * SECOND), gives_back, d);
	else if (on_ms > left_ms)
		sim_after(left_ms, expires, d);
	else
		sim_after(on_ms, arrives, d);
}
