/* SPDX-License-Identifier: Apache-2.0 */
#include "emulator/dm/dm_fit.h"

#include "syncml/status.h"

/* All commands of a message, in their order. */
struct commands {
	struct syncml_command **all;	/* in the arena */
	size_t n;
	size_t n_results;		/* of these */
};

static int list_commands(struct arena *a, const struct syncml_message *m,
			 struct commands *l, struct err *e)
{
	size_t n = 0;

	for (struct syncml_command *c = m->commands; c; c = c->next)
		n++;
	*l = (struct commands){ .n = n };
	l->all = arena_alloc(a, n * sizeof(struct syncml_command *));
	if (!l->all)
		return err_set(e, DM_ENOSPC, "arena", "a smaller message",
			       "there is too much of it");
	n = 0;
	for (struct syncml_command *c = m->commands; c; c = c->next) {
		l->all[n++] = c;
		l->n_results += c->verb == SYNCML_RESULTS;
	}
	return DM_OK;
}

/* m has so many of its Results only. */
static void keep_results(struct syncml_message *m, const struct commands *l,
			 size_t keep)
{
	struct syncml_command **end = &m->commands;
	size_t seen = 0;

	for (size_t i = 0; i < l->n; i++) {
		if (l->all[i]->verb == SYNCML_RESULTS && seen++ >= keep)
			continue;
		*end = l->all[i];
		end = &l->all[i]->next;
	}
	*end = NULL;
}

static void refuse(const struct syncml_message *m,
		   const struct syncml_command *results)
{
	for (struct syncml_command *c = m->commands; c; c = c->next)
		if (c->verb == SYNCML_STATUS && c->msg_ref == results->msg_ref &&
		    c->cmd_ref == results->cmd_ref)
			c->code = STATUS_TOO_LARGE;
}

static void leave_out(struct syncml_message *m, const struct commands *l,
		      size_t keep)
{
	size_t seen = 0;

	keep_results(m, l, keep);
	for (size_t i = 0; i < l->n; i++)
		if (l->all[i]->verb == SYNCML_RESULTS && seen++ >= keep)
			refuse(m, l->all[i]);
}

int dm_fit_write(struct arena *a, enum syncml_encoding encoding,
		 struct syncml_message *m, uint8_t *out, size_t cap,
		 size_t *len, struct err *e)
{
	int rc = syncml_write(a, encoding, m, out, cap, len, e);
	size_t fits = 0, too_many;
	struct commands l;

	if (rc != DM_ENOSPC)
		return rc;
	rc = list_commands(a, m, &l, e);
	if (rc)
		return rc;
	for (too_many = l.n_results; fits + 1 < too_many; ) {
		size_t middle = (fits + too_many) / 2;

		keep_results(m, &l, middle);
		rc = syncml_write(a, encoding, m, out, cap, len, e);
		if (rc && rc != DM_ENOSPC)
			return rc;
		*(rc ? &too_many : &fits) = middle;
	}
	leave_out(m, &l, fits);
	return syncml_write(a, encoding, m, out, cap, len, e);
}
