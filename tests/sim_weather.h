/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sim_weather.h - what goes wrong in a simulation, and how often
 *
 * The weather changes every few hours: each fault is then rare, frequent, or
 * does not happen at all. A third of the time all is well.
 */
#ifndef TESTS_SIM_WEATHER_H
#define TESTS_SIM_WEATHER_H

#include <stdbool.h>
#include <stdint.h>

enum sim_fault {
	/* when something is done: asked for by sim_fault() */
	FAULT_BUSY,		/* the link takes no more for now */
	FAULT_NACK_GOOD,	/* bearerbox refuses for good */
	FAULT_NACK_NOW,		/* bearerbox cannot take it now */
	FAULT_BUFFERED,		/* bearerbox has it, but no SMSC */
	FAULT_ACK_SLOW,		/* minutes */
	FAULT_SMS_LOST,		/* bearerbox dies with its queue */
	FAULT_REPORT_EARLY,	/* before the acknowledgement */
	FAULT_REPORT_LATE,	/* by hours */
	FAULT_REPORT_TWICE,
	FAULT_REPORT_LOST,
	FAULT_REPORT_ODD,	/* one that says nothing final, before it */
	FAULT_REPORT_BOTH,	/* not delivered, and then delivered */
	FAULT_UNDELIVERED,	/* the device was on, but it failed */
	FAULT_REJECTED,		/* the SMSC will never deliver it */
	FAULT_NO_ROOM,		/* it has no room for it, or is throttled */
	FAULT_SESSION_LOST,	/* the DM server does not tell of a session */
	FAULT_SESSION_TWICE,
	/* from time to time, by themselves */
	FAULT_LINK_BREAKS,	/* behind an SMS, too */
	FAULT_LINK_GONE,	/* for hours */
	FAULT_DATABASE,		/* a transaction fails */
	FAULT_KILLED,		/* dmboxd is */
	FAULT_KILLED_INSIDE,	/* ... in the middle of a transaction */
	FAULT_CLOCK_HOUR,	/* the computer's clock leaps, either way */
	FAULT_CLOCK_DAY,	/* it was a day ahead, and is set back */
	N_FAULTS,
};

/* Until sim_weather_clear(), which ends all bad weather for good. */
void sim_weather_start(void);
void sim_weather_clear(void);

/* Does it happen now? Counts if so. */
bool sim_fault(enum sim_fault f);

int64_t sim_fault_count(enum sim_fault f);
const char *sim_fault_name(enum sim_fault f);

#endif
