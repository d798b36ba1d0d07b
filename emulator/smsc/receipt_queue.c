/* SPDX-License-Identifier: Apache-2.0 */
#include "emulator/smsc/receipt_queue.h"

#include <assert.h>

#include "emulator/xalloc.h"

static bool before(const struct receipt *a, const struct receipt *b)
{
	if (a->due_ms != b->due_ms)
		return a->due_ms < b->due_ms;
	return a->order < b->order;
}

static void swap(struct receipt *a, struct receipt *b)
{
	struct receipt t = *a;

	*a = *b;
	*b = t;
}

static void sift_up(struct receipt *heap, size_t i)
{
	while (i > 0 && before(&heap[i], &heap[(i - 1) / 2])) {
		swap(&heap[i], &heap[(i - 1) / 2]);
		i = (i - 1) / 2;
	}
}

static void sift_down(struct receipt *heap, size_t len)
{
	size_t i = 0;

	for (size_t child = 1; child < len; child = 2 * i + 1) {
		if (child + 1 < len && before(&heap[child + 1], &heap[child]))
			child++;
		if (!before(&heap[child], &heap[i]))
			return;
		swap(&heap[i], &heap[child]);
		i = child;
	}
}

bool receipt_queue_full(const struct receipt_queue *q)
{
	return q->len == RECEIPT_QUEUE_MAX;
}

void receipt_queue_put(struct receipt_queue *q, const struct receipt *r)
{
	assert(!receipt_queue_full(q));
	if (q->len == q->cap) {
		q->cap = q->cap ? 2 * q->cap : 64;
		q->heap = xreallocarray(q->heap, q->cap, sizeof(*q->heap));
	}
	q->heap[q->len] = *r;
	q->heap[q->len].order = q->n_put++;
	sift_up(q->heap, q->len++);
}

const struct receipt *receipt_queue_next(const struct receipt_queue *q)
{
	return q->len ? &q->heap[0] : NULL;
}

void receipt_queue_drop(struct receipt_queue *q)
{
	assert(q->len);
	q->heap[0] = q->heap[--q->len];
	sift_down(q->heap, q->len);
}

void receipt_queue_free(struct receipt_queue *q)
{
	free(q->heap);
	*q = (struct receipt_queue){ 0 };
}
