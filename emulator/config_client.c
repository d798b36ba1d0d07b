/* SPDX-License-Identifier: Apache-2.0 */
#include "emulator/config_client.h"

#include <string.h>

#include "emulator/config_device.h"
#include "emulator/xalloc.h"
#include "wap/utf8.h"

#define FROM_BOOTSTRAP "bootstrap"
#define RETRY_MS_MIN 10

static int check_nothing_given(cfg_t *sec, struct err *e)
{
	static const char *const fields[] = {
		"dev-id", "model", "firmware", "encoding", "user-name",
		"user-password", "user-nonce", "answers", "answers-after-ms",
		"confirms", "retry-ms", "restart-ms",
	};

	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (config_is_given(sec, fields[i]))
			return err_set(e, DM_EINVAL, fields[i],
				       "only with server-url", "came");
	return DM_OK;
}

/* What XML can hold, and a person can read. */
static int copy_text(cfg_t *sec, const char *field,
		     char out[DM_CLIENT_TEXT_MAX + 1], struct err *e)
{
	int rc = config_copy_text(sec, field, DM_CLIENT_TEXT_MAX, out, e);

	if (!rc && !utf8_plain(out, strlen(out)))
		return err_set(e, DM_EINVAL, field, "no control characters",
			       "some");
	return rc;
}

static int check_url(cfg_t *sec, struct dm_client *c, struct err *e)
{
	const char *url = cfg_getstr(sec, "server-url");
	int rc;

	c->url_from_bootstrap = !strcmp(url, FROM_BOOTSTRAP);
	if (c->url_from_bootstrap)
		return DM_OK;
	rc = dm_client_check_url("server-url", url, e);
	if (!rc)
		strcpy(c->url, url);
	return rc;
}

static int check_encoding(cfg_t *sec, struct dm_client *c, struct err *e)
{
	const char *name = cfg_getstr(sec, "encoding");

	if (strcmp(name, "wbxml") && strcmp(name, "xml"))
		return err_set(e, DM_EINVAL, "encoding", "wbxml, xml",
			       "\"%s\"", name);
	c->encoding = *name == 'x' ? SYNCML_XML : SYNCML_WBXML;
	return DM_OK;
}

static int check_answers(cfg_t *sec, struct dm_client *c, struct err *e)
{
	const char *name = cfg_getstr(sec, "answers");

	c->confirms = cfg_getbool(sec, "confirms");
	if (!dm_user_find(name, &c->answers))
		return err_set(e, DM_EINVAL, "answers", "yes, no, never",
			       "\"%s\"", name);
	return config_number(sec, "answers-after-ms", CONFIG_DELAY_MS_MAX,
			     &c->answers_after_ms, e);
}

static int check_delays(cfg_t *sec, struct dm_client *c, struct err *e)
{
	long ms = cfg_getint(sec, "retry-ms");

	if (ms < RETRY_MS_MIN || ms > CONFIG_DELAY_MS_MAX)
		return err_set(e, DM_EINVAL, "retry-ms", "10 to 3600000",
			       "%ld", ms);
	c->retry_ms = (unsigned)ms;
	return config_number(sec, "restart-ms", CONFIG_DELAY_MS_MAX,
			     &c->restart_ms, e);
}

static int check_device(cfg_t *sec, const struct device *d,
			struct dm_client *c, struct err *e)
{
	int rc = copy_text(sec, "model", c->model, e);

	if (!rc)
		rc = copy_text(sec, "firmware", c->firmware, e);
	if (!rc && config_is_given(sec, "dev-id"))
		return copy_text(sec, "dev-id", c->dev_id, e);
	snprintf(c->dev_id, sizeof(c->dev_id), "MSISDN:%s",
		 device_digits(d->msisdn));
	return rc;
}

/* The client's credential needs a password; without one there is none. */
static int check_user(cfg_t *sec, struct dm_client *c, struct err *e)
{
	const char *nonce = cfg_getstr(sec, "user-nonce");
	const struct digest_source source = {
		.server_id = c->user,
		.password = cfg_getstr(sec, "user-password"),
		.nonce = nonce ? nonce : "",
	};
	int rc = DM_OK;

	c->has_key = source.password;
	if (!c->has_key && (nonce || config_is_given(sec, "user-name")))
		return err_set(e, DM_EINVAL, "user-password",
			       "0 to 1024 octets", "missing");
	if (!c->has_key)
		return DM_OK;
	if (config_is_given(sec, "user-name"))
		rc = copy_text(sec, "user-name", c->user, e);
	else
		strcpy(c->user, c->dev_id);
	if (!rc)
		rc = digest_key_make(&source, &c->key, e);
	if (rc && !strcmp(e->field, "nonce"))
		strcpy(e->field, "user-nonce");
	if (rc && !strcmp(e->field, "password"))
		strcpy(e->field, "user-password");
	return rc;
}

int config_client_make(cfg_t *sec, struct device *d, struct err *e)
{
	struct dm_client *c;
	int rc;

	if (!config_is_given(sec, "server-url"))
		return check_nothing_given(sec, e);
	c = d->client = xcalloc(1, sizeof(*c));
	c->version = strcmp(d->dm_version, "1.2") ? SYNCML_11 : SYNCML_12;
	rc = check_url(sec, c, e);
	rc = rc ? rc : check_encoding(sec, c, e);
	rc = rc ? rc : check_answers(sec, c, e);
	rc = rc ? rc : check_delays(sec, c, e);
	rc = rc ? rc : check_device(sec, d, c, e);
	rc = rc ? rc : check_user(sec, c, e);
	if (!rc)
		dm_client_begin(c, d->account.server_id);
	return rc;
}

void config_client_free(struct device *d)
{
	if (!d->client)
		return;
	dm_client_drop_package(d->client);
	hash_wipe(d->client, sizeof(*d->client));
	free(d->client);
	d->client = NULL;
}
