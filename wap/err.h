/* SPDX-License-Identifier: Apache-2.0 */
/*
 * err.h - result codes, and what to tell a person who is refused
 *
 * A function that can fail returns DM_OK or one of the negative codes. Where a
 * person or a program outside has to hear the reason, it fills a struct err
 * too; only the edges (command line, API, log) print it. Nothing that is
 * secret may be put into one: of a password, say how long it was.
 */
#ifndef WAP_ERR_H
#define WAP_ERR_H

#include <stddef.h>

#define DM_CHECK __attribute__((warn_unused_result))

enum {
	DM_OK = 0,
	DM_EPROTO = -1,		/* octets or text that do not parse */
	DM_ERANGE = -2,		/* a value does not fit its field */
	DM_ENOSPC = -3,		/* the caller's buffer is too small */
	DM_EINVAL = -4,		/* well formed, but not allowed here */
	DM_ENOENT = -5,		/* no such thing */
	DM_ESTATE = -6,		/* not in the state that it is in */
	DM_EBUSY = -7,		/* too much at once: try again later */
	DM_EIO = -8,		/* disk, socket or library failed: try again */
};

struct err {
	int code;		/* DM_OK or DM_E... */
	char field[32];		/* the field's name, as the user wrote it */
	char came[96];		/* what came */
	char allowed[160];	/* what is allowed instead */
};

#define ERR_TEXT_MAX 300	/* octets of err_text(), with its NUL */

/*
 * Fills *e and returns code, so that a check can end with
 * "return err_set(...)". came is a printf format. Control characters in it
 * are replaced by '?', so that a log line stays one line. A text too long is
 * cut between characters and ends with "...".
 */
int err_set(struct err *e, int code, const char *field, const char *allowed,
	    const char *came, ...) __attribute__((format(printf, 5, 6)));

/*
 * Writes "server-id: 300 octets, allowed: 1 to 255 octets" to out, cut to cap
 * octets (ERR_TEXT_MAX is always enough). Returns out.
 */
const char *err_text(const struct err *e, char *out, size_t cap);

#endif
