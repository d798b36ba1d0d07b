/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/sim_loop.h"

#include <assert.h>
#include <event2/event.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/clock.h"
#include "gateway/xalloc.h"
#include "tests/tap.h"

/* A timer: one of libevent's, or of sim_after(). */
struct event {
	int64_t due_ms;
	uint64_t order;		/* of those that are due at once */
	size_t place;		/* in the heap, from 1; 0: not waiting */
	int64_t every_ms;	/* 0: once */
	bool persists;
	event_callback_fn call;
	void (*run)(void *arg);	/* of sim_after(): then it is freed */
	void *arg;
};

static struct {
	struct event **heap;	/* from 1 on; the first is due next */
	size_t n, cap;
	uint64_t n_asked;
	int64_t now_ms;
	int64_t offset_ms;	/* of the computer's clock */
	int64_t last_set_ms;
	uint64_t chance;
} loop;

/* ------------------------------- the heap ------------------------------- */

static bool is_before(const struct event *a, const struct event *b)
{
	return a->due_ms != b->due_ms ? a->due_ms < b->due_ms
				      : a->order < b->order;
}

static void place(struct event *ev, size_t i)
{
	loop.heap[i] = ev;
	ev->place = i;
}

static void sift_up(struct event *ev, size_t i)
{
	for (; i > 1 && is_before(ev, loop.heap[i / 2]); i /= 2)
		place(loop.heap[i / 2], i);
	place(ev, i);
}

static void sift_down(struct event *ev, size_t i)
{
	for (size_t child; (child = 2 * i) <= loop.n; i = child) {
		if (child < loop.n &&
		    is_before(loop.heap[child + 1], loop.heap[child]))
			child++;
		if (is_before(ev, loop.heap[child]))
			break;
		place(loop.heap[child], i);
	}
	place(ev, i);
}

static void heap_add(struct event *ev, int64_t delay_ms)
{
	if (loop.n + 1 >= loop.cap) {
		loop.cap = loop.cap ? 2 * loop.cap : 1024;
		loop.heap = realloc(loop.heap, loop.cap * sizeof(ev));
		assert(loop.heap);
	}
	ev->due_ms = loop.now_ms + (delay_ms > 0 ? delay_ms : 0);
	ev->order = loop.n_asked++;
	sift_up(ev, ++loop.n);
}

static void heap_remove(struct event *ev)
{
	struct event *last = loop.heap[loop.n--];
	size_t i = ev->place;

	ev->place = 0;
	if (last == ev)
		return;
	if (i > 1 && is_before(last, loop.heap[i / 2]))
		sift_up(last, i);
	else
		sift_down(last, i);
}

/* ------------------------------- the loop ------------------------------- */

void sim_loop_start(int64_t start_ms, uint64_t seed)
{
	loop.offset_ms = start_ms;
	loop.chance = seed;
}

bool sim_loop_step(void)
{
	struct event *ev = loop.n > 0 ? loop.heap[1] : NULL;

	if (!ev)
		return false;
	heap_remove(ev);
	loop.now_ms = ev->due_ms;
	if (ev->persists)
		heap_add(ev, ev->every_ms);
	if (ev->call) {
		ev->call(-1, EV_TIMEOUT, ev->arg);
	} else {
		ev->run(ev->arg);
		free(ev);
	}
	return true;
}

void sim_after(int64_t delay_ms, void (*run)(void *arg), void *arg)
{
	struct event *ev = xcalloc(1, sizeof(*ev));

	ev->run = run;
	ev->arg = arg;
	heap_add(ev, delay_ms);
}

/* ------------------------- in libevent's place -------------------------- */

struct event *event_new(struct event_base *base, evutil_socket_t fd,
			short events, event_callback_fn call, void *arg)
{
	struct event *ev = xcalloc(1, sizeof(*ev));

	(void)base;
	assert(fd < 0);
	ev->persists = events & EV_PERSIST;
	ev->call = call;
	ev->arg = arg;
	return ev;
}

int event_add(struct event *ev, const struct timeval *tv)
{
	if (ev->place)
		heap_remove(ev);
	ev->every_ms = (int64_t)tv->tv_sec * 1000 + tv->tv_usec / 1000;
	heap_add(ev, ev->every_ms);
	return 0;
}

int event_del(struct event *ev)
{
	if (ev->place)
		heap_remove(ev);
	return 0;
}

void event_free(struct event *ev)
{
	event_del(ev);
	free(ev);
}

/* ----------------------- in gateway/clock's place ----------------------- */

int64_t sim_now_ms(void)
{
	return loop.now_ms;
}

int64_t clock_ms(void)
{
	return loop.now_ms + loop.offset_ms;
}

void sim_clock_set(int64_t by_ms)
{
	loop.offset_ms += by_ms;
	loop.last_set_ms = loop.now_ms;
}

int64_t sim_clock_last_set_ms(void)
{
	return loop.last_set_ms;
}

/* Now and then the greatest number that there is: what comes after it? */
void random_octets(void *out, size_t len)
{
	if (sim_one_in(20))
		memset(out, 0xff, len);
	else
		tap_random_octets(&loop.chance, out, len);
}

void random_digits(char *out, size_t size)
{
	for (size_t i = 0; i + 1 < size; i++)
		out[i] = (char)('0' + sim_below(10));
	out[size - 1] = '\0';
}

/* -------------------------------- chance -------------------------------- */

uint64_t sim_below(uint64_t limit)
{
	return tap_random(&loop.chance) % limit;
}

int64_t sim_between(int64_t min, int64_t max)
{
	return min + (int64_t)sim_below((uint64_t)(max - min) + 1);
}

bool sim_one_in(unsigned n)
{
	return n > 0 && sim_below(n) == 0;
}

int64_t sim_about(int64_t mean)
{
	return sim_between(0, 2 * mean);
}
