/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dm_report.h - plays the DM server that tells dmboxd of sessions
 *
 * Calls session.report of dmbox-api(7) over dmboxd's socket. Connects when
 * there is something to tell; without an answer it tells again each second,
 * in the same order, until dmboxd has accepted or refused it. Both is an
 * event, and so is that dmboxd is away, or has no room (its errors -32003 and
 * -32005): once until the next answer.
 */
#ifndef EMULATOR_DM_REPORT_H
#define EMULATOR_DM_REPORT_H

#include <event2/event.h>

#include "emulator/report.h"
#include "wap/err.h"

#define DM_REPORT_PATH_MAX 107		/* octets: struct sockaddr_un */
#define DM_REPORTS_MAX 100000		/* that wait; then new ones are lost */
#define DM_REPORT_WINDOW 100		/* without an answer */
#define DM_REPORT_ANSWER_MAX (1024 * 1024)	/* octets of a line */

struct dm_report;

struct dm_report_totals {
	uint64_t accepted;
	uint64_t refused;
	uint64_t lost;			/* too many waited */
	uint64_t waiting;
};

/* What happened to a session. */
struct dm_news {
	const char *msisdn;	/* borrowed until dm_report_free() */
	const char *server_id;
	uint16_t session_id;
	bool ended;		/* else it has started */
	int32_t result;		/* of its end; negative: none */
	const char *alert_type;	/* the same; "": none */
};

/* path is 1 to DM_REPORT_PATH_MAX octets. All is borrowed. */
struct dm_report *dm_report_new(struct event_base *base, const char *path,
				const struct report *report);
void dm_report_free(struct dm_report *r);

void dm_report_put(struct dm_report *r, const struct dm_news *news);

struct dm_report_totals dm_report_totals(const struct dm_report *r);

#endif
