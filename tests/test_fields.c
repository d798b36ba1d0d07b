/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/request/fields.h"

#include <stdio.h>
#include <string.h>

#include "tests/tap.h"

#define SECRET "Tr0ub4dor"

struct values {
	const char *text;
	const char *secret;
	const char *optional;
	int32_t number;
	int32_t flag;
	int32_t colour;
	int32_t choice;
	int32_t code;
	int32_t session_id;
	int32_t version;
	json_t *object;
	json_t *list;
	int64_t cursor;
	json_t *objects;
};

static const struct field_choice colours[] = {
	{ "red", 1 },
	{ "green", 2 },
	{ "blue", 3 },
	{ NULL, 0 },
};

static const struct field_choice codes[] = {
	{ "8", 8 },
	{ "0xf5", 0xf5 },
	{ NULL, 0 },
};

#define AT(member) offsetof(struct values, member)

static const struct field table[] = {
	{ "text", FIELD_TEXT, FIELD_TEST, AT(text), 1, 5, 0, NULL, "" },
	{ "secret", FIELD_TEXT, 0, AT(secret), 0, 5, 0, NULL, "" },
	{ "optional", FIELD_TEXT, 0, AT(optional), 0, 9, 0, NULL, "" },
	{ "number", FIELD_NUMBER, FIELD_TEST, AT(number), 3, 7, -1, NULL, "" },
	{ "flag", FIELD_FLAG, 0, AT(flag), 0, 0, 0, NULL, "" },
	{ "colour", FIELD_FLAG, 0, AT(colour), 0, 0, 0, colours, "" },
	{ "choice", FIELD_CHOICE, 0, AT(choice), 0, 0, 2, colours, "" },
	{ "code", FIELD_CODE, 0, AT(code), 0, 0, 8, codes, "" },
	{ "session", FIELD_SESSION_ID, FIELD_TEST, AT(session_id), 1, 0xffff,
	  -1, NULL, "" },
	{ "version", FIELD_WSP_VERSION, 0, AT(version), 0, 0, 0, NULL, "" },
	{ "object", FIELD_OBJECT, 0, AT(object), 0, 2, 0, NULL, "" },
	{ "list", FIELD_LIST, 0, AT(list), 1, 2, 0, NULL, "" },
	{ "cursor", FIELD_CURSOR, 0, AT(cursor), 0, 0, 0, NULL, "" },
	{ "objects", FIELD_OBJECTS, 0, AT(objects), 1, 2, 0, NULL, "" },
	{ NULL, FIELD_TEXT, 0, 0, 0, 0, 0, NULL, NULL },
};

static struct values got;
static struct err e;
static json_t *params;		/* of the last parse: got borrows from it */

static int parse(bool lenient, const char *json)
{
	json_decref(params);
	params = json_loads(json, 0, NULL);
	CU_ASSERT_PTR_NOT_NULL_FATAL(params);
	memset(&e, 0, sizeof(e));
	memset(&got, 0x55, sizeof(got));
	return fields_parse(table, params, lenient, &got, &e);
}

static bool takes(const char *json)
{
	return parse(false, json) == DM_OK;
}

/* Is it refused, for this field, in these words? */
static bool refuses(const char *json, const char *field, const char *came,
		    const char *allowed)
{
	int rc = parse(false, json);

	if (rc == DM_EINVAL && e.code == rc && !strcmp(e.field, field) &&
	    !strcmp(e.came, came) && !strcmp(e.allowed, allowed))
		return true;
	printf("# %s: %d \"%s\" \"%s\" \"%s\"\n", json, rc, e.field, e.came,
	       e.allowed);
	return false;
}

static void without_values_all_is_unset(void)
{
	CU_ASSERT(takes("{}"));
	CU_ASSERT_PTR_NULL(got.text);
	CU_ASSERT_PTR_NULL(got.secret);
	CU_ASSERT_EQUAL(got.number, -1);
	CU_ASSERT_EQUAL(got.flag, 0);
	CU_ASSERT_EQUAL(got.choice, 2);
	CU_ASSERT_EQUAL(got.code, 8);
	CU_ASSERT_EQUAL(got.session_id, -1);
	CU_ASSERT_EQUAL(got.version, 0);
	CU_ASSERT_EQUAL(got.cursor, -1);
	CU_ASSERT_EQUAL(fields_parse(table, NULL, false, &got, &e), DM_OK);
}

static void reads_every_type(void)
{
	CU_ASSERT(takes("{\"text\": \"abc\", \"secret\": \"\", \"number\": 5,"
			"\"flag\": true, \"choice\": \"red\", \"code\": 245,"
			"\"session\": 258, \"version\": \"1.5\"}"));
	CU_ASSERT_STRING_EQUAL(got.text, "abc");
	CU_ASSERT_STRING_EQUAL(got.secret, "");
	CU_ASSERT_EQUAL(got.number, 5);
	CU_ASSERT_EQUAL(got.flag, 1);
	CU_ASSERT_EQUAL(got.choice, 1);
	CU_ASSERT_EQUAL(got.code, 0xf5);
	CU_ASSERT_EQUAL(got.session_id, 258);
	CU_ASSERT_EQUAL(got.version, 0x15);
	CU_ASSERT(takes("{\"flag\": false}"));
	CU_ASSERT_EQUAL(got.flag, 0);
}

static void an_object_holds_simple_values(void)
{
	CU_ASSERT(takes("{\"object\": {\"a\": \"x\", \"b\": 1}}"));
	CU_ASSERT_EQUAL(json_object_size(got.object), 2);
	CU_ASSERT(takes("{\"object\": {\"a\": true}}"));
	CU_ASSERT(takes("{\"object\": {}}"));
	CU_ASSERT(takes("{}"));
	CU_ASSERT_PTR_NULL(got.object);
	CU_ASSERT(refuses("{\"object\": \"a\"}", "object", "a string",
			  "an object"));
	CU_ASSERT(refuses("{\"object\": {\"a\": []}}", "a", "an array",
			  "a string, a number, true or false"));
	CU_ASSERT(refuses("{\"object\": {\"a\": 1, \"b\": 1, \"c\": 1}}",
			  "object", "3", "0 to 2"));
}

static void a_cursor_counts_without_an_end(void)
{
	CU_ASSERT(takes("{\"cursor\": 0}"));
	CU_ASSERT_EQUAL(got.cursor, 0);
	CU_ASSERT(takes("{\"cursor\": 9223372036854775807}"));
	CU_ASSERT_EQUAL(got.cursor, INT64_MAX);
	CU_ASSERT(refuses("{\"cursor\": -1}", "cursor", "-1", "0 or more"));
	CU_ASSERT(refuses("{\"cursor\": \"1\"}", "cursor", "a string",
			  "a number"));
}

static void a_list_holds_texts(void)
{
	CU_ASSERT(takes("{\"list\": [\"a\", \"b\"]}"));
	CU_ASSERT_EQUAL(json_array_size(got.list), 2);
	CU_ASSERT(refuses("{\"list\": []}", "list", "0", "1 to 2"));
	CU_ASSERT(refuses("{\"list\": [\"a\", \"b\", \"c\"]}", "list", "3",
			  "1 to 2"));
	CU_ASSERT(refuses("{\"list\": \"a\"}", "list", "a string",
			  "an array of strings"));
	CU_ASSERT(refuses("{\"list\": [1]}", "list", "a number in it",
			  "an array of strings"));
}

static void a_list_can_hold_objects(void)
{
	CU_ASSERT(takes("{\"objects\": [{\"a\": [1]}, {}]}"));
	CU_ASSERT_EQUAL(json_array_size(got.objects), 2);
	CU_ASSERT(takes("{}"));
	CU_ASSERT_PTR_NULL(got.objects);
	CU_ASSERT(refuses("{\"objects\": []}", "objects", "0", "1 to 2"));
	CU_ASSERT(refuses("{\"objects\": [{}, {}, {}]}", "objects", "3",
			  "1 to 2"));
	CU_ASSERT(refuses("{\"objects\": {}}", "objects", "an object",
			  "an array of objects"));
	CU_ASSERT(refuses("{\"objects\": [{}, \"a\"]}", "objects",
			  "a string in it", "an array of objects"));
}

static void a_text_is_measured_in_octets(void)
{
	CU_ASSERT(takes("{\"text\": \"a\"}"));
	CU_ASSERT(takes("{\"text\": \"abcde\"}"));
	CU_ASSERT(takes("{\"text\": \"abc\\u00e9\"}"));
	CU_ASSERT(refuses("{\"text\": \"\"}", "text", "0 octets",
			  "1 to 5 octets"));
	CU_ASSERT(refuses("{\"text\": \"abcdef\"}", "text", "6 octets",
			  "1 to 5 octets"));
	CU_ASSERT(refuses("{\"text\": \"abcd\\u00e9\"}", "text", "6 octets",
			  "1 to 5 octets"));
}

static void a_number_has_a_range(void)
{
	CU_ASSERT(takes("{\"number\": 3}"));
	CU_ASSERT(takes("{\"number\": 7}"));
	CU_ASSERT(refuses("{\"number\": 2}", "number", "2", "3 to 7"));
	CU_ASSERT(refuses("{\"number\": 8}", "number", "8", "3 to 7"));
	CU_ASSERT(refuses("{\"number\": -3}", "number", "-3", "3 to 7"));
	/* 2^32 + 5 is 5 in 32 bits. */
	CU_ASSERT(refuses("{\"number\": 4294967301}", "number", "4294967301",
			  "3 to 7"));
	CU_ASSERT(refuses("{\"number\": -9223372036854775808}", "number",
			  "-9223372036854775808", "3 to 7"));
}

static void a_choice_is_one_of_a_list(void)
{
	CU_ASSERT(takes("{\"choice\": \"green\"}"));
	CU_ASSERT(refuses("{\"choice\": \"Red\"}", "choice", "\"Red\"",
			  "red, green or blue"));
	CU_ASSERT(refuses("{\"choice\": \"\"}", "choice", "\"\"",
			  "red, green or blue"));
	CU_ASSERT(refuses("{\"choice\": 1}", "choice", "a number",
			  "red, green or blue"));
}

static void a_code_is_a_number_or_its_text(void)
{
	CU_ASSERT(takes("{\"code\": 8}") && got.code == 8);
	CU_ASSERT(takes("{\"code\": \"8\"}") && got.code == 8);
	CU_ASSERT(takes("{\"code\": \"0xf5\"}") && got.code == 0xf5);
	CU_ASSERT(refuses("{\"code\": 9}", "code", "9", "8 or 0xf5"));
	CU_ASSERT(refuses("{\"code\": 4294967304}", "code", "4294967304",
			  "8 or 0xf5"));
	CU_ASSERT(refuses("{\"code\": \"9\"}", "code", "\"9\"",
			  "8 or 0xf5"));
	CU_ASSERT(refuses("{\"code\": 8.0}", "code",
			  "a number with a fraction", "8 or 0xf5"));
}

static void a_session_id_is_a_number_or_hexadecimal_text(void)
{
	static const char allowed[] =
		"1 to 65535, or 1 to 4 hexadecimal digits as text";

	CU_ASSERT(takes("{\"session\": 1}") && got.session_id == 1);
	CU_ASSERT(takes("{\"session\": 65535}") && got.session_id == 0xffff);
	CU_ASSERT(takes("{\"session\": \"10\"}") && got.session_id == 0x10);
	CU_ASSERT(takes("{\"session\": \"fFfF\"}") &&
		  got.session_id == 0xffff);
	CU_ASSERT(takes("{\"session\": \"0001\"}") && got.session_id == 1);
	CU_ASSERT(refuses("{\"session\": 0}", "session", "0", "1 to 65535"));
	CU_ASSERT(refuses("{\"session\": 65536}", "session", "65536",
			  "1 to 65535"));
	CU_ASSERT(refuses("{\"session\": \"0\"}", "session", "0",
			  "1 to 65535"));
	CU_ASSERT(refuses("{\"session\": \"\"}", "session", "\"\"", allowed));
	CU_ASSERT(refuses("{\"session\": \"00001\"}", "session", "\"00001\"",
			  allowed));
	CU_ASSERT(refuses("{\"session\": \"0x1\"}", "session", "\"0x1\"",
			  allowed));
	CU_ASSERT(refuses("{\"session\": \" 1\"}", "session", "\" 1\"",
			  allowed));
	CU_ASSERT(refuses("{\"session\": \"-1\"}", "session", "\"-1\"",
			  allowed));
	CU_ASSERT(refuses("{\"session\": true}", "session", "true",
			  "a number"));
}

static void a_version_fits_an_octet(void)
{
	static const char *const bad[] = {
		"0.1", "8.0", "1.15", "1", "1.", ".5", "1.5.", "1.5a", "1,5",
		" 1.5", "-1.5", "+1.5", "1.-5", "1..5", "1.100", "", "11.5",
	};
	char json[64], came[32];

	CU_ASSERT(takes("{\"version\": \"1.0\"}") && got.version == 0x10);
	CU_ASSERT(takes("{\"version\": \"7.14\"}") && got.version == 0x7e);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		snprintf(json, sizeof(json), "{\"version\": \"%s\"}", bad[i]);
		snprintf(came, sizeof(came), "\"%s\"", bad[i]);
		CU_ASSERT(refuses(json, "version", came,
				  "1.0 to 7.14, like 1.5"));
	}
	CU_ASSERT(refuses("{\"version\": 1.5}", "version",
			  "a number with a fraction", "a string like 1.5"));
}

static void a_flag_may_be_one_of_some_words(void)
{
	CU_ASSERT(takes("{}"));
	CU_ASSERT_EQUAL(got.colour, 0);
	CU_ASSERT(takes("{\"colour\": true}"));
	CU_ASSERT_EQUAL(got.colour, 1);
	CU_ASSERT(takes("{\"colour\": \"blue\"}"));
	CU_ASSERT_EQUAL(got.colour, 3);
	CU_ASSERT(takes("{\"colour\": false}"));
	CU_ASSERT_EQUAL(got.colour, 0);
	CU_ASSERT_EQUAL(parse(false, "{\"colour\": \"true\"}"), DM_EINVAL);
	CU_ASSERT_STRING_EQUAL(e.came, "\"true\"");
	CU_ASSERT_EQUAL(parse(false, "{\"colour\": 1}"), DM_EINVAL);
	CU_ASSERT_STRING_EQUAL(e.allowed, "true or false");
}

static void every_type_refuses_every_other(void)
{
	static const char *const values[] = {
		"null", "[]", "{}", "true", "1", "1.5", "\"x\"",
	};
	static const struct {
		const char *name;
		const char *takes;	/* which of them, "01234567" */
	} types[] = {
		{ "text", "6" }, { "secret", "6" }, { "number", "" },
		{ "flag", "3" }, { "choice", "" }, { "code", "" },
		{ "session", "4" }, { "version", "" },
	};
	char json[64];

	for (size_t t = 0; t < sizeof(types) / sizeof(types[0]); t++) {
		for (size_t v = 0; v < 7; v++) {
			bool ok = strchr(types[t].takes, '0' + (int)v);

			snprintf(json, sizeof(json), "{\"%s\": %s}",
				 types[t].name, values[v]);
			CU_ASSERT_EQUAL(takes(json), ok);
			CU_ASSERT(ok || !strcmp(e.field, types[t].name));
			CU_ASSERT(ok || e.came[0]);
		}
	}
}

static void an_unknown_field_is_refused_first(void)
{
	CU_ASSERT(refuses("{\"number\": 99, \"Number\": 5}", "Number",
			  "unknown field",
			  "a field of this method, see dmbox-api(7)"));
	CU_ASSERT(refuses("{\"\": 5}", "", "unknown field",
			  "a field of this method, see dmbox-api(7)"));
	CU_ASSERT(refuses("{\"a\\nb\\u001b[2J\": 5}", "a?b?[2J",
			  "unknown field",
			  "a field of this method, see dmbox-api(7)"));
}

static void what_is_required_must_come(void)
{
	static const struct field required[] = {
		{ "text", FIELD_TEXT, FIELD_REQUIRED, AT(text), 0, 5, 0, NULL,
		  "" },
		{ NULL, FIELD_TEXT, 0, 0, 0, 0, 0, NULL, NULL },
	};
	json_t *empty = json_pack("{s:s}", "text", "");

	CU_ASSERT_EQUAL(fields_parse(required, NULL, false, &got, &e),
			DM_EINVAL);
	CU_ASSERT_STRING_EQUAL(e.field, "text");
	CU_ASSERT_STRING_EQUAL(e.came, "missing");
	CU_ASSERT_STRING_EQUAL(e.allowed, "it is required");
	CU_ASSERT_EQUAL(fields_parse(required, empty, false, &got, &e),
			DM_OK);
	json_decref(empty);
}

static void lenient_begins_at_0_where_testers_want_it(void)
{
	CU_ASSERT_EQUAL(parse(true, "{\"number\": 0}"), DM_OK);
	CU_ASSERT_EQUAL(parse(true, "{\"number\": -1}"), DM_EINVAL);
	CU_ASSERT_STRING_EQUAL(e.allowed, "0 to 7");
	CU_ASSERT_EQUAL(parse(true, "{\"number\": 8}"), DM_EINVAL);
	CU_ASSERT_EQUAL(parse(true, "{\"text\": \"\"}"), DM_OK);
	CU_ASSERT_EQUAL(parse(true, "{\"session\": 0}"), DM_OK);
	CU_ASSERT_EQUAL(parse(true, "{\"session\": \"0000\"}"), DM_OK);
	CU_ASSERT_EQUAL(parse(true, "{\"unknown\": 0}"), DM_EINVAL);
}

static void a_secret_is_in_no_error(void)
{
	static const char *const bad[] = {
		"{\"secret\": \"" SECRET "\"}",
		"{\"secret\": [\"" SECRET "\"]}",
		"{\"secret\": {\"" SECRET "\": 1}}",
	};
	char text[ERR_TEXT_MAX];

	for (size_t i = 0; i < 3; i++) {
		CU_ASSERT_EQUAL(parse(false, bad[i]), DM_EINVAL);
		CU_ASSERT_PTR_NULL(strstr(err_text(&e, text, sizeof(text)),
					  SECRET));
	}
}

static void finds_fields_and_names(void)
{
	CU_ASSERT_PTR_EQUAL(fields_find(table, "code"), &table[7]);
	CU_ASSERT_PTR_NULL(fields_find(table, "cod"));
	CU_ASSERT_STRING_EQUAL(fields_choice_name(colours, 2), "green");
	CU_ASSERT_PTR_NULL(fields_choice_name(colours, 9));
}

int main(void)
{
	int status = tap_run("fields", (CU_TestInfo[]){
		{ "without values all is unset", without_values_all_is_unset },
		{ "reads every type", reads_every_type },
		{ "a text is measured in octets",
		  a_text_is_measured_in_octets },
		{ "a number has a range", a_number_has_a_range },
		{ "a choice is one of a list", a_choice_is_one_of_a_list },
		{ "a code is a number or its text",
		  a_code_is_a_number_or_its_text },
		{ "a session id is a number or hexadecimal text",
		  a_session_id_is_a_number_or_hexadecimal_text },
		{ "a version fits an octet", a_version_fits_an_octet },
		{ "a flag may be one of some words",
		  a_flag_may_be_one_of_some_words },
		{ "every type refuses every other",
		  every_type_refuses_every_other },
		{ "an unknown field is refused first",
		  an_unknown_field_is_refused_first },
		{ "what is required must come", what_is_required_must_come },
		{ "lenient begins at 0 where testers want it",
		  lenient_begins_at_0_where_testers_want_it },
		{ "a secret is in no error", a_secret_is_in_no_error },
		{ "finds fields and names", finds_fields_and_names },
		{ "an object holds simple values",
		  an_object_holds_simple_values },
		{ "a list holds texts", a_list_holds_texts },
		{ "a cursor counts without an end",
		  a_cursor_counts_without_an_end },
		{ "a list can hold objects", a_list_can_hold_objects },
		CU_TEST_INFO_NULL,
	});

	json_decref(params);
	return status;
}
