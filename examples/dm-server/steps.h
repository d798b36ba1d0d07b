/* SPDX-License-Identifier: Apache-2.0 */
/*
 * steps.h - what the server wants of a device in a session, one thing a message
 *
 * Add a row to the table in steps.c to ask for more: when it applies, what is
 * asked, and what becomes of the answer.
 */
#ifndef DM_SERVER_STEPS_H
#define DM_SERVER_STEPS_H

#include "examples/dm-server/session.h"

/* A message on its way: what came, and what is being answered. */
struct turn {
	struct session *s;
	struct device *d;
	const struct session_input *in;
	const struct syncml_message *m;	/* that of in */
	struct compose *c;		/* the answer */
	struct session_outcome *out;
};

/* Asks for the next thing that applies; false: there is none left. */
bool steps_ask(struct turn *t);

/* Takes what the device says to it. */
void steps_take(struct turn *t);

/*
 * What names a try of the update (1..) to the device and back, into out. A
 * result of an earlier one must not be taken for that of this one.
 */
#define STEPS_CORRELATOR_SIZE 32	/* octets, with NUL */
void steps_correlator(const struct update *u, unsigned try,
		      char out[STEPS_CORRELATOR_SIZE]);

/* Takes the result of an update, wherever it stood. */
void steps_finish(struct turn *t, unsigned result);

#endif
