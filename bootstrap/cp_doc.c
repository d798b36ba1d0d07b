/* SPDX-License-Identifier: Apache-2.0 */
#include "bootstrap/cp_doc.h"

#include <string.h>
#include <strings.h>

static const char *copy(struct arena *a, const char *text)
{
	return arena_text(a, text, strlen(text));
}

struct cp_node *cp_add(struct arena *a, struct cp_node **list, bool is_parm,
		       const char *name, const char *value)
{
	struct cp_node *n = arena_alloc(a, sizeof(*n));

	if (!n)
		return NULL;
	n->is_parm = is_parm;
	n->name = copy(a, name);
	n->value = value ? copy(a, value) : NULL;
	if (!n->name || (value && !n->value))
		return NULL;
	while (*list)
		list = &(*list)->next;
	*list = n;
	return n;
}

static const struct cp_node *find(const struct cp_node *list, bool is_parm,
				  const char *name)
{
	while (list && (list->is_parm != is_parm || strcmp(list->name, name)))
		list = list->next;
	return list;
}

const struct cp_node *cp_parm(const struct cp_node *list, const char *name)
{
	return find(list, true, name);
}

const struct cp_node *cp_characteristic(const struct cp_node *list,
					const char *type)
{
	return find(list, false, type);
}

const char *cp_value(const struct cp_node *list, const char *name)
{
	const struct cp_node *parm = cp_parm(list, name);

	if (!parm)
		return NULL;
	return parm->value ? parm->value : "";
}

/* Names that hold a secret and do not say so. */
static const char *const secrets[] = {
	"AAUTHDATA",		/* the nonce */
	"DATA",			/* of a WEPKEY */
	"NetworkKey",		/* Microsoft's, of a WLAN */
	"WPA-PRES-KEY-ASC",
	"WPA-PRES-KEY-HEX",
};

bool cp_is_secret(const char *name)
{
	size_t len = strlen(name);

	if (strcasestr(name, "SECRET") || strcasestr(name, "PASSW") ||
	    strcasestr(name, "NONCE"))
		return true;
	if (len >= 2 && !strcasecmp(name + len - 2, "PW"))
		return true;
	for (size_t i = 0; i < sizeof(secrets) / sizeof(secrets[0]); i++)
		if (!strcasecmp(secrets[i], name))
			return true;
	return false;
}
