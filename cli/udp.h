/* SPDX-License-Identifier: Apache-2.0 */
/*
 * udp.h - one datagram to an emulator
 */
#ifndef CLI_UDP_H
#define CLI_UDP_H

#include <stddef.h>
#include <stdint.h>

#include "wap/err.h"

/*
 * Sends the octets to "HOST", "HOST:PORT" or "[ADDRESS]:PORT"; port is used
 * where none is given. Returns DM_OK; DM_EINVAL or DM_EIO with *e.
 */
int udp_send(const char *to, uint16_t port, const uint8_t *octets, size_t len,
	     struct err *e) DM_CHECK;

#endif
