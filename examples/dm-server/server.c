/* SPDX-License-Identifier: Apache-2.0 */
#include "examples/dm-server/server.h"

#include <event2/event.h>
#include <stdlib.h>
#include <string.h>

#include "examples/dm-server/file.h"
#include "examples/dm-server/say.h"
#include "syncml/codec.h"
#include "wap/hash.h"

struct loading {
	struct server *server;
	struct err *e;
	int rc;
};

static void load_one(void *arg, const char *name)
{
	struct loading *l = arg;
	struct server *s = l->server;
	struct member *m = calloc(1, sizeof(*m));

	s->members = reallocarray(s->members, s->n_members + 1,
				  sizeof(struct member *));
	if (!m || !s->members)
		abort();
	m->server = s;
	s->members[s->n_members++] = m;
	if (!l->rc)
		l->rc = device_load(&m->device, s->config->data, name, l->e);
}

int server_load(struct server *s, struct event_base *base,
		const struct config *config, struct err *e)
{
	struct loading l = { s, e, DM_OK };

	memset(s, 0, sizeof(*s));
	s->base = base;
	s->config = config;
	s->arena.cap = SYNCML_ARENA_MAX;
	s->arena.buf = malloc(s->arena.cap);
	if (!s->arena.buf)
		abort();
	l.rc = file_make_folders(config->data, e);
	if (!l.rc && !file_each(config->data, "devices", load_one, &l))
		return err_set(e, DM_EINVAL, "data",
			       "a folder with devices/", "%s", config->data);
	return l.rc;
}

void server_free(struct server *s)
{
	for (size_t i = 0; i < s->n_members; i++) {
		if (s->members[i]->timeout)
			event_free(s->members[i]->timeout);
		hash_wipe(s->members[i], sizeof(struct member));
		free(s->members[i]);
	}
	free(s->members);
	free(s->arena.buf);
}

struct member *server_find_name(const struct server *s, const char *name)
{
	for (size_t i = 0; i < s->n_members; i++)
		if (!strcmp(s->members[i]->device.name, name))
			return s->members[i];
	return NULL;
}

struct member *server_find_device(const struct server *s, const char *dev_id,
				  const char *name)
{
	for (size_t i = 0; dev_id && dev_id[0] && i < s->n_members; i++)
		if (!strcmp(s->members[i]->device.dev_id, dev_id))
			return s->members[i];
	return name ? server_find_name(s, name) : NULL;
}

void server_save(const struct member *m)
{
	char text[ERR_TEXT_MAX];
	struct err e;

	if (!device_save(&m->device, m->server->config->data, &e))
		return;
	say(m->device.name, "disk.failed", "cannot be saved: %s",
	    err_text(&e, text, sizeof(text)));
	exit(EXIT_FAILURE);
}
