/* SPDX-License-Identifier: Apache-2.0 */
/* The API's socket file. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "tests/api_fixture.h"

static struct err e;

/* Tries to open a second API at path. */
static int open_at(const char *path)
{
	struct event_base *other_base = event_base_new();
	struct api *other = NULL;
	int rc = api_new(&other, other_base, path, 1, api_methods, NULL, &e);

	CU_ASSERT_EQUAL(rc == DM_OK, other != NULL);
	if (other)
		api_free(other);
	event_base_free(other_base);
	return rc;
}

static void only_owner_and_group_may_connect(void)
{
	mode_t before = umask(0);
	struct stat st;

	api_start();
	CU_ASSERT_EQUAL(stat(api_path, &st), 0);
	CU_ASSERT(S_ISSOCK(st.st_mode));
	CU_ASSERT_EQUAL(st.st_mode & 0777, 0660);
	api_end();
	umask(before);
}

static void one_that_is_in_use_is_left_alone(void)
{
	int fd;

	api_start();
	CU_ASSERT_EQUAL(open_at(api_path), DM_EINVAL);
	CU_ASSERT_STRING_EQUAL(e.field, "socket");
	CU_ASSERT_PTR_NOT_NULL(strstr(e.came, "is in use"));
	fd = client_new();
	CU_ASSERT(client_say(fd, "{}\n"));
	CU_ASSERT_PTR_NOT_NULL(client_hear(fd));
	close(fd);
	api_end();
}

/* A socket file at api_path; listens unless backlog is negative. */
static int listener(int backlog)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", api_path);
	CU_ASSERT_EQUAL(bind(fd, (struct sockaddr *)&address,
			     sizeof(address)), 0);
	if (backlog >= 0)
		CU_ASSERT_EQUAL(listen(fd, backlog), 0);
	return fd;
}

static void one_that_is_stale_is_made_anew(void)
{
	close(listener(0));
	CU_ASSERT_EQUAL(access(api_path, F_OK), 0);
	CU_ASSERT_EQUAL(open_at(api_path), DM_OK);
	CU_ASSERT_EQUAL(access(api_path, F_OK), -1);
}

static void one_that_is_busy_is_in_use(void)
{
	int fd = listener(0), waiting[8];

	for (unsigned i = 0; i < 8; i++) {	/* nobody accepts these */
		struct sockaddr_un address = { .sun_family = AF_UNIX };

		waiting[i] = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
		strcpy(address.sun_path, api_path);
		(void)!connect(waiting[i], (struct sockaddr *)&address,
			       sizeof(address));
	}
	CU_ASSERT_EQUAL(open_at(api_path), DM_EINVAL);
	CU_ASSERT_PTR_NOT_NULL(strstr(e.came, "is in use"));
	for (unsigned i = 0; i < 8; i++)
		close(waiting[i]);
	close(fd);
	unlink(api_path);
}

static void what_is_no_socket_is_left_alone(void)
{
	struct stat st;

	close(open(api_path, O_CREAT | O_WRONLY, 0600));
	CU_ASSERT_EQUAL(open_at(api_path), DM_EINVAL);
	CU_ASSERT_PTR_NOT_NULL(strstr(e.came, "is something else"));
	CU_ASSERT_EQUAL(stat(api_path, &st), 0);
	CU_ASSERT(S_ISREG(st.st_mode));
	unlink(api_path);
	CU_ASSERT_EQUAL(symlink("/etc/passwd", api_path), 0);
	CU_ASSERT_EQUAL(open_at(api_path), DM_EINVAL);
	CU_ASSERT_EQUAL(lstat(api_path, &st), 0);
	CU_ASSERT(S_ISLNK(st.st_mode));
	unlink(api_path);
}

static void a_path_that_does_not_do_is_refused(void)
{
	char path[200];

	memset(path, 'a', sizeof(path));
	path[0] = '/';
	path[108] = '\0';
	CU_ASSERT_EQUAL(open_at(path), DM_EINVAL);
	CU_ASSERT_STRING_EQUAL(e.came, "108 octets");
	CU_ASSERT_STRING_EQUAL(e.allowed, "1 to 107 octets");
	CU_ASSERT_EQUAL(open_at("/nonexistent/s"), DM_EIO);
	CU_ASSERT_PTR_NOT_NULL(strstr(e.came, "No such file or directory"));
}

int main(void)
{
	return api_run("api_socket", (CU_TestInfo[]){
		{ "only owner and group may connect",
		  only_owner_and_group_may_connect },
		{ "one that is in use is left alone",
		  one_that_is_in_use_is_left_alone },
		{ "one that is stale is made anew",
		  one_that_is_stale_is_made_anew },
		{ "one that is busy is in use", one_that_is_busy_is_in_use },
		{ "what is no socket is left alone",
		  what_is_no_socket_is_left_alone },
		{ "a path that does not do is refused",
		  a_path_that_does_not_do_is_refused },
		CU_TEST_INFO_NULL,
	});
}
