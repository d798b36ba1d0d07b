/* SPDX-License-Identifier: Apache-2.0 */
#include "emulator/dm/dm_state.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "emulator/xalloc.h"
#include "wap/base64.h"

#define NONCE_SIZE BASE64_SIZE(DIGEST_NONCE_MAX)

static int wrong(struct err *e, const char *field, const char *allowed)
{
	return err_set(e, DM_EINVAL, field, allowed, "another value");
}

static void path_of(const char *dir, const struct device *d, const char *end,
		    char out[PATH_MAX])
{
	snprintf(out, PATH_MAX, "%s/%s.json%s", dir, device_digits(d->msisdn),
		 end);
}

/* ---------------------------------- load ---------------------------------- */

static int load_text(const json_t *file, const char *field, char *out,
		    size_t size, struct err *e)
{
	const char *text = json_string_value(json_object_get(file, field));

	if (!text || strlen(text) >= size)
		return wrong(e, field, "a text that the emulator wrote");
	strcpy(out, text);
	return DM_OK;
}

static int load_number(const json_t *file, const char *field, long max,
		      unsigned *out, struct err *e)
{
	const json_t *n = json_object_get(file, field);

	if (!json_is_integer(n) || json_integer_value(n) < 0 ||
	    json_integer_value(n) > max)
		return wrong(e, field, "a number that the emulator wrote");
	*out = (unsigned)json_integer_value(n);
	return DM_OK;
}

static int load_nonce(const json_t *file, const char *field,
		     struct digest_key *key, struct err *e)
{
	char text[NONCE_SIZE];
	struct digest_key got = *key;
	int rc = load_text(file, field, text, sizeof(text), e);

	if (!rc && base64_decode(text, strlen(text), got.nonce,
				 sizeof(got.nonce), &got.nonce_len))
		rc = wrong(e, field, "base64 of 0 to 128 octets");
	if (!rc)
		*key = got;
	hash_wipe(&got, sizeof(got));
	return rc;
}

static bool is_state(unsigned state)
{
	static const enum dm_fumo_state states[] = {
		DM_FUMO_IDLE, DM_FUMO_DOWNLOAD_FAILED, DM_FUMO_DOWNLOADING,
		DM_FUMO_DOWNLOADED, DM_FUMO_UPDATING, DM_FUMO_UPDATE_FAILED,
		DM_FUMO_UPDATED,
	};

	for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++)
		if (states[i] == state)
			return true;
	return false;
}

static int load_fumo(const json_t *file, struct dm_fumo *f, struct err *e)
{
	struct dm_fumo got = { .state = DM_FUMO_IDLE };
	const json_t *to_report = json_object_get(file, "to-report");
	char operation[32];
	unsigned state = 0;
	int rc = load_number(file, "state", DM_FUMO_UPDATED, &state, e);

	rc = rc ? rc : load_number(file, "result", 599, &got.result, e);
	rc = rc ? rc : load_text(file, "operation", operation,
				sizeof(operation), e);
	rc = rc ? rc : load_text(file, "url", got.url, sizeof(got.url), e);
	rc = rc ? rc : load_text(file, "correlator", got.correlator,
				sizeof(got.correlator), e);
	rc = rc ? rc : load_text(file, "package-version", got.version,
				sizeof(got.version), e);
	if (!rc && (!is_state(state) || !json_is_boolean(to_report)))
		rc = wrong(e, "state", "a state that the emulator wrote");
	if (rc)
		return rc;
	got.state = (enum dm_fumo_state)state;
	got.operation = dm_fumo_operation_of(operation);
	got.has_report = json_is_true(to_report);
	*f = got;
	return DM_OK;
}

static bool is_same_server(const json_t *file, const struct device *d)
{
	const char *id = json_string_value(json_object_get(file, "server-id"));

	return id && !strcmp(id, d->account.server_id);
}

static int take_file(const json_t *file, struct device *d, struct err *e)
{
	struct dm_client *c = d->client;
	char firmware[DM_TREE_VALUE_MAX + 1];
	int rc = load_text(file, "firmware", firmware, sizeof(firmware), e);

	rc = rc ? rc : load_fumo(file, &c->fumo, e);
	if (!rc && c->has_key && is_same_server(file, d))
		rc = load_nonce(file, "client-nonce", &c->key, e);
	if (!rc && d->account.has_key && is_same_server(file, d))
		rc = load_nonce(file, "server-nonce", &d->account.key, e);
	if (rc)
		return rc;
	dm_tree_set(&c->tree, "./DevDetail/FwV", firmware);
	dm_fumo_show(&c->fumo, &c->tree);
	return DM_OK;
}

int dm_state_load(const char *dir, struct device *d, struct err *e)
{
	char path[PATH_MAX];
	json_error_t error;
	json_t *file;
	int rc;

	path_of(dir, d, "", path);
	if (access(path, F_OK) && errno == ENOENT)
		return DM_ENOENT;
	file = json_load_file(path, JSON_REJECT_DUPLICATES, &error);
	if (!file)
		return err_set(e, DM_EINVAL, "state", "a file of JSON",
			       "line %d: %s", error.line, error.text);
	rc = take_file(file, d, e);
	json_decref(file);
	return rc;
}

/* ---------------------------------- save ---------------------------------- */

static const char *nonce_text(bool has_key, const struct digest_key *key,
			      char out[NONCE_SIZE])
{
	base64_encode(key->nonce, has_key ? key->nonce_len : 0, out);
	return out;
}

static char *text_of(const struct device *d)
{
	const struct dm_client *c = d->client;
	const struct dm_fumo *f = &c->fumo;
	char client[NONCE_SIZE], server[NONCE_SIZE];
	json_t *file = xcheck(json_pack(
		"{s:s, s:s, s:i, s:s, s:s, s:s, s:s, s:i, s:b, s:s, s:s}",
		"server-id", d->account.server_id,
		"firmware", dm_tree_value(&c->tree, "./DevDetail/FwV"),
		"state", (int)f->state,
		"operation", dm_fumo_node(f->operation),
		"url", f->url,
		"correlator", f->correlator,
		"package-version", f->version,
		"result", (int)f->result,
		"to-report", (int)f->has_report,
		"client-nonce", nonce_text(c->has_key, &c->key, client),
		"server-nonce", nonce_text(d->account.has_key,
					   &d->account.key, server)));
	char *text = xcheck(json_dumps(file, JSON_INDENT(2)));

	json_decref(file);
	return text;
}

static bool write_all(int fd, const char *text)
{
	size_t len = strlen(text);

	while (len > 0) {
		ssize_t n = write(fd, text, len);

		if (n < 0 && errno != EINTR)
			return false;
		text += n > 0 ? n : 0;
		len -= n > 0 ? (size_t)n : 0;
	}
	return write(fd, "\n", 1) == 1 && !fsync(fd);
}

static bool write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	bool ok = fd >= 0 && write_all(fd, text);
	int error_was = errno;

	if (fd >= 0 && close(fd) && ok)
		return false;
	errno = error_was;
	return ok;
}

int dm_state_save(const char *dir, const struct device *d, struct err *e)
{
	char path[PATH_MAX], new[PATH_MAX];
	char *text = text_of(d);
	bool ok;

	path_of(dir, d, "", path);
	path_of(dir, d, ".new", new);
	ok = write_file(new, text) && !rename(new, path);
	hash_wipe(text, strlen(text));
	free(text);
	if (!ok)
		return err_set(e, DM_EIO, "state-dir", "a folder with room",
			       "%s", strerror(errno));
	return DM_OK;
}
