/* SPDX-License-Identifier: Apache-2.0 */
#include "emulator/config.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>

#include "emulator/config_client.h"
#include "emulator/config_fleet.h"
#include "emulator/xalloc.h"

/*
 * libconfuse calls back without a pointer of ours, so what a load needs
 * stands here, while it lasts.
 */
static struct loading {
	struct config *config;
	size_t cap;			/* devices that there is room for */
	char *why;
	int lines[CONFIG_DEVICE_FIELDS];	/* of this device; 0: none */
	int unknown_number_line;
	struct fault_list faults;	/* owned: those of this device */
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

/* What is allowed where libconfuse complains; NULL: it says so itself. */
static const char *allowed_by(const char *complaint, bool in_device)
{
	if (strstr(complaint, "boolean"))
		return "true, false";
	if (!strstr(complaint, "no such option"))
		return NULL;
	return in_device ? config_device_names() :
	       "device, unknown-number, fault";
}

/* What libconfuse itself finds. */
static void on_error(cfg_t *cfg, const char *fmt, va_list ap)
	__attribute__((format(printf, 2, 0)));

static void on_error(cfg_t *cfg, const char *fmt, va_list ap)
{
	const char *device = cfg_title(cfg);
	const char *allowed = allowed_by(fmt, device);
	char text[200];

	if (loading.why[0])
		return;
	vsnprintf(text, sizeof(text), fmt, ap);
	snprintf(loading.why, CONFIG_ERROR_MAX, "%s:%d: %s%s%s%s%s%s",
		 cfg->filename ? cfg->filename : "?", cfg->line,
		 device ? "device " : "", device ? device : "",
		 device ? ": " : "", text,
		 allowed ? ", allowed: " : "", allowed ? allowed : "");
}

/* ------------------------------ a device ------------------------------ */

static void reserve(struct config *c, size_t n)
{
	struct device *old = c->devices;

	if (n <= loading.cap - c->n_devices)
		return;
	loading.cap = 2 * loading.cap > c->n_devices + n ? 2 * loading.cap :
		      c->n_devices + n;
	c->devices = xcalloc(loading.cap, sizeof(*old));
	if (!old)
		return;
	memcpy(c->devices, old, c->n_devices * sizeof(*old));
	hash_wipe(old, c->n_devices * sizeof(*old));
	free(old);
}

static const char *field_name(size_t i)
{
	return config_device_options[i].name;
}

/* The line of the field that an error names; else the device's last. */
static int line_of(cfg_t *cfg, const char *field)
{
	for (size_t i = 0; i < CONFIG_DEVICE_FIELDS; i++)
		if (!strcmp(field_name(i), field) && loading.lines[i])
			return loading.lines[i];
	return cfg->line;
}

/* Called for each field of a device when it has been read. */
static int on_field(cfg_t *sec, cfg_opt_t *opt)
{
	for (size_t i = 0; i < CONFIG_DEVICE_FIELDS; i++)
		if (!strcmp(field_name(i), opt->name))
			loading.lines[i] = sec->line;
	return 0;
}

/* fault("RULE"), in a device or outside */
static int on_fault(cfg_t *cfg, cfg_opt_t *opt, int n, const char **texts)
{
	const char *device = cfg_title(cfg);
	struct err e;
	int rc;

	(void)opt;
	if (n != 1)
		rc = err_set(&e, DM_EINVAL, "fault", "one, in parentheses",
			     "%d texts", n);
	else if (device)
		rc = fault_list_add(&loading.faults, texts[0], &e);
	else
		rc = faults_add(&loading.config->faults, texts[0], &e);
	return rc ? complain(cfg, cfg->line, device, &e) : 0;
}

static int on_unknown_number(cfg_t *cfg, cfg_opt_t *opt)
{
	(void)opt;
	loading.unknown_number_line = cfg->line;
	return 0;
}

/* Each of a fleet has rules of its own, which count down. */
static int copy_faults(struct device *d, struct err *e)
{
	const struct fault_list *rules = &loading.faults;
	int rc = DM_OK;

	for (size_t i = 0; !rc && i < rules->n; i++)
		rc = fault_list_add(&d->faults, rules->rules[i].text, e);
	return rc;
}

static int make_device(cfg_t *cfg, const struct config_fleet *f, struct err *e)
{
	struct device *d = &loading.config->devices[loading.config->n_devices];
	int rc = config_device_make(f->sec, f->number, d, e);

	loading.config->n_devices++;
	d->line = (unsigned)cfg->line;
	return rc ? rc : copy_faults(d, e);
}

/* Called at the end of each section. */
static int on_device(cfg_t *cfg, cfg_opt_t *opt)
{
	cfg_t *sec = cfg_opt_getnsec(opt, cfg_opt_size(opt) - 1);
	struct config_fleet f;
	struct err e;
	int rc = config_fleet_open(&f, sec, &e);

	if (!rc)
		reserve(loading.config, f.n);
	for (unsigned i = 0; !rc && i < f.n; i++) {
		rc = i ? config_fleet_next(&f, &e) : DM_OK;
		rc = rc ? rc : make_device(cfg, &f, &e);
	}
	if (rc)
		complain(cfg, line_of(cfg, e.field), f.number[0] ? f.number :
			 cfg_title(sec), &e);
	config_fleet_close(&f);
	fault_list_clear(&loading.faults);
	memset(loading.lines, 0, sizeof(loading.lines));
	config_device_wipe(sec);
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

	if (config_state("unknown-number", cfg_getstr(cfg, "unknown-number"),
			 &c->unknown_number, &e))
		return complain(cfg, loading.unknown_number_line, NULL, &e);
	return sort_devices(cfg, c);
}

static void set_callbacks(cfg_t *cfg)
{
	char name[64];

	cfg_set_error_function(cfg, on_error);
	for (size_t i = 0; i < CONFIG_DEVICE_FIELDS; i++) {
		snprintf(name, sizeof(name), "device|%s", field_name(i));
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
	cfg_opt_t device[CONFIG_DEVICE_FIELDS + 2] = {
		CFG_FUNC("fault", on_fault),
	};
	cfg_opt_t top[] = {
		CFG_STR("unknown-number", "UNDELIV", CFGF_NONE),
		CFG_FUNC("fault", on_fault),
		CFG_SEC("device", device,
			CFGF_MULTI | CFGF_TITLE | CFGF_NO_TITLE_DUPES),
		CFG_END(),
	};
	cfg_t *cfg;
	int rc;

	memcpy(device + 1, config_device_options,
	       sizeof(config_device_options));
	cfg = xcheck(cfg_init(top, CFGF_NONE));
	*c = (struct config){ 0 };
	why[0] = '\0';
	loading = (struct loading){ .config = c, .why = why };
	set_callbacks(cfg);
	rc = parse(cfg, c, path);
	fault_list_clear(&loading.faults);
	if (rc)
		config_free(c);
	cfg_free(cfg);
	return rc;
}

void config_free(struct config *c)
{
	for (size_t i = 0; i < c->n_devices; i++) {
		config_client_free(&c->devices[i]);
		fault_list_clear(&c->devices[i].faults);
	}
	faults_clear(&c->faults);
	if (c->devices)
		hash_wipe(c->devices, c->n_devices * sizeof(*c->devices));
	free(c->devices);
	*c = (struct config){ 0 };
}

struct device *config_find(struct config *c, const char *msisdn)
{
	const char *digits = device_digits(msisdn);
	size_t low = 0, high = c->n_devices;

	while (low < high) {
		size_t i = low + (high - low) / 2;
		struct device *d = &c->devices[i];
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
