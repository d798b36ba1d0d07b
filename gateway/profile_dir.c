/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/profile_dir.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "gateway/text_file.h"
#include "gateway/xalloc.h"

#define SUFFIX ".xml"

/* Octets of tree for one octet of XML: no element takes more. */
#define TREE_FACTOR 64
#define TREE_MIN 65536

struct profile_file {
	struct profile profile;		/* its texts are in room */
	uint8_t *room;
	char name[PROFILE_NAME_MAX + 1];
};

static void file_free(struct profile_file *f)
{
	free(f->room);
	free(f);
}

/* "FILE: line 3: ...": which of all files it is must be said. */
static int name_file(const char *path, int rc, struct err *e)
{
	struct err inner = *e;
	char text[ERR_TEXT_MAX];

	return err_set(e, rc, "profile", inner.allowed, "%s: %s", path,
		       err_text(&inner, text, sizeof(text)));
}

static int read_file(const char *path, struct profile_file *f, struct err *e)
{
	struct arena a = { 0 };
	char *text;
	size_t len;
	int rc = text_file_read(path, XML_OCTETS_MAX, &text, &len, e);

	if (rc)
		return rc;
	a.cap = TREE_FACTOR * len + TREE_MIN;
	a.buf = f->room = xcalloc(1, a.cap);
	rc = profile_read(&a, f->name, text, len, &f->profile, e);
	free(text);
	return rc ? name_file(path, rc, e) : DM_OK;
}

static bool name_of(const char *file, char out[PROFILE_NAME_MAX + 1])
{
	size_t len = strlen(file), suffix = strlen(SUFFIX);

	if (len <= suffix || len - suffix > PROFILE_NAME_MAX ||
	    file[0] == '.' || strcmp(file + len - suffix, SUFFIX))
		return false;
	snprintf(out, PROFILE_NAME_MAX + 1, "%.*s", (int)(len - suffix), file);
	return true;
}

/* Files with other names are left alone. */
static int add(struct profile_dir *d, const char *path, const char *file,
	       struct err *e)
{
	struct profile_file *f = xcalloc(1, sizeof(*f));
	int rc = DM_OK;

	if (!name_of(file, f->name)) {
		file_free(f);
		return DM_OK;
	}
	if (d->n == PROFILE_DIR_MAX)
		rc = err_set(e, DM_EINVAL, "profile", "1000 in a folder",
			     "%s has more", path);
	if (!rc)
		rc = read_file(path, f, e);
	if (rc)
		file_free(f);
	else
		d->files[d->n++] = f;
	return rc;
}

static int by_name(const void *a, const void *b)
{
	const struct profile_file *const *x = a, *const *y = b;

	return strcmp((*x)->name, (*y)->name);
}

static int add_all(struct profile_dir *d, const char *path, DIR *dir,
		   struct err *e)
{
	char file[4096];
	struct dirent *entry;
	int rc = DM_OK;

	while (!rc && (entry = readdir(dir))) {
		int n = snprintf(file, sizeof(file), "%s/%s", path,
				 entry->d_name);

		if (n > 0 && (size_t)n < sizeof(file))
			rc = add(d, file, entry->d_name, e);
	}
	qsort(d->files, d->n, sizeof(*d->files), by_name);
	return rc;
}

static int add_one(struct profile_dir *d, const char *path, struct err *e)
{
	const char *slash = strrchr(path, '/');
	int rc = add(d, path, slash ? slash + 1 : path, e);

	if (!rc && d->n == 0)
		return err_set(e, DM_EINVAL, "profile",
			       "a file NAME.xml, NAME of 1 to 32 characters",
			       "%s", path);
	return rc;
}

int profile_dir_load(struct profile_dir *d, const char *path, struct err *e)
{
	struct stat st;
	DIR *dir;
	int rc;

	*d = (struct profile_dir){ 0 };
	if (stat(path, &st))
		return err_set(e, DM_ENOENT, "profiles",
			       "a folder of profiles, dmbox-profile(5)",
			       "%s: %s", path, strerror(errno));
	d->files = xcalloc(PROFILE_DIR_MAX, sizeof(struct profile_file *));
	dir = S_ISDIR(st.st_mode) ? opendir(path) : NULL;
	rc = dir ? add_all(d, path, dir, e) : add_one(d, path, e);
	if (dir)
		closedir(dir);
	if (rc)
		profile_dir_free(d);
	return rc;
}

void profile_dir_free(struct profile_dir *d)
{
	for (size_t i = 0; i < d->n; i++)
		file_free(d->files[i]);
	free(d->files);
	*d = (struct profile_dir){ 0 };
}

const struct profile *profile_dir_at(const struct profile_dir *d, size_t i)
{
	return i < d->n ? &d->files[i]->profile : NULL;
}

const struct profile *profile_dir_find(const struct profile_dir *d,
				       const char *name)
{
	for (size_t i = 0; i < d->n; i++)
		if (!strcmp(d->files[i]->name, name))
			return &d->files[i]->profile;
	return NULL;
}
