/* SPDX-License-Identifier: Apache-2.0 */
#include "examples/dm-server/orders.h"

#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "examples/dm-server/contact.h"
#include "examples/dm-server/file.h"
#include "examples/dm-server/package.h"
#include "examples/dm-server/say.h"

#define FOLDER "updates"

struct orders {
	struct server *server;
	struct event *timer;
};

/* -------------------------------- taking --------------------------------- */

static bool read_order(struct update *u, json_t *order)
{
	const char *package = NULL, *version = NULL;

	if (json_unpack(order, "{s:s, s:s!}", "package", &package,
			"version", &version) ||
	    strlen(package) > DEVICE_TEXT_MAX ||
	    strlen(version) > DEVICE_TEXT_MAX)
		return false;
	u->number = device_next_number(u->number);
	u->step = UPDATE_WANTED;
	u->result = 0;
	strcpy(u->package, package);
	strcpy(u->version, version);
	return true;
}

static int check_package(const struct config *c, const char *name,
			 struct err *e)
{
	struct package p;
	int rc = package_open(c->packages, name, &p, e);

	if (!rc)
		close(p.fd);
	return rc;
}

static void take_update(struct member *m, json_t *order)
{
	struct update update = m->device.update;
	char text[ERR_TEXT_MAX];
	struct err e;

	if (!read_order(&update, order)) {
		say(m->device.name, "order.refused", "the order is refused: "
		    "it needs package and version");
	} else if (check_package(m->server->config, update.package, &e)) {
		say(m->device.name, "order.refused", "the order is refused: %s",
		    err_text(&e, text, sizeof(text)));
	} else {
		m->device.update = update;
		server_save(m);
		say(m->device.name, "order.taken", "shall be updated to %s, "
		    "package %s", update.version, update.package);
		if (device_has_account(&m->device))
			contact_next(m);
	}
}

static void take_order(struct member *m, json_t *order)
{
	if (!json_is_true(json_object_get(order, "bootstrap"))) {
		take_update(m, order);
		return;
	}
	say(m->device.name, "order.taken", "shall get a new account");
	contact_anew(m);
}

/* Removed after it is kept in the device's state: it cannot get lost. */
static void take_file(void *arg, const char *name)
{
	struct server *s = arg;
	struct member *m = server_find_name(s, name);
	json_t *order = NULL;
	struct err e;

	if (!m)
		say(name, "order.refused", "the order is refused: there is no "
		    "such device");
	else if (file_read_json(s->config->data, FOLDER, name, &order, &e))
		say(name, "order.refused", "the order is refused: no JSON");
	else
		take_order(m, order);
	file_remove(s->config->data, FOLDER, name);
	json_decref(order);
}

static void on_timer(evutil_socket_t fd, short what, void *arg)
{
	struct orders *o = arg;

	(void)fd;
	(void)what;
	(void)file_each(o->server->config->data, FOLDER, take_file, o->server);
}

struct orders *orders_open(struct server *s)
{
	struct orders *o = calloc(1, sizeof(*o));

	if (!o)
		abort();
	o->server = s;
	o->timer = event_new(s->base, -1, EV_PERSIST, on_timer, o);
	event_add(o->timer, &(struct timeval){ .tv_sec = 1 });
	return o;
}

void orders_close(struct orders *o)
{
	event_free(o->timer);
	free(o);
}

/* -------------------------------- giving --------------------------------- */

struct giving {
	const struct config *config;
	json_t *order;
	const char *only;		/* NULL: for all */
	int n;				/* orders, or an error */
	struct err *e;
};

static void give(void *arg, const char *name)
{
	struct giving *g = arg;
	int rc;

	if (g->n < 0 || (g->only && strcmp(g->only, name)))
		return;
	rc = file_write_json(g->config->data, FOLDER, name, g->order, g->e);
	g->n = rc ? rc : g->n + 1;
}

/* For the device called name, or for all; order is taken. */
static int give_orders(const struct config *c, const char *name, json_t *order,
		       struct err *e)
{
	struct giving g = { c, order, strcmp(name, "all") ? name : NULL, 0, e };

	g.n = file_make_folders(c->data, e);
	if (!g.n)
		(void)file_each(c->data, "devices", give, &g);
	json_decref(order);
	return g.n ? g.n : err_set(e, DM_ENOENT, "device",
				   "a device, or all", "there is no device %s",
				   name);
}

int orders_update(const struct config *c, const char *name, const char *package,
		  const char *version, struct err *e)
{
	int rc = check_package(c, package, e);

	return rc ? rc : give_orders(c, name,
		json_pack("{s:s, s:s}", "package", package,
			  "version", version), e);
}

int orders_bootstrap(const struct config *c, const char *name, struct err *e)
{
	return give_orders(c, name, json_pack("{s:b}", "bootstrap", 1), e);
}
