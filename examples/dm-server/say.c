/* SPDX-License-Identifier: Apache-2.0 */
#include "examples/dm-server/say.h"

#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "wap/utf8.h"

#define SENTENCE_SIZE 512	/* octets, with NUL; more is cut */

static bool as_json;

void say_json(bool json)
{
	as_json = json;
}

/* What came from a device may stand in a sentence: one line stays one line. */
static void make_plain(char *text)
{
	utf8_end_whole(text);
	for (; *text; text++)
		if ((unsigned char)*text < 0x20 || *text == 0x7f)
			*text = '?';
}

/* RFC 3339, UTC, with milliseconds. */
static void print_json(const struct timespec *now, const char *device,
		       const char *event, const char *sentence)
{
	char seconds[32], time[48];
	json_t *o;
	struct tm tm;

	gmtime_r(&now->tv_sec, &tm);
	strftime(seconds, sizeof(seconds), "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(time, sizeof(time), "%s.%03ldZ", seconds,
		 now->tv_nsec / 1000000 % 1000);
	o = json_pack("{s:s, s:s*, s:s, s:s*}", "time", time,
		      "device", device, "event", event, "text", sentence);
	json_dumpf(o, stdout, JSON_COMPACT);
	putchar('\n');
	json_decref(o);
}

static void print_plain(const struct timespec *now, const char *device,
			const char *sentence)
{
	char clock[16];
	struct tm tm;

	localtime_r(&now->tv_sec, &tm);
	strftime(clock, sizeof(clock), "%H:%M:%S", &tm);
	printf("%s %s%s%s\n", clock, device ? device : "", device ? ": " : "",
	       sentence);
}

void say(const char *device, const char *event, const char *sentence, ...)
{
	char text[SENTENCE_SIZE];
	struct timespec now;
	va_list ap;

	clock_gettime(CLOCK_REALTIME, &now);
	va_start(ap, sentence);
	vsnprintf(text, sizeof(text), sentence, ap);
	va_end(ap);
	make_plain(text);
	if (as_json)
		print_json(&now, device, event, text);
	else
		print_plain(&now, device, text);
	fflush(stdout);
}
