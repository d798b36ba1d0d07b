/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sim_api.h - the API's socket of a simulation
 *
 * Stands for gateway/api/api.c: requests go to the methods of the API, which
 * are the real ones, as JSON, and their answers come back. When dmboxd dies,
 * the client sees its connection break.
 */
#ifndef TESTS_SIM_API_H
#define TESTS_SIM_API_H

#include <jansson.h>

#include "gateway/api/methods.h"

/* result, borrowed, or e; neither: the connection broke. */
typedef void sim_answered(void *arg, json_t *result, const struct err *e);

/* NULL: there is no dmboxd, and each call breaks at once. */
void sim_api_serve(struct methods *m);

/* params is taken. */
void sim_call(const char *method, json_t *params, sim_answered *answered,
	      void *arg);

/* All that is not answered yet breaks. */
void sim_api_break(void);

#endif
