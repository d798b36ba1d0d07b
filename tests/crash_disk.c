/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/crash_disk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/xalloc.h"
#include "tests/tap.h"

#define TEAR_LEN 512		/* octets: what a disk writes whole, or not */
#define NAMES_MAX 8
#define FILES_MAX 4096		/* in the life of a folder */
#define NAMINGS_MAX 64		/* of a name, since the folder was synced */

struct content {
	uint8_t *octets;
	size_t len, cap;
};

struct change {
	size_t at, len;
	bool truncates;		/* to at octets */
	uint8_t *octets;
};

struct disk_file {
	struct content synced;
	struct change *changes;	/* since */
	size_t n_changes, cap;
};

/* What stands behind a name, which is NULL where there is no such file. */
struct disk_name {
	char text[64];
	struct disk_file *now;
	struct disk_file *were[NAMINGS_MAX];	/* since the folder's sync */
	size_t n_were;		/* the first of them is synced */
};

static size_t sector_len;
static bool powersafe;
static struct disk_file files[FILES_MAX];
static size_t n_files;
static struct disk_name names[NAMES_MAX];
static size_t n_names;

/* -------------------------------- contents -------------------------------- */

static void set_len(struct content *c, size_t len)
{
	if (len > c->cap) {
		c->cap = 2 * len;
		c->octets = realloc(c->octets, c->cap);
		if (!c->octets)
			abort();
	}
	if (len > c->len)
		memset(c->octets + c->len, 0, len - c->len);
	c->len = len;
}

static void put(struct content *c, const struct change *w)
{
	if (w->truncates) {
		set_len(c, w->at);
		return;
	}
	if (c->len < w->at + w->len)
		set_len(c, w->at + w->len);
	if (w->len > 0)
		memcpy(c->octets + w->at, w->octets, w->len);
}

static void add_change(struct disk_file *f, const struct change *w)
{
	if (f->n_changes == f->cap) {
		f->cap = f->cap ? 2 * f->cap : 64;
		f->changes = realloc(f->changes,
				     f->cap * sizeof(f->changes[0]));
		if (!f->changes)
			abort();
	}
	f->changes[f->n_changes++] = *w;
}

void disk_write(struct disk_file *f, const void *in, size_t len, size_t at)
{
	struct change w = { .at = at, .len = len,
			    .octets = xcalloc(1, len + 1) };

	memcpy(w.octets, in, len);
	add_change(f, &w);
}

void disk_truncate(struct disk_file *f, size_t len)
{
	struct change w = { .at = len, .truncates = true };

	add_change(f, &w);
}

static void drop_changes(struct disk_file *f)
{
	while (f->n_changes > 0)
		free(f->changes[--f->n_changes].octets);
}

/* Becomes what the disk has in its place, and zeros behind the end. */
static void revert(struct change *w, const struct content *synced)
{
	memset(w->octets, 0, w->len);
	for (size_t i = 0; i < w->len && w->at + i < synced->len; i++)
		w->octets[i] = synced->octets[w->at + i];
}

void disk_lose(struct disk_file *f,
	       void (*lost)(const void *octets, size_t len, size_t at,
			    void *arg), void *arg)
{
	size_t n = 0;

	for (size_t i = 0; i < f->n_changes; i++) {
		struct change *w = &f->changes[i];

		if (w->truncates) {
			f->changes[n++] = *w;
			continue;
		}
		revert(w, &f->synced);
		if (lost)
			lost(w->octets, w->len, w->at, arg);
		free(w->octets);
	}
	f->n_changes = n;
}

void disk_sync(struct disk_file *f)
{
	for (size_t i = 0; i < f->n_changes; i++)
		put(&f->synced, &f->changes[i]);
	drop_changes(f);
}

/* --------------------------------- names --------------------------------- */

static struct disk_name *find_name(const char *text)
{
	struct disk_name *n;

	for (size_t i = 0; i < n_names; i++)
		if (strcmp(names[i].text, text) == 0)
			return &names[i];
	if (n_names == NAMES_MAX)
		abort();
	n = &names[n_names++];
	*n = (struct disk_name){ 0 };
	snprintf(n->text, sizeof(n->text), "%s", text);
	return n;
}

static void rename_to(struct disk_name *n, struct disk_file *f)
{
	if (n->n_were == NAMINGS_MAX)
		abort();
	n->were[n->n_were++] = n->now;
	n->now = f;
}

struct disk_file *disk_open(const char *name)
{
	struct disk_name *n = find_name(name);

	if (!n->now) {
		if (n_files == FILES_MAX)
			abort();
		rename_to(n, &files[n_files++]);
	}
	return n->now;
}

void disk_adopt(const char *name, const char *path)
{
	struct disk_file *f = disk_open(name);
	uint8_t octets[4096];
	size_t n, len = 0;
	FILE *in = fopen(path, "rb");

	while (in && (n = fread(octets, 1, sizeof(octets), in)) > 0) {
		disk_write(f, octets, n, len);
		len += n;
	}
	if (in)
		fclose(in);
	disk_sync(f);
	disk_sync_folder();
}

void disk_remove(const char *name)
{
	rename_to(find_name(name), NULL);
}

void disk_sync_folder(void)
{
	for (size_t i = 0; i < n_names; i++)
		names[i].n_were = 0;
}

void disk_reset(const struct crash_disk *disk)
{
	for (size_t i = 0; i < n_files; i++) {
		drop_changes(&files[i]);
		free(files[i].changes);
		free(files[i].synced.octets);
		files[i] = (struct disk_file){ 0 };
	}
	n_files = n_names = 0;
	sector_len = (size_t)disk->sector_len;
	powersafe = disk->powersafe;
}

/* -------------------------------- a crash -------------------------------- */

/* How much of a file's changes a crash leaves. */
enum fate {
	FATE_NONE,
	FATE_ALL,
	FATE_FIRST,		/* up to one of them */
	FATE_SOME,		/* each by chance */
	FATE_TORN,		/* some, and some of these in part */
	FATE_SHUFFLED,		/* the same, in another order */
};
#define FATES 6

/* A sector that was being written: new, old, or neither. */
static void tear_sector(struct content *c, const struct change *w, size_t from,
			size_t to, uint64_t *random)
{
	size_t how = tap_random_below(random, 4);

	if (how == 0)
		return;
	if (c->len < to)
		set_len(c, to);
	if (how == 1)
		tap_random_octets(random, c->octets + from, to - from);
	else
		memcpy(c->octets + from, w->octets + (from - w->at), to - from);
}

/* Without powersafe overwrites what stands beside it is harmed, too. */
static void harm_beside(struct content *c, const struct change *w,
			uint64_t *random)
{
	size_t from = w->at / sector_len * sector_len;
	size_t end = w->at + w->len;
	size_t to = (end + sector_len - 1) / sector_len * sector_len;

	if (to > c->len)
		to = c->len;
	if (from < w->at && w->at <= c->len && tap_random_below(random, 2))
		tap_random_octets(random, c->octets + from, w->at - from);
	if (end < to && tap_random_below(random, 2))
		tap_random_octets(random, c->octets + end, to - end);
}

static void put_torn(struct content *c, const struct change *w,
		     uint64_t *random)
{
	size_t end = w->at + w->len;

	if (w->truncates) {
		put(c, w);
		return;
	}
	if (!powersafe)
		harm_beside(c, w, random);
	for (size_t from = w->at; from < end;) {
		size_t to = (from / TEAR_LEN + 1) * TEAR_LEN;

		if (to > end)
			to = end;
		tear_sector(c, w, from, to, random);
		from = to;
	}
}

static void shuffle(struct change *list, size_t n, uint64_t *random)
{
	for (size_t i = n; i > 1; i--) {
		size_t k = tap_random_below(random, i);
		struct change w = list[i - 1];

		list[i - 1] = list[k];
		list[k] = w;
	}
}

static void put_by_chance(struct content *c, const struct change *list,
			  size_t n, enum fate fate, uint64_t *random)
{
	for (size_t i = 0; i < n; i++) {
		size_t chance = tap_random_below(random, 4);

		if (chance == 0)
			continue;
		if (chance == 1 && fate != FATE_SOME)
			put_torn(c, &list[i], random);
		else
			put(c, &list[i]);
	}
}

static void put_changes(struct content *c, const struct disk_file *f,
			uint64_t *random)
{
	enum fate fate = (enum fate)tap_random_below(random, FATES);
	size_t n = f->n_changes;
	struct change *list;

	if (n == 0 || fate == FATE_NONE)
		return;
	list = xcalloc(n, sizeof(*list));
	memcpy(list, f->changes, n * sizeof(*list));
	if (fate == FATE_SHUFFLED)
		shuffle(list, n, random);
	if (fate == FATE_FIRST)
		n = 1 + tap_random_below(random, n);
	if (fate == FATE_ALL || fate == FATE_FIRST)
		for (size_t i = 0; i < n; i++)
			put(c, &list[i]);
	else
		put_by_chance(c, list, n, fate, random);
	free(list);
}

static void write_file(const char *folder, const char *name,
		       const struct content *c)
{
	char path[256];
	FILE *out;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	out = fopen(path, "wb");
	if (!out || (c->len && fwrite(c->octets, c->len, 1, out) != 1) ||
	    fclose(out)) {
		printf("Bail out! %s cannot be written\n", path);
		exit(EXIT_FAILURE);
	}
}

/* Each name is what it was synced as, or one of those that it became since. */
static const struct disk_file *choose(const struct disk_name *n,
				      uint64_t *random)
{
	size_t which = random ? tap_random_below(random, n->n_were + 1) : 0;

	return which < n->n_were ? n->were[which] : n->now;
}

void disk_image(const char *folder, uint64_t *random)
{
	for (size_t i = 0; i < n_names; i++) {
		const struct disk_file *f = choose(&names[i], random);
		struct content c = { 0 };

		if (!f)
			continue;
		set_len(&c, f->synced.len);
		if (c.len > 0)
			memcpy(c.octets, f->synced.octets, c.len);
		if (random)
			put_changes(&c, f, random);
		write_file(folder, names[i].text, &c);
		free(c.octets);
	}
}
