/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/request/new_account.h"

#include <stddef.h>

#define SECRET_SIZE BASE64_SIZE(NEW_ACCOUNT_SECRET_LEN)
#define LENGTH(a) (sizeof(a) / sizeof((a)[0]))

static const struct {
	const char *field;
	size_t offset;		/* in struct new_account_random */
	bool is_nonce;
} secrets[] = {
	{ "client-password",
	  offsetof(struct new_account_random, client_password), false },
	{ "client-nonce",
	  offsetof(struct new_account_random, client_nonce), true },
	{ "server-password",
	  offsetof(struct new_account_random, server_password), false },
	{ "server-nonce",
	  offsetof(struct new_account_random, server_nonce), true },
};

/* For people and URLs: none of the characters that have to be escaped. */
static void make_base64url(char *text)
{
	for (; *text && *text != '='; text++) {
		if (*text == '+')
			*text = '-';
		else if (*text == '/')
			*text = '_';
	}
	*text = '\0';
}

int new_account_check(const struct device *d, struct err *e)
{
	if (!d->credential[0])
		return DM_OK;
	return err_set(e, DM_ESTATE, "create-account",
		       "a device without credentials", "%s has some already",
		       d->name);
}

static int check(const struct device *d, json_t *fields, struct err *e)
{
	if (!json_object_get(fields, "server-id") && !d->server_id[0])
		return err_set(e, DM_EINVAL, "server-id",
			       "among fields, or that of the device",
			       "missing");
	for (size_t i = 0; i < LENGTH(secrets); i++)
		if (json_object_get(fields, secrets[i].field))
			return err_set(e, DM_EINVAL, secrets[i].field,
				       "none, with create-account", "it came");
	return DM_OK;
}

static void set_default(json_t *fields, const char *name, const char *text)
{
	if (!json_object_get(fields, name))
		json_object_set_new(fields, name, json_string(text));
}

int new_account_make(const struct device *d, json_t *fields,
		     const struct new_account_random *random, json_t **out,
		     struct err *e)
{
	char text[SECRET_SIZE];
	int rc = check(d, fields, e);

	if (rc)
		return rc;
	*out = fields ? json_copy(fields) : json_object();
	set_default(*out, "server-id", d->server_id);
	set_default(*out, "client-name", d->name);
	for (size_t i = 0; i < LENGTH(secrets); i++) {
		base64_encode((const uint8_t *)random + secrets[i].offset,
			      NEW_ACCOUNT_SECRET_LEN, text);
		if (!secrets[i].is_nonce)
			make_base64url(text);
		json_object_set_new(*out, secrets[i].field, json_string(text));
	}
	hash_wipe(text, sizeof(text));
	return DM_OK;
}

json_t *new_account_json(json_t *fields)
{
	static const char *const names[] = {
		"server-id", "server-name", "client-name",
	};
	json_t *o = json_object();

	for (size_t i = 0; i < LENGTH(names); i++)
		json_object_set(o, names[i], json_object_get(fields, names[i]));
	for (size_t i = 0; i < LENGTH(secrets); i++)
		json_object_set(o, secrets[i].field,
				json_object_get(fields, secrets[i].field));
	return o;
}
