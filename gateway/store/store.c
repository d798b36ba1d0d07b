/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/store/store.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "gateway/clock.h"
#include "gateway/log.h"
#include "gateway/store/store_file.h"
#include "gateway/store/store_sql.h"
#include "gateway/xalloc.h"

#define BATCH_MAX 1000		/* operations in one transaction */
#define LATER_MS 1000		/* before a failed one is run again */
#define CLEAN_MS 1000		/* at least, from one cleaning to the next */

struct op_list {
	struct store_op *first;
	struct store_op **end;
};

struct store {
	int file_lock;
	struct store_sql *sql;	/* the thread's, once it runs */
	pthread_t thread;
	int fd;			/* eventfd: something is in back */
	pthread_mutex_t lock;	/* guards what follows */
	pthread_cond_t wake;
	struct op_list queue;	/* to be run */
	struct op_list back;	/* to be given back */
	int64_t last_event;	/* committed */
	bool closing;
	struct op_list later;	/* the thread's: to be run again */
	int64_t later_ms;	/* when, by clock_ms() */
	struct op_list slow;	/* the thread's: the first is at its steps */
	int64_t clean_ms;	/* the thread's: not before this time */
	bool clean_failed;	/* and the log has it */
};

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

/* Moves at most n operations from one list to the end of another. */
static void list_move(struct op_list *from, struct op_list *to, size_t n)
{
	while (from->first && n-- > 0) {
		struct store_op *op = from->first;

		from->first = op->next;
		list_add(to, op);
	}
	if (!from->first)
		list_clear(from);
}

/* ---------------------------- the thread ---------------------------- */

/*
 * Runs the list in one transaction. DM_EIO: the database failed, nothing has
 * happened, and who is to blame is not known.
 */
static int run_together(struct store *s, struct op_list *l, struct err *e)
{
	int rc = store_sql_begin(s->sql, e);

	if (rc)
		return rc;
	for (struct store_op *op = l->first; op; op = op->next) {
		op->rc = op->run(s->sql, op, &op->err);
		if (op->rc == DM_EIO) {
			*e = op->err;
			store_sql_rollback(s->sql);
			return DM_EIO;
		}
	}
	return store_sql_commit(s->sql, e);
}

/*
 * After a failure each operation gets a transaction of its own, so that one
 * that cannot succeed does not take the others with it.
 */
static void run_alone(struct store *s, struct op_list *l)
{
	struct op_list one;
	struct op_list rest = *l;

	list_clear(l);
	while (rest.first) {
		struct err e;

		list_clear(&one);
		list_move(&rest, &one, 1);
		if (run_together(s, &one, &e)) {
			one.first->rc = DM_EIO;
			one.first->err = e;
		}
		list_move(&one, l, 1);
	}
}

static void run_batch(struct store *s, struct op_list *l)
{
	char text[ERR_TEXT_MAX];
	struct err e;

	if (run_together(s, l, &e) == DM_OK)
		return;
	log_error("store.failed error=\"%s\"",
		  err_text(&e, text, sizeof(text)));
	run_alone(s, l);
}

static void give_back(struct store *s, struct op_list *l)
{
	uint64_t one = 1;

	pthread_mutex_lock(&s->lock);
	list_move(l, &s->back, SIZE_MAX);
	s->last_event = sql_last_event(s->sql);
	pthread_mutex_unlock(&s->lock);
	if (write(s->fd, &one, sizeof(one)) < 0)
		log_error("store.wake_failed");
}

/* Takes out what the database failed and what nobody may give up. */
static void keep_failed(struct store *s, struct op_list *l)
{
	struct op_list one, rest = *l;

	list_clear(l);
	while (rest.first) {
		bool keep = rest.first->rc == DM_EIO &&
			    rest.first->keep_trying;

		list_clear(&one);
		list_move(&rest, &one, 1);
		list_move(&one, keep ? &s->later : l, 1);
	}
	if (s->later.first)
		s->later_ms = clock_ms() + LATER_MS;
}

/* Has a time come that was delay_ms away at most? */
static bool is_due(int64_t time_ms, int64_t delay_ms)
{
	int64_t wait_ms = time_ms - clock_ms();

	return wait_ms <= 0 || wait_ms > delay_ms;	/* the clock jumped */
}

static bool is_cleaning_due(const struct store *s)
{
	return store_sql_is_unclean(s->sql) && is_due(s->clean_ms, CLEAN_MS);
}

/* A reader of the database can be in the way: then it is tried again. */
static void clean(struct store *s)
{
	char text[ERR_TEXT_MAX];
	struct err e;
	bool failed = store_sql_clean(s->sql, &e) != DM_OK;

	if (failed && !s->clean_failed)
		log_warn("store.not_cleaned error=\"%s\"",
			 err_text(&e, text, sizeof(text)));
	s->clean_failed = failed;
	s->clean_ms = clock_ms() + CLEAN_MS;
}

/* With the lock: sleeps until there is something to do. */
static void wait_for_work(struct store *s)
{
	int64_t until_ms = INT64_MAX;
	struct timespec until;

	if (s->later.first)
		until_ms = s->later_ms;
	if (store_sql_is_unclean(s->sql) && s->clean_ms < until_ms)
		until_ms = s->clean_ms;
	until.tv_sec = (time_t)(until_ms / 1000);
	until.tv_nsec = (long)(until_ms % 1000 * 1000000);
	if (until_ms == INT64_MAX)
		pthread_cond_wait(&s->wake, &s->lock);
	else
		pthread_cond_timedwait(&s->wake, &s->lock, &until);
}

/* With the lock: what failed goes back to the queue when its time has come. */
static void take_later(struct store *s)
{
	if (is_due(s->later_ms, LATER_MS))
		list_move(&s->later, &s->queue, SIZE_MAX);
}

/* Takes out what is done in steps. */
static void take_slow(struct store *s, struct op_list *l)
{
	struct op_list one, rest = *l;

	list_clear(l);
	while (rest.first) {
		bool slow = rest.first->step;

		list_clear(&one);
		list_move(&rest, &one, 1);
		list_move(&one, slow ? &s->slow : l, 1);
	}
}

static void step_slow(struct store *s)
{
	struct store_op *op = s->slow.first;
	struct op_list one;

	op->rc = op->step(s->sql, op, &op->err);
	if (op->rc == STORE_MORE)
		return;
	list_clear(&one);
	list_move(&s->slow, &one, 1);
	give_back(s, &one);
}

static void give_up_slow(struct store *s)
{
	while (s->slow.first) {
		s->slow.first->give_up = true;
		step_slow(s);
	}
}

static void run_queued(struct store *s, struct op_list *batch)
{
	take_slow(s, batch);
	run_batch(s, batch);
	keep_failed(s, batch);
	give_back(s, batch);
}

static void *thread_main(void *arg)
{
	struct store *s = arg;
	struct op_list batch;

	list_clear(&batch);
	pthread_mutex_lock(&s->lock);
	while (s->queue.first || !s->closing) {
		take_later(s);
		if (!s->queue.first && !s->slow.first && !is_cleaning_due(s)) {
			wait_for_work(s);
			continue;
		}
		list_move(&s->queue, &batch, BATCH_MAX);
		pthread_mutex_unlock(&s->lock);
		if (batch.first)
			run_queued(s, &batch);
		if (is_cleaning_due(s))
			clean(s);
		if (s->slow.first)
			step_slow(s);
		pthread_mutex_lock(&s->lock);
	}
	pthread_mutex_unlock(&s->lock);
	give_up_slow(s);
	pthread_mutex_lock(&s->lock);
	list_move(&s->later, &s->back, SIZE_MAX);
	pthread_mutex_unlock(&s->lock);
	return NULL;
}

/* ----------------------------- the loop ----------------------------- */

static int start_thread(struct store *s, struct err *e)
{
	list_clear(&s->queue);
	list_clear(&s->back);
	list_clear(&s->later);
	list_clear(&s->slow);
	s->last_event = sql_last_event(s->sql);
	pthread_mutex_init(&s->lock, NULL);
	pthread_cond_init(&s->wake, NULL);
	s->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (s->fd >= 0 && !pthread_create(&s->thread, NULL, thread_main, s))
		return DM_OK;
	return err_set(e, DM_EIO, "store", "",
		       "its thread could not be started");
}

static void store_free(struct store *s)
{
	if (s->sql)
		store_sql_close(s->sql);
	if (s->fd >= 0)
		close(s->fd);
	if (s->file_lock >= 0)
		close(s->file_lock);
	free(s);
}

int store_open(const char *path, struct store **out, struct err *e)
{
	struct store *s = xcalloc(1, sizeof(*s));
	int rc;

	s->fd = s->file_lock = -1;
	rc = store_file_take(path, &s->file_lock, e);
	if (!rc)
		rc = store_sql_open(path, &s->sql, e);
	if (!rc)
		rc = start_thread(s, e);
	if (rc)
		store_free(s);
	else
		*out = s;
	return rc;
}

/* What done() of the last operations pushed: nobody runs it any more. */
static void refuse_rest(struct store *s)
{
	while (s->queue.first) {
		struct store_op *op = s->queue.first;

		s->queue.first = op->next;
		op->rc = err_set(&op->err, DM_EBUSY, "store", "try again",
				 "dmboxd is stopping");
		if (!s->queue.first)
			list_clear(&s->queue);
		op->done(op);
	}
}

void store_close(struct store *s)
{
	pthread_mutex_lock(&s->lock);
	s->closing = true;
	pthread_cond_signal(&s->wake);
	pthread_mutex_unlock(&s->lock);
	pthread_join(s->thread, NULL);
	store_poll(s);
	refuse_rest(s);
	pthread_cond_destroy(&s->wake);
	pthread_mutex_destroy(&s->lock);
	store_free(s);
}

int store_fd(const struct store *s)
{
	return s->fd;
}

int64_t store_last_event(struct store *s)
{
	int64_t last;

	pthread_mutex_lock(&s->lock);
	last = s->last_event;
	pthread_mutex_unlock(&s->lock);
	return last;
}

void store_push(struct store *s, struct store_op *op)
{
	pthread_mutex_lock(&s->lock);
	list_add(&s->queue, op);
	pthread_cond_signal(&s->wake);
	pthread_mutex_unlock(&s->lock);
}

void store_poll(struct store *s)
{
	struct op_list back;
	uint64_t n;

	list_clear(&back);
	if (read(s->fd, &n, sizeof(n)) < 0)
		n = 0;		/* nothing was signalled: look all the same */
	pthread_mutex_lock(&s->lock);
	list_move(&s->back, &back, SIZE_MAX);
	pthread_mutex_unlock(&s->lock);
	while (back.first) {
		struct store_op *op = back.first;

		back.first = op->next;
		op->done(op);
	}
}
