/* SPDX-License-Identifier: Apache-2.0 */
#include "emulator/control.h"

#include <errno.h>
#include <event2/buffer.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "emulator/xalloc.h"

struct control {
	const char *path;
	struct control_setup on;
	int fd;
	bool made;			/* the pipe is ours */
	bool skips;			/* the rest of too long a line */
	struct event *readable;		/* owned */
	struct evbuffer *in;		/* owned */
};

/* ------------------------------ commands ------------------------------ */

static void do_clear(struct control *c)
{
	faults_clear(&c->on.config->faults);
	for (size_t i = 0; i < c->on.config->n_devices; i++)
		fault_list_clear(&c->on.config->devices[i].faults);
}

/* device is NULL for the rules of all. */
static void list_rules(const struct control *c, const char *device,
		       const struct fault_list *l)
{
	for (size_t i = 0; i < l->n; i++) {
		const struct fault_rule *r = &l->rules[i];
		const struct report_field fields[] = {
			report_number("rule", i + 1),
			report_text("fault", r->text),
			report_number("hits", r->n_hits),
		};

		report_event(c->on.report, "fault.rule", device, fields, 3);
	}
}

static void do_list(struct control *c)
{
	list_rules(c, NULL, &c->on.config->faults.all);
	for (size_t i = 0; i < c->on.config->n_devices; i++)
		list_rules(c, c->on.config->devices[i].msisdn,
			   &c->on.config->devices[i].faults);
}

static void do_stop(struct control *c)
{
	smsc_halt(c->on.smsc);
}

static void do_continue(struct control *c)
{
	smsc_continue(c->on.smsc);
}

static void do_drop(struct control *c)
{
	smsc_drop(c->on.smsc);
}

static int add_fault(struct control *c, const char *rest, struct err *e)
{
	return faults_add(&c->on.config->faults, rest, e);
}

/* --------------------------- commands to devices ------------------------- */

/* "PATTERN [MS]" */
struct order {
	char pattern[PATTERN_MAX + 2];
	const char *ms;			/* NULL: none */
};

static int read_order(const char *rest, struct order *o, struct err *e)
{
	size_t len = strcspn(rest, " \t");

	if (len >= sizeof(o->pattern))
		return err_set(e, DM_EINVAL, "pattern", "1 to 20 characters",
			       "%zu characters", len);
	memcpy(o->pattern, rest, len);
	o->pattern[len] = '\0';
	o->ms = rest + len + strspn(rest + len, " \t");
	if (!o->ms[0])
		o->ms = NULL;
	return pattern_check(o->pattern, e);
}

static int lose(struct control *c, const char *name, const char *rest,
		enum reach_way way, struct err *e)
{
	struct config *config = c->on.config;
	struct order o;
	unsigned ms;
	int rc = read_order(rest, &o, e);

	if (!rc)
		rc = fault_read_lasts(name, o.ms, &ms, e);
	for (size_t i = 0; !rc && i < config->n_devices; i++)
		if (pattern_matches(o.pattern, config->devices[i].msisdn))
			network_lose(c->on.network, &config->devices[i], way,
				     ms);
	return rc;
}

static int lose_power(struct control *c, const char *rest, struct err *e)
{
	return lose(c, "off", rest, REACH_POWER, e);
}

static int lose_radio(struct control *c, const char *rest, struct err *e)
{
	return lose(c, "out-of-reach", rest, REACH_RADIO, e);
}

static int lose_data(struct control *c, const char *rest, struct err *e)
{
	return lose(c, "no-data", rest, REACH_DATA, e);
}

static int mend(struct control *c, const char *rest, struct err *e)
{
	struct config *config = c->on.config;
	struct order o;
	int rc = read_order(rest, &o, e);

	if (!rc && o.ms)
		rc = err_set(e, DM_EINVAL, "on", "a pattern, and nothing "
			     "behind it", "\"%s\"", o.ms);
	for (size_t i = 0; !rc && i < config->n_devices; i++)
		if (pattern_matches(o.pattern, config->devices[i].msisdn))
			network_mend(c->on.network, &config->devices[i]);
	return rc;
}

static const struct command {
	const char *name;
	void (*run)(struct control *c);		/* NULL: takes words */
	int (*run_with)(struct control *c, const char *rest, struct err *e);
} commands[] = {
	{ "fault", NULL, add_fault },
	{ "clear", do_clear, NULL },
	{ "list", do_list, NULL },
	{ "stop", do_stop, NULL },
	{ "continue", do_continue, NULL },
	{ "drop", do_drop, NULL },
	{ "off", NULL, lose_power },
	{ "out-of-reach", NULL, lose_radio },
	{ "no-data", NULL, lose_data },
	{ "on", NULL, mend },
};

static const struct command *find_command(const char *line, size_t len)
{
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (strlen(commands[i].name) == len &&
		    !strncmp(commands[i].name, line, len))
			return &commands[i];
	return NULL;
}

static int run(struct control *c, const char *line, struct err *e)
{
	size_t len = strcspn(line, " \t");
	const char *rest = line + len + strspn(line + len, " \t");
	const struct command *command = find_command(line, len);

	if (!command)
		return err_set(e, DM_EINVAL, "command", "fault, clear, list, "
			       "stop, continue, drop, off, out-of-reach, "
			       "no-data, on", "\"%.*s\"", (int)len, line);
	if (!command->run)
		return command->run_with(c, rest, e);
	if (rest[0])
		return err_set(e, DM_EINVAL, command->name, "nothing behind "
			       "it", "\"%s\"", rest);
	command->run(c);
	return DM_OK;
}

/* -------------------------------- lines -------------------------------- */

static void tell(const struct control *c, const char *line,
		 const struct err *e)
{
	char reason[ERR_TEXT_MAX];
	struct report_field fields[2] = { report_text("command", line) };

	if (e)
		fields[1] = report_text("reason",
					err_text(e, reason, sizeof(reason)));
	report_event(c->on.report, e ? "control.refused" : "control.done", NULL,
		     fields, e ? 2 : 1);
}

static void take_line(struct control *c, const char *line)
{
	struct err e;

	line += strspn(line, " \t");
	if (line[0])
		tell(c, line, run(c, line, &e) ? &e : NULL);
}

static void refuse_long(const struct control *c)
{
	struct err e;

	err_set(&e, DM_EINVAL, "command", "up to 999 octets", "more");
	tell(c, "", &e);
}

/* Takes what has come of a line that is longer than we take. */
static void skip(struct control *c)
{
	size_t len = evbuffer_get_length(c->in);

	if (len >= CONTROL_LINE_MAX && !c->skips) {
		refuse_long(c);
		c->skips = true;
	}
	if (c->skips)
		evbuffer_drain(c->in, len);
}

static void on_readable(evutil_socket_t fd, short what, void *arg)
{
	struct control *c = arg;
	char *line;

	(void)what;
	evbuffer_read(c->in, fd, CONTROL_LINE_MAX);
	while ((line = evbuffer_readln(c->in, NULL, EVBUFFER_EOL_CRLF))) {
		if (!c->skips)
			take_line(c, line);
		c->skips = false;
		free(line);
	}
	skip(c);
}

/* ------------------------------- the pipe ------------------------------- */

/* Open for both, so that it does not end when a writer goes. */
static int open_pipe(const char *path)
{
	struct stat st;
	int fd = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);

	if (fd >= 0 && (fstat(fd, &st) || !S_ISFIFO(st.st_mode))) {
		close(fd);
		errno = EINVAL;
		fd = -1;
	}
	return fd;
}

struct control *control_new(struct event_base *base, const char *path,
			    const struct control_setup *setup)
{
	bool made = !mkfifo(path, 0600);
	int fd = open_pipe(path);
	struct control *c;

	if (fd < 0)
		return NULL;
	c = xcalloc(1, sizeof(*c));
	c->path = path;
	c->on = *setup;
	c->fd = fd;
	c->made = made;
	c->in = xcheck(evbuffer_new());
	c->readable = xcheck(event_new(base, fd, EV_READ | EV_PERSIST,
				       on_readable, c));
	event_add(c->readable, NULL);
	return c;
}

void control_free(struct control *c)
{
	event_free(c->readable);
	evbuffer_free(c->in);
	close(c->fd);
	if (c->made)
		unlink(c->path);
	free(c);
}
