/* SPDX-License-Identifier: Apache-2.0 */
/* From the JSON of a bootstrap request to octets, against golden vectors. */
#include "gateway/request/provision.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/profile_dir.h"
#include "tests/tap.h"
#include "tests/vectors.h"
#include "wap/hex.h"

static _Alignas(max_align_t) uint8_t room[PROVISION_ARENA_MAX];
static struct arena arena;
static struct bootstrap_request rq;
static struct provision p;
static struct err e;
static json_t *params;		/* of the last make: rq borrows from it */
static struct profile_dir profiles;

/* Through the table and the encoder, as the API and the command line do. */
static int make(json_t *json)
{
	const struct profile *profile = NULL;
	int rc;

	json_decref(params);
	params = json;
	arena = (struct arena){ .buf = room, .cap = sizeof(room) };
	memset(&p, 0, sizeof(p));
	memset(&e, 0, sizeof(e));
	rc = fields_parse(request_bootstrap_fields, params, false, &rq, &e);
	if (!rc && rq.profile)
		profile = profile_dir_find(&profiles, rq.profile);
	return rc ? rc : provision_make(&rq, profile, "50317", 0, &arena, &p,
					&e);
}

static void set(json_t *json, const char *name, const char *text)
{
	if (text)
		json_object_set_new(json, name, json_string(text));
}

/* What of the document and the key a vector says. */
static json_t *request_of(const json_t *v, const char *form, const char *text)
{
	const json_t *key = json_object_get(v, "key_material");
	const char *sec = json_string_value(json_object_get(v, "sec"));
	json_t *json = json_object();

	set(json, "to", "+491701234567");
	set(json, form, text);
	set(json, "sec", sec ? sec : "none");
	set(json, "imsi", json_string_value(json_object_get(key, "imsi")));
	set(json, "pin", json_string_value(json_object_get(key, "pin")));
	if (!strcmp(vector_text(v, "name"), "cp-wm6-tps-headers")) {
		set(json, "initiator-uri", "http://tps.example.net/");
		set(json, "ms-desc", "Acme device management");
		json_object_set_new(json, "push-flag", json_integer(3));
	}
	return json;
}

static const char *golden(const json_t *v, const char *what)
{
	char name[64];

	snprintf(name, sizeof(name), "recommended_%s", what);
	if (!json_is_string(json_object_get(v, name)))
		snprintf(name, sizeof(name), "%s", what);
	return vector_text(v, name);
}

static bool is_hex(const uint8_t *octets, size_t len, const char *hex)
{
	uint8_t want[VECTOR_OCTETS_MAX];

	return tap_same(octets, len, want, tap_hex(hex, want, sizeof(want)));
}

static bool is_dm(const json_t *v)
{
	return !strcmp(vector_text(v, "kind"), "dm");
}

static void xml_of_a_vector(const json_t *v)
{
	CU_ASSERT_EQUAL_FATAL(make(request_of(v, is_dm(v) ? "dm-xml" : "xml",
					      vector_text(v, "xml"))), DM_OK);
	CU_ASSERT(is_hex(p.message.body, p.message.body_len,
			 golden(v, "wbxml_hex")));
	CU_ASSERT(is_hex(p.message.wsp, p.message.wsp_len,
			 golden(v, "wsp_hex")));
}

static void makes_the_octets_of_every_vector(void)
{
	CU_ASSERT_EQUAL(vectors_each("bootstrap", "vectors", xml_of_a_vector),
			20);
}

static void wbxml_of_a_vector(const json_t *v)
{
	CU_ASSERT_EQUAL_FATAL(make(request_of(v, "wbxml-hex",
					      golden(v, "wbxml_hex"))), DM_OK);
	CU_ASSERT(is_hex(p.message.wsp, p.message.wsp_len,
			 golden(v, "wsp_hex")));
	CU_ASSERT_FALSE(p.document.unread);
}

static void ready_wbxml_is_signed_as_it_is(void)
{
	vectors_each("bootstrap", "vectors", wbxml_of_a_vector);
}

static json_t *request(const char *xml)
{
	return json_pack("{s:s, s:s, s:s, s:s}", "to", "+491701234567", "xml",
			 xml, "sec", "USERPIN", "pin", "1234");
}

static const char small[] =
	"<wap-provisioningdoc><characteristic type=\"BOOTSTRAP\">"
	"<parm name=\"NAME\" value=\"n\"/></characteristic>"
	"</wap-provisioningdoc>";

static json_t *with(const char *name, const char *value)
{
	json_t *json = request(small);

	if (value)
		json_object_set_new(json, name,
				    json_loads(value, JSON_DECODE_ANY, NULL));
	else
		json_object_del(json, name);
	return json;
}

static bool refuses(json_t *json, const char *field)
{
	int rc = make(json);

	if (rc < 0 && e.code == rc && !strcmp(e.field, field))
		return true;
	printf("# %d \"%s\" \"%s\" \"%s\"\n", rc, e.field, e.came, e.allowed);
	return false;
}

static void a_request_has_one_document(void)
{
	CU_ASSERT_EQUAL(make(with("tid", "1")), DM_OK);
	CU_ASSERT(refuses(with("xml", NULL), "document"));
	CU_ASSERT(refuses(with("wbxml-hex", "\"030b6a00\""), "document"));
	CU_ASSERT(refuses(with("profile", "\"generic\""), "document"));
	CU_ASSERT(refuses(with("fields", "{}"), "fields"));
	CU_ASSERT(refuses(with("xml", "\"<a/>\""), "xml"));
	CU_ASSERT(refuses(with("xml", "\"\""), "xml"));
}

static void a_profile_must_be_known(void)
{
	json_t *json = with("profile", "\"nonesuch\"");

	json_object_del(json, "xml");
	CU_ASSERT(refuses(json, "profile"));
	CU_ASSERT_STRING_EQUAL(e.came, "\"nonesuch\"");
}

static json_t *from_profile(json_t *fields)
{
	json_t *json = with("xml", NULL);

	set(json, "profile", "generic");
	json_object_set_new(json, "fields", fields);
	return json;
}

static void a_profile_is_filled(void)
{
	CU_ASSERT_EQUAL(make(from_profile(json_pack(
		"{s:s, s:s, s:s, s:s, s:s, s:s}",
		"server-id", "com.example.dms", "name", "Example",
		"addr", "https://dm.example.com/",
		"client-name", "device42",
		"client-password", "cpw", "server-password", "spw"))), DM_OK);
	CU_ASSERT_STRING_EQUAL(p.server_id, "com.example.dms");
	CU_ASSERT_EQUAL(p.lint.n_errors, 0);
	CU_ASSERT(refuses(from_profile(json_pack("{s:s}", "sever-id", "x")),
			  "sever-id"));
	CU_ASSERT(refuses(from_profile(json_object()), "server-id"));
}

static json_t *ready(const char *hex)
{
	json_t *json = with("xml", NULL);

	set(json, "wbxml-hex", hex);
	return json;
}

static void ready_wbxml_must_say_what_it_is(void)
{
	CU_ASSERT(refuses(ready("030b6a0"), "wbxml-hex"));
	CU_ASSERT(refuses(ready("0305"), "wbxml-hex"));
	CU_ASSERT(refuses(ready("03056a00c5"), "wbxml-hex"));
}

static void unreadable_wbxml_is_signed_and_told(void)
{
	CU_ASSERT_EQUAL(make(ready("030b6a00ff")), DM_OK);
	CU_ASSERT(p.document.unread);
	CU_ASSERT_EQUAL(p.lint.n_errors, 1);
	CU_ASSERT_EQUAL(provision_refuse(&p.lint, &e), DM_EINVAL);
	CU_ASSERT_STRING_EQUAL(e.field, "document");
}

static void only_an_explicit_none_is_unsigned(void)
{
	json_t *json = with("pin", NULL);

	set(json, "sec", "none");
	CU_ASSERT_EQUAL(make(json), DM_OK);
	CU_ASSERT_EQUAL(p.security.sec, MAC_SEC_NONE);
	CU_ASSERT_FALSE(p.security.has_mac);
	CU_ASSERT(refuses(with("sec", NULL), "sec"));
	CU_ASSERT(refuses(with("sec", "\"none\""), "sec"));
	CU_ASSERT(refuses(with("sec", "\"userpin\""), "sec"));
}

static void key_material_must_fit(void)
{
	CU_ASSERT(refuses(with("pin", NULL), "pin"));
	CU_ASSERT(refuses(with("sec", "\"NETWPIN\""), "imsi"));
	CU_ASSERT(refuses(with("sec", "\"USERNETWPIN\""), "imsi"));
	CU_ASSERT(refuses(with("imsi", "\"31015x\""), "imsi"));
	CU_ASSERT(refuses(with("quirks", "\"nokia\""), "quirks"));
}

static void a_method_that_the_client_refuses_is_linted(void)
{
	json_t *json = with("sec", "\"USERNETWPIN\"");

	set(json, "imsi", "310150123456789");
	CU_ASSERT_EQUAL(make(json_incref(json)), DM_OK);
	CU_ASSERT_EQUAL(p.lint.n_errors, 0);
	set(json, "quirks", "gecko");
	CU_ASSERT_EQUAL(make(json), DM_OK);
	CU_ASSERT_EQUAL(p.lint.n_errors, 1);
	CU_ASSERT_STRING_EQUAL(p.lint.findings[0].where, "sec");
}

static void userpinmac_tells_the_user_a_pin(void)
{
	json_t *json = with("sec", "\"USERPINMAC\"");

	json_object_del(json, "pin");
	CU_ASSERT_EQUAL(make(json), DM_OK);
	CU_ASSERT_EQUAL(strlen(p.oob_pin), 10);
	CU_ASSERT_EQUAL(strncmp(p.oob_pin, "50317", 5), 0);
}

static void the_limit_of_segments_is_linted(void)
{
	json_t *json = request(vector_text(vectors_find("bootstrap", "vectors",
		"cp-large-10sms"), "xml"));

	CU_ASSERT_EQUAL(make(json_incref(json)), DM_OK);
	CU_ASSERT_EQUAL(p.lint.n_errors, 0);
	CU_ASSERT_EQUAL(provision_refuse(&p.lint, &e), DM_OK);
	CU_ASSERT_EQUAL(p.message.n_segments, 11);
	json_object_set_new(json, "segments-max", json_integer(10));
	CU_ASSERT_EQUAL(make(json), DM_OK);
	CU_ASSERT_EQUAL(p.lint.n_errors, 1);
}

/* A document whose one value has len octets. */
static json_t *long_document(size_t len)
{
	char *xml = malloc(len + sizeof(small) + 1);
	char *value = malloc(len + 1);
	json_t *json;

	memset(value, 'x', len);
	value[len] = '\0';
	sprintf(xml, "<wap-provisioningdoc><characteristic type=\"BOOTSTRAP\">"
		"<parm name=\"NAME\" value=\"%s\"/></characteristic>"
		"</wap-provisioningdoc>", value);
	json = request(xml);
	free(value);
	free(xml);
	return json;
}

static void the_longest_message_has_255_segments(void)
{
	size_t head;

	CU_ASSERT_EQUAL(make(long_document(1)), DM_OK);
	head = p.message.wsp_len - 1;
	CU_ASSERT_EQUAL(make(long_document(255 * 128 - head)), DM_OK);
	CU_ASSERT_EQUAL(p.message.n_segments, 255);
	CU_ASSERT(refuses(long_document(255 * 128 - head + 1), "message"));
}

static void a_job_knows_what_it_is(void)
{
	struct job j = { .id = 1 };

	CU_ASSERT_EQUAL(make(request(vector_text(vectors_find("bootstrap",
		"vectors", "cp-w7-dm12-wm6"), "xml"))), DM_OK);
	provision_describe(&rq, &p, &j);
	CU_ASSERT_EQUAL(j.method, JOB_BOOTSTRAP);
	CU_ASSERT_STRING_EQUAL(j.server_id, "dm.example.com");
	CU_ASSERT_EQUAL(make(request(small)), DM_OK);
	provision_describe(&rq, &p, &j);
	CU_ASSERT_STRING_EQUAL(j.server_id, "");
}

int main(void)
{
	int status;

	if (profile_dir_load(&profiles, tap_path("../conf/profiles"), &e)) {
		printf("Bail out! %s: %s\n", e.field, e.came);
		return EXIT_FAILURE;
	}
	status = tap_run("provision", (CU_TestInfo[]){
		{ "makes the octets of every vector",
		  makes_the_octets_of_every_vector },
		{ "ready WBXML is signed as it is",
		  ready_wbxml_is_signed_as_it_is },
		{ "a request has one document", a_request_has_one_document },
		{ "a profile must be known", a_profile_must_be_known },
		{ "a profile is filled", a_profile_is_filled },
		{ "ready WBXML must say what it is",
		  ready_wbxml_must_say_what_it_is },
		{ "unreadable WBXML is signed and told",
		  unreadable_wbxml_is_signed_and_told },
		{ "only an explicit none is unsigned",
		  only_an_explicit_none_is_unsigned },
		{ "key material must fit", key_material_must_fit },
		{ "a method that the client refuses is linted",
		  a_method_that_the_client_refuses_is_linted },
		{ "USERPINMAC tells the user a PIN",
		  userpinmac_tells_the_user_a_pin },
		{ "the limit of segments is linted",
		  the_limit_of_segments_is_linted },
		{ "the longest message has 255 segments",
		  the_longest_message_has_255_segments },
		{ "a job knows what it is", a_job_knows_what_it_is },
		CU_TEST_INFO_NULL,
	});
	json_decref(params);
	profile_dir_free(&profiles);
	return status;
}
