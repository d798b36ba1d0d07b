/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/client.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "gateway/json/rpc.h"

#define SOCKET_PATH_MAX 107	/* octets, struct sockaddr_un */

#define OUT_MAX 65536		/* octets that wait to be sent */

struct client {
	FILE *file;		/* the socket, to be read */
	json_int_t n_calls;
	char out[OUT_MAX];
	size_t out_len;
};

static const char *socket_path(const char *path)
{
	if (!path)
		path = getenv("DMBOX_SOCKET");
	return path && path[0] ? path : CLIENT_SOCKET;
}

static int connect_to(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	if (fd >= 0 && connect(fd, (struct sockaddr *)&address,
			       sizeof(address))) {
		close(fd);
		fd = -1;
	}
	return fd;
}

int client_open(struct client **out, const char *path, struct err *e)
{
	struct client *c = calloc(1, sizeof(*c));
	int fd;

	path = socket_path(path);
	if (strlen(path) > SOCKET_PATH_MAX) {
		free(c);
		return err_set(e, DM_EINVAL, "socket", "1 to 107 octets",
			       "%zu octets", strlen(path));
	}
	fd = c ? connect_to(path) : -1;
	if (fd < 0) {
		free(c);
		return err_set(e, DM_EIO, "socket",
			       "a running dmboxd's socket: see --socket and "
			       "DMBOX_SOCKET", "%s: %s", path,
			       strerror(errno));
	}
	c->file = fdopen(fd, "r");
	if (!c->file) {
		perror("dmbox");
		exit(EXIT_FAILURE);
	}
	*out = c;
	return DM_OK;
}

void client_close(struct client *c)
{
	fclose(c->file);
	free(c);
}

static int broken(struct err *e)
{
	return err_set(e, DM_EIO, "socket", "try again; see dmboxd's log",
		       "dmboxd closed the connection");
}

/* Without a SIGPIPE: whoever reads our output may end us so, dmboxd may not. */
static bool send_all(int fd, const char *text, size_t len)
{
	while (len > 0) {
		ssize_t n = send(fd, text, len, MSG_NOSIGNAL);

		if (n < 0 && errno != EINTR)
			return false;
		if (n > 0) {
			text += n;
			len -= (size_t)n;
		}
	}
	return true;
}

/* An error is left to reading: who is not let in finds the reason there. */
static void flush(struct client *c)
{
	(void)send_all(fileno(c->file), c->out, c->out_len);
	c->out_len = 0;
}

static void put(struct client *c, const char *text, size_t len)
{
	if (len > OUT_MAX - c->out_len)
		flush(c);
	if (len > OUT_MAX) {
		(void)send_all(fileno(c->file), text, len);
		return;
	}
	memcpy(c->out + c->out_len, text, len);
	c->out_len += len;
}

void client_send(struct client *c, const char *method, json_t *params,
		 json_int_t number)
{
	json_t *request = json_pack("{s:s, s:I, s:s, s:o}", "jsonrpc", "2.0",
				    "id", number, "method", method,
				    "params", params);
	char *text = json_dumps(request, JSON_COMPACT);

	if (text) {
		put(c, text, strlen(text));
		put(c, "\n", 1);
	}
	free(text);
	json_decref(request);
}

static const char *text_of(json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	return text ? text : "";
}

/* What dmboxd said, as if we had found it ourselves. */
static int refusal(json_t *error, struct err *e)
{
	json_t *data = json_object_get(error, "data");
	json_int_t code = json_integer_value(json_object_get(error, "code"));
	int dm = json_object_get(data, "retry-after-ms") ? DM_EBUSY :
		 code == RPC_INVALID_PARAMS ? DM_EINVAL : DM_ESTATE;

	return err_set(e, dm, text_of(data, "field"), text_of(data, "allowed"),
		       "%s", text_of(data, "came"));
}

int client_next(struct client *c, json_t **line, struct err *e)
{
	char *text = NULL;
	size_t cap = 0;

	flush(c);
	*line = NULL;
	if (getline(&text, &cap, c->file) > 0)
		*line = json_loads(text, 0, NULL);
	free(text);
	return *line ? DM_OK : broken(e);
}

int client_receive(struct client *c, json_int_t *number, json_t **result,
		   struct err *e)
{
	json_t *answer, *error;
	int rc;

	*result = NULL;
	rc = client_next(c, &answer, e);
	if (rc)
		return rc;
	error = json_object_get(answer, "error");
	*number = json_integer_value(json_object_get(answer, "id"));
	*result = json_incref(json_object_get(error ? error : answer,
					      error ? "data" : "result"));
	if (error)
		rc = refusal(error, e);
	else if (!*result)
		rc = broken(e);
	json_decref(answer);
	return rc;
}

int client_call(struct client *c, const char *method, json_t *params,
		json_t **result, struct err *e)
{
	json_int_t number;

	client_send(c, method, params, ++c->n_calls);
	return client_receive(c, &number, result, e);
}
