/* SPDX-License-Identifier: Apache-2.0 */
/*
 * json_text.h - texts from JSON, which may not be there, and texts for JSON
 */
#ifndef DM_SERVER_JSON_TEXT_H
#define DM_SERVER_JSON_TEXT_H

#include <jansson.h>
#include <string.h>

#include "wap/utf8.h"

/* "" if it is not there, or no text; borrowed from the object. */
static inline const char *text_of(json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	return text ? text : "";
}

/* What was cut inside of a character stays UTF-8: JSON takes nothing else. */
static inline void text_end_whole(char *text)
{
	size_t len = strlen(text);

	while (!utf8_valid(text, len))
		text[--len] = '\0';
}

#endif
