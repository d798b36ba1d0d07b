/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/api/api_socket.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "gateway/json/rpc.h"

int api_socket_error(struct err *e, const char *path)
{
	return err_set(e, DM_EIO, "socket",
		       "a path in a folder that dmboxd may write",
		       "%s: %s", path, strerror(errno));
}

/* Only a refusal tells that nobody listens: it may be busy, or another's. */
static bool is_in_use(const struct sockaddr_un *address)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	bool used = connect(fd, (const struct sockaddr *)address,
			    sizeof(*address)) == 0 || errno != ECONNREFUSED;

	if (fd >= 0)
		close(fd);
	return used;
}

int api_socket_prepare(const char *path, struct sockaddr_un *address,
		       struct err *e)
{
	struct stat st;

	if (strlen(path) >= sizeof(address->sun_path))
		return err_set(e, DM_EINVAL, "socket", "1 to 107 octets",
			       "%zu octets", strlen(path));
	*address = (struct sockaddr_un){ .sun_family = AF_UNIX };
	strcpy(address->sun_path, path);
	if (lstat(path, &st))
		return errno == ENOENT ? DM_OK : api_socket_error(e, path);
	if (!S_ISSOCK(st.st_mode))
		return err_set(e, DM_EINVAL, "socket", "the path of a socket",
			       "%s is something else", path);
	if (is_in_use(address))
		return err_set(e, DM_EINVAL, "socket",
			       "stop the other one, or name another path",
			       "%s is in use by another dmboxd", path);
	return unlink(path) ? api_socket_error(e, path) : DM_OK;
}

uint32_t api_socket_peer(int fd)
{
	struct ucred cred = { .uid = (uid_t)-1 };
	socklen_t len = sizeof(cred);

	getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &cred, &len);
	return cred.uid;
}

void api_socket_refuse(int fd, const struct err *e)
{
	json_t *answer = rpc_error(NULL, e);
	char *text = json_dumps(answer, JSON_COMPACT);

	if (text) {
		struct iovec line[] = { { text, strlen(text) }, { "\n", 1 } };

		(void)!writev(fd, line, 2);
	}
	free(text);
	json_decref(answer);
	close(fd);
}
