/* SPDX-License-Identifier: Apache-2.0 */
#include "emulator/outcome.h"

#include <stdio.h>

#include "wap/hex.h"

static const char *name_of(const struct device *d)
{
	return d ? d->msisdn : NULL;
}

/* to, out: who verified it; or NULL. */
static void report_trigger(const struct report *r, const char *event,
			   const struct trigger *t, const struct device *to,
			   const struct device_outcome *out)
{
	char session[5], vendor[HEX_SIZE(NOTIF_VENDOR_MAX)];
	size_t shown = t->vendor_len < NOTIF_VENDOR_MAX ? t->vendor_len :
		       NOTIF_VENDOR_MAX;
	struct report_field fields[11] = {
		{ .key = "server-id", .kind = REPORT_TEXT,
		  .text = t->server_id, .len = t->server_id_len },
		{ .key = "session-id", .kind = REPORT_HEX16,
		  .number = t->session_id },
		{ .key = "session-id-text", .kind = REPORT_JSON_TEXT,
		  .text = session },
		report_text("ui-mode", ui_mode_name(t->ui_mode)),
		report_text("initiator",
			    t->server_initiated ? "server" : "client"),
	};
	size_t n = 5;

	fields[2].len = (size_t)snprintf(session, sizeof(session), "%X",
					 t->session_id);
	if (to)
		fields[n++] = report_text("dm-version", to->dm_version);
	fields[n] = report_number("version-field", t->version);
	fields[n++].kind = REPORT_JSON_NUMBER;
	if (out && out->proof > PROOF_NONCE)
		fields[n++] = report_text("nonce",
					  proof_nonce_name(out->proof));
	if (out && to->plan.comes_after)
		fields[n++] = report_number("counted", out->number);
	if (t->vendor_len) {
		hex_encode(t->vendor, shown, vendor);
		fields[n++] = report_number("vendor-octets", t->vendor_len);
		fields[n++] = report_text("vendor-hex", vendor);
	}
	report_event(r, event, name_of(to), fields, n);
}

void outcome_report_trigger(const struct report *r, const char *event,
			    const struct trigger *t)
{
	report_trigger(r, event, t, NULL, NULL);
}

static struct report_field auth_type(const char *key,
				     const struct account_auth *auth)
{
	return report_text(key, !auth->given ? "none" :
			   auth->type ? auth->type : "not-specified");
}

void outcome_report_bootstrap(const struct report *r, const char *event,
			      const struct device *to,
			      const struct device_bootstrap *b)
{
	const struct account *a = &b->account;
	struct report_field fields[8] = {
		report_text("kind", bootstrap_kind_name(b->kind)),
		report_text("sec", mac_sec_name(b->sec)),
		report_number("octets", b->octets),
	};
	size_t n = 3;

	if (b->has_account) {
		fields[n++] = report_text("server-id", a->server_id);
		fields[n++] = report_text("addr", a->addr);
		fields[n++] = auth_type("client-auth", &a->client);
		fields[n++] = auth_type("server-auth", &a->server);
	}
	if (b->has_account && a->name) {
		fields[n] = report_text("name", a->name);
		fields[n++].kind = REPORT_JSON_TEXT;
	}
	report_event(r, event, name_of(to), fields, n);
}

void outcome_report(const struct report *r, const struct device *to,
		    const struct device_outcome *out)
{
	struct report_field reason = report_text("reason", out->reason);

	switch (out->verdict) {
	case DEVICE_WAITS:
		break;
	case DEVICE_VERIFIED:
		report_trigger(r, "notification.verified", &out->trigger, to,
			       out);
		break;
	case DEVICE_APPLIED:
		outcome_report_bootstrap(r, "bootstrap.applied", to,
					 &out->bootstrap);
		break;
	case DEVICE_REFUSED:
		report_event(r, out->is_bootstrap ? "bootstrap.refused" :
			     "notification.refused", to->msisdn, &reason, 1);
		break;
	}
}
