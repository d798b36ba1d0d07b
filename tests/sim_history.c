/* SPDX-License-Identifier: Apache-2.0 */
/* What happened to a job, in lines for people; and the end of a bad run. */
#include "tests/sim_deal.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/clock.h"
#include "gateway/json/time_text.h"
#include "tests/sim_loop.h"

#define LINE_MAX 200
#define WORLD_MAX 1500		/* octets of what concerns all jobs */

static const char *how_to_repeat;
static struct deal world;	/* its history is that of all jobs */

void sim_history_start(const char *repeat)
{
	how_to_repeat = repeat;
}

void sim_history_forget(struct deal *d)
{
	free(d->history);
	d->history = NULL;
	d->history_len = 0;
}

/* Day and time by the true clock, then the computer's. */
static size_t time_line(char *out, size_t size)
{
	char text[TIME_TEXT_SIZE];
	long long s = sim_now_ms() / 1000;

	return (size_t)snprintf(out, size, "day %lld %02lld:%02lld:%02lld.%03d"
				" (%s) ", s / 86400, s / 3600 % 24,
				s / 60 % 60, s % 60,
				(int)(sim_now_ms() % 1000),
				time_text(clock_ms(), text));
}

static void add_line(struct deal *d, const char *line, size_t len)
{
	if (d == &world && d->history_len > WORLD_MAX)
		sim_history_forget(d);
	d->history = realloc(d->history, d->history_len + len + 2);
	if (!d->history)
		abort();
	memcpy(d->history + d->history_len, line, len);
	memcpy(d->history + d->history_len + len, "\n", 2);
	d->history_len += len + 1;
}

void sim_ledger_note(unsigned request, const char *fmt, ...)
{
	char line[LINE_MAX];
	size_t len = time_line(line, sizeof(line));
	struct deal *d = request ? sim_deal(request) : &world;
	va_list args;

	va_start(args, fmt);
	vsnprintf(line + len, sizeof(line) - len, fmt, args);
	va_end(args);
	add_line(d, line, strlen(line));
	d->active_ms = sim_now_ms();
}

void sim_broken(const struct deal *d, const char *fmt, ...)
{
	char when[LINE_MAX];
	va_list args;

	time_line(when, sizeof(when));
	printf("\nA PROMISE WAS BROKEN at %s:\n  ", when);
	va_start(args, fmt);
	vprintf(fmt, args);
	va_end(args);
	if (d)
		printf("\n\nRequest %u, job %lld, device %u, server %u:\n%s",
		       d->rq.number, (long long)d->job, d->rq.device,
		       d->rq.server, d->history ? d->history : "(nothing)\n");
	printf("\nOf all jobs, the last of it:\n%s\nTo repeat: %s\n",
	       world.history ? world.history : "", how_to_repeat);
	exit(EXIT_FAILURE);
}
