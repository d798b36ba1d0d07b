/* SPDX-License-Identifier: Apache-2.0 */
/*
 * wipe.h - memory that is wiped when it is freed
 *
 * A request holds passwords and nonces, and jansson and libevent copy it on its
 * way. With these functions as theirs, nothing of it stays in freed memory. The
 * octets of a message, which may be a bootstrap with accounts in it, are freed
 * with them, too.
 */
#ifndef GATEWAY_WIPE_H
#define GATEWAY_WIPE_H

#include <stddef.h>

/* As free() and realloc() of <stdlib.h>, for what malloc() gave. */
void wipe_free(void *p);
void *wipe_realloc(void *p, size_t size);

#endif
