/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sim_store.h - the store's thread of a simulation
 *
 * Stands for gateway/store/store.c, and only for that: the operations, their
 * SQL and SQLite are the real ones. What is pushed waits for a random moment,
 * all that has come until then runs in one transaction, and comes back after
 * another. The database lies in memory and survives the death of dmboxd.
 */
#ifndef TESTS_SIM_STORE_H
#define TESTS_SIM_STORE_H

#include "gateway/store/store.h"

void sim_store_start(void);		/* an empty database, closed */
void sim_store_open(void);		/* as dmboxd does at its start */

/*
 * dmboxd dies: what has run is committed or was rolled back, and what waits is
 * given back with DM_EBUSY, but only to be freed.
 */
void sim_store_kill(void);

/* Called after each commit. */
void sim_store_watch(void (*committed)(void));

/* Runs one operation at once: for who looks on. */
void sim_store_look(struct store_op *op);

/* The next one that matters fails; or dmboxd dies in the middle of it. */
void sim_store_fail_next(void);
void sim_store_die_next(void (*die)(void));

#endif
