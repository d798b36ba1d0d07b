/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dmboxd: sets up config, log, store, API and sender, and runs the loop.
 */
#include <event2/event.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "gateway/api/methods.h"
#include "gateway/api/subscribe.h"
#include "gateway/clock.h"
#include "gateway/config.h"
#include "gateway/daemon.h"
#include "gateway/store/housekeeping.h"
#include "gateway/wipe.h"

#define EXIT_USAGE 64		/* <sysexits.h> EX_USAGE */
#define EXIT_CONFIG 78		/* <sysexits.h> EX_CONFIG */
#define DRAIN_S 5		/* SIGTERM: for acknowledgements */
#define FLUSH_S 1		/* and for answers to clients */

struct options {
	const char *config;
	bool foreground;
	bool check_config;
};

struct dmboxd {
	struct config config;
	struct event_base *base;
	struct store *store;
	struct routes *routes;
	struct housekeeping *housekeeping;
	struct api *api;
	struct methods methods;
	struct event *store_event;
	struct event *signals[3];
	bool has_pid_file;		/* and it is ours */
	bool stopping;
};

static const char usage[] =
	"usage: dmboxd -c FILE [-f] [--check-config]\n"
	"\n"
	"  -c, --config FILE   configuration, see dmbox.conf(5)\n"
	"  -f, --foreground    stay in the foreground\n"
	"      --check-config  check the configuration and end\n"
	"  -h, --help          this text\n"
	"  -V, --version       the version\n";

static void read_options(int argc, char **argv, struct options *o)
{
	static const struct option longs[] = {
		{ "config", required_argument, NULL, 'c' },
		{ "foreground", no_argument, NULL, 'f' },
		{ "check-config", no_argument, NULL, 'C' },
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'V' },
		{ NULL, 0, NULL, 0 },
	};
	int c;

	while ((c = getopt_long(argc, argv, "c:fhV", longs, NULL)) != -1) {
		if (c == 'c') {
			o->config = optarg;
		} else if (c == 'f') {
			o->foreground = true;
		} else if (c == 'C') {
			o->check_config = true;
		} else if (c == 'h') {
			fputs(usage, stdout);
			exit(EXIT_SUCCESS);
		} else if (c == 'V') {
			puts("dmboxd " PACKAGE_VERSION);
			exit(EXIT_SUCCESS);
		} else {
			fputs(usage, stderr);
			exit(EXIT_USAGE);
		}
	}
	if (optind < argc || !o->config) {
		fputs(usage, stderr);
		exit(EXIT_USAGE);
	}
}

static int print_error(const struct err *e, int status)
{
	char text[ERR_TEXT_MAX];

	fprintf(stderr, "dmboxd: %s\n", err_text(e, text, sizeof(text)));
	return status;
}

/* ------------------------------- the loop ------------------------------- */

static void on_store(evutil_socket_t fd, short what, void *arg)
{
	struct dmboxd *d = arg;

	(void)fd;
	(void)what;
	store_poll(d->store);
	subscribe_wake(&d->methods);
}

/* A folder that is not there holds no profiles. */
static int load_profiles(const struct config *c, struct profile_dir *d,
			 struct err *e)
{
	int rc = profile_dir_load(d, c->profiles, e);

	if (rc != DM_ENOENT)
		return rc;
	log_warn("profiles.missing folder=%s", c->profiles);
	return DM_OK;
}

/* Profiles that cannot be read leave those that we have. */
static void reload_profiles(struct dmboxd *d)
{
	struct profile_dir fresh;
	char text[ERR_TEXT_MAX];
	struct err e;

	if (load_profiles(&d->config, &fresh, &e)) {
		log_error("profiles.not_reloaded reason=\"%s\"",
			  err_text(&e, text, sizeof(text)));
		return;
	}
	profile_dir_free(&d->methods.profiles);
	d->methods.profiles = fresh;
	log_info("profiles.loaded n=%zu", fresh.n);
}

static void on_hup(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	if (log_reopen() == DM_OK)
		log_info("log.reopened");
	reload_profiles(arg);
}

static void on_drained(void *arg)
{
	struct dmboxd *d = arg;

	event_base_loopbreak(d->base);
}

static void on_term(evutil_socket_t fd, short what, void *arg)
{
	struct dmboxd *d = arg;

	(void)fd;
	(void)what;
	if (d->stopping)
		return;
	d->stopping = true;
	log_info("dmboxd.stopping");
	api_stop(d->api);
	housekeeping_stop(d->housekeeping);
	routes_drain(d->routes, DRAIN_S, on_drained, d);
}

static void watch(struct dmboxd *d)
{
	static const int numbers[] = { SIGTERM, SIGINT, SIGHUP };

	for (size_t i = 0; i < 3; i++) {
		d->signals[i] = evsignal_new(d->base, numbers[i],
			numbers[i] == SIGHUP ? on_hup : on_term, d);
		event_add(d->signals[i], NULL);
	}
	d->store_event = event_new(d->base, store_fd(d->store),
				   EV_READ | EV_PERSIST, on_store, d);
	event_add(d->store_event, NULL);
}

/* ----------------------------- start and stop ----------------------------- */

static int start(struct dmboxd *d, struct err *e)
{
	const struct config *c = &d->config;
	int rc = log_open(c->log_file[0] ? c->log_file : NULL, c->log_level,
			  e);

	if (rc)
		return rc;
	log_show_msisdn(c->log_msisdn);
	rc = store_open(c->store, &d->store, e);
	if (rc)
		return rc;
	rc = routes_new(&d->routes, d->base, d->store, c, e);
	if (rc)
		return rc;
	d->housekeeping = housekeeping_new(d->base, d->store,
			&(struct housekeeping_limits){
				.jobs_keep_s = c->jobs_keep_s,
				.events_keep_s = c->events_keep_s,
			});
	d->methods = (struct methods){
		.store = d->store,
		.routes = d->routes,
		.config = c,
		.started_ms = clock_ms(),
	};
	rc = request_secret_load(c->store, &d->methods.secret, e);
	if (!rc)
		rc = load_profiles(c, &d->methods.profiles, e);
	if (rc)
		return rc;
	rc = api_new(&d->api, d->base, c->socket, (size_t)c->clients_max,
		     methods_table, &d->methods, e);
	if (!rc && c->pid_file[0]) {
		rc = daemon_pid_file(c->pid_file, e);
		d->has_pid_file = !rc;
	}
	return rc;
}

/* Answers that the last commit allowed still have to reach their clients. */
static void flush_answers(struct dmboxd *d)
{
	int64_t until = clock_ms() + 1000 * FLUSH_S;
	struct timeval tv = { .tv_usec = 10000 };

	while (!api_idle(d->api) && clock_ms() < until) {
		event_base_loopexit(d->base, &tv);
		event_base_loop(d->base, EVLOOP_ONCE);
	}
}

/* Nothing that may still use the store runs in the loop of flush_answers(). */
static void stop(struct dmboxd *d)
{
	if (d->store_event)
		event_free(d->store_event);
	if (d->store)
		store_close(d->store);
	if (d->routes)
		routes_free(d->routes);
	if (d->housekeeping)
		housekeeping_free(d->housekeeping);
	if (d->api) {
		flush_answers(d);
		api_free(d->api);
	}
	for (size_t i = 0; i < 3; i++)
		if (d->signals[i])
			event_free(d->signals[i]);
	profile_dir_free(&d->methods.profiles);
	if (d->has_pid_file)
		unlink(d->config.pid_file);
	event_base_free(d->base);
}

static int run(struct dmboxd *d)
{
	struct err e;

	umask(077);
	signal(SIGPIPE, SIG_IGN);
	daemon_no_core();
	json_set_alloc_funcs(malloc, wipe_free);
	event_set_mem_functions(malloc, wipe_realloc, wipe_free);
	d->base = event_base_new();
	if (start(d, &e)) {
		stop(d);
		return print_error(&e, EXIT_FAILURE);
	}
	watch(d);
	daemon_ready();
	log_info("dmboxd.started version=%s socket=%s", PACKAGE_VERSION,
		 d->config.socket);
	event_base_dispatch(d->base);
	stop(d);
	log_info("dmboxd.stopped");
	return EXIT_SUCCESS;
}

static int check_config(const struct options *o, struct config *c)
{
	struct profile_dir profiles;
	struct err e;
	int rc = load_profiles(c, &profiles, &e);

	config_free(c);
	if (rc)
		return print_error(&e, EXIT_CONFIG);
	profile_dir_free(&profiles);
	printf("%s: ok\n", o->config);
	return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
	struct options o = { 0 };
	struct dmboxd d = { 0 };
	struct err e;
	int status;

	read_options(argc, argv, &o);
	if (config_load(o.config, &d.config, &e))
		return print_error(&e, EXIT_CONFIG);
	if (o.check_config)
		return check_config(&o, &d.config);
	if (!o.foreground && !d.config.log_file[0]) {
		config_free(&d.config);
		err_set(&e, DM_EINVAL, "log-file",
			"a path; or -f, to log to standard error", "missing");
		return print_error(&e, EXIT_CONFIG);
	}
	if (!o.foreground && daemon_begin(&e))
		return print_error(&e, EXIT_FAILURE);
	status = run(&d);
	config_free(&d.config);
	return status;
}
