/* SPDX-License-Identifier: Apache-2.0 */
#include "emulator/config.h"

#include <confuse.h>
#include <errno.h>
#include <stdarg.h>
#include <string.h>

#include "emulator/xalloc.h"
#include "wap/utf8.h"

/* The fields of a device, in the order of config_fields. */
enum field {
	DM_VERSION, SERVER_ID, AUTH_NAME, PASSWORD, CREDENTIAL, NONCE,
	NONCE_HEX, NONCE_TEXT, QUIRKS, RECEIPT, RECEIPT_DELAY, N_FIELDS
};

static const char *const field_names[N_FIELDS] = {
	"dm-version", "server-id", "auth-name", "password", "credential",
	"nonce", "nonce-hex", "nonce-text", "quirks", "receipt",
	"receipt-delay-ms",
};

/*
 * libconfuse calls back without a pointer of ours, so what a load needs
 * stands here, while it lasts.
 */
static struct loading {
	struct config *config;
	size_t cap;			/* devices that there is room for */
	char *why;
	int lines[N_FIELDS];		/* of this device; 0: not given */
	int unknown_number_line;
} loading;

/* ------------------------------ messages ------------------------------ */

/* "FILE:LINE: device D: field: what, allowed: ..."; the first one stays. */
static int complain(cfg_t *cfg, int line, const char *device,
		    const struct err *e)
{
	char text[ERR_TEXT_MAX];

	if (!loading.why[0])
		snprintf(loading.why, CONFIG_ERROR_MAX, "%s:%d: %s%s%s%s",
			 cfg->filename ? cfg->filename : "?", line,
			 device ? "device " : "", device ? device : "",
			 device ? ": " : "", err_text(e, text, sizeof(text)));
	return -1;
}

static const char *known_names(bool in_device)
{
	return in_device ?
		"dm-version, server-id, auth-name, password, credential, "
		"nonce, nonce-hex, nonce-text, quirks, receipt, "
		"receipt-delay-ms" :
		"device, unknown-number";
}

/* What libconfuse itself finds. */
static void on_error(cfg_t *cfg, const char *fmt, va_list ap)
	__attribute__((format(printf, 2, 0)));

static void on_error(cfg_t *cfg, const char *fmt, va_list ap)
{
	const char *device = cfg_title(cfg);
	char text[200];

	if (loading.why[0])
		return;
	vsnprintf(text, sizeof(text), fmt, ap);
	snprintf(loading.why, CONFIG_ERROR_MAX, "%s:%d: %s%s%s%s%s%s",
		 cfg->filename ? cfg->filename : "?", cfg->line,
		 device ? "device " : "", device ? device : "",
		 device ? ": " : "", text,
		 strstr(fmt, "no such option") ? ", allowed: " : "",
		 strstr(fmt, "no such option") ? known_names(device) : "");
}

/* ------------------------------ a device ------------------------------ */

static int check_server_id(cfg_t *sec, struct device *d, struct err *e)
{
	const char *id = cfg_getstr(sec, "server-id");
	size_t len = id ? strlen(id) : 0;

	if (!id)
		return err_set(e, DM_EINVAL, "server-id", "1 to 255 octets",
			       "missing");
	if (len < 1 || len > TRIGGER_SERVER_ID_MAX)
		return err_set(e, DM_EINVAL, "server-id", "1 to 255 octets",
			       "%zu octets", len);
	if (!utf8_valid(id, len))
		return err_set(e, DM_EINVAL, "server-id", "text in UTF-8",
			       "octets that are not UTF-8");
	memcpy(d->server_id, id, len + 1);
	return DM_OK;
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

static int check_quirks(cfg_t *sec, struct device *d, struct err *e)
{
	const char *name = cfg_getstr(sec, "quirks");

	d->quirk = quirks_find(name);
	if (!d->quirk)
		return err_set(e, DM_EINVAL, "quirks", quirks_names(),
			       "\"%s\"", name);
	return DM_OK;
}

/* A final state, or "none", which gives NULL. */
static int check_state(const char *field, const char *name,
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
	long delay = cfg_getint(sec, "receipt-delay-ms");

	if (delay < 0 || delay > CONFIG_DELAY_MS_MAX)
		return err_set(e, DM_EINVAL, "receipt-delay-ms",
			       "0 to 3600000", "%ld", delay);
	d->receipt_delay_ms = (unsigned)delay;
	return check_state("receipt", cfg_getstr(sec, "receipt"), &d->receipt,
			   e);
}

static int check_key(cfg_t *sec, struct device *d, struct err *e)
{
	struct digest_source source = {
		.server_id = d->server_id,
		.auth_name = cfg_getstr(sec, "auth-name"),
		.password = cfg_getstr(sec, "password"),
		.credential = cfg_getstr(sec, "credential"),
		.nonce = cfg_getstr(sec, "nonce"),
		.nonce_hex = cfg_getstr(sec, "nonce-hex"),
		.nonce_text = cfg_getstr(sec, "nonce-text"),
	};

	return digest_key_make(&source, &d->key, e);
}

static int make_device(cfg_t *sec, struct device *d, struct err *e)
{
	static int (*const checks[])(cfg_t *, struct device *,
				     struct err *) = {
		check_version, check_quirks, check_server_id, check_receipt,
		check_key,
	};
	int rc = msisdn_parse(cfg_title(sec), "number", d->msisdn, e);

	for (size_t i = 0; !rc && i < sizeof(checks) / sizeof(checks[0]); i++)
		rc = checks[i](sec, d, e);
	return rc;
}

/* libconfuse keeps its own copy of the secrets until it frees it. */
static void wipe_secrets(cfg_t *sec)
{
	static const enum field secrets[] = {
		PASSWORD, CREDENTIAL, NONCE, NONCE_HEX, NONCE_TEXT,
	};

	for (size_t i = 0; i < sizeof(secrets) / sizeof(secrets[0]); i++) {
		char *text = cfg_getstr(sec, field_names[secrets[i]]);

		if (text)
			hash_wipe(text, strlen(text));
	}
}

static struct device *add_device(struct config *c)
{
	struct device *d;

	if (c->n_devices == loading.cap) {
		struct device *old = c->devices;

		loading.cap = loading.cap ? 2 * loading.cap : 16;
		c->devices = xcalloc(loading.cap, sizeof(*d));
		if (old) {
			memcpy(c->devices, old, c->n_devices * sizeof(*d));
			hash_wipe(old, c->n_devices * sizeof(*d));
			free(old);
		}
	}
	d = &c->devices[c->n_devices];
	*d = (struct device){ 0 };
	return d;
}

/* The line of the field that an error names; else the device's last. */
static int line_of(cfg_t *cfg, const char *field)
{
	for (size_t i = 0; i < N_FIELDS; i++)
		if (!strcmp(field_names[i], field) && loading.lines[i])
			return loading.lines[i];
	return cfg->line;
}

/* Called for each field of a device when it has been read. */
static int on_field(cfg_t *sec, cfg_opt_t *opt)
{
	for (size_t i = 0; i < N_FIELDS; i++)
		if (!strcmp(field_names[i], opt->name))
			loading.lines[i] = sec->line;
	return 0;
}

static int on_unknown_number(cfg_t *cfg, cfg_opt_t *opt)
{
	(void)opt;
	loading.unknown_number_line = cfg->line;
	return 0;
}

/* Called at the end of each device. */
static int on_device(cfg_t *cfg, cfg_opt_t *opt)
{
	cfg_t *sec = cfg_opt_getnsec(opt, cfg_opt_size(opt) - 1);
	struct device *d = add_device(loading.config);
	struct err e;
	int rc = make_device(sec, d, &e);

	if (rc)
		complain(cfg, line_of(cfg, e.field), cfg_title(sec), &e);
	d->line = (unsigned)cfg->line;
	loading.config->n_devices++;
	memset(loading.lines, 0, sizeof(loading.lines));
	wipe_secrets(sec);
	return rc ? -1 : 0;
}

/* ------------------------------ the file ------------------------------ */

static int by_digits(const void *a, const void *b)
{
	const struct device *x = a, *y = b;

	return strcmp(device_digits(x->msisdn), device_digits(y->msisdn));
}

static int sort_devices(cfg_t *cfg, struct config *c)
{
	struct err e;

	if (c->n_devices)
		qsort(c->devices, c->n_devices, sizeof(*c->devices),
		      by_digits);
	for (size_t i = 1; i < c->n_devices; i++) {
		const struct device *d = &c->devices[i];

		if (by_digits(d - 1, d))
			continue;
		err_set(&e, DM_EINVAL, "number", "each number once",
			"came in line %u, too", d[-1].line);
		return complain(cfg, (int)d->line, d->msisdn, &e);
	}
	return DM_OK;
}

static int finish(cfg_t *cfg, struct config *c)
{
	struct err e;

	if (check_state("unknown-number", cfg_getstr(cfg, "unknown-number"),
			&c->unknown_number, &e))
		return complain(cfg, loading.unknown_number_line, NULL, &e);
	return sort_devices(cfg, c);
}

static void set_callbacks(cfg_t *cfg)
{
	char name[64];

	cfg_set_error_function(cfg, on_error);
	for (size_t i = 0; i < N_FIELDS; i++) {
		snprintf(name, sizeof(name), "device|%s", field_names[i]);
		cfg_set_validate_func(cfg, name, on_field);
	}
	cfg_set_validate_func(cfg, "device", on_device);
	cfg_set_validate_func(cfg, "unknown-number", on_unknown_number);
}

static int parse(cfg_t *cfg, struct config *c, const char *path)
{
	int rc = cfg_parse(cfg, path);

	if (rc == CFG_FILE_ERROR)
		snprintf(loading.why, CONFIG_ERROR_MAX, "%s: %s", path,
			 strerror(errno));
	else if (rc == CFG_PARSE_ERROR && !loading.why[0])
		snprintf(loading.why, CONFIG_ERROR_MAX, "%s:%d: does not "
			 "parse", path, cfg->line);
	else if (rc == CFG_SUCCESS && !finish(cfg, c))
		return DM_OK;
	return DM_EINVAL;
}

int config_load(struct config *c, const char *path,
		char why[CONFIG_ERROR_MAX])
{
	cfg_opt_t device[] = {
		CFG_STR("dm-version", "1.2", CFGF_NONE),
		CFG_STR("server-id", NULL, CFGF_NONE),
		CFG_STR("auth-name", NULL, CFGF_NONE),
		CFG_STR("password", NULL, CFGF_NONE),
		CFG_STR("credential", NULL, CFGF_NONE),
		CFG_STR("nonce", NULL, CFGF_NONE),
		CFG_STR("nonce-hex", NULL, CFGF_NONE),
		CFG_STR("nonce-text", NULL, CFGF_NONE),
		CFG_STR("quirks", "generic", CFGF_NONE),
		CFG_STR("receipt", "DELIVRD", CFGF_NONE),
		CFG_INT("receipt-delay-ms", 0, CFGF_NONE),
		CFG_END(),
	};
	cfg_opt_t top[] = {
		CFG_STR("unknown-number", "UNDELIV", CFGF_NONE),
		CFG_SEC("device", device,
			CFGF_MULTI | CFGF_TITLE | CFGF_NO_TITLE_DUPES),
		CFG_END(),
	};
	cfg_t *cfg = xcheck(cfg_init(top, CFGF_NONE));
	int rc;

	*c = (struct config){ 0 };
	why[0] = '\0';
	loading = (struct loading){ .config = c, .why = why };
	set_callbacks(cfg);
	rc = parse(cfg, c, path);
	if (rc)
		config_free(c);
	cfg_free(cfg);
	return rc;
}

void config_free(struct config *c)
{
	if (c->devices)
		hash_wipe(c->devices, c->n_devices * sizeof(*c->devices));
	free(c->devices);
	*c = (struct config){ 0 };
}

const struct device *config_find(const struct config *c, const char *msisdn)
{
	const char *digits = device_digits(msisdn);
	size_t low = 0, high = c->n_devices;

	while (low < high) {
		size_t i = low + (high - low) / 2;
		const struct device *d = &c->devices[i];
		int order = strcmp(digits, device_digits(d->msisdn));

		if (!order)
			return d;
		if (order < 0)
			high = i;
		else
			low = i + 1;
	}
	return NULL;
}
