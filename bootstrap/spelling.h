/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spelling.h - was a known name meant?
 *
 * Devices compare names and enumerated values octet by octet; people do not.
 */
#ifndef BOOTSTRAP_SPELLING_H
#define BOOTSTRAP_SPELLING_H

#include <stdbool.h>

#define SPELLING_WORD_SIZE 40	/* the longest word we know, and NUL */

#define SPELLING_FAR 3		/* not meant */

/*
 * How many characters were added, dropped or changed, letter case aside:
 * SPELLING_FAR if it is more than two, or not less than half of what came.
 */
unsigned spelling_distance(const char *came, const char *known);

/* Not far. */
bool spelling_is_near(const char *came, const char *known);

/* One digit or more, and nothing else. */
bool spelling_is_number(const char *text);

enum spelling {
	SPELLING_KNOWN,
	SPELLING_NEAR,
	SPELLING_UNKNOWN,
};

/*
 * Looks a word up in a list like "PAP CHAP"; '#' in it stands for any number.
 * For SPELLING_NEAR the word that was meant goes to meant.
 */
enum spelling spelling_find(const char *list, const char *came,
			    char meant[SPELLING_WORD_SIZE]);

#endif
