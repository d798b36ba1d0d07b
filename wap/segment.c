/* SPDX-License-Identifier: Apache-2.0 */
#include "wap/segment.h"

#include <string.h>

/* Octets of the message that one segment of many carries. */
static size_t part_size(const struct segment_form *form)
{
	return SEGMENT_OCTETS_MAX - udh_size(true, form->concat);
}

size_t segment_count(const struct segment_form *form, size_t len)
{
	size_t n;

	if (len <= SEGMENT_OCTETS_MAX - udh_size(true, UDH_CONCAT_NONE))
		return 1;
	if (form->concat == UDH_CONCAT_NONE)
		return 0;
	n = len / part_size(form) + (len % part_size(form) > 0);
	return n <= SEGMENTS_MAX ? n : 0;
}

static int fill(struct segment *s, const struct udh *u, const uint8_t *msg,
		size_t at, size_t len)
{
	size_t udh_len;
	int rc = udh_encode(u, s->octets, sizeof(s->octets), &udh_len);

	if (rc)
		return rc;
	if (len)
		memcpy(s->octets + udh_len, msg + at, len);
	s->udh_len = (uint8_t)udh_len;
	s->len = (uint8_t)(udh_len + len);
	return DM_OK;
}

int segment_split(const struct segment_form *form, const uint8_t *msg,
		  size_t len, struct segment *out, size_t cap, size_t *n)
{
	size_t total = segment_count(form, len);
	size_t step = total == 1 ? len : part_size(form);
	struct udh u = {
		.has_ports = true,
		.dest_port = form->dest_port,
		.source_port = form->source_port,
		.concat = total == 1 ? UDH_CONCAT_NONE : form->concat,
		.reference = form->reference,
		.total = (uint8_t)total,
	};

	if (total == 0 || total > cap)
		return DM_ENOSPC;
	for (size_t i = 0; i < total; i++) {
		size_t at = i * step;
		int rc;

		u.index = (uint8_t)(i + 1);
		rc = fill(&out[i], &u, msg, at,
			  len - at < step ? len - at : step);
		if (rc)
			return rc;
	}
	*n = total;
	return DM_OK;
}
