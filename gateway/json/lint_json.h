/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lint_json.h - findings as the API and dmbox lint --json show them; pure
 */
#ifndef GATEWAY_LINT_JSON_H
#define GATEWAY_LINT_JSON_H

#include <jansson.h>

#include "bootstrap/lint.h"

/*
 * An array of {"severity", "line", "where", "what", "why"}; the caller owns it.
 * Findings that *l had no room for are one more at its end.
 */
json_t *lint_json(const struct lint *l);

#endif
