/* SPDX-License-Identifier: Apache-2.0 */
/*
 * utf8.h - is a text well-formed UTF-8, and fit to be shown?
 */
#ifndef WAP_UTF8_H
#define WAP_UTF8_H

#include <stdbool.h>
#include <stddef.h>

/* RFC 3629: no overlong forms, no surrogates, nothing over U+10FFFF. */
bool utf8_valid(const char *text, size_t len);

/* Valid, and no controls in it, neither of ASCII nor U+0080 to U+009F. */
bool utf8_plain(const char *text, size_t len);

/*
 * Ends a text where its well-formed characters end: behind the last whole one,
 * when it was cut to its room.
 */
void utf8_end_whole(char *text);

#endif
