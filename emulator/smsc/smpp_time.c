/* SPDX-License-Identifier: Apache-2.0 */
#include "emulator/smsc/smpp_time.h"

#include <stdbool.h>
#include <string.h>
#include <time.h>

#define TIME_LEN 16
#define QUARTER_S (15 * 60)
#define DAY_S (24 * 60 * 60)

/* Year, month, day, hour, minute, second; then nn. */
enum { YEAR, MONTH, DAY, HOUR, MINUTE, SECOND, N_PARTS };

static const struct {
	int min, max;
} absolute_range[N_PARTS] = {
	{ 0, 99 }, { 1, 12 }, { 1, 31 }, { 0, 23 }, { 0, 59 }, { 0, 59 },
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static int two_digits(const char *text)
{
	return (text[0] - '0') * 10 + text[1] - '0';
}

static int64_t from_calendar(const int part[N_PARTS])
{
	struct tm tm = {
		.tm_year = 100 + part[YEAR], .tm_mon = part[MONTH] - 1,
		.tm_mday = part[DAY], .tm_hour = part[HOUR],
		.tm_min = part[MINUTE], .tm_sec = part[SECOND],
	};

	return timegm(&tm);
}

static int64_t from_now(const int part[N_PARTS])
{
	int64_t days = part[YEAR] * 365 + part[MONTH] * 30 + part[DAY];

	return days * DAY_S + part[HOUR] * 3600 + part[MINUTE] * 60 +
	       part[SECOND];
}

int smpp_time_parse(const char *text, int64_t now_s, int64_t *out)
{
	int part[N_PARTS], quarters;
	char p;

	if (strlen(text) != TIME_LEN)
		return DM_EPROTO;
	for (size_t i = 0; i < TIME_LEN - 1; i++)
		if (!is_digit(text[i]))
			return DM_EPROTO;
	for (size_t i = 0; i < N_PARTS; i++)
		part[i] = two_digits(text + 2 * i);
	quarters = two_digits(text + 13);
	p = text[TIME_LEN - 1];

	if (p == 'R') {
		*out = now_s + from_now(part);
		return DM_OK;
	}
	if ((p != '+' && p != '-') || quarters > 48)
		return DM_EPROTO;
	for (size_t i = 0; i < N_PARTS; i++)
		if (part[i] < absolute_range[i].min ||
		    part[i] > absolute_range[i].max)
			return DM_EPROTO;
	*out = from_calendar(part) + (p == '+' ? -1 : 1) * quarters * QUARTER_S;
	return DM_OK;
}

void smpp_date_format(int64_t time_s, char out[SMPP_DATE_SIZE])
{
	time_t t = (time_t)time_s;
	struct tm tm;

	if (!gmtime_r(&t, &tm) ||
	    !strftime(out, SMPP_DATE_SIZE, "%y%m%d%H%M", &tm))
		strcpy(out, "0000000000");
}
