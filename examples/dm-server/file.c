/* SPDX-License-Identifier: Apache-2.0 */
#include "examples/dm-server/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SUFFIX ".json"

static void path_of(char path[FILE_PATH_MAX], const char *data,
		    const char *folder, const char *name, const char *suffix)
{
	snprintf(path, FILE_PATH_MAX, "%s/%s/%s%s", data, folder, name, suffix);
}

int file_make_folders(const char *data, struct err *e)
{
	static const char *const folders[] = {
		"", "devices", "state", "updates",
	};
	char path[FILE_PATH_MAX];

	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		path_of(path, data, folders[i], "", "");
		if (mkdir(path, 0700) && errno != EEXIST)
			return err_set(e, DM_EIO, "data",
				       "a folder that we may write to",
				       "%s: %s", path, strerror(errno));
	}
	return DM_OK;
}

int file_read_json(const char *data, const char *folder, const char *name,
		   json_t **object, struct err *e)
{
	char path[FILE_PATH_MAX];
	json_error_t why;

	path_of(path, data, folder, name, SUFFIX);
	if (access(path, F_OK))
		return err_set(e, DM_ENOENT, folder, "a file", "no %s", path);
	*object = json_load_file(path, JSON_REJECT_DUPLICATES, &why);
	if (json_is_object(*object))
		return DM_OK;
	json_decref(*object);
	*object = NULL;
	return err_set(e, DM_EINVAL, folder, "a JSON object", "%s:%d", path,
		       why.line);
}

static bool write_all(const char *path, const char *text)
{
	size_t len = strlen(text);
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	bool ok = fd >= 0 && write(fd, text, len) == (ssize_t)len &&
		  !fsync(fd);

	if (fd >= 0)
		close(fd);
	return ok;
}

int file_write_json(const char *data, const char *folder, const char *name,
		    json_t *object, struct err *e)
{
	char path[FILE_PATH_MAX], next[FILE_PATH_MAX];
	char *text = json_dumps(object, JSON_INDENT(1));
	bool ok;

	if (!text)
		abort();
	path_of(path, data, folder, name, SUFFIX);
	path_of(next, data, folder, name, SUFFIX ".next");
	ok = write_all(next, text) && !rename(next, path);
	explicit_bzero(text, strlen(text));
	free(text);
	if (!ok)
		return err_set(e, DM_EIO, folder, "a disk that works", "%s: %s",
			       path, strerror(errno));
	return DM_OK;
}

void file_remove(const char *data, const char *folder, const char *name)
{
	char path[FILE_PATH_MAX];

	path_of(path, data, folder, name, SUFFIX);
	unlink(path);
}

bool file_each(const char *data, const char *folder,
	       void (*take)(void *arg, const char *name), void *arg)
{
	char path[FILE_PATH_MAX];
	struct dirent *entry;
	DIR *dir;

	path_of(path, data, folder, "", "");
	dir = opendir(path);
	if (!dir)
		return false;
	while ((entry = readdir(dir))) {
		char *end = strrchr(entry->d_name, '.');

		if (entry->d_name[0] == '.' || !end || strcmp(end, SUFFIX))
			continue;
		*end = '\0';
		take(arg, entry->d_name);
	}
	closedir(dir);
	return true;
}

static int take_lines(FILE *f, const char *path, char **line,
		      int (*take)(void *arg, json_t *object, struct err *e),
		      void *arg, struct err *e)
{
	size_t cap = 0;
	int rc = DM_OK;

	for (unsigned n = 1; !rc && getline(line, &cap, f) > 0; n++) {
		json_t *object = json_loads(*line, JSON_REJECT_DUPLICATES,
					    NULL);

		rc = json_is_object(object) ? take(arg, object, e) :
		     err_set(e, DM_EINVAL, path, "a JSON object a line",
			     "line %u", n);
		json_decref(object);
	}
	return rc;
}

int file_each_line(const char *path,
		   int (*take)(void *arg, json_t *object, struct err *e),
		   void *arg, struct err *e)
{
	FILE *f = fopen(path, "re");
	char *line = NULL;
	int rc;

	if (!f)
		return err_set(e, DM_EINVAL, path, "a file that can be read",
			       "%s", strerror(errno));
	rc = take_lines(f, path, &line, take, arg, e);
	free(line);
	fclose(f);
	return rc;
}
