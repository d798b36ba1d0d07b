/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/json/device_json.h"

#include "gateway/json/time_text.h"

static void set_known(json_t *o, const char *name, const char *text)
{
	if (text && text[0])
		json_object_set_new(o, name, json_string(text));
}

static void set_time(json_t *o, const char *name, int64_t ms)
{
	char text[TIME_TEXT_SIZE];

	if (ms)
		json_object_set_new(o, name,
				    json_string(time_text(ms, text)));
}

static void set_flag(json_t *o, const char *name, bool on)
{
	json_object_set_new(o, name, json_boolean(on));
}

static void set_secrets(json_t *o, const struct device *d)
{
	set_known(o, "imsi", d->imsi);
	set_known(o, "credential", d->credential);
	if (d->has_nonce)	/* it may be the empty one */
		json_object_set_new(o, "nonce", json_string(d->nonce));
}

json_t *device_json(const struct device *d, bool secrets)
{
	json_t *o = json_object();

	set_known(o, "device", d->name);
	set_known(o, "msisdn", d->msisdn);
	set_known(o, "dev-id", d->dev_id);
	set_known(o, "server-id", d->server_id);
	set_known(o, "auth-name", d->auth_name);
	set_known(o, "dm-version",
		  fields_choice_name(request_dm_versions, d->dm_version));
	set_known(o, "quirks", d->quirks);
	set_known(o, "route", d->route);
	set_flag(o, "has-imsi", d->imsi[0]);
	set_flag(o, "has-credential", d->credential[0]);
	set_flag(o, "has-nonce", d->has_nonce);
	if (secrets)
		set_secrets(o, d);
	set_time(o, "changed", d->changed_ms);
	set_time(o, "resynced", d->resync_ms);
	return o;
}
