/* SPDX-License-Identifier: Apache-2.0 */
#include "wap/reassembly.h"

#include <string.h>

static bool same_message(const struct reassembly_slot *s, uint64_t peer,
			 const struct udh *u)
{
	const struct udh *f = &s->first;

	return s->busy && s->peer == peer && f->concat == u->concat &&
	       f->reference == u->reference && f->total == u->total &&
	       f->has_ports == u->has_ports && f->dest_port == u->dest_port &&
	       f->source_port == u->source_port;
}

static void start(struct reassembly_slot *s, uint64_t peer,
		  const struct udh *u, int64_t now_ms)
{
	s->busy = true;
	s->since_ms = now_ms;
	s->peer = peer;
	s->first = *u;
	s->n_here = 0;
	memset(s->here, 0, sizeof(s->here));
}

/* The message's slot, else a free one, else the one that waits longest. */
static struct reassembly_slot *find_slot(struct reassembly *r, uint64_t peer,
					 const struct udh *u, int64_t now_ms)
{
	struct reassembly_slot *best = &r->slots[0];

	for (size_t i = 0; i < r->n_slots; i++) {
		struct reassembly_slot *s = &r->slots[i];

		if (s->busy && now_ms - s->since_ms >= r->timeout_ms)
			s->busy = false;
		if (same_message(s, peer, u))
			return s;
		if (best->busy &&
		    (!s->busy || s->since_ms < best->since_ms))
			best = s;
	}
	start(best, peer, u, now_ms);
	return best;
}

static bool is_here(const struct reassembly_slot *s, size_t i)
{
	return s->here[i / 8] & 1 << i % 8;
}

static void keep(struct reassembly_slot *s, size_t i, const uint8_t *part,
		 size_t len)
{
	if (is_here(s, i))
		return;
	if (len)
		memcpy(s->octets + i * SEGMENT_OCTETS_MAX, part, len);
	s->lens[i] = (uint8_t)len;
	s->here[i / 8] |= (uint8_t)(1 << i % 8);
	s->n_here++;
}

/* Moves the parts together, in place; returns the message's length. */
static size_t join(struct reassembly_slot *s)
{
	size_t len = 0;

	for (size_t i = 0; i < s->first.total; i++) {
		memmove(s->octets + len, s->octets + i * SEGMENT_OCTETS_MAX,
			s->lens[i]);
		len += s->lens[i];
	}
	return len;
}

int reassembly_add(struct reassembly *r, uint64_t peer, const uint8_t *in,
		   size_t len, int64_t now_ms, struct reassembled *out)
{
	struct reassembly_slot *s;
	struct udh u;

	if (len > SEGMENT_OCTETS_MAX || udh_decode(&u, in, len))
		return DM_EPROTO;
	if (!u.concat) {
		*out = (struct reassembled){ u, in + u.len, len - u.len };
		return DM_OK;
	}
	s = find_slot(r, peer, &u, now_ms);
	keep(s, u.index - 1u, in + u.len, len - u.len);
	if (s->n_here < u.total)
		return DM_EBUSY;
	s->busy = false;
	*out = (struct reassembled){ u, s->octets, join(s) };
	return DM_OK;
}
