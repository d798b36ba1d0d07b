/* SPDX-License-Identifier: Apache-2.0 */
#include "emulator/smsc/receipt.h"

#include <stdio.h>
#include <string.h>

#include "emulator/smsc/smpp_time.h"

static const struct receipt_state states[] = {
	/* name, message_state, delivered, reaches the device */
	{ "DELIVRD", 2, true, true },
	{ "EXPIRED", 3, false, false },
	{ "DELETED", 4, false, false },
	{ "UNDELIV", 5, false, false },
	{ "ACCEPTD", 6, true, true },
	{ "UNKNOWN", 7, false, true },
	{ "REJECTD", 8, false, false },
};

const struct receipt_state *receipt_state_find(const char *name)
{
	for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++)
		if (!strcmp(states[i].name, name))
			return &states[i];
	return NULL;
}

const char *receipt_state_names(void)
{
	return "DELIVRD, EXPIRED, DELETED, UNDELIV, ACCEPTD, UNKNOWN, REJECTD";
}

bool receipt_wanted(const struct receipt_state *state,
		    uint8_t registered_delivery)
{
	switch (registered_delivery & 3) {
	case 0:
		return false;
	case 1:
		return true;
	case 2:
		return !state->delivered;
	}
	return state->delivered;
}

void receipt_text(const struct receipt_state *state, const char *message_id,
		  int64_t submitted_s, int64_t done_s,
		  char out[RECEIPT_TEXT_MAX])
{
	char submitted[SMPP_DATE_SIZE], done[SMPP_DATE_SIZE];

	smpp_date_format(submitted_s, submitted);
	smpp_date_format(done_s, done);
	snprintf(out, RECEIPT_TEXT_MAX,
		 "id:%.64s sub:001 dlvrd:%s submit date:%s done date:%s "
		 "stat:%s err:%s text:", message_id,
		 state->delivered ? "001" : "000", submitted, done,
		 state->name, state->delivered ? "000" : "001");
}
