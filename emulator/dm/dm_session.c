/* SPDX-License-Identifier: Apache-2.0 */
#include "emulator/dm/dm_session.h"

#include <assert.h>
#include <string.h>

static uint16_t swapped(uint16_t id)
{
	return (uint16_t)(id << 8 | id >> 8);
}

/* When the end user caused it, the client begins a session of its own. */
static uint16_t own_id(struct dm_session *s, uint16_t not_this)
{
	do
		s->last_own_id++;
	while (s->last_own_id == 0 || s->last_own_id == not_this);
	return s->last_own_id;
}

/* Some clients compare nothing but the digest, and with the last one only. */
static bool is_same_as_last(struct dm_session *s, const struct notif *n)
{
	bool same = s->has_digest && !memcmp(s->digest, n->digest, DIGEST_LEN);

	s->has_digest = true;
	memcpy(s->digest, n->digest, DIGEST_LEN);
	return same;
}

static bool has_been_served(const struct dm_session *s, const struct trigger *t)
{
	return s->has_served && s->served_id == t->session_id;
}

static void come(struct dm_session *s, const struct trigger *t,
		 const struct quirk *quirk)
{
	s->phase = DM_COMING;
	s->has_served = true;
	s->served_id = t->session_id;
	s->own = !t->server_initiated;
	s->asks_for_update = s->own && quirk->asks_for_update;
	s->ui_mode = t->ui_mode;
	if (s->own)
		s->id = own_id(s, t->session_id);
	else if (quirk->swaps_session_id)
		s->id = swapped(t->session_id);
	else
		s->id = t->session_id;
}

unsigned dm_session_notified(struct dm_session *s, const struct dm_plan *plan,
			     const struct notif *n, const struct quirk *quirk)
{
	bool repeat = is_same_as_last(s, n) && quirk->new_session_id;
	unsigned number;

	if (!plan->comes_after || s->phase != DM_AWAY || repeat ||
	    has_been_served(s, &n->trigger))
		return 0;
	number = ++s->n_counted;
	if (number < plan->comes_after)
		return number;
	s->n_counted = 0;
	come(s, &n->trigger, quirk);
	return number;
}

void dm_session_forget(struct dm_session *s)
{
	s->has_served = false;
	s->has_digest = false;
}

void dm_session_power_lost(struct dm_session *s)
{
	*s = (struct dm_session){ .last_own_id = s->last_own_id };
}

void dm_session_start(struct dm_session *s)
{
	assert(s->phase == DM_COMING);
	s->phase = DM_IN_SESSION;
}

void dm_session_end(struct dm_session *s)
{
	assert(s->phase == DM_IN_SESSION);
	s->phase = DM_AWAY;
}

void dm_session_come(struct dm_session *s)
{
	assert(s->phase != DM_COMING);
	s->phase = DM_COMING;
	s->own = true;
	s->asks_for_update = false;
	s->ui_mode = UI_MODE_NOT_SPECIFIED;
	s->id = own_id(s, s->has_served ? s->served_id : 0);
}
