/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/encode.h"

#include <stdio.h>

#include "cli/udp.h"
#include "gateway/request/notify.h"

enum format {
	FORMAT_WSP = MESSAGE_WSP,
	FORMAT_SMS = MESSAGE_SMS,
	FORMAT_PDU = MESSAGE_PDU,
	FORMAT_PCAP = MESSAGE_PCAP,
	FORMAT_TRIGGER,
	FORMAT_PACKAGE0,
};

struct own {
	int32_t format;
	const char *udp;
	int32_t lenient;
	int32_t help;
};

static const struct field_choice formats[] = {
	{ "trigger", FORMAT_TRIGGER },
	{ "package0", FORMAT_PACKAGE0 },
	{ "wsp", FORMAT_WSP },
	{ "sms", FORMAT_SMS },
	{ "pdu", FORMAT_PDU },
	{ "pcap", FORMAT_PCAP },
	{ NULL, 0 },
};

static const struct field own_fields[] = {
	{ "format", FIELD_CHOICE, FIELD_REQUIRED,
	  offsetof(struct own, format), 0, 0, 0, formats,
	  "trigger|package0|wsp|sms|pdu|pcap: what is printed" },
	{ "udp", FIELD_TEXT, 0, offsetof(struct own, udp), 1, 300, 0, NULL,
	  "HOST[:PORT]: send the WSP push there as a datagram, too" },
	{ "lenient", FIELD_FLAG, 0, offsetof(struct own, lenient), 0, 0, 0,
	  NULL, "let unusual values through, for testers" },
	{ "help", FIELD_FLAG, 0, offsetof(struct own, help), 0, 0, 0, NULL,
	  "this text" },
	{ NULL, FIELD_TEXT, 0, 0, 0, 0, 0, NULL, NULL },
};

#define LENGTH(a) (sizeof(a) / sizeof((a)[0]))

/* What notify may leave out but an offline message needs. */
static const char *const needed[] = {
	"server-id", "dm-version", "ui-mode", "initiator", "session-id",
};

static int check_fields(json_t *fields, struct err *e)
{
	for (size_t i = 0; i < LENGTH(needed); i++)
		if (!json_object_get(fields, needed[i]))
			return err_set(e, DM_EINVAL, needed[i],
				       "it is required", "missing");
	return encode_check_offline(fields, e);
}

static int print(const struct message *m, const struct notify_request *rq,
		 enum format format, struct err *e)
{
	switch (format) {
	case FORMAT_TRIGGER:
		message_print_hex(m->body + DIGEST_LEN,
				  m->body_len - DIGEST_LEN, "\n");
		return DM_OK;
	case FORMAT_PACKAGE0:
		message_print_hex(m->body, m->body_len, "\n");
		return DM_OK;
	case FORMAT_WSP:
	case FORMAT_SMS:
	case FORMAT_PDU:
	case FORMAT_PCAP:
		break;
	}
	return message_print(m, (enum message_form)format, rq->delivery.to,
			     &rq->transport, e);
}

static int print_help(void)
{
	puts("usage: dmbox encode notify OPTION...\n\n"
	     "Makes a notification and prints its octets in hexadecimal.\n");
	args_help(request_notify_fields, own_fields, encode_online_only);
	return EXIT_OK;
}

static int encode(struct args *a, struct err *e)
{
	struct notify_request rq;
	struct message m;
	struct own own;
	int rc = fields_parse(own_fields, a->own, false, &own, e);

	if (!rc)
		rc = check_fields(a->fields, e);
	if (!rc)
		rc = encode_check_to(a->fields, e);
	if (!rc)
		rc = fields_parse(request_notify_fields, a->fields,
				  own.lenient, &rq, e);
	if (!rc)
		rc = notify_encode(&rq, 0, 0, own.lenient, &m, e);
	if (!rc && own.udp)
		rc = udp_send(own.udp, (uint16_t)rq.transport.dest_port, m.wsp,
			      m.wsp_len, e);
	return rc ? rc : print(&m, &rq, (enum format)own.format, e);
}

int encode_notify(int argc, char **argv)
{
	struct args a;
	struct err e;
	int rc = args_read(&a, argc, argv, request_notify_fields, own_fields,
			   &e);

	if (!rc && json_object_get(a.own, "help")) {
		args_free(&a);
		return print_help();
	}
	if (!rc && a.n_items)
		rc = err_set(&e, DM_EINVAL, a.items[0], "see --help",
			     "unexpected");
	if (!rc)
		rc = encode(&a, &e);
	args_free(&a);
	if (rc)
		return args_fail(&e, rc == DM_EIO ? EXIT_FAILED : EXIT_USAGE);
	return EXIT_OK;
}
