/* SPDX-License-Identifier: Apache-2.0 */
/*
 * api_fixture.h - the API with methods made for tests, and its clients, in one
 * loop
 *
 *	echo	answers its params at once
 *	deny	refuses at once
 *	hold	waits for release()
 */
#ifndef TESTS_API_FIXTURE_H
#define TESTS_API_FIXTURE_H

#include "gateway/api/api.h"
#include "tests/tap.h"

#define CLIENTS_MAX 4
#define HELD_MAX 4096

extern struct event_base *base;
extern struct api *api;
extern char api_path[108];
extern const struct api_method_entry api_methods[];

extern unsigned n_echo;			/* calls of echo */
extern struct api_call *held[HELD_MAX];	/* NULL once released */
extern unsigned n_held;
extern uint32_t caller;			/* uid of the last call */

int api_run(const char *suite, CU_TestInfo *tests);	/* main */
void api_start(void);
void api_start_with(const struct api_method_entry *methods, void *arg);
void api_end(void);		/* releases what is held first */

void turn(void);		/* the loop does all that it can do now */
void release(unsigned i);

int client_new(void);		/* a connected descriptor, not blocking */

/* Writes all, while the loop runs; false if that does not go on. */
bool client_send(int fd, const char *text, size_t len);
bool client_say(int fd, const char *text);

/* The next line without its end, "" at the end of input, NULL if none comes. */
const char *client_hear(int fd);
bool hears(int fd, const char *line);

/* Repeats c until the line has len octets, without the end. */
char *long_line(char c, size_t len);

#endif
