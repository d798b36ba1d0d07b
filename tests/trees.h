/* SPDX-License-Identifier: Apache-2.0 */
/*
 * trees.h - trees of documents: are two the same? And random ones
 */
#ifndef TESTS_TREES_H
#define TESTS_TREES_H

#include <stdint.h>

#include "bootstrap/cp_doc.h"
#include "bootstrap/xml.h"

/* Lines are not compared. */
bool trees_same_xml(const struct xml_node *a, const struct xml_node *b);
bool trees_same_cp(const struct cp_doc *a, const struct cp_doc *b);

/*
 * A document of any depth that is allowed: names and types with tokens and
 * without, values that are tokens, hold tokens, or are anything else. The
 * arena has to have room for it, 100,000 octets.
 */
struct cp_doc trees_any_cp(uint64_t *state, struct arena *a);

#endif
