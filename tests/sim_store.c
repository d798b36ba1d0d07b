/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/sim_store.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

#include "gateway/store/store_prune.h"
#include "gateway/store/store_sql.h"
#include "tests/sim_loop.h"

#define PATH "/simulate.db"	/* in memory; all who open it see the same */
#define WAIT_MS 20		/* at most, until they run, and are back */
#define LATER_MS 1000		/* as in store.c */

struct op_list {
	struct store_op *first;
	struct store_op **end;
};

static struct {
	sqlite3 *disk;		/* keeps the database while dmboxd is dead */
	struct store_sql *sql;
	struct op_list queue;
	struct op_list back;
	struct op_list later;	/* to be run again */
	unsigned life;		/* of dmboxd: what another asked is void */
	bool run_asked, back_asked;
	bool fail_next;
	void (*die)(void);
	void (*committed)(void);
} st;

static void list_clear(struct op_list *l)
{
	l->first = NULL;
	l->end = &l->first;
}

static void list_add(struct op_list *l, struct store_op *op)
{
	op->next = NULL;
	*l->end = op;
	l->end = &op->next;
}

static struct store_op *list_take(struct op_list *l)
{
	struct store_op *op = l->first;

	if (op && !(l->first = op->next))
		list_clear(l);
	return op;
}

/* ---------------------------- start and stop ---------------------------- */

static void must(int rc, const struct err *e)
{
	char text[ERR_TEXT_MAX];

	if (!rc)
		return;
	fprintf(stderr, "the database: %s\n", err_text(e, text, sizeof(text)));
	exit(EXIT_FAILURE);
}

void sim_store_start(void)
{
	static const struct err e = { .code = DM_EIO };

	list_clear(&st.queue);
	list_clear(&st.back);
	list_clear(&st.later);
	sqlite3_vfs_register(sqlite3_vfs_find("memdb"), 1);
	must(sqlite3_open(PATH, &st.disk), &e);
}

void sim_store_open(void)
{
	struct err e;

	must(store_sql_open(PATH, &st.sql, &e), &e);
}

void sim_store_watch(void (*committed)(void))
{
	st.committed = committed;
}

void sim_store_fail_next(void)
{
	st.fail_next = true;
}

void sim_store_die_next(void (*die)(void))
{
	st.die = die;
}

/* ----------------------------- transactions ----------------------------- */

static void give_back(void *life)
{
	struct store_op *op;

	if ((uintptr_t)life != st.life)
		return;
	st.back_asked = false;
	while ((op = list_take(&st.back)))
		op->done(op);
}

static void run_again(void *life)
{
	struct store_op *op;

	while ((uintptr_t)life == st.life && (op = list_take(&st.later)))
		store_push(NULL, op);
}

/* As in store.c: what the database failed, and what nobody may give up. */
static void is_back(struct store_op *op)
{
	if (op->rc != DM_EIO || !op->keep_trying) {
		list_add(&st.back, op);
		return;
	}
	list_add(&st.later, op);
	sim_after(LATER_MS, run_again, (void *)(uintptr_t)st.life);
}

static void fail_all(struct op_list *batch)
{
	struct store_op *op;

	store_sql_rollback(st.sql);
	while ((op = list_take(batch))) {
		op->rc = err_set(&op->err, DM_EIO, "store", "", "simulated");
		is_back(op);
	}
}

/* What is done each second, and found nothing to do, is not worth a fault. */
static bool is_idle(const struct store_op *op)
{
	return op->run == store_expire_run || op->run == store_prune_run ||
	       (op->run == store_claim_run &&
		((const struct store_claim *)op)->n == 0);
}

/* Some of them have run, then there is no dmboxd any more. */
static bool dies(struct op_list *batch, const struct store_op *now)
{
	void (*die)(void) = st.die;
	struct store_op *op;

	if (!die || is_idle(now) || (now->next && sim_one_in(2)))
		return false;
	st.die = NULL;
	store_sql_rollback(st.sql);
	while ((op = list_take(batch)))
		list_add(&st.queue, op);
	die();
	return true;
}

static void run_batch(void *life)
{
	struct op_list batch;
	struct store_op *op;
	bool idle = true;
	struct err e;

	if ((uintptr_t)life != st.life)
		return;
	st.run_asked = false;
	batch = st.queue;
	if (!batch.first)
		return;
	list_clear(&st.queue);
	must(store_sql_begin(st.sql, &e), &e);
	for (op = batch.first; op; op = op->next) {
		op->rc = op->run(st.sql, op, &op->err);
		must(op->rc == DM_EIO, &op->err);
		if (dies(&batch, op))
			return;
		idle &= is_idle(op);
	}
	if (st.fail_next && !idle) {
		st.fail_next = false;
		fail_all(&batch);
	} else {
		must(store_sql_commit(st.sql, &e), &e);
		while ((op = list_take(&batch)))
			is_back(op);
		st.committed();
	}
	if (!st.back_asked)
		sim_after(sim_between(0, WAIT_MS), give_back, life);
	st.back_asked = true;
}

void sim_store_look(struct store_op *op)
{
	struct err e;

	must(store_sql_begin(st.sql, &e), &e);
	op->rc = op->run(st.sql, op, &op->err);
	must(store_sql_commit(st.sql, &e), &e);
}

void sim_store_kill(void)
{
	struct store_op *op;

	st.life++;
	while ((op = list_take(&st.back)) || (op = list_take(&st.later)) ||
	       (op = list_take(&st.queue))) {
		op->rc = err_set(&op->err, DM_EBUSY, "store", "", "killed");
		op->done(op);
	}
	st.run_asked = st.back_asked = false;
	store_sql_close(st.sql);
	st.sql = NULL;
}

/* -------------------------- in store.c's place -------------------------- */

void store_push(struct store *s, struct store_op *op)
{
	(void)s;
	list_add(&st.queue, op);
	if (!st.run_asked)
		sim_after(sim_between(0, WAIT_MS), run_batch,
			  (void *)(uintptr_t)st.life);
	st.run_asked = true;
}

int64_t store_last_event(struct store *s)
{
	(void)s;
	return sql_last_event(st.sql);
}
