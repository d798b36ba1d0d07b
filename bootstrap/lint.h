/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lint.h - what a device would refuse, found before it is sent
 */
#ifndef BOOTSTRAP_LINT_H
#define BOOTSTRAP_LINT_H

#include "bootstrap/cp_doc.h"
#include "bootstrap/mac.h"
#include "bootstrap/xml.h"
#include "wap/quirks.h"

#define LINT_FINDINGS_MAX 100
#define LINT_SEGMENTS_WARN 4	/* more SMS than this: a warning */
#define LINT_SEGMENTS_MAX 20	/* more than this: an error, by default */

enum lint_severity {
	LINT_WARNING,
	LINT_ERROR,
};

struct lint_finding {
	enum lint_severity severity;
	unsigned line;		/* in the XML; 0: not known */
	char where[96];		/* "APPLICATION[1]/APPAUTH[2]/AAUTHDATA" */
	char what[128];		/* what is wrong; never a secret's value */
	char why[160];		/* why a device would refuse it */
};

struct lint {
	struct lint_finding findings[LINT_FINDINGS_MAX];
	size_t n;
	size_t n_errors;	/* those left out count, too */
	size_t n_left_out;	/* found when the list was full */
};

/*
 * Each adds its findings to *l, which begins zeroed, in the order of the
 * document; quirk is the client's, never NULL. The arena is for notes that
 * lint_dm() makes.
 */
void lint_cp(const struct cp_doc *doc, const struct quirk *quirk,
	     struct lint *l);
void lint_dm(struct arena *a, const struct xml_node *root,
	     const struct quirk *quirk, struct lint *l);
void lint_sec(enum mac_sec sec, const struct quirk *quirk, struct lint *l);
void lint_size(size_t segments, size_t segments_max, struct lint *l);

const char *lint_severity_name(enum lint_severity severity);

/*
 * Adds one finding; what is a printf format. Texts too long are cut between
 * characters and end with "...", control characters become '?'.
 */
void lint_add(struct lint *l, enum lint_severity severity, unsigned line,
	      const char *where, const char *why, const char *what, ...)
	__attribute__((format(printf, 6, 7)));

/* Why a device refuses a name or value that is nearly a known one. */
extern const char lint_misspelt[];

#endif
