/* SPDX-License-Identifier: Apache-2.0 */
/*
 * json_text.h - a text in a JSON object that may not be there
 */
#ifndef DM_SERVER_JSON_TEXT_H
#define DM_SERVER_JSON_TEXT_H

#include <jansson.h>

/* "" if it is not there, or no text; borrowed from the object. */
static inline const char *text_of(json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	return text ? text : "";
}

#endif
