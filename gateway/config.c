/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/config.h"

#include <confuse.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "gateway/box/dial.h"
#include "gateway/request/submit.h"
#include "gateway/send/sender.h"
#include "gateway/xalloc.h"

/* libconfuse reports through a callback without an argument. */
static __thread struct err *report_to;

static void report(cfg_t *cfg, const char *fmt, va_list ap)
{
	char text[256];

	if (report_to->code)
		return;		/* the first one counts */
	vsnprintf(text, sizeof(text), fmt, ap);
	err_set(report_to, DM_EINVAL, "configuration",
		strstr(text, "allowed:") ? "" : "see dmbox.conf(5)",
		"line %d: %s", cfg ? cfg->line : 0, text);
}

struct range {
	const char *option;
	long min, max;
};

static const struct range number_ranges[] = {
	{ "expires-s", 1, REQUEST_EXPIRES_S_MAX },
	{ "bootstrap-expires-s", 1, REQUEST_EXPIRES_S_MAX },
	{ "expires-max-s", 1, REQUEST_EXPIRES_S_MAX },
	{ "attempt-first-s", 1, ATTEMPT_S_MAX },
	{ "attempt-factor", 1, ATTEMPT_FACTOR_MAX },
	{ "attempt-ceiling-s", 1, ATTEMPT_S_MAX },
	{ "attempts-max", 1, ATTEMPTS_MAX },
	{ "result-window-s", 1, REQUEST_EXPIRES_S_MAX },
	{ "queue-max", 1, 1000000000 },
	{ "jobs-keep-s", 1, 10 * 365 * 24 * 3600 },
	{ "events-keep-s", 1, 10 * 365 * 24 * 3600 },
	{ "clients-max", 1, 1000 },
	{ "port", 1, 65535 },
	{ "window", 1, WINDOW_MAX },
	{ "ack-timeout-s", 1, SENDER_ACK_TIMEOUT_S_MAX },
	{ "uid", 0, 4294967294 },
};

static const struct range text_ranges[] = {	/* octets */
	{ "socket", 1, 107 },
	{ "store", 1, 4000 },
	{ "sender", 1, JOB_SENDER_SIZE - 1 },
	{ "profiles", 1, 4000 },
	{ "host", 1, 255 },
	{ "box-id", 1, BOX_LINK_ID_MAX },
	{ "address", 1, 255 },
	{ "token-file", 1, 4000 },
	{ "file", 1, 4000 },
};

static int check_ranges(cfg_t *cfg, cfg_opt_t *opt, const struct range *ranges,
			size_t n, long value, const char *unit)
{
	for (size_t i = 0; i < n; i++) {
		const struct range *r = &ranges[i];

		if (strcmp(r->option, opt->name) ||
		    (value >= r->min && value <= r->max))
			continue;
		cfg_error(cfg, "%s: %ld%s, allowed: %ld to %ld%s", opt->name,
			  value, unit, r->min, r->max, unit);
		return -1;
	}
	return 0;
}

#define LENGTH(a) (sizeof(a) / sizeof((a)[0]))

static int check_number(cfg_t *cfg, cfg_opt_t *opt)
{
	return check_ranges(cfg, opt, number_ranges, LENGTH(number_ranges),
			    cfg_opt_getnint(opt, 0), "");
}

static int check_text(cfg_t *cfg, cfg_opt_t *opt)
{
	const char *text = cfg_opt_getnstr(opt, 0);

	return check_ranges(cfg, opt, text_ranges, LENGTH(text_ranges),
			    (long)strlen(text ? text : ""), " octets");
}

static int check_until(cfg_t *cfg, cfg_opt_t *opt)
{
	const char *text = cfg_opt_getnstr(opt, 0);

	if (fields_choice_find(request_until, text ? text : ""))
		return 0;
	cfg_error(cfg, "%s: \"%s\", allowed: taken, delivered or session",
		  opt->name, text ? text : "");
	return -1;
}

static cfg_opt_t bearerbox_options[] = {
	CFG_STR("host", "127.0.0.1", CFGF_NONE),
	CFG_INT("port", 13001, CFGF_NONE),
	CFG_STR("box-id", "dmbox", CFGF_NONE),
	CFG_INT("window", 100, CFGF_NONE),
	CFG_INT("ack-timeout-s", 60, CFGF_NONE),
	CFG_END(),
};

static cfg_opt_t client_options[] = {
	CFG_INT("uid", -1, CFGF_NONE),
	CFG_STR("default-until", "", CFGF_NONE),
	CFG_END(),
};

static cfg_opt_t route_options[] = {
	CFG_STR("kind", "", CFGF_NONE),
	CFG_STR("address", "", CFGF_NONE),
	CFG_INT("port", 0, CFGF_NONE),
	CFG_STR("token-file", "", CFGF_NONE),
	CFG_STR("file", "", CFGF_NONE),
	CFG_END(),
};

static cfg_opt_t options[] = {
	CFG_STR("socket", "/run/dmbox/dmbox.sock", CFGF_NONE),
	CFG_STR("store", "/var/lib/dmbox/dmbox.db", CFGF_NONE),
	CFG_STR("sender", "", CFGF_NONE),
	CFG_STR("pid-file", "", CFGF_NONE),
	CFG_STR("log-file", "", CFGF_NONE),
	CFG_STR("log-level", "info", CFGF_NONE),
	CFG_BOOL("log-msisdn", cfg_false, CFGF_NONE),
	CFG_INT("expires-s", 86400, CFGF_NONE),
	CFG_INT("bootstrap-expires-s", 86400, CFGF_NONE),
	CFG_INT("expires-max-s", 2592000, CFGF_NONE),
	CFG_STR("default-until", "delivered", CFGF_NONE),
	CFG_INT("attempt-first-s", 300, CFGF_NONE),
	CFG_INT("attempt-factor", 2, CFGF_NONE),
	CFG_INT("attempt-ceiling-s", 86400, CFGF_NONE),
	CFG_INT("attempts-max", 10, CFGF_NONE),
	CFG_INT("result-window-s", 604800, CFGF_NONE),
	CFG_INT("queue-max", 1000000, CFGF_NONE),
	CFG_INT("jobs-keep-s", 30 * 24 * 3600, CFGF_NONE),
	CFG_INT("events-keep-s", 7 * 24 * 3600, CFGF_NONE),
	CFG_INT("clients-max", 64, CFGF_NONE),
	CFG_STR("profiles", PROFILES, CFGF_NONE),
	CFG_BOOL("unsigned-bootstrap", cfg_false, CFGF_NONE),
	CFG_SEC("bearerbox", bearerbox_options, CFGF_NONE),
	CFG_SEC("client", client_options, CFGF_MULTI | CFGF_TITLE |
		CFGF_NO_TITLE_DUPES),
	CFG_SEC("route", route_options, CFGF_MULTI | CFGF_TITLE |
		CFGF_NO_TITLE_DUPES),
	CFG_END(),
};

static void set_checks(cfg_t *file)
{
	static const char *const numbers[] = {
		"expires-s", "bootstrap-expires-s", "expires-max-s",
		"attempt-first-s", "attempt-factor", "attempt-ceiling-s",
		"attempts-max", "result-window-s", "queue-max", "jobs-keep-s",
		"events-keep-s", "clients-max",
		"bearerbox|port", "bearerbox|window",
		"bearerbox|ack-timeout-s", "client|uid", "route|port",
	};
	static const char *const texts[] = {
		"socket", "store", "sender", "profiles",
		"bearerbox|host", "bearerbox|box-id", "route|address",
		"route|token-file", "route|file",
	};

	for (size_t i = 0; i < LENGTH(numbers); i++)
		cfg_set_validate_func(file, numbers[i], check_number);
	for (size_t i = 0; i < LENGTH(texts); i++)
		cfg_set_validate_func(file, texts[i], check_text);
	cfg_set_validate_func(file, "default-until", check_until);
	cfg_set_validate_func(file, "client|default-until", check_until);
}

/* The text has been checked. */
static enum job_reached until_of(cfg_t *section)
{
	return (enum job_reached)fields_choice_find(request_until,
		cfg_getstr(section, "default-until"))->value;
}

static void copy_clients(struct config *c, cfg_t *file)
{
	c->n_clients = cfg_size(file, "client");
	c->clients = xcalloc(c->n_clients + 1, sizeof(*c->clients));
	for (unsigned i = 0; i < c->n_clients; i++) {
		cfg_t *client = cfg_getnsec(file, "client", i);
		const char *until = cfg_getstr(client, "default-until");

		c->clients[i] = (struct config_client){
			.name = cfg_title(client),
			.uid = (uint32_t)cfg_getint(client, "uid"),
			.until = until[0] ? until_of(client) : c->until,
		};
	}
}

static void copy_routes(struct config *c, cfg_t *file)
{
	c->n_routes = cfg_size(file, "route");
	c->routes = xcalloc(c->n_routes + 1, sizeof(*c->routes));
	for (unsigned i = 0; i < c->n_routes; i++) {
		cfg_t *route = cfg_getnsec(file, "route", i);

		c->routes[i] = (struct route_config){
			.name = cfg_title(route),
			.kind_text = cfg_getstr(route, "kind"),
			.address = cfg_getstr(route, "address"),
			.port = (int32_t)cfg_getint(route, "port"),
			.token_file = cfg_getstr(route, "token-file"),
			.file = cfg_getstr(route, "file"),
		};
	}
}

static void copy(struct config *c, cfg_t *file)
{
	cfg_t *box = cfg_getsec(file, "bearerbox");

	c->socket = cfg_getstr(file, "socket");
	c->store = cfg_getstr(file, "store");
	c->sender = cfg_getstr(file, "sender");
	c->pid_file = cfg_getstr(file, "pid-file");
	c->log_file = cfg_getstr(file, "log-file");
	c->log_msisdn = cfg_getbool(file, "log-msisdn");
	c->expires_s = (int32_t)cfg_getint(file, "expires-s");
	c->bootstrap_expires_s = (int32_t)cfg_getint(file,
						     "bootstrap-expires-s");
	c->expires_max_s = (int32_t)cfg_getint(file, "expires-max-s");
	c->until = until_of(file);
	c->attempts = (struct attempt_plan){
		.first_s = (int32_t)cfg_getint(file, "attempt-first-s"),
		.factor = (int32_t)cfg_getint(file, "attempt-factor"),
		.ceiling_s = (int32_t)cfg_getint(file, "attempt-ceiling-s"),
		.max = (int32_t)cfg_getint(file, "attempts-max"),
	};
	c->result_window_s = (int32_t)cfg_getint(file, "result-window-s");
	copy_clients(c, file);
	copy_routes(c, file);
	c->queue_max = cfg_getint(file, "queue-max");
	c->jobs_keep_s = cfg_getint(file, "jobs-keep-s");
	c->events_keep_s = cfg_getint(file, "events-keep-s");
	c->clients_max = (int32_t)cfg_getint(file, "clients-max");
	c->profiles = cfg_getstr(file, "profiles");
	c->unsigned_bootstrap = cfg_getbool(file, "unsigned-bootstrap");
	c->bearerbox.host = cfg_getstr(box, "host");
	c->bearerbox.port = (uint16_t)cfg_getint(box, "port");
	c->bearerbox.box_id = cfg_getstr(box, "box-id");
	c->bearerbox.window = (int32_t)cfg_getint(box, "window");
	c->bearerbox.ack_timeout_s = (int32_t)cfg_getint(box, "ack-timeout-s");
	c->file = file;
}

/* -1, the default, is UINT32_MAX, which is nobody's. */
static int check_clients(const struct config *c, struct err *e)
{
	for (size_t i = 0; i < c->n_clients; i++) {
		if (c->clients[i].uid == UINT32_MAX)
			return err_set(e, DM_EINVAL, "uid",
				       "a user id, 0 to 4294967294",
				       "missing in client \"%s\"",
				       c->clients[i].name);
		for (size_t k = 0; k < i; k++)
			if (c->clients[k].uid == c->clients[i].uid)
				return err_set(e, DM_EINVAL, "uid",
					       "each in one client",
					       "%u in \"%s\" and \"%s\"",
					       c->clients[i].uid,
					       c->clients[k].name,
					       c->clients[i].name);
	}
	return DM_OK;
}

static int check_routes(struct config *c, struct err *e)
{
	struct dial peer;
	int rc = DM_OK;

	if (c->n_routes > ROUTES_MAX)
		return err_set(e, DM_EINVAL, "route", "0 to 32 of them",
			       "%zu", c->n_routes);
	for (size_t i = 0; i < c->n_routes && !rc; i++) {
		struct route_config *r = &c->routes[i];

		rc = route_config_check(r, e);
		if (!rc && r->port)
			rc = dial_parse(&peer, r->address, (uint16_t)r->port,
					e);
	}
	return rc;
}

static int check_expiry(const char *field, int32_t expires_s, int32_t max_s,
			struct err *e)
{
	if (expires_s <= max_s)
		return DM_OK;
	return err_set(e, DM_EINVAL, field, "at most expires-max-s",
		       "%d, and expires-max-s is %d", expires_s, max_s);
}

/* What the checks of single options do not see. */
static int check_whole(struct config *c, struct err *e)
{
	struct dial peer;

	if (!c->sender[0])
		return err_set(e, DM_EINVAL, "sender",
			       "a number or name of 1 to 20 octets; "
			       "every SMS needs one", "missing");
	if (submit_check_sender(c->sender, "sender", e))
		return DM_EINVAL;
	if (check_clients(c, e) || check_routes(c, e) ||
	    check_expiry("expires-s", c->expires_s, c->expires_max_s, e) ||
	    check_expiry("bootstrap-expires-s", c->bootstrap_expires_s,
			 c->expires_max_s, e))
		return DM_EINVAL;
	return dial_parse(&peer, c->bearerbox.host, c->bearerbox.port, e);
}

/* libconfuse's scanner ends the program when it cannot read a folder. */
static int parse_file(cfg_t *file, const char *path)
{
	struct stat st;

	if (stat(path, &st) == 0 && S_ISDIR(st.st_mode)) {
		errno = EISDIR;
		return CFG_FILE_ERROR;
	}
	return cfg_parse(file, path);
}

int config_load(const char *path, struct config *c, struct err *e)
{
	cfg_t *file = cfg_init(options, CFGF_NONE);
	int rc;

	*c = (struct config){ 0 };
	e->code = DM_OK;
	report_to = e;
	cfg_set_error_function(file, report);
	set_checks(file);
	rc = parse_file(file, path);
	if (rc == CFG_FILE_ERROR) {
		rc = err_set(e, DM_EINVAL, "configuration",
			     "a file that dmboxd may read", "%s: %s", path,
			     strerror(errno));
	} else if (rc != CFG_SUCCESS) {
		rc = e->code ? e->code :
		     err_set(e, DM_EINVAL, "configuration",
			     "see dmbox.conf(5)", "%s: malformed", path);
	} else {
		copy(c, file);
		rc = log_level_parse(cfg_getstr(file, "log-level"),
				     &c->log_level);
		rc = rc ? err_set(e, DM_EINVAL, "log-level",
				  "error, warn, info or debug", "\"%s\"",
				  cfg_getstr(file, "log-level"))
			: check_whole(c, e);
	}
	report_to = NULL;
	if (rc) {
		c->file = file;
		config_free(c);
	}
	return rc;
}

void config_free(struct config *c)
{
	if (c->file)
		cfg_free(c->file);
	free(c->clients);
	free(c->routes);
	c->file = NULL;
	c->clients = NULL;
	c->n_clients = 0;
	c->routes = NULL;
	c->n_routes = 0;
}

enum job_reached config_until(const struct config *c, uint32_t uid)
{
	for (size_t i = 0; i < c->n_clients; i++)
		if (c->clients[i].uid == uid)
			return c->clients[i].until;
	return c->until;
}
