/* SPDX-License-Identifier: Apache-2.0 */
/*
 * aftermath.h - does a store after a crash hold what it had answered?
 */
#ifndef TESTS_AFTERMATH_H
#define TESTS_AFTERMATH_H

#include "tests/ledger.h"

#define AFTERMATH_TEXT_MAX 256

/*
 * Opens the store at path, which the ordinary VFS does, and holds it against
 * a ledger: each job, its octets, that nothing else is there; devices, session
 * ids, keys; that the database is sound and no secret of a job that has ended
 * is in its tables. It must be as in before or as in after, as a whole; with
 * before NULL as in after. If not, why tells. The store's files change.
 */
bool aftermath_is_right(const char *path, const struct ledger *before,
			const struct ledger *after,
			char why[AFTERMATH_TEXT_MAX]);

#endif
