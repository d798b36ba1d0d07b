/* SPDX-License-Identifier: Apache-2.0 */
#include "emulator/dm/dm_package.h"

#include <string.h>
#include <strings.h>

#include "wap/base64.h"
#include "wap/utf8.h"

#define MAGIC "dmbox-firmware "
#define DIGEST_ALGORITHM "SHA-256="	/* RFC 5843 */

void dm_package_begin(struct dm_package *p, const char *validator,
		      size_t total)
{
	*p = (struct dm_package){
		.total = total, .sha256 = hash_run_begin(),
	};
	if (strlen(validator) <= DM_PACKAGE_VALIDATOR_MAX)
		strcpy(p->validator, validator);
}

int dm_package_percent(const struct dm_package *p)
{
	if (!p->len || !p->total)
		return -1;
	return (int)(100 * (uint64_t)p->len / p->total);
}

void dm_package_add(struct dm_package *p, const void *octets, size_t len)
{
	size_t room = p->len < sizeof(p->line) ? sizeof(p->line) - p->len : 0;

	memcpy(p->line + sizeof(p->line) - room, octets,
	       len < room ? len : room);
	hash_run_add(p->sha256, octets, len);
	p->len += len;
}

void dm_package_end(struct dm_package *p)
{
	hash_run_free(p->sha256);
	*p = (struct dm_package){ .len = 0 };
}

/* --------------------------------- check --------------------------------- */

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

static bool is_whole(struct dm_package *p, const char *digest)
{
	uint8_t got[HASH_SHA256_LEN], want[HASH_SHA256_LEN];
	const char *text = find_sha256(digest);
	size_t want_len = 0;

	if (!text)
		return true;
	return !base64_decode(text, strcspn(text, ", \t"), want, sizeof(want),
			      &want_len) &&
	       want_len == sizeof(want) && !hash_run_end(p->sha256, got) &&
	       !memcmp(got, want, sizeof(got));
}

/* Copies text of 1 to max octets. */
static bool copy(const char *text, size_t len, size_t max, char *out)
{
	if (len < 1 || len > max || !utf8_plain(text, len))
		return false;
	memcpy(out, text, len);
	out[len] = '\0';
	return true;
}

static bool read_line(const struct dm_package *p, char *version, char *model)
{
	const size_t len = p->len < sizeof(p->line) ? p->len : sizeof(p->line);
	const char *at = p->line + strlen(MAGIC);
	const char *end = memchr(p->line, '\n', len), *blank;

	if (!end || (size_t)(end - p->line) < strlen(MAGIC) ||
	    memcmp(p->line, MAGIC, strlen(MAGIC)))
		return false;
	blank = memchr(at, ' ', (size_t)(end - at));
	*model = '\0';
	if (blank && !copy(blank + 1, (size_t)(end - blank) - 1,
			   DM_PACKAGE_MODEL_MAX, model))
		return false;
	return copy(at, (size_t)((blank ? blank : end) - at),
		    DM_FUMO_VERSION_MAX, version);
}

enum dm_fumo_result dm_package_check(struct dm_package *p, const char *digest,
				     const char *model,
				     char version[DM_FUMO_VERSION_MAX + 1])
{
	char got[DM_FUMO_VERSION_MAX + 1], made_for[DM_PACKAGE_MODEL_MAX + 1];

	if (!is_whole(p, digest) || !read_line(p, got, made_for))
		return DM_FUMO_CORRUPTED;
	if (made_for[0] && strcmp(made_for, model))
		return DM_FUMO_WRONG_PACKAGE;
	strcpy(version, got);
	return DM_FUMO_SUCCESS;
}
