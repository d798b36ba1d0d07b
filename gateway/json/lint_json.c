/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/json/lint_json.h"

json_t *lint_json(const struct lint *l)
{
	json_t *list = json_array();

	for (size_t i = 0; i < l->n; i++) {
		const struct lint_finding *f = &l->findings[i];
		json_t *o = json_pack("{s:s, s:s, s:s, s:s}",
				      "severity",
				      lint_severity_name(f->severity),
				      "where", f->where, "what", f->what,
				      "why", f->why);

		if (f->line)
			json_object_set_new(o, "line",
					    json_integer(f->line));
		json_array_append_new(list, o);
	}
	if (l->n_left_out)
		json_array_append_new(list, json_pack(
			"{s:s, s:s, s:o, s:s}",
			"severity", lint_severity_name(LINT_WARNING),
			"where", "document",
			"what", json_sprintf("%zu more findings",
					     l->n_left_out),
			"why", "mend those above first"));
	return list;
}
