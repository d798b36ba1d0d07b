/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sim_bearerbox.h - bearerbox and the connection to it, in a simulation
 *
 * Stands for gateway/box/box_link.c. SMS that it takes go to the network
 * (sim_network.h), whose reports it keeps until they are acknowledged. What it
 * does wrong is chosen by the weather (sim_weather.h).
 */
#ifndef TESTS_SIM_BEARERBOX_H
#define TESTS_SIM_BEARERBOX_H

#include "gateway/box/box_link.h"
#include "tests/sim_sms.h"

/* The link breaks; it comes back by itself, a while after down_ms. */
void sim_bearerbox_break(int64_t down_ms);

/* dmboxd died: for what is freed now there is no bearerbox. */
void sim_bearerbox_cut(void);

/* Since when the link has been up, and quick; INT64_MAX: it is down. */
int64_t sim_bearerbox_well_since_ms(void);

/* What the network says of an SMS; text is a constant. */
void sim_bearerbox_report(const struct sim_sms *sms, enum box_dlr event,
			  const char *text);

#endif
