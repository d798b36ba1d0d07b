/* SPDX-License-Identifier: Apache-2.0 */
#include "emulator/report.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "emulator/xalloc.h"
#include "wap/utf8.h"

#define TIME_SIZE 40

struct report_field report_text(const char *key, const char *text)
{
	return (struct report_field){ .key = key, .kind = REPORT_TEXT,
				      .text = text, .len = strlen(text) };
}

struct report_field report_number(const char *key, uint64_t number)
{
	return (struct report_field){ .key = key, .kind = REPORT_NUMBER,
				      .number = number };
}

static unsigned now(struct tm *(*split)(const time_t *, struct tm *),
		    struct tm *tm)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	split(&ts.tv_sec, tm);
	return (unsigned)(ts.tv_nsec / 1000000);
}

/* ----------------------------- for people ----------------------------- */

static void print_char(FILE *out, unsigned char c)
{
	if (c == '"' || c == '\\')
		fprintf(out, "\\%c", c);
	else if (c < 0x20 || c == 0x7f)
		fprintf(out, "\\x%02x", c);
	else
		fputc(c, out);
}

static bool is_plain(const struct report_field *f)
{
	for (size_t i = 0; i < f->len; i++)
		if ((unsigned char)f->text[i] <= 0x20 ||
		    strchr("\"\\=\x7f", f->text[i]))
			return false;
	return f->len > 0 && utf8_valid(f->text, f->len);
}

/* In quotes where somebody could take it for two words, or is no text. */
static void print_text(FILE *out, const struct report_field *f)
{
	bool utf8 = utf8_valid(f->text, f->len);

	if (is_plain(f)) {
		fwrite(f->text, 1, f->len, out);
		return;
	}
	fputc('"', out);
	for (size_t i = 0; i < f->len; i++) {
		unsigned char c = (unsigned char)f->text[i];

		print_char(out, utf8 || c < 0x80 ? c : '?');
	}
	fputc('"', out);
}

static void print_field(FILE *out, const struct report_field *f)
{
	if (f->kind == REPORT_JSON_TEXT || f->kind == REPORT_JSON_NUMBER)
		return;
	fprintf(out, " %s=", f->key);
	if (f->kind == REPORT_TEXT)
		print_text(out, f);
	else if (f->kind == REPORT_HEX16)
		fprintf(out, "0x%04" PRIx64, f->number);
	else
		fprintf(out, "%" PRId64, (int64_t)f->number);
}

static void print_event(FILE *out, const char *event, const char *device,
			const struct report_field *fields, size_t n)
{
	struct tm tm;
	unsigned ms = now(localtime_r, &tm);

	fprintf(out, "%02d:%02d:%02d.%03u ", tm.tm_hour, tm.tm_min, tm.tm_sec,
		ms);
	if (device) {
		struct report_field name = report_text("", device);

		print_text(out, &name);
		fputc(' ', out);
	}
	for (; *event; event++)
		fputc(*event == '.' ? ' ' : *event, out);
	for (size_t i = 0; i < n; i++)
		print_field(out, &fields[i]);
}

/* -------------------------------- JSON -------------------------------- */

json_t *report_json_text(const char *text, size_t len)
{
	char *copy;
	json_t *j = json_stringn(text, len);

	if (j)
		return j;
	copy = xcalloc(len + 1, 1);
	for (size_t i = 0; i < len; i++)
		copy[i] = (unsigned char)text[i] < 0x80 ? text[i] : '?';
	j = xcheck(json_stringn(copy, len));
	free(copy);
	return j;
}

static void add_field(json_t *object, const struct report_field *f)
{
	bool text = f->kind == REPORT_TEXT || f->kind == REPORT_JSON_TEXT;

	json_object_set_new(object, f->key, text ?
			    report_json_text(f->text, f->len) :
			    json_integer((json_int_t)f->number));
}

static void add_time(json_t *object)
{
	char text[TIME_SIZE], ms[8];
	struct tm tm;

	snprintf(ms, sizeof(ms), ".%03uZ", now(gmtime_r, &tm) % 1000);
	strftime(text, sizeof(text) - sizeof(ms), "%Y-%m-%dT%H:%M:%S", &tm);
	strcat(text, ms);
	json_object_set_new(object, "time", json_string(text));
}

static void dump_event(FILE *out, const char *event, const char *device,
		       const struct report_field *fields, size_t n)
{
	json_t *object = xcheck(json_object());

	add_time(object);
	json_object_set_new(object, "event", json_string(event));
	if (device)
		json_object_set_new(object, "device",
				    report_json_text(device, strlen(device)));
	for (size_t i = 0; i < n; i++)
		add_field(object, &fields[i]);
	json_dumpf(object, out, JSON_COMPACT);
	json_decref(object);
}

void report_event(const struct report *r, const char *event,
		  const char *device, const struct report_field *fields,
		  size_t n_fields)
{
	if (r->json)
		dump_event(r->out, event, device, fields, n_fields);
	else
		print_event(r->out, event, device, fields, n_fields);
	fputc('\n', r->out);
	fflush(r->out);
}
