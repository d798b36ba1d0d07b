/* SPDX-License-Identifier: Apache-2.0 */
#include "examples/dm-server/server.h"

#include <event2/event.h>
#include <stdlib.h>
#include <string.h>

#include "examples/dm-server/file.h"
#include "examples/dm-server/package.h"
#include "examples/dm-server/say.h"
#include "syncml/codec.h"
#include "wap/hash.h"

/* -------------------------------- loading -------------------------------- */

struct loading {
	struct server *server;
	struct err *e;
	int rc;
};

static struct member *new_member(struct server *s)
{
	struct member *m = calloc(1, sizeof(*m));

	s->members = reallocarray(s->members, s->n_members + 1,
				  sizeof(struct member *));
	if (!m || !s->members)
		abort();
	m->server = s;
	s->members[s->n_members++] = m;
	return m;
}

static void load_file(void *arg, const char *name)
{
	struct loading *l = arg;
	struct member *m = new_member(l->server);

	if (!l->rc)
		l->rc = device_load(&m->device, l->server->config->data, name,
				    l->e);
}

static int load_line(void *arg, json_t *line, struct err *e)
{
	struct server *s = arg;

	return device_load_line(&new_member(s)->device, s->config->data, line,
				e);
}

static int load_all(struct server *s, struct err *e)
{
	struct loading l = { s, e, DM_OK };

	l.rc = file_make_folders(s->config->data, e);
	if (!l.rc && !file_each(s->config->data, "devices", load_file, &l))
		return err_set(e, DM_EINVAL, "data",
			       "a folder with devices/", "%s",
			       s->config->data);
	if (!l.rc && s->config->fleet[0])
		l.rc = file_each_line(s->config->fleet, load_line, s, e);
	return l.rc;
}

/* --------------------------------- index --------------------------------- */

static int by_name(const void *a, const void *b)
{
	return strcmp((*(struct member *const *)a)->device.name,
		      (*(struct member *const *)b)->device.name);
}

static int by_dev_id(const void *a, const void *b)
{
	return strcmp((*(struct member *const *)a)->device.dev_id,
		      (*(struct member *const *)b)->device.dev_id);
}

static int is_name(const void *name, const void *m)
{
	return strcmp(name, (*(struct member *const *)m)->device.name);
}

static int is_dev_id(const void *dev_id, const void *m)
{
	return strcmp(dev_id, (*(struct member *const *)m)->device.dev_id);
}

static int make_index(struct server *s, struct err *e)
{
	s->dev_ids = reallocarray(NULL, s->n_members + 1, sizeof(*s->dev_ids));
	if (!s->dev_ids)
		abort();
	if (!s->n_members)
		return DM_OK;
	memcpy(s->dev_ids, s->members, s->n_members * sizeof(*s->members));
	qsort(s->members, s->n_members, sizeof(*s->members), by_name);
	qsort(s->dev_ids, s->n_members, sizeof(*s->dev_ids), by_dev_id);
	for (size_t i = 1; i < s->n_members; i++)
		if (!by_name(&s->members[i - 1], &s->members[i]))
			return err_set(e, DM_EINVAL, "fleet",
				       "each device once", "device %s twice",
				       s->members[i]->device.name);
	return DM_OK;
}

struct member *server_find_name(const struct server *s, const char *name)
{
	struct member **m = s->n_members ?
		bsearch(name, s->members, s->n_members, sizeof(*m), is_name) :
		NULL;

	return m ? *m : NULL;
}

struct member *server_find_device(const struct server *s, const char *dev_id,
				  const char *name)
{
	struct member **m = dev_id && dev_id[0] && s->n_members ?
		bsearch(dev_id, s->dev_ids, s->n_members, sizeof(*m),
			is_dev_id) : NULL;

	if (m)
		return *m;
	return name ? server_find_name(s, name) : NULL;
}

/* ----------------------------- start and stop ---------------------------- */

int server_load(struct server *s, struct event_base *base,
		const struct config *config, struct err *e)
{
	int rc;

	memset(s, 0, sizeof(*s));
	s->base = base;
	s->config = config;
	s->packages = packages_open(config->packages);
	s->arena.cap = SYNCML_ARENA_MAX;
	s->arena.buf = malloc(s->arena.cap);
	if (!s->arena.buf)
		abort();
	rc = load_all(s, e);
	return rc ? rc : make_index(s, e);
}

void server_free(struct server *s)
{
	for (size_t i = 0; i < s->n_members; i++) {
		if (s->members[i]->timeout)
			event_free(s->members[i]->timeout);
		hash_wipe(s->members[i], sizeof(struct member));
		free(s->members[i]);
	}
	packages_close(s->packages);
	free(s->members);
	free(s->dev_ids);
	free(s->arena.buf);
}

/* A message of a session often changes nothing, and the disk is slow. */
static bool is_kept(struct member *m)
{
	const struct hash_part all = { &m->device, sizeof(m->device) };
	uint8_t kept[HASH_SHA256_LEN];
	bool same;

	if (hash_sha256(&all, 1, kept))
		return false;
	same = !memcmp(m->kept, kept, sizeof(kept));
	memcpy(m->kept, kept, sizeof(kept));
	return same;
}

void server_save(struct member *m)
{
	char text[ERR_TEXT_MAX];
	struct err e;

	if (is_kept(m) || !device_save(&m->device, m->server->config->data, &e))
		return;
	say(m->device.name, "disk.failed", "cannot be saved: %s",
	    err_text(&e, text, sizeof(text)));
	exit(EXIT_FAILURE);
}
