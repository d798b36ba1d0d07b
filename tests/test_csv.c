/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/csv.h"

#include <stdlib.h>
#include <string.h>

#include "tests/tap.h"

#define MAX 4

static struct csv_cell cells[MAX];
static size_t n;
static struct err e;
static char *line;

static int split(const char *text)
{
	free(line);
	line = strdup(text);
	n = 99;
	return csv_split(line, cells, MAX, &n, &e);
}

/* Does text have these cells? want: each with a '|' behind it. */
static bool has(const char *text, const char *want)
{
	char got[256] = "";

	if (split(text))
		return false;
	for (size_t i = 0; i < n; i++) {
		strcat(got, cells[i].text);
		strcat(got, "|");
	}
	if (strcmp(got, want))
		printf("# %s\n", got);
	return !strcmp(got, want);
}

static bool refuses(const char *text, const char *why)
{
	return split(text) == DM_EPROTO && !strcmp(e.field, "line") &&
	       !strcmp(e.came, why) && n == 99;
}

static void commas_part_cells(void)
{
	CU_ASSERT(has("", "|"));
	CU_ASSERT(has("a", "a|"));
	CU_ASSERT(has("a,b", "a|b|"));
	CU_ASSERT(has(",", "||"));
	CU_ASSERT(has("a,,b,", "a||b||"));
	CU_ASSERT(has(" a , b ", " a | b |"));
}

static void quotation_marks_keep_cells_together(void)
{
	CU_ASSERT(has("\"a,b\",c", "a,b|c|"));
	CU_ASSERT(has("a,\"b,c\"", "a|b,c|"));
	CU_ASSERT(has("\"a \"\"b\"\" c\"", "a \"b\" c|"));
	CU_ASSERT(has("\"\"\"\"", "\"|"));
	CU_ASSERT(has("\"\"\"\",\"\"\"\"\"\"", "\"|\"\"|"));
}

static void an_empty_text_is_not_nothing(void)
{
	CU_ASSERT(has("\"\",", "||"));
	CU_ASSERT(cells[0].quoted);
	CU_ASSERT_FALSE(cells[1].quoted);
	CU_ASSERT(has("a,\"\"", "a||"));
	CU_ASSERT_FALSE(cells[0].quoted);
	CU_ASSERT(cells[1].quoted);
}

static void refuses_what_cannot_be_meant(void)
{
	CU_ASSERT(refuses("\"", "a quotation mark is not closed"));
	CU_ASSERT(refuses("a,\"b", "a quotation mark is not closed"));
	CU_ASSERT(refuses("\"a\"\"", "a quotation mark is not closed"));
	CU_ASSERT(refuses("\"a\"b", "text behind a closing quotation mark"));
	CU_ASSERT(refuses("\"a\" ,b", "text behind a closing quotation mark"));
	CU_ASSERT(refuses("a\"b\"", "a quotation mark within a cell"));
	CU_ASSERT(refuses("1,2,3,4,5", "too many cells"));
	CU_ASSERT(refuses("1,2,3,4,", "too many cells"));
	CU_ASSERT(has("1,2,3,4", "1|2|3|4|"));
}

/* What csv_print() makes of one cell. */
static char *printed(const char *text)
{
	char *out = NULL;
	size_t len;
	FILE *f = open_memstream(&out, &len);

	csv_print(f, text);
	fclose(f);
	return out;
}

static bool prints(const char *text, const char *want)
{
	char *got = printed(text);
	bool same = !strcmp(got, want);

	free(got);
	return same;
}

static void marks_stand_where_they_are_needed(void)
{
	CU_ASSERT(prints(NULL, ""));
	CU_ASSERT(prints("", "\"\""));
	CU_ASSERT(prints("a b", "a b"));
	CU_ASSERT(prints("a,b", "\"a,b\""));
	CU_ASSERT(prints("a\"b", "\"a\"\"b\""));
	CU_ASSERT(prints("a\r", "\"a\r\""));
}

static void what_is_printed_is_read_again(uint64_t *state)
{
	static const char alphabet[] = "\",a \xc3\xa4";
	char text[12];
	size_t len = tap_random_below(state, sizeof(text));
	char *out;

	for (size_t i = 0; i < len; i++)
		text[i] = alphabet[tap_random_below(state,
						    sizeof(alphabet) - 1)];
	text[len] = '\0';
	out = printed(text);
	CU_ASSERT_EQUAL_FATAL(split(out), DM_OK);
	CU_ASSERT_EQUAL(n, 1);
	CU_ASSERT_STRING_EQUAL(cells[0].text, text);
	free(out);
}

static void round_trips(void)
{
	tap_property(2000, what_is_printed_is_read_again);
}

/* The sanitizers see what it reads. */
static void any_line_is_read_or_refused(uint64_t *state)
{
	static const char alphabet[] = "\"\"\",,a";
	char text[16];
	size_t len = tap_random_below(state, sizeof(text));

	for (size_t i = 0; i < len; i++)
		text[i] = alphabet[tap_random_below(state,
						    sizeof(alphabet) - 1)];
	text[len] = '\0';
	if (split(text) == DM_OK)
		CU_ASSERT(n >= 1 && n <= MAX);
}

static void random_lines(void)
{
	tap_property(5000, any_line_is_read_or_refused);
}

int main(void)
{
	int rc = tap_run("csv", (CU_TestInfo[]){
		{ "commas part cells", commas_part_cells },
		{ "quotation marks keep cells together",
		  quotation_marks_keep_cells_together },
		{ "an empty text is not nothing",
		  an_empty_text_is_not_nothing },
		{ "refuses what cannot be meant",
		  refuses_what_cannot_be_meant },
		{ "marks stand where they are needed",
		  marks_stand_where_they_are_needed },
		{ "what is printed is read again", round_trips },
		{ "any line is read or refused", random_lines },
		CU_TEST_INFO_NULL,
	});

	free(line);
	return rc;
}
