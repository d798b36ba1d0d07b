/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/api/methods.h"

#include <stdlib.h>
#include <string.h>

#include "gateway/json/decode.h"
#include "gateway/xalloc.h"
#include "wap/hash.h"
#include "wap/hex.h"

struct items {
	struct decode_item *list;
	uint8_t *octets;		/* of all of them */
	size_t n;
	size_t cap;			/* octets of room */
};

static void items_free(struct items *items)
{
	if (items->octets)
		hash_wipe(items->octets, items->cap);
	free(items->octets);
	free(items->list);
}

static int read_item(struct items *items, const char *hex, uint8_t *octets,
		     size_t *len, struct err *e)
{
	size_t digits = strlen(hex);

	if (digits / 2 > DECODE_ITEM_MAX)
		return err_set(e, DM_EINVAL, "hex", "65536 octets",
			       "an item of %zu characters", digits);
	if (hex_decode(hex, digits, octets, digits / 2, len) || *len == 0)
		return err_set(e, DM_EINVAL, "hex", "hexadecimal octets",
			       "item %zu is something else", items->n + 1);
	items->list[items->n++] = (struct decode_item){ octets, *len };
	return DM_OK;
}

static int read_items(json_t *list, struct items *items, struct err *e)
{
	size_t i, len, used = 0;
	json_t *item;
	int rc = DM_OK;

	*items = (struct items){ .n = 0 };
	if (!list)
		return err_set(e, DM_EINVAL, "hex", "an array of strings",
			       "missing");
	json_array_foreach(list, i, item)
		items->cap += json_string_length(item) / 2;
	items->list = xcalloc(json_array_size(list), sizeof(*items->list));
	items->octets = xcalloc(items->cap + 1, 1);
	json_array_foreach(list, i, item) {
		if (!rc)
			rc = read_item(items, json_string_value(item),
				       items->octets + used, &len, e);
		if (!rc)
			used += len;
	}
	return rc;
}

static const char *status_name(enum decode_status status)
{
	switch (status) {
	case DECODE_OK:
		return "ok";
	case DECODE_NOT_VERIFIED:
		return "not-verified";
	case DECODE_NOT_UNDERSTOOD:
		break;
	}
	return "not-understood";
}

void method_decode(struct api_call *call, json_t *params, void *arg)
{
	struct items items = { .n = 0 };
	enum decode_status status;
	struct decode_request rq;
	json_t *messages;
	struct err e;
	int rc = fields_parse(request_decode_fields, params, false, &rq, &e);

	(void)arg;
	if (!rc)
		rc = read_items(rq.hex, &items, &e);
	if (!rc)
		rc = decode_items(&rq, items.list, items.n, &messages,
				  &status, &e);
	items_free(&items);
	if (rc)
		methods_refuse(call, "decode", &e);
	else
		api_answer(call, json_pack("{s:s, s:o}", "status",
					   status_name(status), "messages",
					   messages));
}
