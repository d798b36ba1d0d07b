/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/ledger.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/tap.h"

void ledger_token(unsigned serial, uint8_t token[JOB_TOKEN_LEN])
{
	char text[JOB_TOKEN_LEN + 1];

	snprintf(text, sizeof(text), "%016u", serial);
	memcpy(token, text, JOB_TOKEN_LEN);
}

unsigned ledger_serial(const struct job *j)
{
	char text[JOB_TOKEN_LEN + 1] = "";

	memcpy(text, j->token, JOB_TOKEN_LEN);
	return (unsigned)strtoul(text, NULL, 10);
}

unsigned ledger_n_segments(unsigned serial)
{
	return 1 + serial * serial % 7;
}

void ledger_segment(unsigned serial, unsigned segment, uint16_t session_id,
		    struct segment *out)
{
	uint64_t state = (uint64_t)serial << 32 | segment << 16 | session_id;

	*out = (struct segment){ .udh_len = 12 };
	out->len = (uint8_t)(60 + serial % 80);
	tap_random_octets(&state, out->octets, out->len);
}

struct ledger_job *ledger_find(struct ledger *l, int64_t id)
{
	for (size_t i = 0; i < l->n_jobs; i++)
		if (l->jobs[i].job.id == id)
			return &l->jobs[i];
	return NULL;
}

void ledger_copy(struct ledger *to, const struct ledger *from)
{
	memcpy(to->jobs, from->jobs, from->n_jobs * sizeof(from->jobs[0]));
	memcpy(to->device_nonce, from->device_nonce, sizeof(to->device_nonce));
	memcpy(to->session_id, from->session_id, sizeof(to->session_id));
	to->n_jobs = from->n_jobs;
}

static int64_t after_restart(enum job_state state)
{
	return state == JOB_SENDING ? JOB_WAITING : state;
}

bool ledger_agrees(const struct ledger_job *entry, const struct job *got,
		   struct ledger_difference *why)
{
	const struct job *want = &entry->job;
	const struct ledger_difference all[] = {
		{ "state", after_restart(got->state),
		  after_restart(want->state) },
		{ "method", got->method, want->method },
		{ "reached", got->reached, want->reached },
		{ "attempt", got->attempt, want->attempt },
		{ "n_segments", got->n_segments, want->n_segments },
		{ "n_taken", got->n_taken, want->n_taken },
		{ "n_delivered", got->n_delivered, want->n_delivered },
		{ "session_id", got->session_id, want->session_id },
		{ "expires_ms", got->expires_ms, want->expires_ms },
		{ "created_ms", got->created_ms, want->created_ms },
	};

	*why = (struct ledger_difference){ 0 };
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		if (all[i].got == all[i].want)
			continue;
		*why = all[i];
		return false;
	}
	return true;
}

void ledger_restart(struct ledger *l)
{
	for (size_t i = 0; i < l->n_jobs; i++)
		if (l->jobs[i].job.state == JOB_SENDING)
			l->jobs[i].job.state = JOB_WAITING;
}

void ledger_number(unsigned n, char to[MSISDN_SIZE])
{
	snprintf(to, MSISDN_SIZE, "+4917%08u", n);
}

void ledger_nonce(unsigned version, char out[32])
{
	snprintf(out, 32, "%08u", version);	/* digits are base64, too */
}
