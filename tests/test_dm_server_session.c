/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The sessions of the example DM server: conversations of tests/dm_sessions/,
 * each in XML and in WBXML. What the device sends is XML there; of each answer
 * there are the lines that put_answer() makes of it.
 */
#include "examples/dm-server/session.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "syncml/codec.h"
#include "tests/profile_fixture.h"
#include "tests/tap.h"

static const char *const names[] = {
	"dm12-update", "dm12-result", "dm12-failure", "dm12-other-result",
	"dm12-has-it-already", "dm12-no-update-object", "dm12-exec-refused",
	"dm112-update", "dm112-result", "dm112-no-result-yet",
	"server-refused", "device-refused", "device-aborts",
	"package-in-two-messages",

	/* what others send: see tests/syncml/outside/ */
	"outside-pro12", "outside-samsung", "outside-samsung-again",
	"outside-scts", "outside-sony-ericsson", "outside-windows",
};

static _Alignas(max_align_t) uint8_t room[SYNCML_ARENA_MAX];
static struct arena arena = { .buf = room, .cap = sizeof(room) };
static uint8_t octets[65536];

/* --------------------------- an answer as lines -------------------------- */

static char lines[4096];

__attribute__((format(printf, 1, 2)))
static void put(const char *format, ...)
{
	size_t len = strlen(lines);
	va_list ap;

	va_start(ap, format);
	vsnprintf(lines + len, sizeof(lines) - len, format, ap);
	va_end(ap);
}

static void put_command(const struct syncml_command *c)
{
	put("%s", syncml_verb_name(c->verb));
	if (c->verb == SYNCML_STATUS)
		put(" %s", c->cmd);
	if (c->code)
		put(" %u", c->code);
	if (c->chal.type)
		put(" Chal %s", c->chal.next_nonce);
	if (c->items && c->items->target)
		put(" %s", c->items->target);
	if (c->items && c->items->data)
		put(" = %s", c->items->data);
	if (c->correlator)
		put(" %s", c->correlator);
	put("\n");
}

static void put_answer(const struct syncml_message *m)
{
	lines[0] = '\0';
	if (m->cred.type)
		put("Cred %s\n", m->cred.data);
	for (const struct syncml_command *c = m->commands; c; c = c->next)
		put_command(c);
	if (m->final)
		put("Final\n");
}

/* ----------------------------- conversations ---------------------------- */

struct talk {
	struct session session;
	struct device device;
	struct session_outcome outcome;
	enum syncml_encoding encoding;
	unsigned n_messages;
};

/* Over the wire and back, in the encoding of the talk. */
static bool transmit(struct talk *t, struct syncml_message *m)
{
	struct err e = { .field = "" };
	size_t len = 0;
	int rc = syncml_write(&arena, t->encoding, m, octets, sizeof(octets),
			      &len, &e);

	if (!rc)
		rc = syncml_read(&arena, t->encoding, octets, len, m, &e);
	if (rc)
		printf("# %s: %s, %s\n", e.field, e.came, e.allowed);
	return rc == DM_OK;
}

static bool device_says(struct talk *t, const char *xml, size_t len)
{
	struct session_input in = {
		.server_name = "com.example.dms",
		.package_url = "http://dms.example.com/packages/fw-2.0.bin",
	};
	struct syncml_message message, answer;
	struct err e;

	arena.used = 0;
	in.message = &message;
	memset(in.nonce, (int)(0x10 + ++t->n_messages), sizeof(in.nonce));
	if (syncml_read(&arena, SYNCML_XML, (const uint8_t *)xml, len,
			&message, &e) || !transmit(t, &message))
		return false;
	if (t->n_messages == 1)
		session_begin(&t->session, &t->device, &message);
	if (session_answer(&t->session, &in, &arena, &answer, &t->outcome) ||
	    !transmit(t, &answer))
		return false;
	put_answer(&answer);
	return true;
}

static void make_device(struct device *d, const char *step)
{
	struct digest_source client = { .auth_name = "dev1",
		.password = "devpwd", .nonce_text = "clientnonce1" };
	struct digest_source server = { .auth_name = "com.example.dms",
		.password = "srvpwd", .nonce_text = "servernonce1" };
	struct err e;

	memset(d, 0, sizeof(*d));
	if (digest_key_make(&client, &d->client, &e) ||
	    digest_key_make(&server, &d->server, &e))
		exit(EXIT_FAILURE);
	d->update.number = 7;
	d->update.step = !strcmp(step, "wanted") ? UPDATE_WANTED :
						   UPDATE_STARTED;
	strcpy(d->update.version, "2.0");
}

static void put_end(const struct talk *t)
{
	const struct device *d = &t->device;
	char nonce[DEVICE_NONCE_SIZE];

	device_nonce_text(&d->server, nonce);
	lines[0] = '\0';
	put("%s %u firmware %s nonce %s%s%s%s",
	    update_step_name(d->update.step), d->update.result, d->firmware,
	    nonce, t->outcome.refused ? " refused" : "",
	    t->outcome.over ? " over" : " open",
	    t->session.ended_well ? " well" : "");
}

/* Where the section of a file ends: at the next "device", "server" or "end". */
static const char *section_end(const char *text)
{
	static const char *const heads[] = { "\ndevice\n", "\nserver\n",
					     "\nend " };
	const char *end = NULL;

	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++) {
		const char *found = strstr(text, heads[i]);

		if (found && (!end || found < end))
			end = found;
	}
	return end ? end + 1 : text + strlen(text);
}

static bool same_text(const char *want, size_t len)
{
	if (strlen(lines) == len && !memcmp(lines, want, len))
		return true;
	printf("# want:\n%.*s# got:\n%s", (int)len, want, lines);
	return false;
}

static bool take_section(struct talk *t, const char *text, size_t len)
{
	if (!strncmp(text, "device\n", 7))
		return device_says(t, text + 7, len - 7);
	if (!strncmp(text, "server\n", 7))
		return same_text(text + 7, len - 7);
	put_end(t);
	return same_text(text + strlen("end "), len - strlen("end \n"));
}

/* Begins a talk as the file says; its first section, or NULL. */
static const char *begin(struct talk *t, const char *name)
{
	static char text[65536];
	char path[80], step[16];
	const char *next;

	snprintf(path, sizeof(path), "dm_sessions/%s", name);
	read_test_file(path, text, sizeof(text));
	next = strstr(text, "\nupdate ");
	if (!next || sscanf(next, "\nupdate %15s", step) != 1)
		return NULL;
	make_device(&t->device, step);
	return section_end(next);
}

static bool play(struct talk *t, const char *name)
{
	const char *next = begin(t, name);

	if (!next)
		return false;
	while (*next) {
		const char *end = section_end(next);

		if (!take_section(t, next, (size_t)(end - next)))
			return false;
		next = end;
	}
	return t->n_messages > 0;
}

static bool goes(const char *name, enum syncml_encoding encoding)
{
	struct talk t = { .encoding = encoding };

	return play(&t, name);
}

static void each_goes(enum syncml_encoding encoding)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		bool ok = goes(names[i], encoding);

		CU_ASSERT(ok);
		if (!ok)
			printf("# in %s\n", names[i]);
	}
}

static void conversations_go_as_written_in_xml(void)
{
	each_goes(SYNCML_XML);
}

static void and_in_wbxml(void)
{
	each_goes(SYNCML_WBXML);
}

/* Only that one is told to dmboxd. */
static void a_new_nonce_is_one_that_came(void)
{
	struct talk came = { .encoding = SYNCML_XML }, none = came;

	CU_ASSERT(play(&came, "dm12-update"));
	CU_ASSERT(came.session.new_nonce);
	CU_ASSERT(play(&none, "device-refused"));
	CU_ASSERT(!none.session.new_nonce);
}

/* A package without Final, again and again. */
static void no_device_talks_for_ever(void)
{
	struct talk t = { .encoding = SYNCML_XML };
	const char *package = begin(&t, "package-in-two-messages");
	const char *end;

	CU_ASSERT_PTR_NOT_NULL_FATAL(package);
	end = section_end(package);
	while (t.n_messages < 1000 && !t.outcome.over)
		CU_ASSERT(take_section(&t, package, (size_t)(end - package)));
	CU_ASSERT_EQUAL(t.n_messages, SESSION_MESSAGES_MAX + 1);
	CU_ASSERT_EQUAL(t.session.phase, SESSION_OVER);
	CU_ASSERT(!t.session.ended_well);
	CU_ASSERT_PTR_NOT_NULL(strstr(lines, "Alert 1223"));
}

int main(void)
{
	CU_TestInfo tests[] = {
		{ "conversations go as they are written, in XML",
		  conversations_go_as_written_in_xml },
		{ "and in WBXML", and_in_wbxml },
		{ "a new nonce is one that came",
		  a_new_nonce_is_one_that_came },
		{ "no device talks for ever", no_device_talks_for_ever },
		CU_TEST_INFO_NULL,
	};

	return tap_run("dm_server_session", tests);
}
