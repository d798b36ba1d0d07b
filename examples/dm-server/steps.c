/* SPDX-License-Identifier: Apache-2.0 */
#include "examples/dm-server/steps.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "examples/dm-server/result.h"
#include "syncml/status.h"
#include "wap/utf8.h"

#define FIRMWARE_URI "./DevDetail/FwV"

/* Where the update object is, and whether its result has to be asked for. */
static const struct dialect {
	const char *url;
	const char *exec;
	const char *result;	/* NULL: a Generic Alert tells it */
} dialects[] = {
	[SYNCML_11] = {
		"./FwUpdate/Firmware/DownloadAndUpdate/PkgURL",
		"./FwUpdate/Firmware/DownloadAndUpdate",
		"./FwUpdate/Firmware/Result",
	},
	[SYNCML_12] = {
		"./FUMO/Firmware/DownloadAndUpdate/PkgURL",
		"./FUMO/Firmware/DownloadAndUpdate",
		NULL,
	},
};

static const struct dialect *dialect(const struct turn *t)
{
	return &dialects[t->m->version];
}

static void ask(struct turn *t, enum syncml_verb verb, const char *target,
		const char *data)
{
	struct syncml_command *command = compose_command(t->c, verb);
	struct syncml_item *item = compose_item(t->c, command);

	item->target = target;
	item->data = data;
	if (data)
		item->meta.format = "chr";
	t->s->cmd_id = command->cmd_id;
}

/* What a Get of uri brought, or NULL. */
static const char *value_of(const struct turn *t, const char *uri)
{
	for (const struct syncml_command *c = t->m->commands; c; c = c->next)
		for (const struct syncml_item *i = c->items; i; i = i->next)
			if (c->verb == SYNCML_RESULTS && i->source &&
			    i->data && !strcmp(i->source, uri))
				return i->data;
	return NULL;
}

/* The Status of what we asked last; 0: none came yet. */
static unsigned status_of(const struct turn *t)
{
	const struct syncml_command *status =
		syncml_status_of(t->m, t->s->msg_id, t->s->cmd_id);

	return status ? status->code : 0;
}

static bool always(const struct turn *t)
{
	(void)t;
	return true;
}

static void ask_firmware(struct turn *t)
{
	ask(t, SYNCML_GET, FIRMWARE_URI, NULL);
}

/* What was waited for before is not waited for any more. */
static void set_step(struct update *u, enum update_step step)
{
	u->step = step;
	u->due_s = 0;
}

/* Nothing is open: it has succeeded, or has said that it has failed. */
static bool is_finished(const struct update *u)
{
	return u->step == UPDATE_NONE || u->step == UPDATE_DONE ||
	       (u->step == UPDATE_FAILED && u->result);
}

/* Who has the wanted version already needs nothing. */
static void take_firmware(struct turn *t)
{
	const char *version = value_of(t, FIRMWARE_URI);
	struct update *u = &t->d->update;

	if (!version)
		return;
	snprintf(t->d->firmware, sizeof(t->d->firmware), "%s", version);
	utf8_end_whole(t->d->firmware);
	if (!is_finished(u) && !strcmp(u->version, t->d->firmware)) {
		set_step(u, UPDATE_DONE);
		u->result = 0;
		t->out->finished = true;
	}
}

/*
 * Anything else than FUMO's codes is no result. A device that was given up, or
 * has shown its new version before, may tell one all the same.
 */
void steps_finish(struct turn *t, unsigned result)
{
	struct update *u = &t->d->update;
	bool is_over = u->step == UPDATE_DONE || u->step == UPDATE_FAILED;
	bool awaited = u->step == UPDATE_STARTED ||
		       (is_over && u->tries && !u->result);

	if (!awaited || result < RESULT_MIN || result > RESULT_MAX)
		return;
	u->result = result;
	set_step(u, result_is_success(result) ? UPDATE_DONE :
		 result_passes(result) ? UPDATE_AGAIN : UPDATE_FAILED);
	t->out->finished = true;
}

static bool result_is_to_ask(const struct turn *t)
{
	return t->d->update.step == UPDATE_STARTED && dialect(t)->result;
}

static void ask_result(struct turn *t)
{
	ask(t, SYNCML_GET, dialect(t)->result, NULL);
}

static void take_result(struct turn *t)
{
	const char *result = value_of(t, dialect(t)->result);

	if (result)
		steps_finish(t, (unsigned)strtoul(result, NULL, 10));
}

static bool update_is_wanted(const struct turn *t)
{
	return t->d->update.step == UPDATE_WANTED && t->in->package_url[0];
}

static void ask_url(struct turn *t)
{
	ask(t, SYNCML_REPLACE, dialect(t)->url,
	    compose_text(t->c, "%s", t->in->package_url));
}

static void refuse_start(struct turn *t, unsigned status)
{
	set_step(&t->d->update, UPDATE_FAILED);
	t->out->start_refused = status;
}

static void take_url(struct turn *t)
{
	unsigned status = status_of(t);

	t->s->url_taken = status_is_success(status);
	if (status && !t->s->url_taken)
		refuse_start(t, status);
}

static bool url_is_there(const struct turn *t)
{
	return t->s->url_taken;
}

void steps_correlator(const struct update *u, unsigned try,
		      char out[STEPS_CORRELATOR_SIZE])
{
	int n = snprintf(out, STEPS_CORRELATOR_SIZE, "update-%u", u->number);

	if (try > 1)
		snprintf(out + n, STEPS_CORRELATOR_SIZE - (size_t)n, "-%u",
			 try);
}

static void ask_exec(struct turn *t)
{
	char correlator[STEPS_CORRELATOR_SIZE];
	struct syncml_command *exec = compose_command(t->c, SYNCML_EXEC);

	compose_item(t->c, exec)->target = dialect(t)->exec;
	steps_correlator(&t->d->update, t->d->update.tries + 1, correlator);
	if (t->m->version == SYNCML_12)		/* DM 1.1.2 has none */
		exec->correlator = compose_text(t->c, "%s", correlator);
	t->s->cmd_id = exec->cmd_id;
}

/* 202: it will do it, and tell later. Else it has done it, says FUMO. */
static void take_exec(struct turn *t)
{
	unsigned status = status_of(t);

	if (!status)
		return;
	if (!status_is_success(status)) {
		refuse_start(t, status);
		return;
	}
	set_step(&t->d->update, UPDATE_STARTED);
	t->d->update.tries++;
	t->out->started = true;
	if (status != STATUS_ACCEPTED && !dialect(t)->result)
		steps_finish(t, status);
}

static const struct step {
	bool (*applies)(const struct turn *t);
	void (*ask)(struct turn *t);
	void (*take)(struct turn *t);	/* what the device says to it */
} steps[] = {
	{ result_is_to_ask, ask_result, take_result },
	{ always, ask_firmware, take_firmware },
	{ update_is_wanted, ask_url, take_url },
	{ url_is_there, ask_exec, take_exec },
};

#define N_STEPS (sizeof(steps) / sizeof(steps[0]))

bool steps_ask(struct turn *t)
{
	size_t *step = &t->s->step;

	while (*step < N_STEPS && !steps[*step].applies(t))
		++*step;
	if (*step == N_STEPS)
		return false;
	steps[*step].ask(t);
	t->s->asked = true;
	return true;
}

void steps_take(struct turn *t)
{
	steps[t->s->step].take(t);
}
