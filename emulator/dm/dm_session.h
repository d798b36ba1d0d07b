/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dm_session.h - when a device comes to its DM server, and with which session
 *
 * Spec: OMA-TS-DM_Notification-V1_2, 6.2.2.10: a repeat of a notification has
 * its session id, and one session is enough for both. Pure: who has the clock
 * calls the moves. What is said in a session is in dm_dialog.h.
 */
#ifndef EMULATOR_DM_SESSION_H
#define EMULATOR_DM_SESSION_H

#include "notif/notif.h"

#define DM_PLAN_COMES_AFTER_MAX 1000	/* notifications */
#define DM_PLAN_RESULT_MAX 65535
#define DM_PLAN_NO_RESULT (-1)
#define DM_PLAN_ALERT_TYPE_MAX 128	/* octets */

/* What the file says. */
struct dm_plan {
	unsigned comes_after;		/* notifications; 0: never */
	unsigned comes_delay_ms;	/* from the last of them */
	unsigned lasts_ms;		/* its session */
	int32_t result;			/* at its end, or DM_PLAN_NO_RESULT */
	char alert_type[DM_PLAN_ALERT_TYPE_MAX + 1];	/* "": none */
};

enum dm_phase {
	DM_AWAY,
	DM_COMING,			/* the delay passes */
	DM_IN_SESSION,
};

/* Starts zeroed. */
struct dm_session {
	enum dm_phase phase;
	unsigned n_counted;	/* notifications since its last session */
	uint16_t id;		/* as the device sends it; if not DM_AWAY */
	bool own;		/* the device, not its server, begins it */
	bool asks_for_update;	/* in it; its user has caused it */
	enum ui_mode ui_mode;	/* of the notification; not of an own one */
	uint16_t last_own_id;	/* of the sessions that it began itself */
	bool has_served;	/* a notification has led to a session */
	uint16_t served_id;	/* session id in that notification */
	bool has_digest;
	uint8_t digest[DIGEST_LEN];	/* of the last notification */
};

/*
 * A notification that verified. Returns its number on the way to comes_after;
 * 0 if it does not count: the device never comes, is about to or in a session,
 * had its session, or takes it for a repeat as its client does. When
 * comes_after is reached, the phase is DM_COMING.
 */
unsigned dm_session_notified(struct dm_session *s, const struct dm_plan *plan,
			     const struct notif *n,
			     const struct quirk *quirk);

/* A new account: what notifications of the last one led to is forgotten. */
void dm_session_forget(struct dm_session *s);

/*
 * Its power is gone, and all of this is forgotten, but for which ids it gave:
 * no two of its own sessions have the same.
 */
void dm_session_power_lost(struct dm_session *s);

/* The session begins, and ends; asserts that its turn has come. */
void dm_session_start(struct dm_session *s);
void dm_session_end(struct dm_session *s);

/*
 * One of the device's own comes: when it is away, and right after the one that
 * it is in, which ends.
 */
void dm_session_come(struct dm_session *s);

#endif
