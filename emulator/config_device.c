/* SPDX-License-Identifier: Apache-2.0 */
#include "emulator/config_device.h"

#include <string.h>

#include "emulator/config_client.h"
#include "wap/utf8.h"

cfg_opt_t config_device_options[CONFIG_DEVICE_FIELDS + 1] = {
	CFG_INT("count", 1, CFGF_NONE),
	CFG_STR("dm-version", "1.2", CFGF_NONE),
	CFG_STR("imsi", NULL, CFGF_NONE),
	CFG_STR("pin", NULL, CFGF_NONE),
	CFG_BOOL("accept-unsigned", cfg_false, CFGF_NONE),
	CFG_STR("server-id", NULL, CFGF_NONE),
	CFG_STR("auth-name", NULL, CFGF_NONE),
	CFG_STR("password", NULL, CFGF_NONE),
	CFG_STR("credential", NULL, CFGF_NONE),
	CFG_STR("nonce", NULL, CFGF_NONE),
	CFG_STR("nonce-hex", NULL, CFGF_NONE),
	CFG_STR("nonce-text", NULL, CFGF_NONE),
	CFG_STR("nonce-as", "octets", CFGF_NONE),
	CFG_STR("quirks", "generic", CFGF_NONE),
	CFG_BOOL("resync", cfg_true, CFGF_NONE),
	CFG_STR("receipt", "DELIVRD", CFGF_NONE),
	CFG_INT("receipt-delay-ms", 0, CFGF_NONE),
	CFG_INT("comes-after", 0, CFGF_NONE),
	CFG_INT("comes-delay-ms", 0, CFGF_NONE),
	CFG_INT("session-lasts-ms", 0, CFGF_NONE),
	CFG_INT("result", DM_PLAN_NO_RESULT, CFGF_NONE),
	CFG_STR("alert-type", NULL, CFGF_NONE),
	CFG_STR("server-url", NULL, CFGF_NONE),
	CFG_STR("dev-id", NULL, CFGF_NONE),
	CFG_STR("model", "Emulator", CFGF_NONE),
	CFG_STR("firmware", "1.0", CFGF_NONE),
	CFG_STR("encoding", "wbxml", CFGF_NONE),
	CFG_STR("user-name", NULL, CFGF_NONE),
	CFG_STR("user-password", NULL, CFGF_NONE),
	CFG_STR("user-nonce", NULL, CFGF_NONE),
	CFG_STR("answers", "yes", CFGF_NONE),
	CFG_INT("answers-after-ms", 0, CFGF_NONE),
	CFG_BOOL("confirms", cfg_false, CFGF_NONE),
	CFG_INT("retry-ms", 5000, CFGF_NONE),
	CFG_INT("restart-ms", 2000, CFGF_NONE),
	CFG_END(),
};

const char *config_device_names(void)
{
	return "count, dm-version, imsi, pin, accept-unsigned, server-id, "
	       "auth-name, password, credential, nonce, nonce-hex, "
	       "nonce-text, nonce-as, quirks, resync, receipt, receipt-delay-ms, "
	       "comes-after, comes-delay-ms, session-lasts-ms, result, "
	       "alert-type, server-url, dev-id, model, firmware, encoding, "
	       "user-name, user-password, user-nonce, answers, "
	       "answers-after-ms, confirms, retry-ms, restart-ms, fault";
}

bool config_is_given(cfg_t *sec, const char *field)
{
	return cfg_getopt(sec, field)->flags & CFGF_MODIFIED;
}

static int check_version(cfg_t *sec, struct device *d, struct err *e)
{
	const char *version = cfg_getstr(sec, "dm-version");

	if (!strcmp(version, "1.2"))
		d->dm_version = "1.2";
	else if (!strcmp(version, "1.1.2"))
		d->dm_version = "1.1.2";
	else
		return err_set(e, DM_EINVAL, "dm-version", "1.1.2, 1.2",
			       "\"%s\"", version);
	return DM_OK;
}

int config_number(cfg_t *sec, const char *field, long max, unsigned *out,
		  struct err *e)
{
	long n = cfg_getint(sec, field);
	char allowed[40];

	snprintf(allowed, sizeof(allowed), "0 to %ld", max);
	if (n < 0 || n > max)
		return err_set(e, DM_EINVAL, field, allowed, "%ld", n);
	*out = (unsigned)n;
	return DM_OK;
}

int config_copy_text(cfg_t *sec, const char *field, size_t max, char *out,
		     struct err *e)
{
	const char *text = cfg_getstr(sec, field);
	size_t len = strlen(text);
	char allowed[40];

	snprintf(allowed, sizeof(allowed), "1 to %zu octets", max);
	if (len < 1 || len > max)
		return err_set(e, DM_EINVAL, field, allowed, "%zu octets",
			       len);
	if (!utf8_valid(text, len))
		return err_set(e, DM_EINVAL, field, "text in UTF-8",
			       "octets that are not UTF-8");
	memcpy(out, text, len + 1);
	return DM_OK;
}

static int check_quirks(cfg_t *sec, struct device *d, struct err *e)
{
	const char *name = cfg_getstr(sec, "quirks");

	d->quirk = quirks_find(name);
	if (!d->quirk)
		return err_set(e, DM_EINVAL, "quirks", quirks_names(),
			       "\"%s\"", name);
	return DM_OK;
}

static int check_resync(cfg_t *sec, struct device *d, struct err *e)
{
	bool given = config_is_given(sec, "resync");
	bool on = given ? cfg_getbool(sec, "resync") : !d->quirk->resync_off;
	char allowed[60];

	d->no_resync = !on;
	if (!given || !on || d->quirk->resync_nonce != RESYNC_NONE)
		return DM_OK;
	snprintf(allowed, sizeof(allowed), "false for a %s client",
		 d->quirk->name);
	return err_set(e, DM_EINVAL, "resync", allowed, "true");
}

/* ------------------------------ bootstrap ------------------------------ */

static int check_imsi(cfg_t *sec, struct device *d, struct err *e)
{
	const char *imsi = cfg_getstr(sec, "imsi");
	int rc = imsi ? imsi_check(imsi, e) : DM_OK;

	if (imsi && !rc)
		strcpy(d->imsi, imsi);
	return rc;
}

static bool is_printable(const char *text)
{
	for (; *text; text++)
		if (*text < ' ' || *text > '~')
			return false;
	return true;
}

static int check_pin(cfg_t *sec, struct device *d, struct err *e)
{
	const char *pin = cfg_getstr(sec, "pin");
	size_t len = pin ? strlen(pin) : 0;

	if (!pin)
		return DM_OK;
	if (len < 1 || len > DEVICE_PIN_MAX)
		return err_set(e, DM_EINVAL, "pin", "1 to 40 characters",
			       "%zu characters", len);
	if (!is_printable(pin))
		return err_set(e, DM_EINVAL, "pin", "printable ASCII",
			       "other characters");
	strcpy(d->pin, pin);
	return DM_OK;
}

static int check_unsigned(cfg_t *sec, struct device *d, struct err *e)
{
	(void)e;
	d->accepts_unsigned = cfg_getbool(sec, "accept-unsigned");
	return DM_OK;
}

/* ------------------------------- account ------------------------------- */

static int check_server_id(cfg_t *sec, struct device_account *a,
			   struct err *e)
{
	if (!cfg_getstr(sec, "server-id"))
		return err_set(e, DM_EINVAL, "server-id", "1 to 255 octets",
			       "missing");
	return config_copy_text(sec, "server-id", TRIGGER_SERVER_ID_MAX,
				a->server_id, e);
}

static int check_key(cfg_t *sec, const struct quirk *quirk,
		     struct device_account *a, struct err *e)
{
	struct digest_source source = {
		.drops_colon = quirk->drops_colon,
		.server_id = a->server_id,
		.auth_name = cfg_getstr(sec, "auth-name"),
		.password = cfg_getstr(sec, "password"),
		.credential = cfg_getstr(sec, "credential"),
		.nonce = cfg_getstr(sec, "nonce"),
		.nonce_hex = cfg_getstr(sec, "nonce-hex"),
		.nonce_text = cfg_getstr(sec, "nonce-text"),
	};

	a->has_key = true;
	return digest_key_make(&source, &a->key, e);
}

static int check_nonce_as(cfg_t *sec, struct device *d, struct err *e)
{
	const char *name = cfg_getstr(sec, "nonce-as");

	if (strcmp(name, "octets") && strcmp(name, "text"))
		return err_set(e, DM_EINVAL, "nonce-as", "octets, text",
			       "\"%s\"", name);
	d->nonce_as_text = *name == 't';
	return DM_OK;
}

/* All of it, or nothing: then a bootstrap has to bring it. */
static int check_account(cfg_t *sec, struct device *d, struct err *e)
{
	static const char *const fields[] = {
		"server-id", "auth-name", "password", "credential", "nonce",
		"nonce-hex", "nonce-text",
	};
	struct device_account *a = &d->account;
	int rc;

	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		a->given |= cfg_getstr(sec, fields[i]) != NULL;
	if (!a->given)
		return DM_OK;
	rc = check_server_id(sec, a, e);
	return rc ? rc : check_key(sec, d->quirk, a, e);
}

/* ------------------------------- receipt ------------------------------- */

int config_state(const char *field, const char *name,
		 const struct receipt_state **state, struct err *e)
{
	char allowed[sizeof(e->allowed)];

	*state = receipt_state_find(name);
	if (*state || !strcmp(name, "none"))
		return DM_OK;
	snprintf(allowed, sizeof(allowed), "%s, none", receipt_state_names());
	return err_set(e, DM_EINVAL, field, allowed, "\"%s\"", name);
}

static int check_receipt(cfg_t *sec, struct device *d, struct err *e)
{
	int rc = config_number(sec, "receipt-delay-ms", CONFIG_DELAY_MS_MAX,
			       &d->receipt_delay_ms, e);

	return rc ? rc : config_state("receipt", cfg_getstr(sec, "receipt"),
				      &d->receipt, e);
}

/* ------------------------------- session ------------------------------- */

/* These say nothing of a device that never comes. */
static int check_never(cfg_t *sec, struct err *e)
{
	static const char *const fields[] = {
		"comes-delay-ms", "session-lasts-ms", "result", "alert-type",
	};

	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (config_is_given(sec, fields[i]))
			return err_set(e, DM_EINVAL, fields[i],
				       "only with comes-after of 1 or more",
				       "came");
	return DM_OK;
}

/* In a session with a server, these come about by themselves. */
static int check_real(cfg_t *sec, struct err *e)
{
	static const char *const fields[] = {
		"session-lasts-ms", "result", "alert-type",
	};

	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (config_is_given(sec, fields[i]))
			return err_set(e, DM_EINVAL, fields[i],
				       "only without server-url", "came");
	return DM_OK;
}

static int check_result(cfg_t *sec, struct dm_plan *plan, struct err *e)
{
	unsigned result;
	int rc;

	plan->result = DM_PLAN_NO_RESULT;
	if (config_is_given(sec, "result")) {
		rc = config_number(sec, "result", DM_PLAN_RESULT_MAX, &result,
				   e);
		if (rc)
			return rc;
		plan->result = (int32_t)result;
	}
	return cfg_getstr(sec, "alert-type") ?
	       config_copy_text(sec, "alert-type", DM_PLAN_ALERT_TYPE_MAX,
				plan->alert_type, e) : DM_OK;
}

static int check_session(cfg_t *sec, struct device *d, struct err *e)
{
	struct dm_plan *plan = &d->plan;
	const struct {
		const char *field;
		long max;
		unsigned *out;
	} numbers[] = {
		{ "comes-after", DM_PLAN_COMES_AFTER_MAX, &plan->comes_after },
		{ "comes-delay-ms", CONFIG_DELAY_MS_MAX,
		  &plan->comes_delay_ms },
		{ "session-lasts-ms", CONFIG_DELAY_MS_MAX, &plan->lasts_ms },
	};
	int rc = DM_OK;

	for (size_t i = 0; !rc && i < sizeof(numbers) / sizeof(numbers[0]); i++)
		rc = config_number(sec, numbers[i].field, numbers[i].max,
				   numbers[i].out, e);
	if (config_is_given(sec, "server-url")) {
		if (!config_is_given(sec, "comes-after"))
			plan->comes_after = 1;
		rc = rc ? rc : check_real(sec, e);
	}
	if (!rc && !plan->comes_after)
		rc = check_never(sec, e);
	return rc ? rc : check_result(sec, plan, e);
}

/* ------------------------------ the device ------------------------------ */

int config_device_make(cfg_t *sec, const char *number, struct device *d,
		       struct err *e)
{
	static int (*const checks[])(cfg_t *, struct device *,
				     struct err *) = {
		check_version, check_quirks, check_resync, check_imsi,
		check_pin, check_unsigned, check_receipt, check_session,
		check_nonce_as, check_account, config_client_make,
	};
	int rc = DM_OK;

	strcpy(d->msisdn, number);
	for (size_t i = 0; !rc && i < sizeof(checks) / sizeof(checks[0]); i++)
		rc = checks[i](sec, d, e);
	return rc;
}

void config_device_wipe(cfg_t *sec)
{
	static const char *const secrets[] = {
		"imsi", "pin", "password", "credential", "nonce", "nonce-hex",
		"nonce-text", "user-password", "user-nonce",
	};

	for (size_t i = 0; i < sizeof(secrets) / sizeof(secrets[0]); i++) {
		char *text = cfg_getstr(sec, secrets[i]);

		if (text)
			hash_wipe(text, strlen(text));
	}
}
