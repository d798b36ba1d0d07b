/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/smpp_client.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "wap/bits.h"

static void put_text(struct writer *w, const char *text)
{
	put_mem(w, text, strlen(text) + 1);
}

static void put_header(struct writer *w, uint32_t command, uint32_t sequence)
{
	put_u32(w, 0);			/* command_length: see finish() */
	put_u32(w, command);
	put_u32(w, 0);			/* command_status */
	put_u32(w, sequence);
}

static size_t finish(const struct writer *w)
{
	struct writer len = { .buf = w->buf, .cap = 4 };

	put_u32(&len, w->len);
	return w->err || len.err ? 0 : w->len;
}

size_t client_plain(uint8_t out[CLIENT_PDU_MAX], uint32_t command,
		    uint32_t sequence)
{
	struct writer w = { .buf = out, .cap = CLIENT_PDU_MAX };

	put_header(&w, command, sequence);
	return finish(&w);
}

size_t client_bind(uint8_t out[CLIENT_PDU_MAX], uint32_t command,
		   uint32_t sequence, const char *system_id)
{
	struct writer w = { .buf = out, .cap = CLIENT_PDU_MAX };

	put_header(&w, command, sequence);
	put_text(&w, system_id);
	put_text(&w, "secret");		/* password */
	put_text(&w, "test");		/* system_type */
	put_u8(&w, 0x34);		/* interface_version */
	put_u16(&w, 0);			/* addr_ton, addr_npi */
	put_text(&w, "");		/* address_range */
	return finish(&w);
}

size_t client_submit(uint8_t out[CLIENT_PDU_MAX], uint32_t sequence,
		     const struct client_sms *sms)
{
	struct writer w = { .buf = out, .cap = CLIENT_PDU_MAX };

	put_header(&w, SMPP_SUBMIT_SM, sequence);
	put_text(&w, "");		/* service_type */
	put_u16(&w, 0x0201);		/* source_addr_ton, source_addr_npi */
	put_text(&w, sms->from);
	put_u16(&w, 0x0101);		/* dest_addr_ton, dest_addr_npi */
	put_text(&w, sms->to);
	put_u8(&w, sms->esm_class);
	put_u16(&w, 0);			/* protocol_id, priority_flag */
	put_text(&w, "");		/* schedule_delivery_time */
	put_text(&w, sms->validity ? sms->validity : "");
	put_u8(&w, sms->registered_delivery);
	put_u8(&w, 0);			/* replace_if_present_flag */
	put_u8(&w, 0x04);		/* data_coding */
	put_u8(&w, 0);			/* sm_default_msg_id */
	put_u8(&w, sms->len);
	put_mem(&w, sms->octets, sms->len);
	return finish(&w);
}

int client_connect(uint16_t port)
{
	const struct timeval wait = { 5, 0 };
	struct sockaddr_in a = {
		.sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	int on = 1;

	if (fd < 0)
		return -1;
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof(wait));
	if (!connect(fd, (struct sockaddr *)&a, sizeof(a)))
		return fd;
	close(fd);
	return -1;
}

bool client_send(int fd, const uint8_t *octets, size_t len)
{
	while (len > 0) {
		ssize_t n = send(fd, octets, len, MSG_NOSIGNAL);

		if (n <= 0)
			return false;
		octets += n;
		len -= (size_t)n;
	}
	return true;
}

static bool recv_all(int fd, uint8_t *out, size_t len)
{
	while (len > 0) {
		ssize_t n = recv(fd, out, len, 0);

		if (n <= 0)
			return false;
		out += n;
		len -= (size_t)n;
	}
	return true;
}

size_t client_recv(int fd, uint8_t out[CLIENT_PDU_MAX])
{
	struct smpp_header h;

	if (!recv_all(fd, out, SMPP_HEADER_LEN))
		return 0;
	smpp_header_read(&h, out);
	if (h.len < SMPP_HEADER_LEN || h.len > CLIENT_PDU_MAX ||
	    !recv_all(fd, out + SMPP_HEADER_LEN, h.len - SMPP_HEADER_LEN))
		return 0;
	return h.len;
}
