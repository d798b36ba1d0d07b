/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ledger_client.c - a DM server that keeps its own ledger
 *
 *	ledger_client NAME SEED DEVICES BOOTSTRAPS PAUSE_MS >LEDGER
 *
 * Asks the dmboxd at $DMBOX_SOCKET for notifications of the devices
 * +491700000000 to DEVICES - 1, again and again, and for one bootstrap each of
 * +4918NAME0000 to BOOTSTRAPS - 1; NAME is a digit. Many requests are under
 * way at once. When dmboxd has gone it waits for the next one, and asks again,
 * with the same key, what was not answered. Some requests it asks twice though
 * they were answered. At SIGTERM it makes no new ones, and ends when all are
 * answered.
 *
 * Each answer is a line of JSON: request, device, method, on-busy, sent and
 * answered (milliseconds since 1970; sent the first time), and what the answer
 * said: job, session-id, joined, superseded; or refused; or error.
 */
#include <inttypes.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/client.h"
#include "gateway/clock.h"

#define WINDOW 16		/* requests under way */
#define BOOTSTRAP_TURN 40	/* each 40th request */
#define AGAIN_TURN 10		/* each 10th answer is asked for once more */
#define RECONNECT_US 20000
#define RECONNECTS_MAX 3000	/* then dmboxd is not coming back */

struct request {
	json_int_t number;	/* 0: none */
	const char *on_busy;	/* NULL: a bootstrap */
	char device[24];
	int64_t sent_ms;	/* the first time */
	bool again;		/* it was answered already */
};

static const char *name;
static unsigned seed, n_devices, n_bootstraps, pause_us;
static struct request open_[WINDOW];
static unsigned n_open, n_bootstrapped;
static json_int_t n_requests;
static volatile sig_atomic_t stopping;

static void on_term(int number)
{
	(void)number;
	stopping = 1;
}

static unsigned chance(unsigned below)
{
	return (unsigned)rand_r(&seed) % below;
}

/* ------------------------------- requests ------------------------------- */

static void choose(struct request *r)
{
	static const char *const modes[] = {
		"join", "join", "join", "supersede", "refuse",
	};

	*r = (struct request){ .number = ++n_requests,
			       .sent_ms = clock_ms() };
	if (r->number % BOOTSTRAP_TURN == 0 && n_bootstrapped < n_bootstraps) {
		snprintf(r->device, sizeof(r->device), "+4918%s%07u", name,
			 n_bootstrapped++);
		return;
	}
	r->on_busy = modes[chance(sizeof(modes) / sizeof(modes[0]))];
	snprintf(r->device, sizeof(r->device), "+4917%08u",
		 chance(n_devices));
}

static json_t *params_of(const struct request *r)
{
	/* Long enough for several SMS. */
	static const char apn[] = "an-access-point-with-a-name-that-is-long."
		"operator.example.com";
	char key[40];

	snprintf(key, sizeof(key), "%s-%" JSON_INTEGER_FORMAT, name,
		 r->number);
	if (!r->on_busy)
		return json_pack("{s:s, s:s, s:s, s:s, s:s, s:{s:s}}",
				 "to", r->device, "key", key,
				 "profile", "internet", "sec", "USERPIN",
				 "pin", "1234",
				 "fields", "apn", apn);
	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s}", "to", r->device,
			 "key", key, "on-busy", r->on_busy,
			 "server-id", "com.example.dms",
			 "password", "srvpwd",
			 "nonce-hex", "101112131415161718191a1b1c1d1e1f");
}

static void ask(struct client *c, const struct request *r)
{
	client_send(c, r->on_busy ? "notify" : "bootstrap", params_of(r),
		    r->number);
}

static void ask_new(struct client *c)
{
	for (size_t i = 0; i < WINDOW && n_open < WINDOW && !stopping; i++) {
		if (open_[i].number)
			continue;
		choose(&open_[i]);
		n_open++;
		ask(c, &open_[i]);
	}
}

static struct request *find(json_int_t number)
{
	for (size_t i = 0; i < WINDOW; i++)
		if (number && open_[i].number == number)
			return &open_[i];
	return NULL;
}

/* ------------------------------- the ledger ------------------------------- */

static void put(json_t *line, json_t *answer, const char *member)
{
	json_t *value = json_object_get(answer, member);

	if (value)
		json_object_set(line, member, value);
}

/* rc and e are what client_receive() said. */
static void record(const struct request *r, json_t *answer, int rc,
		   const struct err *e)
{
	json_t *line = json_pack("{s:I, s:s, s:s, s:s, s:s*, s:I, s:I}",
		"request", r->number, "client", name, "device", r->device,
		"method", r->on_busy ? "notify" : "bootstrap",
		"on-busy", r->on_busy, "sent", (json_int_t)r->sent_ms,
		"answered", (json_int_t)clock_ms());
	char text[ERR_TEXT_MAX];

	if (rc == DM_ESTATE)
		json_object_set_new(line, "refused", json_true());
	else if (rc)
		json_object_set_new(line, "error", json_string(
			err_text(e, text, sizeof(text))));
	else
		put(line, answer, "job");
	put(line, answer, "session-id");
	put(line, answer, "joined");
	put(line, answer, "superseded");
	json_dumpf(line, stdout, JSON_COMPACT);
	putchar('\n');
	fflush(stdout);
	json_decref(line);
}

/* ------------------------------ connections ------------------------------ */

/* Returns false when the connection has broken. */
static bool take_answer(struct client *c)
{
	struct request *r;
	json_int_t number = 0;
	json_t *answer;
	struct err e;
	int rc = client_receive(c, &number, &answer, &e);

	r = find(number);
	if (!r || rc == DM_EBUSY) {	/* by and by again, with all others */
		json_decref(answer);
		return false;
	}
	record(r, answer, rc, &e);
	json_decref(answer);
	if (rc == DM_OK && !r->again && chance(AGAIN_TURN) == 0) {
		r->again = true;
		ask(c, r);
	} else {
		r->number = 0;
		n_open--;
	}
	return true;
}

static struct client *connect_again(void)
{
	struct client *c;
	struct err e;
	unsigned n = 0;

	while (client_open(&c, NULL, &e)) {
		if (++n == RECONNECTS_MAX)
			exit(EXIT_FAILURE);
		usleep(RECONNECT_US);
	}
	for (size_t i = 0; i < WINDOW; i++)
		if (open_[i].number)
			ask(c, &open_[i]);
	return c;
}

int main(int argc, char **argv)
{
	struct client *c = NULL;

	if (argc != 6) {
		fprintf(stderr, "usage: ledger_client NAME SEED DEVICES "
			"BOOTSTRAPS PAUSE_MS\n");
		return 64;
	}
	name = argv[1];
	seed = (unsigned)strtoul(argv[2], NULL, 10);
	n_devices = (unsigned)strtoul(argv[3], NULL, 10);
	n_bootstraps = (unsigned)strtoul(argv[4], NULL, 10);
	pause_us = 1000 * (unsigned)strtoul(argv[5], NULL, 10);
	signal(SIGTERM, on_term);
	while (!stopping || n_open > 0) {
		if (!c)
			c = connect_again();
		ask_new(c);
		if (n_open > 0 && !take_answer(c)) {
			client_close(c);
			c = NULL;
		}
		usleep(pause_us);
	}
	if (c)
		client_close(c);
	return EXIT_SUCCESS;
}
