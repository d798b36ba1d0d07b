/* SPDX-License-Identifier: Apache-2.0 */
#include "emulator/dm/dm_package_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TOTAL_MAX 20			/* digits */

static void path_of(const char *dir, const struct device *d,
		    char out[PATH_MAX])
{
	snprintf(out, PATH_MAX, "%s/%s.part", dir, device_digits(d->msisdn));
}

/* ---------------------------------- load ---------------------------------- */

/* A line without its end; false: there is none of up to max octets. */
static bool read_line(FILE *f, size_t max, char *out)
{
	size_t len;

	if (!fgets(out, (int)max + 2, f))
		return false;
	len = strlen(out);
	if (!len || out[len - 1] != '\n')
		return false;
	out[len - 1] = '\0';
	return true;
}

static bool load(FILE *f, const char *url, struct dm_package *p)
{
	char line[DM_TREE_VALUE_MAX + 2], octets[8192];
	char validator[DM_PACKAGE_VALIDATOR_MAX + 2], total[TOTAL_MAX + 2];
	size_t len;

	if (!read_line(f, DM_TREE_VALUE_MAX, line) || strcmp(line, url) ||
	    !read_line(f, DM_PACKAGE_VALIDATOR_MAX, validator) ||
	    !read_line(f, TOTAL_MAX, total))
		return false;
	dm_package_begin(p, validator, strtoul(total, NULL, 10));
	while ((len = fread(octets, 1, sizeof(octets), f)) > 0)
		dm_package_add(p, octets, len);
	return !ferror(f);
}

bool dm_package_file_load(const char *dir, const struct device *d,
			  struct dm_package *p)
{
	struct dm_package got = { .len = 0 };
	char path[PATH_MAX];
	FILE *f;
	bool ok;

	path_of(dir, d, path);
	f = fopen(path, "re");
	if (!f)
		return false;
	ok = load(f, d->client->fumo.url, &got) && got.len > 0;
	fclose(f);
	if (ok)
		*p = got;
	else
		dm_package_end(&got);
	return ok;
}

/* ---------------------------------- keep ---------------------------------- */

bool dm_package_file_add(int fd, const void *octets, size_t len)
{
	const char *at = octets;

	while (len > 0) {
		ssize_t n = write(fd, at, len);

		if (n < 0 && errno != EINTR)
			return false;
		at += n > 0 ? n : 0;
		len -= n > 0 ? (size_t)n : 0;
	}
	return true;
}

static int begin(const char *path, const char *url,
		 const struct dm_package *p)
{
	char head[DM_TREE_VALUE_MAX + DM_PACKAGE_VALIDATOR_MAX + TOTAL_MAX + 4];
	int len = snprintf(head, sizeof(head), "%s\n%s\n%zu\n", url,
			   p->validator, p->total);
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	int error;

	if (fd < 0 || dm_package_file_add(fd, head, (size_t)len))
		return fd;
	error = errno;
	close(fd);
	errno = error;
	return -1;
}

int dm_package_file_open(const char *dir, const struct device *d,
			 const struct dm_package *p)
{
	char path[PATH_MAX];

	path_of(dir, d, path);
	return p->len ? open(path, O_WRONLY | O_APPEND | O_CLOEXEC) :
	       begin(path, d->client->fumo.url, p);
}

void dm_package_file_remove(const char *dir, const struct device *d)
{
	char path[PATH_MAX];

	path_of(dir, d, path);
	unlink(path);
}
