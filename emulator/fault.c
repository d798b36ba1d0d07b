/* SPDX-License-Identifier: Apache-2.0 */
#include "emulator/fault.h"

#include <stdlib.h>
#include <string.h>

#include "emulator/chance.h"

#define WORDS_MAX 5

static const struct fault_kind kinds[] = {
	{ .name = "RTHROTTLED", FAULT_ANSWER, .status = ESME_RTHROTTLED },
	{ .name = "RMSGQFUL", FAULT_ANSWER, .status = ESME_RMSGQFUL },
	{ .name = "RSYSERR", FAULT_ANSWER, .status = ESME_RSYSERR },
	{ .name = "RX_T_APPN", FAULT_ANSWER, .status = ESME_RX_T_APPN },
	{ .name = "RINVDSTADR", FAULT_ANSWER, .status = ESME_RINVDSTADR },
	{ .name = "RSUBMITFAIL", FAULT_ANSWER, .status = ESME_RSUBMITFAIL },
	{ .name = "RX_P_APPN", FAULT_ANSWER, .status = ESME_RX_P_APPN },
	{ .name = "RX_R_APPN", FAULT_ANSWER, .status = ESME_RX_R_APPN },
	{ .name = "drop", FAULT_ANSWER, .drop = FAULT_DROP },
	{ .name = "drop-taken", FAULT_ANSWER, .drop = FAULT_DROP_TAKEN },
	{ .name = "drop-answered", FAULT_ANSWER, .drop = FAULT_DROP_ANSWERED },
	{ .name = "slow", FAULT_SLOW, .has_ms = true },
	{ .name = "stop", FAULT_STOP },
	{ .name = "DELIVRD", FAULT_STATE },
	{ .name = "EXPIRED", FAULT_STATE },
	{ .name = "DELETED", FAULT_STATE },
	{ .name = "UNDELIV", FAULT_STATE },
	{ .name = "ACCEPTD", FAULT_STATE },
	{ .name = "UNKNOWN", FAULT_STATE },
	{ .name = "REJECTD", FAULT_STATE },
	{ .name = "lost", FAULT_STATE },
	{ .name = "late", FAULT_LATE, .has_ms = true },
	{ .name = "duplicate", FAULT_DUPLICATE },
	{ .name = "early", FAULT_EARLY },
};

/* -------------------------------- parse -------------------------------- */

/* Cuts text at blanks. Returns the words, one more than WORDS_MAX at most. */
static size_t cut(char *text, char *words[WORDS_MAX + 1])
{
	char *rest = NULL;
	size_t n = 0;

	for (char *word = strtok_r(text, " \t\r\n", &rest);
	     word && n <= WORDS_MAX; word = strtok_r(NULL, " \t\r\n", &rest))
		words[n++] = word;
	return n;
}

static const struct fault_kind *find_kind(const char *name)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (!strcmp(kinds[i].name, name))
			return &kinds[i];
	return NULL;
}

static int read_kind(const char *word, struct fault_rule *r, struct err *e)
{
	r->kind = find_kind(word);
	if (!r->kind)
		return err_set(e, DM_EINVAL, "fault", "a status like "
			       "RTHROTTLED, a state like UNDELIV, lost, late, "
			       "duplicate, early, slow, drop, drop-taken, "
			       "drop-answered, stop", "\"%s\"", word);
	r->state = receipt_state_find(word);
	return DM_OK;
}

/* Digits and nothing else, of a number up to max. */
static bool read_number(const char *text, size_t len, unsigned long max,
			unsigned long *out)
{
	if (len < 1 || len > 9 || strspn(text, "0123456789") < len)
		return false;
	*out = strtoul(text, NULL, 10);
	return *out <= max;
}

static int read_ms(const char *word, struct fault_rule *r, struct err *e)
{
	unsigned long ms;

	if (!read_number(word, strlen(word), FAULT_MS_MAX, &ms))
		return err_set(e, DM_EINVAL, r->kind->name,
			       "milliseconds behind it, 0 to 3600000",
			       "\"%s\"", word);
	r->ms = (unsigned)ms;
	return DM_OK;
}

static int read_percent(const char *word, struct fault_rule *r, struct err *e)
{
	char *end;
	double percent = strtod(word, &end);
	double millionths = percent * (CHANCE_ALWAYS / 100) + 0.5;

	if (strspn(word, "0123456789.") != strlen(word) - 1 || *end != '%' ||
	    !(millionths >= 1) || percent > 100)
		return err_set(e, DM_EINVAL, "percent", "0.0001% to 100%",
			       "\"%s\"", word);
	r->millionths = (uint32_t)millionths;
	return DM_OK;
}

static int read_times(const char *word, struct fault_rule *r, struct err *e)
{
	unsigned long times;

	if (!read_number(word, strlen(word) - 1, FAULT_TIMES_MAX, &times) ||
	    times < 1)
		return err_set(e, DM_EINVAL, "times", "1x to 1000000x",
			       "\"%s\"", word);
	r->left = (uint32_t)times;
	return DM_OK;
}

static int read_option(const char *word, struct fault_rule *r, struct err *e)
{
	char last = word[strlen(word) - 1];

	if (last == '%' && !r->millionths)
		return read_percent(word, r, e);
	if (last == 'x' && !r->left)
		return read_times(word, r, e);
	return err_set(e, DM_EINVAL, "fault", "after it once N% and once Nx",
		       "\"%s\"", word);
}

static int read_words(char **words, size_t n, struct fault_rule *r,
		      struct err *e)
{
	int rc;
	size_t i = 2;

	if (n < 2)
		return err_set(e, DM_EINVAL, "fault", "PATTERN FAULT [MS] [N%] "
			       "[Nx]", "%zu words", n);
	rc = pattern_check(words[0], e);
	if (!rc)
		rc = read_kind(words[1], r, e);
	if (!rc && r->kind->has_ms) {
		rc = read_ms(n > 2 ? words[2] : "", r, e);
		i++;
	}
	for (; !rc && i < n; i++)
		rc = read_option(words[i], r, e);
	if (!rc)
		strcpy(r->pattern, words[0]);
	return rc;
}

int faults_add(struct faults *f, const char *text, struct err *e)
{
	struct fault_rule r = { 0 };
	char copy[FAULT_TEXT_MAX + 1];
	char *words[WORDS_MAX + 1];
	int rc;

	if (f->n == FAULTS_MAX)
		return err_set(e, DM_ENOSPC, "fault", "256 rules",
			       "one more");
	if (strlen(text) > FAULT_TEXT_MAX)
		return err_set(e, DM_EINVAL, "fault", "up to 79 octets",
			       "%zu octets", strlen(text));
	strcpy(r.text, text);
	strcpy(copy, text);
	rc = read_words(words, cut(copy, words), &r, e);
	if (rc)
		return rc;
	r.millionths = r.millionths ? r.millionths : CHANCE_ALWAYS;
	r.left = r.left ? r.left : FAULT_FOR_EVER;
	f->rules[f->n++] = r;
	return DM_OK;
}

void faults_clear(struct faults *f)
{
	f->n = 0;
}

/* -------------------------------- draw -------------------------------- */

static bool hits(struct fault_rule *r, const char *number, uint64_t *chance)
{
	if (!r->left || !pattern_matches(r->pattern, number) ||
	    !chance_hits(chance, r->millionths))
		return false;
	r->n_hits++;
	if (r->left != FAULT_FOR_EVER)
		r->left--;
	return true;
}

static void draw(struct faults *f, const char *number, enum fault_group first,
		 enum fault_group last, struct fault_plan *p)
{
	for (size_t i = 0; i < f->n; i++) {
		struct fault_rule *r = &f->rules[i];
		enum fault_group group = r->kind->group;

		if (group >= first && group <= last && !p->by[group] &&
		    hits(r, number, &f->chance))
			p->by[group] = r;
	}
}

void faults_draw(struct faults *f, const char *number, struct fault_plan *p)
{
	*p = (struct fault_plan){ 0 };
	draw(f, number, FAULT_STOP, FAULT_ANSWER, p);
	if (fault_plan_takes(p))
		draw(f, number, FAULT_STATE, FAULT_EARLY, p);
}

bool fault_plan_takes(const struct fault_plan *p)
{
	const struct fault_rule *r = p->by[FAULT_ANSWER];

	return !r || (!r->kind->status && r->kind->drop != FAULT_DROP);
}
