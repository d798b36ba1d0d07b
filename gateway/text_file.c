/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/text_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/xalloc.h"
#include "wap/hash.h"

static int fail(const char *path, const char *why, struct err *e)
{
	return err_set(e, DM_EINVAL, "file", "a file that can be read",
		       "%s: %s", path, why);
}

int text_file_read(const char *path, size_t max, char **text, size_t *len,
		   struct err *e)
{
	FILE *file = strcmp(path, "-") ? fopen(path, "r") : stdin;
	char *room;
	size_t n;
	int rc = DM_OK;

	if (!file)
		return fail(path, strerror(errno), e);
	room = xcalloc(1, max + 2);
	errno = 0;
	n = fread(room, 1, max + 1, file);
	if (ferror(file))
		rc = fail(path, strerror(errno), e);
	else if (n > max)
		rc = fail(path, "it is too long", e);
	if (file != stdin)
		fclose(file);
	if (rc) {
		hash_wipe(room, max + 2);
		free(room);
		return rc;
	}
	*text = room;
	*len = n;
	return DM_OK;
}
