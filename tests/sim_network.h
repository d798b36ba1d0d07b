/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sim_network.h - the SMSC of a simulation
 *
 * Keeps an SMS until its device is on or its validity is over, and reports.
 */
#ifndef TESTS_SIM_NETWORK_H
#define TESTS_SIM_NETWORK_H

#include "tests/sim_sms.h"

void sim_network_take(const struct sim_sms *sms);

/* What our own reading of the specifications makes of a report. */
enum sim_meaning {
	MEANS_NOTHING,		/* not final */
	MEANS_DELIVERED,
	MEANS_LATER,		/* this attempt failed */
	MEANS_BACK,		/* no room: it was never taken */
	MEANS_NEVER,
};
enum sim_meaning sim_network_meaning(enum box_dlr event, const char *text);

#endif
