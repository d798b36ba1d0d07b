/* SPDX-License-Identifier: Apache-2.0 */
/*
 * say.h - what the server tells its operator: a line for each step
 *
 *	18:00:01 dev1: has opened session 3F, woken by our notification
 *	{"time":"2026-11-22T17:00:01.123Z","device":"dev1",
 *	 "event":"session.started","text":"has opened session 3F, ..."}
 *
 * Secrets are never said.
 */
#ifndef DM_SERVER_SAY_H
#define DM_SERVER_SAY_H

#include <stdbool.h>

/* JSON objects instead of plain lines. Before the first line. */
void say_json(bool json);

/*
 * event is its name for programs, the rest a sentence for people; device may be
 * NULL. Control characters in it come out as '?'.
 */
void say(const char *device, const char *event, const char *sentence, ...)
	__attribute__((format(printf, 3, 4)));

#endif
