/* SPDX-License-Identifier: Apache-2.0 */
#include "emulator/fault/fault.h"

#include <stdlib.h>
#include <string.h>

#include "emulator/fault/chance.h"
#include "emulator/xalloc.h"

#define WORDS_MAX 5

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

	if (!fault_read_number(word, strlen(word) - 1, FAULT_TIMES_MAX, &times) ||
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

/* FAULT [VALUE] [N%] [Nx] */
static int read_words(char **words, size_t n, struct fault_rule *r,
		      struct err *e)
{
	bool used = false;
	int rc = fault_kind_find(words[0], &r->kind, e);

	if (!rc)
		rc = fault_kind_value(r->kind, n > 1 ? words[1] : NULL,
				      &r->value, &used, e);
	for (size_t i = used ? 2 : 1; !rc && i < n; i++)
		rc = read_option(words[i], r, e);
	r->state = receipt_state_find(words[0]);
	return rc;
}

static int read_rule(const char *text, bool has_pattern, struct fault_rule *r,
		     struct err *e)
{
	char copy[FAULT_TEXT_MAX + 1];
	char *words[WORDS_MAX + 1];
	size_t n, first = has_pattern ? 1 : 0;
	const char *pattern = "*";
	int rc = DM_OK;

	if (strlen(text) > FAULT_TEXT_MAX)
		return err_set(e, DM_EINVAL, "fault", "up to 79 octets",
			       "%zu octets", strlen(text));
	strcpy(r->text, text);
	strcpy(copy, text);
	n = cut(copy, words);
	if (n <= first)
		return err_set(e, DM_EINVAL, "fault", has_pattern ?
			       "PATTERN FAULT [VALUE] [N%] [Nx]" :
			       "FAULT [VALUE] [N%] [Nx]", "%zu words", n);
	if (has_pattern)
		rc = pattern_check(pattern = words[0], e);
	if (!rc)
		rc = read_words(words + first, n - first, r, e);
	if (!rc)
		strcpy(r->pattern, pattern);
	return rc;
}

/* -------------------------------- lists -------------------------------- */

static int add(struct fault_list *l, const char *text, bool has_pattern,
	       struct err *e)
{
	struct fault_rule r = { 0 };
	int rc;

	if (l->n == FAULTS_MAX)
		return err_set(e, DM_ENOSPC, "fault", "256 rules",
			       "one more");
	rc = read_rule(text, has_pattern, &r, e);
	if (rc)
		return rc;
	r.millionths = r.millionths ? r.millionths : CHANCE_ALWAYS;
	r.left = r.left ? r.left : FAULT_FOR_EVER;
	if (l->n == l->cap) {
		l->cap = l->cap ? 2 * l->cap : 1;
		l->rules = xreallocarray(l->rules, l->cap, sizeof(r));
	}
	l->rules[l->n++] = r;
	return DM_OK;
}

int fault_list_add(struct fault_list *own, const char *text, struct err *e)
{
	return add(own, text, false, e);
}

void fault_list_clear(struct fault_list *own)
{
	free(own->rules);
	*own = (struct fault_list){ 0 };
}

int faults_add(struct faults *f, const char *text, struct err *e)
{
	return add(&f->all, text, true, e);
}

void faults_clear(struct faults *f)
{
	fault_list_clear(&f->all);
}

/* -------------------------------- draw -------------------------------- */

static bool hits(struct faults *f, struct fault_rule *r, const char *number)
{
	if (!r->left || !pattern_matches(r->pattern, number) ||
	    !chance_hits(&f->chance, r->millionths))
		return false;
	f->n_hits++;
	r->n_hits++;
	if (r->left != FAULT_FOR_EVER)
		r->left--;
	return true;
}

static bool is_ahead(const struct fault_rule *r, int percent)
{
	return r->kind->value != FAULT_VALUE_PERCENT ||
	       (int)r->value > percent;
}

static const struct fault_rule *first_hit(struct faults *f,
					  struct fault_list *l,
					  const char *number,
					  enum fault_group group, int percent)
{
	for (size_t i = 0; i < l->n; i++)
		if (l->rules[i].kind->group == group &&
		    is_ahead(&l->rules[i], percent) &&
		    hits(f, &l->rules[i], number))
			return &l->rules[i];
	return NULL;
}

const struct fault_rule *faults_meet(struct faults *f, struct fault_list *own,
				     const char *number,
				     enum fault_group group, int percent)
{
	const struct fault_rule *r = first_hit(f, own, number, group, percent);

	return r ? r : first_hit(f, &f->all, number, group, percent);
}

static void draw(struct faults *f, struct fault_list *l, const char *number,
		 bool taken, struct fault_plan *p)
{
	for (size_t i = 0; i < l->n; i++) {
		struct fault_rule *r = &l->rules[i];
		enum fault_group group = r->kind->group;

		if (group < FAULT_PLAN_GROUPS &&
		    (group >= FAULT_STATE) == taken && !p->by[group] &&
		    hits(f, r, number))
			p->by[group] = r;
	}
}

void faults_draw(struct faults *f, struct fault_list *own, const char *number,
		 struct fault_plan *p)
{
	struct fault_list none = { 0 };

	own = own ? own : &none;
	*p = (struct fault_plan){ 0 };
	draw(f, own, number, false, p);
	draw(f, &f->all, number, false, p);
	if (!fault_plan_takes(p))
		return;
	draw(f, own, number, true, p);
	draw(f, &f->all, number, true, p);
}

bool fault_plan_takes(const struct fault_plan *p)
{
	const struct fault_rule *r = p->by[FAULT_ANSWER];

	return !r || (!r->kind->status && r->kind->drop != FAULT_DROP);
}
