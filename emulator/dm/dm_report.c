/* SPDX-License-Identifier: Apache-2.0 */
#include "emulator/dm/dm_report.h"

#include <assert.h>
#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <jansson.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "emulator/xalloc.h"

#define RETRY_S 1

/* The errors of dmbox-api(7) that pass. */
#define ERROR_TOO_MUCH (-32003)
#define ERROR_QUEUE (-32005)

struct item {
	TAILQ_ENTRY(item) link;
	json_int_t id;
	const char *msisdn;
	uint16_t session_id;
	bool ended;
	char *line;			/* owned: the request */
};

struct dm_report {
	struct event_base *base;
	const char *path;
	const struct report *report;
	struct bufferevent *bev;	/* owned; NULL: not connected */
	struct event *retry;		/* owned; pending: not before */
	bool told_away;			/* since the last answer */
	TAILQ_HEAD(items, item) items;	/* owned; in order, as they are sent */
	struct item *unsent;		/* the first; NULL: all are sent */
	size_t n_sent;			/* over this connection */
	json_int_t last_id;
	struct dm_report_totals totals;
};

/* ------------------------------- events ------------------------------- */

static void tell(const struct dm_report *r, const struct item *i,
		 const char *event, const struct report_field more[2])
{
	struct report_field fields[] = {
		report_text("reported", i->ended ? "ended" : "started"),
		{ .key = "session-id", .kind = REPORT_HEX16,
		  .number = i->session_id },
		more[0], more[1],
	};

	report_event(r->report, event, i->msisdn, fields, 4);
}

static const char *text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "?";
}

static void tell_accepted(const struct dm_report *r, const struct item *i,
			  const json_t *job)
{
	const struct report_field more[] = {
		report_text("job", text_of(job, "job")),
		report_text("state", text_of(job, "state")),
	};

	if (!r->report->quiet)
		tell(r, i, "report.accepted", more);
}

static void tell_refused(const struct dm_report *r, const struct item *i,
			 const json_t *error)
{
	json_int_t code = json_integer_value(json_object_get(error, "code"));
	const struct report_field more[] = {
		report_number("code", (uint64_t)code),
		report_text("reason", text_of(error, "message")),
	};

	tell(r, i, "report.refused", more);
}

static void tell_away(struct dm_report *r, const char *reason)
{
	const struct report_field fields[] = {
		report_text("socket", r->path),
		report_number("waiting", r->totals.waiting),
		report_text("reason", reason),
	};

	if (!r->told_away)
		report_event(r->report, "dmboxd.away", NULL, fields, 3);
	r->told_away = true;
}

/* ----------------------------- connection ----------------------------- */

static void on_read(struct bufferevent *bev, void *arg);
static void on_event(struct bufferevent *bev, short what, void *arg);

/* What was not answered is sent again. */
static void disconnect(struct dm_report *r, const char *reason)
{
	const struct timeval tv = { RETRY_S, 0 };

	if (r->bev)
		bufferevent_free(r->bev);
	r->bev = NULL;
	r->unsent = TAILQ_FIRST(&r->items);
	r->n_sent = 0;
	if (!r->unsent)
		return;
	tell_away(r, reason);
	event_add(r->retry, &tv);
}

/* On a Unix socket this takes no time: it is there or it is not. */
static int open_socket(const char *path)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC,
			0);

	memcpy(a.sun_path, path, strlen(path) + 1);
	if (fd >= 0 && connect(fd, (struct sockaddr *)&a, sizeof(a))) {
		int error_was = errno;

		close(fd);
		errno = error_was;
		fd = -1;
	}
	return fd;
}

static bool connect_to(struct dm_report *r)
{
	int fd = open_socket(r->path);

	if (fd < 0) {
		disconnect(r, strerror(errno));
		return false;
	}
	r->bev = xcheck(bufferevent_socket_new(r->base, fd,
					       BEV_OPT_CLOSE_ON_FREE));
	bufferevent_setcb(r->bev, on_read, NULL, on_event, r);
	bufferevent_enable(r->bev, EV_READ | EV_WRITE);
	return true;
}

static void send_all(struct dm_report *r)
{
	if (!r->unsent || event_pending(r->retry, EV_TIMEOUT, NULL))
		return;
	if (!r->bev && !connect_to(r))
		return;
	while (r->unsent && r->n_sent < DM_REPORT_WINDOW) {
		bufferevent_write(r->bev, r->unsent->line,
				  strlen(r->unsent->line));
		r->unsent = TAILQ_NEXT(r->unsent, link);
		r->n_sent++;
	}
}

static void on_retry(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	send_all(arg);
}

static void on_event(struct bufferevent *bev, short what, void *arg)
{
	(void)bev;
	(void)what;
	disconnect(arg, "it closed the connection");
}

/* ------------------------------- answers ------------------------------- */

static void free_item(struct dm_report *r, struct item *i)
{
	TAILQ_REMOVE(&r->items, i, link);
	r->totals.waiting--;
	free(i->line);
	free(i);
}

/* One that is sent, NULL if there is none with this id. */
static struct item *find_sent(struct dm_report *r, const json_t *id)
{
	struct item *i;

	TAILQ_FOREACH(i, &r->items, link) {
		if (i == r->unsent)
			return NULL;
		if (json_is_integer(id) && i->id == json_integer_value(id))
			return i;
	}
	return NULL;
}

static bool passes(const json_t *error)
{
	json_int_t code = json_integer_value(json_object_get(error, "code"));

	return code == ERROR_TOO_MUCH || code == ERROR_QUEUE;
}

static void take_answer(struct dm_report *r, const json_t *answer)
{
	struct item *i = find_sent(r, json_object_get(answer, "id"));
	const json_t *error = json_object_get(answer, "error");

	if (!i || passes(error)) {
		disconnect(r, error ? text_of(error, "message") :
			   "it said what nobody asked");
		return;
	}
	if (error) {
		r->totals.refused++;
		tell_refused(r, i, error);
	} else {
		r->totals.accepted++;
		tell_accepted(r, i, json_object_get(answer, "result"));
	}
	r->told_away = false;
	r->n_sent--;
	free_item(r, i);
}

/* Takes a line; false if there is none, or the connection has gone. */
static bool next_answer(struct dm_report *r)
{
	struct evbuffer *in = bufferevent_get_input(r->bev);
	size_t len;
	char *line = evbuffer_readln(in, &len, EVBUFFER_EOL_LF);
	json_t *answer;

	if (!line && evbuffer_get_length(in) > DM_REPORT_ANSWER_MAX)
		disconnect(r, "its answer is too long");
	if (!line)
		return false;
	answer = json_loadb(line, len, 0, NULL);
	free(line);
	take_answer(r, answer);
	json_decref(answer);
	return r->bev;
}

static void on_read(struct bufferevent *bev, void *arg)
{
	(void)bev;
	while (next_answer(arg))
		;
	send_all(arg);
}

/* ------------------------------- requests ------------------------------- */

static json_t *params_of(const struct dm_news *n)
{
	json_t *params = xcheck(json_pack("{s:s, s:s, s:i}",
		"to", n->msisdn, "event", n->ended ? "ended" : "started",
		"session-id", (int)n->session_id));

	json_object_set_new(params, "server-id", report_json_text(
			    n->server_id, strlen(n->server_id)));
	if (n->ended && n->result >= 0)
		json_object_set_new(params, "result", json_integer(n->result));
	if (n->ended && n->alert_type[0])
		json_object_set_new(params, "alert-type",
				    json_string(n->alert_type));
	return params;
}

static char *line_of(json_int_t id, const struct dm_news *n)
{
	json_t *request = xcheck(json_pack("{s:s, s:I, s:s, s:o}",
		"jsonrpc", "2.0", "id", id, "method", "session.report",
		"params", params_of(n)));
	char *text = xcheck(json_dumps(request, JSON_COMPACT));
	size_t len = strlen(text);

	json_decref(request);
	text = xreallocarray(text, len + 2, 1);
	memcpy(text + len, "\n", 2);
	return text;
}

static void lose(struct dm_report *r, const struct dm_news *n)
{
	const struct report_field field = report_number("waiting",
							r->totals.waiting);

	r->totals.lost++;
	report_event(r->report, "report.lost", n->msisdn, &field, 1);
}

void dm_report_put(struct dm_report *r, const struct dm_news *n)
{
	struct item *i;

	if (r->totals.waiting == DM_REPORTS_MAX) {
		lose(r, n);
		return;
	}
	i = xcalloc(1, sizeof(*i));
	i->id = ++r->last_id;
	i->msisdn = n->msisdn;
	i->session_id = n->session_id;
	i->ended = n->ended;
	i->line = line_of(i->id, n);
	TAILQ_INSERT_TAIL(&r->items, i, link);
	r->totals.waiting++;
	if (!r->unsent)
		r->unsent = i;
	send_all(r);
}

/* ---------------------------- start and stop ---------------------------- */

struct dm_report *dm_report_new(struct event_base *base, const char *path,
				const struct report *report)
{
	struct dm_report *r = xcalloc(1, sizeof(*r));

	assert(path[0] && strlen(path) <= DM_REPORT_PATH_MAX);
	r->base = base;
	r->path = path;
	r->report = report;
	r->retry = xcheck(evtimer_new(base, on_retry, r));
	TAILQ_INIT(&r->items);
	return r;
}

void dm_report_free(struct dm_report *r)
{
	if (r->bev)
		bufferevent_free(r->bev);
	event_free(r->retry);
	while (!TAILQ_EMPTY(&r->items))
		free_item(r, TAILQ_FIRST(&r->items));
	free(r);
}

struct dm_report_totals dm_report_totals(const struct dm_report *r)
{
	return r->totals;
}
