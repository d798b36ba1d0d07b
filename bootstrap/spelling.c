/* SPDX-License-Identifier: Apache-2.0 */
#include "bootstrap/spelling.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

static size_t least(size_t a, size_t b, size_t c)
{
	size_t ab = a < b ? a : b;

	return ab < c ? ab : c;
}

static bool same(char a, char b)
{
	return tolower((unsigned char)a) == tolower((unsigned char)b);
}

/* Levenshtein's, for texts shorter than SPELLING_WORD_SIZE. */
static size_t levenshtein(const char *a, const char *b)
{
	size_t row[SPELLING_WORD_SIZE];
	size_t len = strlen(b);

	for (size_t k = 0; k <= len; k++)
		row[k] = k;
	for (size_t i = 0; a[i]; i++) {
		size_t before = row[0];	/* of the row above, to the left */

		row[0] = i + 1;
		for (size_t k = 0; k < len; k++) {
			size_t above = row[k + 1];

			row[k + 1] = least(above + 1, row[k] + 1,
					   before + !same(a[i], b[k]));
			before = above;
		}
	}
	return row[len];
}

unsigned spelling_distance(const char *came, const char *known)
{
	size_t len = strlen(came), known_len = strlen(known), d;

	if (len >= SPELLING_WORD_SIZE || known_len >= SPELLING_WORD_SIZE ||
	    len >= known_len + SPELLING_FAR || known_len >= len + SPELLING_FAR)
		return SPELLING_FAR;
	d = levenshtein(came, known);
	return d && (d >= SPELLING_FAR || 2 * d >= len) ? SPELLING_FAR
							: (unsigned)d;
}

bool spelling_is_near(const char *came, const char *known)
{
	return spelling_distance(came, known) < SPELLING_FAR;
}

bool spelling_is_number(const char *text)
{
	return text[0] && !text[strspn(text, "0123456789")];
}

/* Takes the next word off a list; false at its end. */
static bool next_word(const char **list, char word[SPELLING_WORD_SIZE])
{
	size_t len;

	*list += strspn(*list, " ");
	len = strcspn(*list, " ");
	if (len == 0 || len >= SPELLING_WORD_SIZE)
		return false;
	memcpy(word, *list, len);
	word[len] = '\0';
	*list += len;
	return true;
}

enum spelling spelling_find(const char *list, const char *came,
			    char meant[SPELLING_WORD_SIZE])
{
	unsigned best = SPELLING_FAR;
	char word[SPELLING_WORD_SIZE];

	while (next_word(&list, word)) {
		unsigned d = spelling_distance(came, word);

		if (!strcmp(word, came) ||
		    (!strcmp(word, "#") && spelling_is_number(came)))
			return SPELLING_KNOWN;
		if (d < best) {
			best = d;
			strcpy(meant, word);
		}
	}
	return best < SPELLING_FAR ? SPELLING_NEAR : SPELLING_UNKNOWN;
}
