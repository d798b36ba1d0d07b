/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/daemon.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static int ready_fd = -1;	/* the parent reads its other end */

static int io_error(struct err *e, const char *field)
{
	return err_set(e, DM_EIO, field, "", "%s", strerror(errno));
}

/* The parent's part: waits for the octet, or for the child's end. */
static void wait_ready(int fd, pid_t child)
{
	int status = 0;
	char octet;

	if (read(fd, &octet, 1) == 1)
		_exit(EXIT_SUCCESS);
	waitpid(child, &status, 0);
	_exit(WIFEXITED(status) && WEXITSTATUS(status) ? WEXITSTATUS(status)
						       : EXIT_FAILURE);
}

int daemon_begin(struct err *e)
{
	int fds[2];
	pid_t child;

	if (pipe2(fds, O_CLOEXEC))
		return io_error(e, "daemon");
	child = fork();
	if (child < 0)
		return io_error(e, "daemon");
	if (child > 0) {
		close(fds[1]);
		wait_ready(fds[0], child);
	}
	close(fds[0]);
	ready_fd = fds[1];
	setsid();
	return DM_OK;
}

void daemon_ready(void)
{
	int null;

	if (ready_fd < 0)	/* in the foreground */
		return;
	null = open("/dev/null", O_RDWR | O_CLOEXEC);
	for (int fd = 0; fd < 3 && null >= 0; fd++)
		dup2(null, fd);
	if (null > 2)
		close(null);
	(void)!write(ready_fd, "", 1);
	close(ready_fd);
	ready_fd = -1;
}

int daemon_pid_file(const char *path, struct err *e)
{
	FILE *f = fopen(path, "we");

	if (!f)
		return io_error(e, "pid-file");
	fprintf(f, "%ld\n", (long)getpid());
	return fclose(f) ? io_error(e, "pid-file") : DM_OK;
}

void daemon_no_core(void)
{
	struct rlimit none = { 0, 0 };

	setrlimit(RLIMIT_CORE, &none);
	prctl(PR_SET_DUMPABLE, 0);
}
