/* SPDX-License-Identifier: Apache-2.0 */
#include "examples/dm-server/device.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "examples/dm-server/file.h"
#include "examples/dm-server/json_text.h"

#define TEXT(name, member) \
	{ name, offsetof(struct device, member), \
	  sizeof(((struct device *)0)->member) }

struct text {
	const char *name;
	size_t offset;
	size_t size;		/* octets, with NUL */
};

static const struct text operators[] = {	/* in devices/NAME.json */
	TEXT("msisdn", msisdn),
	TEXT("imsi", imsi),
	TEXT("pin", pin),
	TEXT("dev-id", dev_id),
	TEXT("dm-version", dm_version),
	TEXT("quirks", quirks),
	TEXT("profile", profile),
	TEXT("sec", sec),
	{ NULL, 0, 0 },
};

static const struct text ours[] = {		/* in state/NAME.json */
	TEXT("client-credential", client.credential),
	TEXT("server-credential", server.credential),
	TEXT("firmware", firmware),
	TEXT("package", update.package),
	TEXT("version", update.version),
	TEXT("words", update.words),
	{ NULL, 0, 0 },
};

static const char *const step_names[] = {
	[UPDATE_NONE] = "none",
	[UPDATE_WANTED] = "wanted",
	[UPDATE_STARTED] = "started",
	[UPDATE_AGAIN] = "again",
	[UPDATE_DONE] = "done",
	[UPDATE_FAILED] = "failed",
};

const char *update_step_name(enum update_step step)
{
	return step_names[step];
}

bool device_has_account(const struct device *d)
{
	return d->client.credential[0] != '\0';
}

unsigned device_next_number(unsigned last)
{
	unsigned now = (unsigned)time(NULL);

	return now > last ? now : last + 1;
}

void device_nonce_text(const struct digest_key *key,
		       char out[DEVICE_NONCE_SIZE])
{
	base64_encode(key->nonce, key->nonce_len, out);
}

/* false: it is no base64, or too long. */
static bool read_nonce(struct digest_key *key, const char *base64)
{
	return base64_decode(base64, strlen(base64), key->nonce,
			     sizeof(key->nonce), &key->nonce_len) == DM_OK;
}

/* -------------------------------- reading -------------------------------- */

static int take_text(struct device *d, const struct text *t, json_t *value,
		     struct err *e)
{
	const char *text = json_string_value(value);

	if (!text || strlen(text) >= t->size)
		return err_set(e, DM_EINVAL, t->name, "a text that is shorter",
			       "device %s: no text, or one of more than %zu "
			       "octets", d->name, t->size - 1);
	memcpy((char *)d + t->offset, text, strlen(text) + 1);
	return DM_OK;
}

static const struct text *find_text(const struct text *texts, const char *name)
{
	while (texts->name && strcmp(texts->name, name))
		texts++;
	return texts->name ? texts : NULL;
}

/* A misspelt name in the operator's file is better refused than passed over. */
static int read_operators(struct device *d, json_t *object, struct err *e)
{
	const char *name;
	json_t *value;
	int rc = DM_OK;

	json_object_foreach(object, name, value) {
		const struct text *t = find_text(operators, name);

		rc = t ? take_text(d, t, value, e) :
			 err_set(e, DM_EINVAL, name, "see README.md",
				 "device %s: unknown field", d->name);
		if (rc)
			return rc;
	}
	if (!d->msisdn[0] || !d->dm_version[0])
		return err_set(e, DM_EINVAL, "msisdn", "msisdn and dm-version",
			       "device %s: one of them is missing", d->name);
	return rc;
}

static enum update_step find_step(const char *name)
{
	for (int i = 0; i <= UPDATE_FAILED; i++)
		if (!strcmp(step_names[i], name))
			return (enum update_step)i;
	return UPDATE_NONE;
}

static unsigned number_of(json_t *object, const char *name)
{
	return (unsigned)json_integer_value(json_object_get(object, name));
}

static void read_numbers(struct update *u, json_t *object)
{
	u->step = find_step(text_of(object, "update"));
	u->number = number_of(object, "number");
	u->result = number_of(object, "result");
	u->tries = number_of(object, "tries");
	u->wakes = number_of(object, "wakes");
	u->resync_wake = number_of(object, "resync-wake");
	u->due_s = json_integer_value(json_object_get(object, "due-s"));
}

static int read_ours(struct device *d, json_t *object, struct err *e)
{
	for (const struct text *t = ours; t->name; t++) {
		json_t *value = json_object_get(object, t->name);
		int rc = value ? take_text(d, t, value, e) : DM_OK;

		if (rc)
			return rc;
	}
	if (!read_nonce(&d->client, text_of(object, "client-nonce")) ||
	    !read_nonce(&d->server, text_of(object, "server-nonce")))
		return err_set(e, DM_EINVAL, "nonce", "base64",
			       "device %s: its state is damaged", d->name);
	d->bootstrap = number_of(object, "bootstrap");
	read_numbers(&d->update, object);
	return DM_OK;
}

/* It is a name in dmboxd, too, and stands in our files and messages. */
static int take_name(struct device *d, const char *name, struct err *e)
{
	static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "abcdefghijklmnopqrstuvwxyz"
				      "0123456789._:@-";
	size_t len = strspn(name, allowed);

	if (!len || name[len] || len > DEVICE_NAME_MAX)
		return err_set(e, DM_EINVAL, "device",
			       "1 to 64 letters, digits, . _ : @ -",
			       "another name, of %zu octets", strlen(name));
	memcpy(d->name, name, len + 1);
	return DM_OK;
}

static int read_state(struct device *d, const char *data, struct err *e)
{
	json_t *state = NULL;
	int rc = file_read_json(data, "state", d->name, &state, e);

	if (rc == DM_ENOENT)
		return DM_OK;		/* a new device */
	if (!rc)
		rc = read_ours(d, state, e);
	json_decref(state);
	return rc;
}

int device_load(struct device *d, const char *data, const char *name,
		struct err *e)
{
	json_t *who = NULL;
	int rc;

	memset(d, 0, sizeof(*d));
	rc = take_name(d, name, e);
	if (!rc)
		rc = file_read_json(data, "devices", name, &who, e);
	if (!rc)
		rc = read_operators(d, who, e);
	json_decref(who);
	return rc ? rc : read_state(d, data, e);
}

int device_load_line(struct device *d, const char *data, json_t *line,
		     struct err *e)
{
	json_t *account = json_object_get(line, "account");
	int rc;

	memset(d, 0, sizeof(*d));
	rc = take_name(d, text_of(line, "device"), e);
	if (!rc && account && !device_take_account(d, account))
		rc = err_set(e, DM_EINVAL, "account", "see README.md",
			     "device %s: it cannot be used", d->name);
	json_object_del(line, "device");
	json_object_del(line, "account");
	if (!rc)
		rc = read_operators(d, line, e);
	return rc ? rc : read_state(d, data, e);
}

/* -------------------------------- accounts ------------------------------- */

static int make_key(struct digest_key *key, const char *name,
		    const char *password, const char *nonce)
{
	struct digest_source source = {
		.auth_name = name, .password = password, .nonce = nonce,
	};
	struct err e;

	return digest_key_make(&source, key, &e);
}

bool device_take_account(struct device *d, json_t *account)
{
	const char *name = text_of(account, "server-name");
	struct digest_key client, server;

	if (!name[0])
		name = text_of(account, "server-id");
	if (make_key(&client, text_of(account, "client-name"),
		     text_of(account, "client-password"),
		     text_of(account, "client-nonce")) ||
	    make_key(&server, name, text_of(account, "server-password"),
		     text_of(account, "server-nonce")))
		return false;
	d->client = client;
	d->server = server;
	return true;
}

/* -------------------------------- writing -------------------------------- */

int device_save(const struct device *d, const char *data, struct err *e)
{
	char client[DEVICE_NONCE_SIZE], server[DEVICE_NONCE_SIZE];
	json_t *object;
	int rc;

	device_nonce_text(&d->client, client);
	device_nonce_text(&d->server, server);
	object = json_pack("{s:s, s:s, s:I, s:s, s:I, s:I, s:I, s:I, s:I, s:I}",
			   "client-nonce", client, "server-nonce", server,
			   "bootstrap", (json_int_t)d->bootstrap,
			   "update", step_names[d->update.step],
			   "number", (json_int_t)d->update.number,
			   "result", (json_int_t)d->update.result,
			   "tries", (json_int_t)d->update.tries,
			   "wakes", (json_int_t)d->update.wakes,
			   "resync-wake", (json_int_t)d->update.resync_wake,
			   "due-s", (json_int_t)d->update.due_s);
	for (const struct text *t = ours; t->name; t++)
		json_object_set_new(object, t->name,
				    json_string((const char *)d + t->offset));
	rc = file_write_json(data, "state", d->name, object, e);
	json_decref(object);
	return rc;
}
