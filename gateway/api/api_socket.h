/* SPDX-License-Identifier: Apache-2.0 */
/*
 * api_socket.h - the Unix socket of the API: its file, and who is at its ends
 */
#ifndef GATEWAY_API_SOCKET_H
#define GATEWAY_API_SOCKET_H

#include <stdint.h>
#include <sys/un.h>

#include "wap/err.h"

/*
 * Fills *address for a socket that can be bound to path: a socket file that
 * nobody listens on is removed, one that is in use is an error. Returns DM_OK,
 * DM_EINVAL or DM_EIO with *e.
 */
int api_socket_prepare(const char *path, struct sockaddr_un *address,
		       struct err *e) DM_CHECK;

/* Fills *e with errno about the path; DM_EIO. */
int api_socket_error(struct err *e, const char *path);

/* The Unix uid of the other end; -1 if it is not known. */
uint32_t api_socket_peer(int fd);

/* Writes an error without id as a line, as far as it goes at once; closes. */
void api_socket_refuse(int fd, const struct err *e);

#endif
