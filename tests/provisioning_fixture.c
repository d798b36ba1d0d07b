/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/provisioning_fixture.h"

#include <stdalign.h>
#include <stdio.h>
#include <string.h>

#include "bootstrap/cp_wbxml.h"
#include "tests/tap.h"
#include "wap/segment.h"

#define SEGMENTS 20

static alignas(max_align_t) uint8_t octets[DEVICE_ARENA_MAX];
static struct reassembly_slot slots[2];
struct device_room room = {
	.pool = { slots, 2, DEVICE_REASSEMBLY_TIMEOUT_MS },
	.arena = { .buf = octets, .cap = sizeof(octets) },
};
struct device_outcome out;

/* ------------------------------ messages ------------------------------ */

size_t take_push(struct device *d, const uint8_t *push, size_t len,
		 size_t first, size_t step)
{
	const struct segment_form form = {
		.dest_port = UDH_PORT_WAP_PUSH, .source_port = UDH_PORT_WSP,
		.concat = UDH_CONCAT_8, .reference = 7,
	};
	static struct segment segments[SEGMENTS];
	size_t n = 0;

	memset(slots, 0, sizeof(slots));
	CU_ASSERT_EQUAL_FATAL(segment_split(&form, push, len, segments,
					    SEGMENTS, &n), DM_OK);
	for (size_t i = 0; i < n; i++) {
		const struct segment *s = &segments[(first + i * step) % n];
		struct device_sms sms = {
			.from = "12345", .has_udh = true,
			.octets = s->octets, .len = s->len,
		};

		if (i)
			CU_ASSERT_EQUAL(out.verdict, DEVICE_WAITS);
		device_forget(&room);
		device_take(d, &room, &sms, &out);
	}
	return n;
}

void take(struct device *d, const uint8_t *push, size_t len)
{
	take_push(d, push, len, 0, 1);
}

const json_t *find(const char *name)
{
	return vectors_find("bootstrap", "vectors", name);
}

size_t push_of(const json_t *v, uint8_t push[PUSH_MAX])
{
	return vector_hex(v, vector_has(v, "recommended_wsp_hex") ?
			  "recommended_wsp_hex" : "wsp_hex", push);
}

void take_vector(struct device *d, const json_t *v)
{
	uint8_t push[PUSH_MAX];
	size_t len = push_of(v, push);

	take(d, push, len);
}

static const char *material(const json_t *v, const char *key)
{
	const json_t *m = json_object_get(v, "key_material");
	const char *text = json_string_value(json_object_get(m, key));

	return text ? text : "";
}

struct device new_device(const char *dm_version, const char *imsi,
			 const char *pin)
{
	struct device d = {
		.msisdn = "+491701234567", .dm_version = dm_version,
		.quirk = quirks_find("generic"),
	};

	snprintf(d.imsi, sizeof(d.imsi), "%s", imsi);
	snprintf(d.pin, sizeof(d.pin), "%s", pin);
	return d;
}

struct device device_for(const json_t *v)
{
	const char *name = vector_text(v, "name");

	return new_device(strncmp(name, "dm112", 5) ? "1.2" : "1.1.2",
			  material(v, "imsi"),
			  vector_has(v, "out_of_band_pin") ?
			  vector_text(v, "out_of_band_pin") :
			  material(v, "pin"));
}

void applied(void)
{
	if (out.verdict != DEVICE_APPLIED)
		printf("# %s\n", out.reason);
	CU_ASSERT_EQUAL(out.verdict, DEVICE_APPLIED);
	CU_ASSERT(out.is_bootstrap);
}

void refused(const char *reason)
{
	CU_ASSERT_EQUAL(out.verdict, DEVICE_REFUSED);
	CU_ASSERT(out.is_bootstrap);
	if (!strstr(out.reason, reason))
		printf("# \"%s\" is not in \"%s\"\n", reason, out.reason);
	CU_ASSERT_PTR_NOT_NULL(strstr(out.reason, reason));
}

bool verifies(struct device *d, const char *server_id, const char *auth_name,
	      const char *password, const char *nonce)
{
	const struct digest_source source = {
		.server_id = server_id, .auth_name = auth_name,
		.password = password, .nonce = nonce,
	};
	const struct trigger t = {
		.version = TRIGGER_VERSION_DM, .session_id = 1,
		.server_id = server_id, .server_id_len = strlen(server_id),
	};
	uint8_t package[NOTIF_LEN_MAX], push[PUSH_MAX];
	struct wsp_push p = {
		.tid = 1, .pdu_type = WSP_PUSH, .body = package,
		.content_type.number = WSP_SYNCML_NOTIFICATION,
	};
	struct digest_key key;
	struct err e;
	size_t len = 0;

	wsp_push_add(&p, WSP_APPLICATION_ID, WSP_APPLICATION_SYNCML_DM);
	CU_ASSERT_EQUAL(digest_key_make(&source, &key, &e), DM_OK);
	CU_ASSERT_EQUAL(notif_encode(&t, &key, package, sizeof(package),
				     &p.body_len), DM_OK);
	CU_ASSERT_EQUAL(wsp_push_encode(&p, push, sizeof(push), &len), DM_OK);
	take(d, push, len);
	CU_ASSERT(!out.is_bootstrap);
	return out.verdict == DEVICE_VERIFIED;
}

bool example_verifies(struct device *d)
{
	return verifies(d, "dm.example.com", NULL, "serverpw",
			"c2VydmVybm9uY2Ux");
}

/* ------------------------------ documents ------------------------------ */

const struct mac_source pin_1234 = { .sec = MAC_USERPIN, .pin = "1234" };

void take_document(struct device *d, const uint8_t *body, size_t len,
		   const struct mac_source *source)
{
	struct bootstrap_security s = { .sec = source->sec, .has_mac = true };
	uint8_t params[BOOTSTRAP_PARAMS_MAX], push[PUSH_MAX];
	struct wsp_push p = {
		.tid = 1, .pdu_type = WSP_PUSH, .params = params,
		.content_type.number = WSP_CONNECTIVITY_WBXML,
		.body = body, .body_len = len,
	};
	struct mac_key key;
	struct err e;

	CU_ASSERT_EQUAL(mac_key_make(source, &key, &e), DM_OK);
	CU_ASSERT_EQUAL(mac_compute(&key, body, len, s.mac), DM_OK);
	p.params_len = bootstrap_params_encode(&s, params);
	CU_ASSERT_EQUAL(wsp_push_encode(&p, push, sizeof(push), &len), DM_OK);
	take(d, push, len);
}

static void put(struct arena *a, struct cp_node **list, const char *name,
		const char *value)
{
	if (value)
		CU_ASSERT_PTR_NOT_NULL(cp_add(a, list, true, name, value));
}

static void take_w7_doc(struct device *d, const struct w7 *w, bool init)
{
	static alignas(max_align_t) uint8_t tree[8192];
	struct arena a = { .buf = tree, .cap = sizeof(tree) };
	struct cp_doc doc = { .version = "1.1" };
	struct cp_node *app = cp_add(&a, &doc.nodes, false, "APPLICATION",
				     NULL);
	struct cp_node *auth;
	uint8_t body[PUSH_MAX];
	size_t len = 0;

	put(&a, &app->children, "APPID", "w7");
	put(&a, &app->children, "PROVIDER-ID", w->server_id);
	put(&a, &app->children, "ADDR", "https://dm.example.com");
	if (init)
		cp_add(&a, &app->children, true, "INIT", NULL);
	auth = cp_add(&a, &app->children, false, "APPAUTH", NULL);
	put(&a, &auth->children, "AAUTHLEVEL", w->level);
	put(&a, &auth->children, "AAUTHNAME", w->auth_name);
	put(&a, &auth->children, "AAUTHSECRET", w->secret);
	put(&a, &auth->children, "AAUTHDATA", w->nonce);
	CU_ASSERT_EQUAL(cp_wbxml_encode(&doc, body, sizeof(body), &len),
			DM_OK);
	take_document(d, body, len, &pin_1234);
}

void take_w7(struct device *d, const struct w7 *w)
{
	take_w7_doc(d, w, false);
}

void take_w7_with_init(struct device *d, const struct w7 *w)
{
	take_w7_doc(d, w, true);
}
