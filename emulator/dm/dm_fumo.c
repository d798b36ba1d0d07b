/* SPDX-License-Identifier: Apache-2.0 */
#include "emulator/dm/dm_fumo.h"

#include <stdio.h>
#include <string.h>

#include "syncml/alert.h"
#include "wap/utf8.h"

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

/* One with a password in it is not: events would have it. */
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
	utf8_end_whole(f->correlator);
	if (!update && !is_fetchable(url))
		dm_fumo_failed(f, DM_FUMO_BAD_URL);
	return STATUS_ACCEPTED;
}

static void finish(struct dm_fumo *f, enum dm_fumo_state state,
		   unsigned result)
{
	f->state = state;
	f->result = result;
	f->has_report = true;
}

void dm_fumo_fetched(struct dm_fumo *f, const char *version)
{
	snprintf(f->version, sizeof(f->version), "%s", version);
	if (f->operation == DM_FUMO_DOWNLOAD)
		finish(f, DM_FUMO_DOWNLOADED, DM_FUMO_SUCCESS);
	else
		f->state = DM_FUMO_UPDATING;
}

void dm_fumo_failed(struct dm_fumo *f, unsigned result)
{
	finish(f, DM_FUMO_DOWNLOAD_FAILED, result);
}

void dm_fumo_installed(struct dm_fumo *f, unsigned result)
{
	f->version[0] = '\0';
	finish(f, dm_fumo_is_success(result) ? DM_FUMO_UPDATED :
	       DM_FUMO_UPDATE_FAILED, result);
}

bool dm_fumo_is_success(unsigned result)
{
	return result == DM_FUMO_SUCCESS || (result >= 250 && result <= 299);
}

enum dm_fumo_result dm_fumo_result_of(int status, bool timed_out)
{
	static const struct {
		int first, last;
		enum dm_fumo_result result;
	} results[] = {
		{ 0, 299, DM_FUMO_NETWORK_FAILED },
		{ 401, 401, DM_FUMO_ACCESS_DENIED },
		{ 403, 403, DM_FUMO_ACCESS_DENIED },
		{ 408, 408, DM_FUMO_TIMEOUT },
		{ 429, 429, DM_FUMO_SERVER_ERROR },
		{ 400, 499, DM_FUMO_BAD_URL },
	};

	if (timed_out)
		return DM_FUMO_TIMEOUT;
	for (size_t i = 0; i < sizeof(results) / sizeof(results[0]); i++)
		if (status >= results[i].first && status <= results[i].last)
			return results[i].result;
	return DM_FUMO_SERVER_ERROR;
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
