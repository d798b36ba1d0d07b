/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sim_loop.h - the time of a simulation, and what happens when
 *
 * One thread: what is due runs, one after the other, and the time leaps to the
 * next. Two things that are due at once run in the order in which they were
 * asked for, so nothing depends on the machine. sim_loop.c also stands for
 * libevent's timers and for gateway/clock, so that dmboxd's own code waits in
 * this time.
 *
 * There are two clocks. sim_now_ms() is the true one, from 0, and only goes
 * on; the network and the devices live by it. clock_ms(), which dmboxd reads,
 * is the computer's: it can be set.
 */
#ifndef TESTS_SIM_LOOP_H
#define TESTS_SIM_LOOP_H

#include <stdbool.h>
#include <stdint.h>

/* The computer's clock shows start_ms. */
void sim_loop_start(int64_t start_ms, uint64_t seed);

/* Runs what is due next. False: nothing is. */
bool sim_loop_step(void);

int64_t sim_now_ms(void);
void sim_clock_set(int64_t by_ms);	/* forwards, or back */
int64_t sim_clock_last_set_ms(void);	/* by the true clock */

/* Calls run(arg) once, that much later. */
void sim_after(int64_t delay_ms, void (*run)(void *arg), void *arg);

/* Chance: every number of a run comes from here, and so from its seed. */
uint64_t sim_below(uint64_t limit);			/* 0..limit-1 */
int64_t sim_between(int64_t min, int64_t max);	/* both inclusive */
bool sim_one_in(unsigned n);				/* n 0: never */
int64_t sim_about(int64_t mean);	/* 0 to twice that */

#endif
