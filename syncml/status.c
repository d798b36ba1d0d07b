/* SPDX-License-Identifier: Apache-2.0 */
#include "syncml/status.h"

#include <stddef.h>

static const struct {
	enum syncml_status code;
	const char *text;
} statuses[] = {
	{ STATUS_IN_PROGRESS, "in progress" },
	{ STATUS_OK, "OK" },
	{ STATUS_ADDED, "item added" },
	{ STATUS_ACCEPTED, "accepted for processing" },
	{ STATUS_NO_CONTENT, "no content" },
	{ STATUS_AUTHENTICATED, "authentication accepted" },
	{ STATUS_CHUNK_ACCEPTED, "chunked item accepted" },
	{ STATUS_CANCELLED, "operation cancelled" },
	{ STATUS_NOT_EXECUTED, "not executed" },
	{ STATUS_ROLLED_BACK, "atomic roll back OK" },
	{ STATUS_NOT_MODIFIED, "not modified" },
	{ STATUS_BAD_REQUEST, "bad request" },
	{ STATUS_INVALID_CREDENTIALS, "invalid credentials" },
	{ STATUS_FORBIDDEN, "forbidden" },
	{ STATUS_NOT_FOUND, "not found" },
	{ STATUS_NOT_ALLOWED, "command not allowed" },
	{ STATUS_NOT_SUPPORTED, "optional feature not supported" },
	{ STATUS_MISSING_CREDENTIALS, "missing credentials" },
	{ STATUS_TIMEOUT, "request timeout" },
	{ STATUS_INCOMPLETE, "incomplete command" },
	{ STATUS_TOO_LARGE, "request entity too large" },
	{ STATUS_URI_TOO_LONG, "URI too long" },
	{ STATUS_BAD_FORMAT, "unsupported media type or format" },
	{ STATUS_EXISTS, "already exists" },
	{ STATUS_DEVICE_FULL, "device full" },
	{ STATUS_SIZE_MISMATCH, "size mismatch" },
	{ STATUS_PERMISSION_DENIED, "permission denied" },
	{ STATUS_FAILED, "command failed" },
	{ STATUS_ATOMIC_FAILED, "atomic failed" },
	{ STATUS_ATOMIC_NOT_ROLLED_BACK, "atomic roll back failed" },
};

const char *status_text(unsigned code)
{
	for (size_t i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++)
		if (statuses[i].code == code)
			return statuses[i].text;
	return "unknown status";
}

bool status_is_success(unsigned code)
{
	return code >= 200 && code <= 299;
}
