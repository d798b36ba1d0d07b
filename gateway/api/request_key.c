/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/api/request_key.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "gateway/clock.h"
#include "gateway/store/store_file.h"
#include "gateway/wipe.h"

/* -------------------------------- secret -------------------------------- */

static int read_secret(int fd, const char *name, struct request_secret *s,
		       struct err *e)
{
	uint8_t more;

	if (read(fd, s->octets, sizeof(s->octets)) == sizeof(s->octets) &&
	    read(fd, &more, 1) == 0)
		return DM_OK;
	return err_set(e, DM_EIO, "store", "a file of 32 octets that dmboxd "
		       "made, or none", "%s is another file", name);
}

/* Whole or not at all, whenever the machine stops. */
static int write_secret(const char *name, const struct request_secret *s)
{
	char new_name[4110];
	int fd, rc;

	snprintf(new_name, sizeof(new_name), "%s.new", name);
	fd = open(new_name, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
	if (fd < 0)
		return -1;
	rc = write(fd, s->octets, sizeof(s->octets)) != sizeof(s->octets) ||
	     fsync(fd);
	rc |= close(fd);
	return rc ? -1 : rename(new_name, name);
}

int request_secret_load(const char *store, struct request_secret *s,
			struct err *e)
{
	char name[4100];
	int fd, rc;

	snprintf(name, sizeof(name), "%s.key", store);
	fd = open(name, O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		rc = read_secret(fd, name, s, e);
		close(fd);
		return rc ? rc : store_file_sync_folder(name, "store", e);
	}
	random_octets(s->octets, sizeof(s->octets));
	if (errno == ENOENT && !write_secret(name, s))
		return store_file_sync_folder(name, "store", e);
	return err_set(e, DM_EIO, "store", "a file that dmboxd may read and "
		       "write", "%s: %m", name);
}

/* ---------------------------------- key ---------------------------------- */

static int digest(const struct request_secret *s, const char *text,
		  uint8_t out[HASH_SHA1_LEN], struct err *e)
{
	struct hash_part key = { s->octets, sizeof(s->octets) };
	struct hash_part message = { text, strlen(text) };

	if (hash_hmac_sha1(&key, &message, out) == DM_OK)
		return DM_OK;
	return err_set(e, DM_EIO, "key", "", "OpenSSL has no HMAC-SHA1");
}

int request_key_set(struct store_submit *op, const struct request_secret *s,
		    const char *key, const char *method, json_t *params,
		    struct err *e)
{
	json_t *request;
	char *text;
	int rc;

	op->key[0] = '\0';
	if (!key)
		return DM_OK;
	snprintf(op->key, sizeof(op->key), "%s", key);
	request = json_pack("[s, O]", method, params);
	text = json_dumps(request, JSON_COMPACT | JSON_SORT_KEYS);
	rc = digest(s, text, op->digest, e);
	wipe_free(text);
	json_decref(request);
	return rc;
}

int request_key_digits(const struct store_submit *op,
		       const struct request_secret *s, char *out, size_t size,
		       struct err *e)
{
	uint8_t octets[HASH_SHA1_LEN];
	char text[JOB_KEY_MAX + 128];
	int n, rc;

	assert(size <= sizeof(octets));
	if (!op->key[0]) {
		random_digits(out, size);
		return DM_OK;
	}
	n = snprintf(text, sizeof(text), "digits %u %s ", op->job.client,
		     op->key);
	for (size_t i = 0; i < sizeof(op->digest); i++)
		n += snprintf(text + n, sizeof(text) - (size_t)n, "%02x",
			      op->digest[i]);
	rc = digest(s, text, octets, e);
	for (size_t i = 0; i < size - 1 && !rc; i++)
		out[i] = (char)('0' + octets[i] % 10);
	out[size - 1] = '\0';
	hash_wipe(octets, sizeof(octets));
	return rc;
}
