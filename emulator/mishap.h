/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mishap.h - what a device meets at an occasion
 *
 * Draws among the rules (fault.h); what it meets is an event, fault.hit.
 */
#ifndef EMULATOR_MISHAP_H
#define EMULATOR_MISHAP_H

#include "emulator/device.h"
#include "emulator/report.h"

struct mishaps {
	struct faults *faults;		/* borrowed */
	const struct report *report;	/* borrowed */
};

/*
 * A fault of this group, or NULL. Valid until the next command: copy what is
 * needed longer. m may be NULL: then all goes well.
 */
const struct fault_rule *mishap_meet(const struct mishaps *m, struct device *d,
				     enum fault_group group);

/*
 * The same of a download that begins, or goes on at percent: what happens at
 * less of them, or there, has happened. A new one begins at -1.
 */
const struct fault_rule *mishap_meet_download(const struct mishaps *m,
					      struct device *d, int percent);

/* The event of one that was drawn elsewhere. */
void mishap_tell(const struct report *report, const struct device *d,
		 const struct fault_rule *r);

/* Asks the user of a device that has a client. */
struct dm_user_reply mishap_ask(const struct mishaps *m, struct device *d);

#endif
