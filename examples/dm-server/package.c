/* SPDX-License-Identifier: Apache-2.0 */
#include "examples/dm-server/package.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_name(const char *name)
{
	static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "abcdefghijklmnopqrstuvwxyz"
				      "0123456789._-";

	return name[0] && name[0] != '.' &&
	       strspn(name, allowed) == strlen(name);
}

static bool digest(struct package *p)
{
	void *mem = mmap(NULL, p->size, PROT_READ, MAP_PRIVATE, p->fd, 0);
	struct hash_part part = { mem, p->size };
	bool ok;

	if (mem == MAP_FAILED)
		return false;
	ok = hash_sha256(&part, 1, p->sha256) == DM_OK;
	munmap(mem, p->size);
	return ok;
}

int package_open(const char *folder, const char *name, struct package *p,
		 struct err *e)
{
	char path[4096];
	struct stat st;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	p->fd = is_name(name) ? open(path, O_RDONLY | O_CLOEXEC) : -1;
	if (p->fd >= 0 && !fstat(p->fd, &st) && S_ISREG(st.st_mode)) {
		p->size = (size_t)st.st_size;
		if (digest(p))
			return DM_OK;
	}
	if (p->fd >= 0)
		close(p->fd);
	return err_set(e, DM_ENOENT, "package", "a file that is not empty",
		       "no %s in %s", name, folder);
}
