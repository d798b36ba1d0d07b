/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files that are appended to: file, a line a segment, and pcap, a packet a
 * message. Opened for each, so that they can be moved away at any time; not
 * forced to the disk, for which the loop would have to wait.
 */
#include "gateway/send/route_kind.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "gateway/clock.h"
#include "wap/hash.h"
#include "wap/hex.h"
#include "wap/pcap.h"

/* O_NONBLOCK: a pipe without a reader is refused, not waited for. */
static int open_file(const struct route *r, int mode, struct stat *st)
{
	int fd = open(r->config->file, mode | O_APPEND | O_CREAT | O_CLOEXEC |
		      O_NOCTTY | O_NONBLOCK, 0600);

	if (fd >= 0 && fstat(fd, st)) {
		close(fd);
		return -1;
	}
	return fd;
}

/* All or nothing, as on a disk that is full. */
static bool append(int fd, const struct stat *st, const void *octets,
		   size_t len)
{
	ssize_t n = write(fd, octets, len);
	int error = n < 0 ? errno : ENOSPC;

	if (n == (ssize_t)len)
		return true;
	if (n > 0 && S_ISREG(st->st_mode) && ftruncate(fd, st->st_size))
		error = errno;
	errno = error;
	return false;
}

static void tell(struct route *r, uint64_t tag, bool written)
{
	if (written)
		route_tell(r, tag, SEGMENT_ACKED, "%s", "");
	else
		route_tell(r, tag, SEGMENT_NOT_NOW, "%s: %s", r->config->file,
			   strerror(errno));
}

static void file_send(struct route *r, const struct route_sms *sms)
{
	const struct segment *s = &sms->segments[sms->segment].sms;
	char line[HEX_SIZE(SEGMENT_OCTETS_MAX) + 1];
	struct stat st;
	int fd = open_file(r, O_WRONLY, &st);

	hex_encode(s->octets, s->len, line);
	strcat(line, "\n");
	tell(r, sms->tag, fd >= 0 && append(fd, &st, line, strlen(line)));
	hash_wipe(line, sizeof(line));
	if (fd >= 0)
		close(fd);
}

/* --------------------------------- pcap --------------------------------- */

/* Ports of the segments; a message without them goes where pushes go. */
static int encode(const struct route_sms *sms, uint8_t *out, size_t cap,
		  size_t *len)
{
	const struct segment *s = &sms->segments[0].sms;
	uint8_t message[MESSAGE_MAX];
	size_t message_len = route_message(sms, message);
	struct udh udh;
	int rc;

	if (udh_decode(&udh, s->octets, s->udh_len) || !udh.has_ports)
		udh = (struct udh){ .source_port = UDH_PORT_WSP,
				    .dest_port = UDH_PORT_WAP_PUSH };
	rc = pcap_encode((uint32_t)(clock_ms() / 1000), udh.source_port,
			 udh.dest_port, message, message_len, out, cap, len);
	hash_wipe(message, message_len);
	return rc;
}

/* A packet behind others needs no file header, but they must have ours. */
static bool append_packet(int fd, const struct stat *st, const uint8_t *capture,
			  size_t len)
{
	uint8_t head[PCAP_FILE_HEADER_LEN];

	if (st->st_size == 0)
		return append(fd, st, capture, len);
	if (pread(fd, head, sizeof(head), 0) == (ssize_t)sizeof(head) &&
	    !memcmp(head, capture, sizeof(head)))
		return append(fd, st, capture + sizeof(head),
			      len - sizeof(head));
	errno = EEXIST;
	return false;
}

static void pcap_send(struct route *r, const struct route_sms *sms)
{
	uint8_t capture[PCAP_HEADERS_LEN + MESSAGE_MAX];
	struct stat st;
	size_t len;
	int fd;

	if (encode(sms, capture, sizeof(capture), &len)) {
		route_tell(r, sms->tag, SEGMENT_NACKED,
			   "too long for a capture");
		return;
	}
	fd = open_file(r, O_RDWR, &st);
	if (fd >= 0 && append_packet(fd, &st, capture, len))
		tell(r, sms->tag, true);
	else if (errno == EEXIST)
		route_tell(r, sms->tag, SEGMENT_NOT_NOW, "%s is no capture of "
			   "link type RAW", r->config->file);
	else
		tell(r, sms->tag, false);
	hash_wipe(capture, len);
	if (fd >= 0)
		close(fd);
}

const struct route_ops route_file = {
	.whole = false,
	.size = sizeof(struct route),
	.send = file_send,
};

const struct route_ops route_pcap = {
	.whole = true,
	.size = sizeof(struct route),
	.send = pcap_send,
};
