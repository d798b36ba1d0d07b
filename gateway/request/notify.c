/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/request/notify.h"

#include <stdio.h>
#include <string.h>

#include "notif/notif.h"
#include "wap/hex.h"

static int check_server(const struct notify_request *rq, struct err *e)
{
	if (rq->key.server_id)
		return DM_OK;
	return err_set(e, DM_EINVAL, "server-id",
		       "it is required, unless a registered device has it",
		       "missing");
}

static int read_vendor(const char *hex, uint8_t vendor[NOTIF_VENDOR_MAX],
		       struct trigger *t, struct err *e)
{
	if (hex && hex_decode(hex, strlen(hex), vendor, NOTIF_VENDOR_MAX,
			      &t->vendor_len))
		return err_set(e, DM_EINVAL, "vendor-hex",
			       "hexadecimal, 0 to 1024 octets",
			       "%zu characters", strlen(hex));
	t->vendor = vendor;
	return DM_OK;
}

/* Signed as the client verifies it. */
static int encode_package0(const struct notify_request *rq,
			   const struct quirk *quirk, const struct trigger *t,
			   struct message *m, struct err *e)
{
	struct digest_source source = rq->key;
	struct digest_key key;
	int rc;

	source.drops_colon = quirk->drops_colon;
	rc = digest_key_make(&source, &key, e);
	if (rc)
		return rc;
	rc = notif_fit_key(&key, quirk, e);
	if (!rc) {
		rc = notif_encode(t, &key, m->body, sizeof(m->body),
				  &m->body_len);
		if (rc)
			err_set(e, rc, "notification", "",
				"it could not be encoded");
	}
	hash_wipe(&key, sizeof(key));
	return rc;
}

static int encode_transport(const struct notify_request *rq,
			    uint16_t reference, struct message *m,
			    struct err *e)
{
	struct transport t;
	int rc = submit_transport(&rq->transport, reference, &t, e);

	if (!rc)
		rc = transport_wrap(&t, WSP_SYNCML_NOTIFICATION,
				    WSP_APPLICATION_SYNCML_DM, m->body,
				    m->body_len, m->wsp, sizeof(m->wsp),
				    &m->wsp_len, e);
	return rc ? rc : submit_split(&t, m, e);
}

int notify_encode(const struct notify_request *rq, uint16_t session_id,
		  uint16_t reference, bool lenient, struct message *m,
		  struct err *e)
{
	uint8_t vendor[NOTIF_VENDOR_MAX];
	const struct quirk *quirk;
	struct trigger t = {
		.version = (uint16_t)rq->version_field,
		.ui_mode = (enum ui_mode)rq->ui_mode,
		.server_initiated = rq->server_initiated,
		.session_id = rq->session_id == REQUEST_UNSET ? session_id :
			      (uint16_t)rq->session_id,
	};
	int rc = check_server(rq, e);

	if (!rc)
		rc = submit_quirk(rq->quirks, &quirk, e);
	if (rc)
		return rc;
	t.server_id = rq->key.server_id;
	t.server_id_len = strlen(rq->key.server_id);
	rc = read_vendor(rq->vendor_hex, vendor, &t, e);
	if (!rc)
		rc = lenient ? notif_check_quirk(&t, quirk, e)
			     : notif_check(&t, quirk, e);
	if (!rc)
		rc = encode_package0(rq, quirk, &t, m, e);
	if (!rc)
		rc = encode_transport(rq, reference, m, e);
	return rc;
}

int notify_check_until(const struct notify_request *rq,
		       enum job_reached until, struct err *e)
{
	const struct quirk *quirk;
	int rc = submit_quirk(rq->quirks, &quirk, e);

	if (rc || until != REACHED_SESSION || !quirk->new_session_id)
		return rc;
	return err_set(e, DM_EINVAL, "until", "taken or delivered",
		       "\"session\", but a %s client wants a new session id "
		       "each time", quirk->name);
}

int notify_describe(const struct notify_request *rq, struct job *j,
		    struct err *e)
{
	int rc = check_server(rq, e);

	if (rc)
		return rc;
	j->dm_version = rq->dm_version == REQUEST_UNSET ? DM_VERSION_12
							: rq->dm_version;
	j->dcs = rq->transport.dcs;
	j->client_initiated = !rq->server_initiated;
	snprintf(j->server_id, sizeof(j->server_id), "%s", rq->key.server_id);
	return DM_OK;
}
