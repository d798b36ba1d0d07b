/* SPDX-License-Identifier: Apache-2.0 */
#include "emulator/dm_fumo.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "syncml/alert.h"
#include "wap/base64.h"
#include "wap/hash.h"
#include "wap/utf8.h"

#define PACKAGE_HEAD "dmbox-firmware "
#define DIGEST_ALGORITHM "SHA-256="	/* RFC 5843 */

static const struct {
	const char *node, *alert_type;
} operations[] = {
	[DM_FUMO_NONE] = { "", "" },
	[DM_FUMO_DOWNLOAD] = { "Download", ALERT_TYPE_DOWNLOAD },
	[DM_FUMO_UPDATE] = { "Update", ALERT_TYPE_UPDATE },
	[DM_FUMO_DOWNLOAD_UPDATE] = { "DownloadAndUpdate",
				      ALERT_TYPE_DOWNLOAD_UPDATE },
};

const char *dm_fumo_node(enum dm_fumo_operation operation)
{
	return operations[operation].node;
}

const char *dm_fumo_alert_type(enum dm_fumo_operation operation)
{
	return operations[operation].alert_type;
}

enum dm_fumo_operation dm_fumo_operation_of(const char *node)
{
	for (int i = DM_FUMO_DOWNLOAD; i <= DM_FUMO_DOWNLOAD_UPDATE; i++)
		if (!strcmp(operations[i].node, node))
			return (enum dm_fumo_operation)i;
	return DM_FUMO_NONE;
}

/* --------------------------------- steps --------------------------------- */

/* One with a password in it is not: nobody here sends it, and events have it. */
static bool is_fetchable(const char *url)
{
	const char *host = strstr(url, "://");

	if (strncmp(url, "http://", 7) && strncmp(url, "https://", 8))
		return false;
	host += strlen("://");
	return !memchr(host, '@', strcspn(host, "/?#"));
}

enum dm_fumo_step dm_fumo_next(const struct dm_fumo *f)
{
	if (f->has_report)
		return DM_FUMO_REPORT;
	if (f->state == DM_FUMO_DOWNLOADING)
		return DM_FUMO_FETCH;
	return f->state == DM_FUMO_UPDATING ? DM_FUMO_INSTALL : DM_FUMO_REST;
}

unsigned dm_fumo_exec(struct dm_fumo *f, enum dm_fumo_operation operation,
		      const char *url, const char *correlator)
{
	bool update = operation == DM_FUMO_UPDATE;

	if (dm_fumo_next(f) != DM_FUMO_REST || (update && !f->version[0]))
		return STATUS_FAILED;
	f->operation = operation;
	f->result = DM_FUMO_NO_RESULT;
	f->state = update ? DM_FUMO_UPDATING : DM_FUMO_DOWNLOADING;
	snprintf(f->url, sizeof(f->url), "%s", url);
	snprintf(f->correlator, sizeof(f->correlator), "%s",
		 correlator ? correlator : "");
	if (!update && !is_fetchable(url))
		dm_fumo_failed(f, DM_FUMO_BAD_URL);
	return STATUS_ACCEPTED;
}

static void finish(struct dm_fumo *f, enum dm_fumo_state state,
		   enum dm_fumo_result result)
{
	f->state = state;
	f->result = result;
	f->has_report = true;
}

void dm_fumo_failed(struct dm_fumo *f, enum dm_fumo_result result)
{
	finish(f, f->state == DM_FUMO_DOWNLOADING ? DM_FUMO_DOWNLOAD_FAILED :
	       DM_FUMO_UPDATE_FAILED, result);
}

void dm_fumo_installed(struct dm_fumo *f)
{
	f->version[0] = '\0';
	finish(f, DM_FUMO_UPDATED, DM_FUMO_SUCCESS);
}

/* -------------------------------- packages -------------------------------- */

/* The value of a header Digest for SHA-256, NULL if it has none. */
static const char *find_sha256(const char *digest)
{
	const size_t len = strlen(DIGEST_ALGORITHM);

	while (digest) {
		digest += strspn(digest, ", \t");
		if (!strncasecmp(digest, DIGEST_ALGORITHM, len))
			return digest + len;
		digest = strchr(digest, ',');
	}
	return NULL;
}

/* Other algorithms are no proof, and none is the server's choice. */
static bool is_whole(const void *package, size_t len, const char *digest)
{
	const struct hash_part part = { package, len };
	uint8_t got[HASH_SHA256_LEN], want[HASH_SHA256_LEN];
	const char *text = find_sha256(digest);
	size_t want_len = 0;

	if (!text)
		return true;
	return !base64_decode(text, strcspn(text, ", \t"), want, sizeof(want),
			      &want_len) &&
	       want_len == sizeof(want) && !hash_sha256(&part, 1, got) &&
	       !memcmp(got, want, sizeof(got));
}

static bool read_version(const char *package, size_t len,
			 char version[DM_FUMO_VERSION_MAX + 1])
{
	const size_t head = strlen(PACKAGE_HEAD);
	const char *end;
	size_t n;

	if (len < head || memcmp(package, PACKAGE_HEAD, head))
		return false;
	end = memchr(package + head, '\n', len - head);
	n = end ? (size_t)(end - package) - head : 0;
	if (n < 1 || n > DM_FUMO_VERSION_MAX ||
	    !utf8_plain(package + head, n))
		return false;
	memcpy(version, package + head, n);
	version[n] = '\0';
	return true;
}

void dm_fumo_fetched(struct dm_fumo *f, const void *package, size_t len,
		     const char *digest)
{
	if (!is_whole(package, len, digest) ||
	    !read_version(package, len, f->version))
		dm_fumo_failed(f, DM_FUMO_CORRUPTED);
	else if (f->operation == DM_FUMO_DOWNLOAD)
		finish(f, DM_FUMO_DOWNLOADED, DM_FUMO_SUCCESS);
	else
		f->state = DM_FUMO_UPDATING;
}

/* ------------------------------- the tree ------------------------------- */

void dm_fumo_show(const struct dm_fumo *f, struct dm_tree *t)
{
	char text[16];

	snprintf(text, sizeof(text), "%d", f->state);
	dm_tree_set_firmware(t, "State", text);
	if (t->version == SYNCML_12)
		return;
	snprintf(text, sizeof(text), "%u", f->result);
	dm_tree_set_firmware(t, "Result", text);
}
