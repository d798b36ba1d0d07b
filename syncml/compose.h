/* SPDX-License-Identifier: Apache-2.0 */
/*
 * compose.h - puts a new SyncML DM message together
 *
 * CmdIDs are counted up by themselves. The first error (no room in the arena)
 * sticks: what is returned then can be written to but is in no message, so
 * compose from top to bottom and look once, with compose_done().
 *
 *	struct syncml_message m = { .version = SYNCML_12, .msg_id = 1, ... };
 *	struct compose c;
 *
 *	compose_begin(&c, &arena, &m);
 *	compose_status(&c, &request, NULL, STATUS_OK);
 *	get = compose_command(&c, SYNCML_GET);
 *	compose_item(&c, get)->target = "./DevInfo/DevId";
 *	rc = compose_done(&c);
 */
#ifndef SYNCML_COMPOSE_H
#define SYNCML_COMPOSE_H

#include <stddef.h>

#include "syncml/message.h"
#include "wap/arena.h"
#include "wap/err.h"

struct compose {
	struct arena *arena;		/* borrowed */
	struct syncml_message *message;	/* borrowed */
	uint32_t last_cmd_id;
	int err;			/* DM_OK or DM_ENOSPC */
	struct syncml_command no_command;	/* where writes go after an */
	struct syncml_item no_item;		/* error */
};

void compose_begin(struct compose *c, struct arena *a,
		   struct syncml_message *m);

/* A command at the end of the body. Never NULL. */
struct syncml_command *compose_command(struct compose *c,
				       enum syncml_verb verb);

/* An item at the end of a command. Never NULL. */
struct syncml_item *compose_item(struct compose *c,
				 struct syncml_command *command);

/* An Alert without items. */
struct syncml_command *compose_alert(struct compose *c, unsigned code);

/*
 * The Status for a command of message to, or for its SyncHdr if of is NULL.
 * It refers to the target and source of the command's first item.
 */
struct syncml_command *compose_status(struct compose *c,
				      const struct syncml_message *to,
				      const struct syncml_command *of,
				      unsigned code);

/* A copy of a text, or made by printf; "" after an error. */
const char *compose_text(struct compose *c, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Is the message whole? DM_OK or DM_ENOSPC. */
int compose_done(const struct compose *c) DM_CHECK;

#endif
