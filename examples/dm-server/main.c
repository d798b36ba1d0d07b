/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dm-server: an example of a DM server that uses dmbox, and not a product
 */
#include <event2/event.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>

#include "examples/dm-server/contact.h"
#include "examples/dm-server/orders.h"
#include "examples/dm-server/say.h"
#include "examples/dm-server/status.h"
#include "examples/dm-server/web.h"

#define PROGRAM "dm-server"

static const char usage[] =
	"usage: " PROGRAM " -c FILE [--json]\n"
	"       " PROGRAM " -c FILE --update NAME|all --package PACKAGE "
	"--version VERSION\n"
	"       " PROGRAM " -c FILE --bootstrap NAME|all\n"
	"       " PROGRAM " -c FILE --status [--json]\n"
	"\n"
	"The example DM server of dmbox; no product. The other forms tell a\n"
	"running one that a device, or all, shall be updated, or get a new\n"
	"account; or print how all stand.\n"
	"\n"
	"  -c, --config FILE    see dm-server.conf\n"
	"      --json           what happens as JSON, one object a line\n"
	"      --update NAME    the device that shall be updated, or all\n"
	"      --package NAME   to a file of the folder of packages\n"
	"      --version TEXT   what it calls its firmware then\n"
	"      --bootstrap NAME the device that shall get a new account, or all\n"
	"      --status         the devices, their firmware and their updates\n"
	"      --help           this text\n";

struct options {
	const char *config;
	const char *update;
	const char *bootstrap;
	const char *package;
	const char *version;
	bool status;
	bool json;
	bool help;
};

static bool take_options(int argc, char **argv, struct options *o)
{
	static const struct option known[] = {
		{ "config", required_argument, NULL, 'c' },
		{ "json", no_argument, NULL, 'j' },
		{ "update", required_argument, NULL, 'u' },
		{ "bootstrap", required_argument, NULL, 'b' },
		{ "package", required_argument, NULL, 'p' },
		{ "version", required_argument, NULL, 'v' },
		{ "status", no_argument, NULL, 's' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	int c;

	while ((c = getopt_long(argc, argv, "c:", known, NULL)) != -1) {
		const char **text = c == 'c' ? &o->config :
				    c == 'u' ? &o->update :
				    c == 'b' ? &o->bootstrap :
				    c == 'p' ? &o->package :
				    c == 'v' ? &o->version : NULL;

		if (c == '?')
			return false;
		if (text)
			*text = optarg;
		o->json |= c == 'j';
		o->status |= c == 's';
		o->help |= c == 'h';
	}
	return o->help || (optind == argc && o->config &&
			   !!o->update + !!o->bootstrap + o->status <= 1 &&
			   !o->update == !o->package &&
			   !o->update == !o->version);
}

static void on_signal(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	event_base_loopbreak(arg);
}

static void loop(struct event_base *base)
{
	struct event *term = evsignal_new(base, SIGTERM, on_signal, base);
	struct event *intr = evsignal_new(base, SIGINT, on_signal, base);

	event_add(term, NULL);
	event_add(intr, NULL);
	event_base_dispatch(base);
	event_free(term);
	event_free(intr);
}

static int serve(const struct config *config, struct err *e)
{
	struct event_base *base = event_base_new();
	struct orders *orders;
	struct server server;
	struct web *web;
	int rc = server_load(&server, base, config, e);

	if (!rc)
		rc = web_open(&web, &server, e);
	if (!rc) {
		say(NULL, "listening", "listening on %s", server.url);
		contact_open(&server);
		orders = orders_open(&server);
		loop(base);
		orders_close(orders);
		contact_close(&server);
		web_close(web);
	}
	server_free(&server);
	event_base_free(base);
	libevent_global_shutdown();
	return rc;
}

static int show(const struct config *config, bool json, struct err *e)
{
	struct server server;
	int rc = server_load(&server, NULL, config, e);

	if (!rc)
		status_print(&server, json);
	server_free(&server);
	return rc;
}

static int order(const struct config *config, const struct options *o,
		 struct err *e)
{
	struct server server;
	int n = server_load(&server, NULL, config, e);

	if (!n)
		n = o->update ? orders_update(&server, o->update, o->package,
					      o->version, e) :
				orders_bootstrap(&server, o->bootstrap, e);
	server_free(&server);
	if (n < 0)
		return n;
	printf("ordered for %d device%s\n", n, n == 1 ? "" : "s");
	return DM_OK;
}

int main(int argc, char **argv)
{
	struct options o = { 0 };
	char text[ERR_TEXT_MAX];
	struct config config;
	struct err e;
	int rc;

	if (!take_options(argc, argv, &o) || o.help) {
		fputs(usage, o.help ? stdout : stderr);
		return o.help ? 0 : EX_USAGE;
	}
	signal(SIGPIPE, SIG_IGN);
	say_json(o.json);
	rc = config_load(&config, o.config, &e);
	if (!rc) {
		rc = o.status ? show(&config, o.json, &e) :
		     o.update || o.bootstrap ? order(&config, &o, &e) :
					       serve(&config, &e);
		config_free(&config);
	}
	if (rc)
		fprintf(stderr, PROGRAM ": %s\n",
			err_text(&e, text, sizeof(text)));
	return rc ? EXIT_FAILURE : EXIT_SUCCESS;
}
