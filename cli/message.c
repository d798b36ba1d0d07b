/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/message.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "wap/hex.h"
#include "wap/pcap.h"
#include "wap/sms_pdu.h"

void message_print_hex(const uint8_t *octets, size_t len, const char *end)
{
	char text[HEX_SIZE(MESSAGE_MAX)];

	hex_encode(octets, len, text);
	printf("%s%s", text, end);
}

static void print_sms(const struct message *m)
{
	for (size_t i = 0; i < m->n_segments; i++) {
		const struct segment *s = &m->segments[i];

		message_print_hex(s->octets, s->udh_len, " ");
		message_print_hex(s->octets + s->udh_len,
			  (size_t)(s->len - s->udh_len), "\n");
	}
}

static void print_pdu(const struct segment *s, const char *address,
		      uint8_t dcs)
{
	uint8_t octets[SMS_PDU_MAX];
	size_t len;

	if (sms_pdu_deliver(address, dcs, s->octets, s->len, octets,
			    sizeof(octets), &len) == DM_OK)
		message_print_hex(octets, len, "\n");
}

static int print_pcap(const struct message *m,
		      const struct transport_request *t, struct err *e)
{
	uint8_t file[PCAP_HEADERS_LEN + MESSAGE_MAX];
	size_t len;
	int rc;

	if (isatty(STDOUT_FILENO))
		return err_set(e, DM_EINVAL, "format",
			       "pcap into a file or a pipe",
			       "standard output is a terminal");
	rc = pcap_encode((uint32_t)time(NULL), (uint16_t)t->source_port,
			 (uint16_t)t->dest_port, m->wsp, m->wsp_len, file,
			 sizeof(file), &len);
	if (rc)
		return err_set(e, rc, "format", "", "too long for a capture");
	fwrite(file, 1, len, stdout);
	return DM_OK;
}

int message_print(const struct message *m, enum message_form form,
		  const char *to, const struct transport_request *t,
		  struct err *e)
{
	switch (form) {
	case MESSAGE_WSP:
		message_print_hex(m->wsp, m->wsp_len, "\n");
		break;
	case MESSAGE_SMS:
		print_sms(m);
		break;
	case MESSAGE_PDU:
		for (size_t i = 0; i < m->n_segments; i++)
			print_pdu(&m->segments[i], to ? to : MESSAGE_ADDRESS,
				  (uint8_t)t->dcs);
		break;
	case MESSAGE_PCAP:
		return print_pcap(m, t, e);
	}
	return DM_OK;
}
