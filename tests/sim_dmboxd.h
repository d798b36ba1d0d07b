/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sim_dmboxd.h - dmboxd in a simulation: what gateway/main.c puts together
 */
#ifndef TESTS_SIM_DMBOXD_H
#define TESTS_SIM_DMBOXD_H

#include "gateway/job/attempt.h"

/* Chooses its configuration by chance. */
void sim_dmboxd_configure(void);

/* The same until the end of the run. */
const struct attempt_plan *sim_dmboxd_plan(void);

void sim_dmboxd_start(void);
void sim_dmboxd_kill(void);	/* kill -9 */
bool sim_dmboxd_is_up(void);
unsigned sim_dmboxd_life(void);	/* how often it was started */
int64_t sim_dmboxd_since_ms(void);	/* up, or dead */

#endif
