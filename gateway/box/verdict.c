/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/box/verdict.h"

#include <string.h>
#include <strings.h>

#define BACK SEGMENT_GIVEN_BACK
#define LATER SEGMENT_REPORTED_LATER
#define NEVER SEGMENT_REPORTED_BAD

const struct verdict *verdict_of_ack(enum box_nack nack)
{
	static const struct verdict verdicts[] = {
		[BOX_ACK_SUCCESS] = { SEGMENT_ACKED, "" },
		[BOX_ACK_FAILED] = { SEGMENT_NACKED, "bearerbox refused it: "
			"no route, or not allowed" },
		[BOX_ACK_FAILED_TMP] = { SEGMENT_NOT_NOW,
			"bearerbox cannot take it now" },
		[BOX_ACK_BUFFERED] = { SEGMENT_ACKED, "" },
	};

	return &verdicts[nack];
}

/* Reasons, as they begin. Bearerbox writes command_status in 8 digits. */
static const struct {
	const char *begins;
	enum segment_event event;
} reasons[] = {
	{ "stat:UNDELIV", LATER },
	{ "stat:EXPIRED", LATER },
	{ "stat:UNKNOWN", LATER },
	{ "stat:DELETED", NEVER },
	{ "stat:REJECTD", NEVER },
	{ "NACK/validity expired", LATER },
	{ "NACK/retries exceeded", BACK },	/* of what it may repeat */
	{ "NACK/0x00000008/", LATER },	/* ESME_RSYSERR */
	{ "NACK/0x00000014/", BACK },	/* ESME_RMSGQFUL */
	{ "NACK/0x00000045/", LATER },	/* ESME_RSUBMITFAIL */
	{ "NACK/0x00000058/", BACK },	/* ESME_RTHROTTLED */
	{ "NACK/0x00000064/", LATER },	/* ESME_RX_T_APPN */
	{ "NACK/0x000000fe/", LATER },	/* ESME_RDELIVERYFAILURE */
	{ "NACK/0x000000ff/", LATER },	/* ESME_RUNKNOWNERR */
};

#define N_REASONS (sizeof(reasons) / sizeof(reasons[0]))

/* Where this word of 5 characters begins; len if it is not there. */
static size_t find_word(const char *text, size_t len, const char *word)
{
	for (size_t i = 0; i + 5 <= len; i++)
		if (!strncasecmp(text + i, word, 5))
			return i;
	return len;
}

size_t verdict_text_len(const uint8_t *text, size_t len)
{
	return find_word((const char *)text, len, "text:");
}

/* Where the reason begins: in a receipt at "stat:", else at once. */
static size_t find_reason(const char *text, size_t len)
{
	size_t end = verdict_text_len((const uint8_t *)text, len);
	size_t at = find_word(text, end, "stat:");

	return at < end ? at : 0;
}

static bool event_of_text(const char *text, size_t len,
			  enum segment_event *event)
{
	size_t at = find_reason(text, len);

	for (size_t i = 0; i < N_REASONS; i++) {
		size_t n = strlen(reasons[i].begins);

		if (n > len - at ||
		    strncasecmp(text + at, reasons[i].begins, n))
			continue;
		*event = reasons[i].event;
		return true;
	}
	return false;
}

/*
 * Expired and unknown are failures, too: their codes have that bit. What the
 * SMSC refuses when it is sent there, it refuses again.
 */
bool verdict_of_report(enum box_dlr dlr, const uint8_t *text, size_t len,
		       enum segment_event *event)
{
	if (dlr == BOX_DLR_DELIVERED)
		*event = SEGMENT_REPORTED_OK;
	else if (!(dlr & (BOX_DLR_FAILED | BOX_DLR_SMSC_REFUSED)))
		return false;
	else if (!event_of_text((const char *)text, len, event))
		*event = dlr & BOX_DLR_SMSC_REFUSED ? NEVER : LATER;
	return true;
}
