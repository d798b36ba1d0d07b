/* SPDX-License-Identifier: Apache-2.0 */
#include "emulator/dm/dm_act.h"

#include <stdio.h>
#include <string.h>

#include "syncml/alert.h"

/* One message whose commands are done. */
struct act {
	const struct dm_dialog_setup *s;
	struct compose *out;
	const struct syncml_message *in;
};

/* A command and the Status of each of its items; of one without items, one. */
struct done {
	const struct syncml_command *command;
	size_t n;
	unsigned *codes;		/* in the arena */
	struct dm_user_answer answer;	/* of an alert to the user */
	struct done *next;
};

bool dm_act_is_command(const struct syncml_command *c)
{
	return c->verb != SYNCML_STATUS && c->verb != SYNCML_RESULTS;
}

static bool is_group(const struct syncml_command *c)
{
	return c->verb == SYNCML_ATOMIC || c->verb == SYNCML_SEQUENCE;
}

static void *get_room(struct act *a, size_t len)
{
	void *room = a->out->err ? NULL : arena_alloc(a->out->arena, len);

	if (!room)
		a->out->err = DM_ENOSPC;
	return room;
}

/* --------------------------------- items ---------------------------------- */

static const char *data_of(const struct syncml_item *i)
{
	return i->data ? i->data : "";
}

static unsigned do_get(struct act *a, const struct syncml_command *c,
		       const struct syncml_item *i)
{
	struct dm_tree_answer ignored;

	(void)c;
	return dm_tree_get(a->s->tree, i->target, &ignored);
}

static unsigned do_replace(struct act *a, const struct syncml_command *c,
			   const struct syncml_item *i)
{
	return dm_tree_replace(a->s->tree, i->target, syncml_format(c, i),
			       data_of(i));
}

static unsigned do_add(struct act *a, const struct syncml_command *c,
		       const struct syncml_item *i)
{
	return dm_tree_add(a->s->tree, i->target, syncml_format(c, i),
			   data_of(i));
}

static unsigned do_delete(struct act *a, const struct syncml_command *c,
			  const struct syncml_item *i)
{
	(void)c;
	return dm_tree_delete(a->s->tree, i->target);
}

/* Of what can be executed, its last name says which operation it is. */
static unsigned do_exec(struct act *a, const struct syncml_command *c,
			const struct syncml_item *i)
{
	unsigned code = dm_tree_exec(a->s->tree, i->target);
	enum dm_fumo_operation operation;
	char leaf[DM_TREE_PATH_MAX + 1];
	const char *node;

	if (code != STATUS_OK)
		return code;
	node = strrchr(i->target, '/') + 1;
	operation = dm_fumo_operation_of(node);
	snprintf(leaf, sizeof(leaf), "%s/PkgURL", node);
	code = dm_fumo_exec(a->s->fumo, operation,
			    operation == DM_FUMO_UPDATE ? "" :
			    dm_tree_firmware_value(a->s->tree, leaf),
			    c->correlator);
	dm_fumo_show(a->s->fumo, a->s->tree);
	return code;
}

static unsigned do_item(struct act *a, const struct syncml_command *c,
			const struct syncml_item *i)
{
	static unsigned (*const verbs[])(struct act *,
					 const struct syncml_command *,
					 const struct syncml_item *) = {
		[SYNCML_ADD] = do_add,
		[SYNCML_DELETE] = do_delete,
		[SYNCML_EXEC] = do_exec,
		[SYNCML_GET] = do_get,
		[SYNCML_REPLACE] = do_replace,
		[SYNCML_STATUS] = NULL,
	};

	if (!verbs[c->verb])
		return STATUS_NOT_SUPPORTED;
	if (!i->target)
		return STATUS_INCOMPLETE;
	if (i->has_tree)
		return STATUS_BAD_FORMAT;
	if (i->more_data)		/* LrgObj is false */
		return STATUS_TOO_LARGE;
	return verbs[c->verb](a, c, i);
}

/* ------------------------------- a command -------------------------------- */

static size_t count_items(const struct syncml_command *c)
{
	size_t n = 0;

	for (const struct syncml_item *i = c->items; i; i = i->next)
		n++;
	return n;
}

/* NULL without room. */
static struct done *new_done(struct act *a, const struct syncml_command *c,
			     unsigned code)
{
	struct done *d = get_room(a, sizeof(*d));

	if (!d)
		return NULL;
	d->command = c;
	d->n = c->verb == SYNCML_ALERT || !c->items ? 1 : count_items(c);
	d->codes = get_room(a, d->n * sizeof(*d->codes));
	for (size_t k = 0; d->codes && k < d->n; k++)
		d->codes[k] = code;
	return d->codes ? d : NULL;
}

static void do_alert(struct act *a, struct done *d)
{
	const struct dm_dialog_watcher *w = &a->s->watcher;
	struct dm_user_reply reply = { a->s->answers, 0 };

	if (w->ask && dm_user_is_asked(d->command))
		reply = w->ask(w->arg);
	dm_user_hurry(&reply, d->command);
	if (!dm_user_answers(reply.says, d->command, &d->answer)) {
		d->codes[0] = d->command->code == ALERT_NEXT_MESSAGE ?
			      STATUS_OK : STATUS_NOT_SUPPORTED;
		return;
	}
	d->codes[0] = d->answer.code;
	if (w->on_user)
		w->on_user(w->arg, d->command, &reply, &d->answer);
}

static struct done *do_command(struct act *a, const struct syncml_command *c)
{
	struct done *d = new_done(a, c, is_group(c) ? STATUS_NOT_SUPPORTED :
				  STATUS_INCOMPLETE);
	size_t k = 0;

	if (!d || is_group(c))		/* a group in a group */
		return d;
	if (c->verb == SYNCML_ALERT)
		do_alert(a, d);
	else
		for (const struct syncml_item *i = c->items; i; i = i->next)
			d->codes[k++] = do_item(a, c, i);
	return d;
}

static bool has_failed(const struct done *d)
{
	for (size_t k = 0; k < d->n; k++)
		if (!status_is_success(d->codes[k]))
			return true;
	return false;
}

static bool is_rejected(const struct done *d)
{
	return d->command->verb == SYNCML_ALERT && has_failed(d);
}

/* -------------------------------- answers -------------------------------- */

static void put_result(struct act *a, const struct syncml_command *c,
		       const struct syncml_item *i)
{
	struct dm_tree_answer answer;
	struct syncml_command *results;
	struct syncml_item *item;

	if (dm_tree_get(a->s->tree, i->target, &answer) != STATUS_OK)
		return;
	results = compose_command(a->out, SYNCML_RESULTS);
	results->msg_ref = a->in->msg_id;
	results->cmd_ref = c->cmd_id;
	item = compose_item(a->out, results);
	item->source = i->target;
	item->meta.format = compose_text(a->out, "%s", answer.format);
	item->data = compose_text(a->out, "%s", answer.value);
}

static bool all_same(const struct done *d)
{
	for (size_t k = 1; k < d->n; k++)
		if (d->codes[k] != d->codes[0])
			return false;
	return true;
}

/* One Status if it goes for all items, else each item has its own. */
static void put_status(struct act *a, const struct done *d)
{
	const struct syncml_item *i = d->command->items;
	struct syncml_command *s;

	for (size_t k = 0; k < (all_same(d) ? 1 : d->n); k++) {
		s = compose_status(a->out, a->in, d->command, d->codes[k]);
		s->target_ref = i ? i->target : NULL;
		s->source_ref = i ? i->source : NULL;
		i = i ? i->next : NULL;
	}
	if (d->answer.has_typed)
		compose_item(a->out, s)->data =
			compose_text(a->out, "%s", d->answer.typed);
}

static void put_answer(struct act *a, const struct done *d)
{
	size_t k = 0;

	if (!d->command->no_resp)
		put_status(a, d);
	if (d->command->verb != SYNCML_GET)
		return;
	for (const struct syncml_item *i = d->command->items; i; i = i->next)
		if (d->codes[k++] == STATUS_OK)
			put_result(a, d->command, i);
}

/* --------------------------------- groups --------------------------------- */

/* What an Atomic can change. */
struct saved {
	struct dm_tree tree;
	struct dm_fumo fumo;
};

/* From the first that fails in an Atomic, or that the user rejects, on. */
static struct done *do_group(struct act *a, const struct syncml_command *group,
			     bool *failed)
{
	bool atomic = group->verb == SYNCML_ATOMIC;
	struct done *first = NULL, **end = &first, *d;

	*failed = false;
	for (const struct syncml_command *c = group->commands; c; c = c->next) {
		if (*failed)
			d = new_done(a, c, STATUS_NOT_EXECUTED);
		else
			d = do_command(a, c);
		if (!d)
			return first;
		*failed |= atomic ? has_failed(d) : is_rejected(d);
		*end = d;
		end = &d->next;
	}
	return first;
}

static void roll_back(struct act *a, const struct saved *saved,
		      struct done *first)
{
	*a->s->tree = saved->tree;
	*a->s->fumo = saved->fumo;
	for (struct done *d = first; d && !has_failed(d); d = d->next)
		for (size_t k = 0; k < d->n; k++)
			d->codes[k] = STATUS_ROLLED_BACK;
}

static void act_on_group(struct act *a, const struct syncml_command *group)
{
	struct saved *saved = get_room(a, sizeof(*saved));
	bool atomic = group->verb == SYNCML_ATOMIC, failed;
	struct done *first;

	if (!saved)
		return;
	*saved = (struct saved){ *a->s->tree, *a->s->fumo };
	first = do_group(a, group, &failed);
	if (atomic && failed)
		roll_back(a, saved, first);
	if (!group->no_resp)
		compose_status(a->out, a->in, group, atomic && failed ?
			       STATUS_ATOMIC_FAILED : STATUS_OK);
	for (const struct done *d = first; d; d = d->next)
		put_answer(a, d);
}

/* ------------------------------- a message ------------------------------- */

void dm_act(const struct dm_dialog_setup *s, struct compose *c,
	    const struct syncml_message *in)
{
	struct act a = { .s = s, .out = c, .in = in };

	for (const struct syncml_command *i = in->commands; i; i = i->next) {
		struct done *d;

		if (!dm_act_is_command(i))
			continue;
		if (is_group(i)) {
			act_on_group(&a, i);
			continue;
		}
		d = do_command(&a, i);
		if (d)
			put_answer(&a, d);
	}
}

void dm_act_refuse(struct compose *c, const struct syncml_message *in,
		   unsigned code)
{
	for (const struct syncml_command *i = in->commands; i; i = i->next)
		if (dm_act_is_command(i) && !i->no_resp)
			compose_status(c, in, i, code);
}
