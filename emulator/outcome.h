/* SPDX-License-Identifier: Apache-2.0 */
/*
 * outcome.h - events about messages, and what devices made of them
 */
#ifndef EMULATOR_OUTCOME_H
#define EMULATOR_OUTCOME_H

#include "emulator/device.h"
#include "emulator/report.h"

/* Nothing, while the device waits for more segments. */
void outcome_report(const struct report *r, const struct device *to,
		    const struct device_outcome *out);

/* What a notification says that nobody has verified. */
void outcome_report_trigger(const struct report *r, const char *event,
			    const struct trigger *t);

/* What a bootstrap says, but for its secrets. to may be NULL: the same. */
void outcome_report_bootstrap(const struct report *r, const char *event,
			      const struct device *to,
			      const struct device_bootstrap *b);

#endif
