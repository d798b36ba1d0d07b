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
#define ALL "all"
#define ALL_AT_ONCE 100		/* devices, until others have their turn */

struct orders {
	struct server *server;
	struct event *timer;
	json_t *all;			/* an order for all; NULL: none */
	size_t next;			/* the member that it is for next */
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
	*u = (struct update){
		.number = device_next_number(u->number),
		.step = UPDATE_WANTED,
		.wakes = 1,
		.words = "is to be woken",
	};
	strcpy(u->package, package);
	strcpy(u->version, version);
	return true;
}

static int check_package(const struct server *s, const char *name,
			 struct err *e)
{
	struct package p;
	int rc = package_open(s->packages, name, &p, e);

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
	} else if (check_package(m->server, update.package, &e)) {
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

static json_t *read_file(const struct server *s, const char *name)
{
	json_t *order = NULL;
	struct err e;

	if (file_read_json(s->config->data, FOLDER, name, &order, &e))
		say(name, "order.refused", "the order is refused: no JSON");
	return order;
}

/* Removed after it is kept in the device's state: it cannot get lost. */
static void take_file(void *arg, const char *name)
{
	struct orders *o = arg;
	struct server *s = o->server;
	struct member *m = server_find_name(s, name);
	json_t *order;

	if (!strcmp(name, ALL) && o->all)
		return;
	order = read_file(s, name);
	if (order && !strcmp(name, ALL)) {
		o->all = order;		/* taken */
		o->next = 0;
		return;
	}
	if (order && m)
		take_order(m, order);
	else if (order)
		say(name, "order.refused", "the order is refused: there is no "
		    "such device");
	file_remove(s->config->data, FOLDER, name);
	json_decref(order);
}

/* All have it; but who ordered something else meanwhile is heard, too. */
static void finish_all(struct orders *o)
{
	const char *data = o->server->config->data;
	json_t *now = NULL;
	struct err e;

	if (file_read_json(data, FOLDER, ALL, &now, &e) ||
	    json_equal(now, o->all))
		file_remove(data, FOLDER, ALL);
	json_decref(now);
	json_decref(o->all);
	o->all = NULL;
}

static void take_some_of_all(struct orders *o)
{
	struct server *s = o->server;

	for (int i = 0; i < ALL_AT_ONCE && o->next < s->n_members; i++)
		take_order(s->members[o->next++], o->all);
	if (o->next == s->n_members)
		finish_all(o);
}

static void on_timer(evutil_socket_t fd, short what, void *arg)
{
	const struct timeval look = { .tv_sec = 1 }, go_on = { .tv_usec = 1 };
	struct orders *o = arg;

	(void)fd;
	(void)what;
	if (!o->all)
		(void)file_each(o->server->config->data, FOLDER, take_file, o);
	if (o->all)
		take_some_of_all(o);
	event_add(o->timer, o->all ? &go_on : &look);
}

struct orders *orders_open(struct server *s)
{
	struct orders *o = calloc(1, sizeof(*o));

	if (!o)
		abort();
	o->server = s;
	o->timer = event_new(s->base, -1, 0, on_timer, o);
	event_add(o->timer, &(struct timeval){ .tv_sec = 1 });
	return o;
}

void orders_close(struct orders *o)
{
	event_free(o->timer);
	json_decref(o->all);
	free(o);
}

/* -------------------------------- giving --------------------------------- */

/* The devices that name means. */
static int count_devices(const struct server *s, const char *name,
			 struct err *e)
{
	int n = strcmp(name, ALL) ? server_find_name(s, name) != NULL :
				    (int)s->n_members;

	return n ? n : err_set(e, DM_ENOENT, "device", "a device, or all",
			       "there is no device %s", name);
}

/* For the device called name, or for all; order is taken. */
static int give_order(const struct server *s, const char *name, json_t *order,
		      struct err *e)
{
	int n = count_devices(s, name, e);
	int rc = n < 0 ? n : file_write_json(s->config->data, FOLDER, name,
					     order, e);

	json_decref(order);
	return rc ? rc : n;
}

int orders_update(const struct server *s, const char *name, const char *package,
		  const char *version, struct err *e)
{
	int rc = check_package(s, package, e);

	return rc ? rc : give_order(s, name,
		json_pack("{s:s, s:s}", "package", package,
			  "version", version), e);
}

int orders_bootstrap(const struct server *s, const char *name, struct err *e)
{
	return give_order(s, name, json_pack("{s:b}", "bootstrap", 1), e);
}
