/* SPDX-License-Identifier: Apache-2.0 */
/*
 * emulator_run.h - runs ./dmbox-emulator for a test, and talks SMPP to it
 *
 * One emulator at a time, on a free port, with the devices of
 * emulator_run.c. What goes wrong fails the test.
 */
#ifndef TESTS_EMULATOR_RUN_H
#define TESTS_EMULATOR_RUN_H

#include <jansson.h>
#include <stdio.h>
#include <sys/types.h>

#include "tests/smpp_client.h"

#define EMULATOR "./dmbox-emulator"

struct emulator {
	pid_t pid;
	char file[64];		/* its devices; another for each test program */
	char control[64];	/* its pipe for commands, or none */
	FILE *events;		/* its standard output */
	uint16_t port;
};

extern struct emulator emulator;

/* With --json, or with --quiet instead. */
void start(void);
void start_quiet(void);

/* With --json and a pipe for commands. */
void start_controlled(void);

/* Writes a command; the event that comes of it must be this one. */
void control(const char *command, const char *event);

/* Ends it by a signal; its leak check shows in the exit status. */
void end_by(int signal_number);

/* The same by SIGTERM, and closes its events. */
void stop(void);

/* Events, to be freed; NULL at the end of the program. */
json_t *next_event(void);
json_t *event_named(const char *name);	/* reads up to the next of them */
void skip_to(const char *name);
const char *text_of(const json_t *event, const char *key);
long long number_of(const json_t *event, const char *key);

extern uint8_t pdu[CLIENT_PDU_MAX];	/* what goes out next */
extern uint8_t answer[CLIENT_PDU_MAX];	/* what came last */
extern struct smpp_header answer_header;

/* A notification for "+491701234567": the WSP push, in hex. */
extern const char push[];

int connect_client(void);
int bind_client(uint32_t command, const char *system_id);
void send_pdu(int fd, size_t len);

/* The next PDU must be this one. */
void expect(int fd, uint32_t command, uint32_t status);
void expect_closed(int fd);

/* A receipt for the SMS that was answered last. */
void expect_receipt(int fd, const char *state);

/* User data in hex, with a receipt asked for; validity may be NULL. */
void submit(int fd, const char *to, const char *hex, const char *validity);
void submit_push(int fd, const char *to, const char *validity);
void submit_taken(int fd, const char *to, const char *validity);

void enquire(int fd);		/* is the connection still good? */

#endif
