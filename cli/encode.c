/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli/args.h"
#include "cli/commands.h"
#include "cli/udp.h"
#include "gateway/submit.h"
#include "wap/hex.h"
#include "wap/pcap.h"
#include "wap/sms_pdu.h"

#define PDU_ADDRESS "10000"	/* TP-OA of a PDU without --to */

enum format {
	FORMAT_UNSET,
	FORMAT_TRIGGER,
	FORMAT_PACKAGE0,
	FORMAT_WSP,
	FORMAT_SMS,
	FORMAT_PDU,
	FORMAT_PCAP,
};

struct own {
	int32_t format;
	const char *udp;
	int32_t lenient;
	int32_t help;
};

static const struct field_choice formats[] = {
	{ "trigger", FORMAT_TRIGGER, false },
	{ "package0", FORMAT_PACKAGE0, false },
	{ "wsp", FORMAT_WSP, false },
	{ "sms", FORMAT_SMS, false },
	{ "pdu", FORMAT_PDU, false },
	{ "pcap", FORMAT_PCAP, false },
	{ NULL, 0, false },
};

static const struct field own_fields[] = {
	{ "format", FIELD_CHOICE, FIELD_REQUIRED,
	  offsetof(struct own, format), 0, 0, FORMAT_UNSET, formats,
	  "trigger|package0|wsp|sms|pdu|pcap: what is printed" },
	{ "udp", FIELD_TEXT, 0, offsetof(struct own, udp), 1, 300, 0, NULL,
	  "HOST[:PORT]: send the WSP push there as a datagram, too" },
	{ "lenient", FIELD_FLAG, 0, offsetof(struct own, lenient), 0, 0, 0,
	  NULL, "let unusual values through, for testers" },
	{ "help", FIELD_FLAG, 0, offsetof(struct own, help), 0, 0, 0, NULL,
	  "this text" },
	{ NULL, FIELD_TEXT, 0, 0, 0, 0, 0, NULL, NULL },
};

/* What notify may leave out but an offline message needs. */
static const char *const needed[] = {
	"server-id", "dm-version", "ui-mode", "initiator", "session-id",
};

/* Fields of notify that only mean something to dmboxd. */
static const char *const online_only[] = {
	"from", "smsc-id", "until", "expires-s", "dry-run",
};

#define LENGTH(a) (sizeof(a) / sizeof((a)[0]))

static bool is_online_only(const char *name)
{
	for (size_t i = 0; i < LENGTH(online_only); i++)
		if (!strcmp(online_only[i], name))
			return true;
	return false;
}

static int check_fields(json_t *fields, struct err *e)
{
	for (size_t i = 0; i < LENGTH(needed); i++)
		if (!json_object_get(fields, needed[i]))
			return err_set(e, DM_EINVAL, needed[i],
				       "it is required", "missing");
	for (size_t i = 0; i < LENGTH(online_only); i++)
		if (json_object_get(fields, online_only[i]))
			return err_set(e, DM_EINVAL, online_only[i],
				       "only with dmbox notify",
				       "nothing is sent here");
	return DM_OK;
}

static void print_hex(const uint8_t *octets, size_t len, const char *end)
{
	char text[HEX_SIZE(MESSAGE_WSP_MAX)];

	hex_encode(octets, len, text);
	printf("%s%s", text, end);
}

static void print_trigger(const struct message *m)
{
	print_hex(m->package0 + DIGEST_LEN, m->package0_len - DIGEST_LEN,
		  "\n");
}

static void print_sms(const struct message *m)
{
	for (size_t i = 0; i < m->n_segments; i++) {
		const struct segment *s = &m->segments[i];

		print_hex(s->octets, s->udh_len, " ");
		print_hex(s->octets + s->udh_len,
			  (size_t)(s->len - s->udh_len), "\n");
	}
}

/* The SMS-DELIVER that an SMSC would make of a segment. */
static void print_pdu(const struct segment *s, const char *address,
		      uint8_t dcs)
{
	bool international = address[0] == '+';
	uint8_t octets[SMS_PDU_MAX];
	struct sms_pdu p = {
		.kind = SMS_DELIVER,
		.has_smsc = true,
		.has_udh = true,
		.address.type = international ? 0x91 : 0x81,
		.dcs = dcs,
		/* 2000-01-01 00:00:00: the same message, the same octets */
		.timestamp = { 0x00, 0x10, 0x10 },
		.validity = -1,
		.ud_len = s->len,
	};
	size_t len;

	snprintf(p.address.digits, sizeof(p.address.digits), "%s",
		 address + international);
	memcpy(p.ud, s->octets, s->len);
	if (sms_pdu_encode(&p, octets, sizeof(octets), &len) == DM_OK)
		print_hex(octets, len, "\n");
}

static int print_pcap(const struct message *m, const struct notify_request *rq,
		      struct err *e)
{
	uint8_t file[PCAP_HEADERS_LEN + MESSAGE_WSP_MAX];
	size_t len;
	int rc;

	if (isatty(STDOUT_FILENO))
		return err_set(e, DM_EINVAL, "format",
			       "pcap into a file or a pipe",
			       "standard output is a terminal");
	rc = pcap_encode((uint32_t)time(NULL), (uint16_t)rq->source_port,
			 (uint16_t)rq->dest_port, m->wsp, m->wsp_len, file,
			 sizeof(file), &len);
	if (rc)
		return err_set(e, rc, "format", "", "too long for a capture");
	fwrite(file, 1, len, stdout);
	return DM_OK;
}

static int print(const struct message *m, const struct notify_request *rq,
		 enum format format, struct err *e)
{
	switch (format) {
	case FORMAT_TRIGGER:
		print_trigger(m);
		break;
	case FORMAT_PACKAGE0:
		print_hex(m->package0, m->package0_len, "\n");
		break;
	case FORMAT_WSP:
		print_hex(m->wsp, m->wsp_len, "\n");
		break;
	case FORMAT_SMS:
		print_sms(m);
		break;
	case FORMAT_PDU:
		for (size_t i = 0; i < m->n_segments; i++)
			print_pdu(&m->segments[i], rq->to,
				  (uint8_t)rq->dcs);
		break;
	case FORMAT_PCAP:
		return print_pcap(m, rq, e);
	case FORMAT_UNSET:
		break;
	}
	return DM_OK;
}

static void print_help(void)
{
	puts("usage: dmbox encode notify OPTION...\n\n"
	     "Makes a notification and prints its octets in hexadecimal.\n");
	args_help(own_fields);
	for (const struct field *f = request_notify_fields; f->name; f++)
		if (!is_online_only(f->name))
			args_help_one(f);
}

/* to stands in a PDU only; without one any device will do. */
static int parse(struct args *a, bool lenient, struct notify_request *rq,
		 struct err *e)
{
	bool has_to = json_object_get(a->fields, "to");
	char to[MSISDN_SIZE];
	int rc = check_fields(a->fields, e);

	if (!has_to)
		json_object_set_new(a->fields, "to",
				    json_string(PDU_ADDRESS));
	if (!rc)
		rc = fields_parse(request_notify_fields, a->fields, lenient,
				  rq, e);
	if (!rc)
		rc = msisdn_parse(rq->to, "to", to, e);
	return rc;
}

static int encode(struct args *a, struct err *e)
{
	struct notify_request rq;
	struct message m;
	struct own own;
	int rc = fields_parse(own_fields, a->own, false, &own, e);

	if (!rc)
		rc = parse(a, own.lenient, &rq, e);
	if (!rc)
		rc = submit_encode(&rq, 0, 0, own.lenient, &m, e);
	if (!rc && own.udp)
		rc = udp_send(own.udp, (uint16_t)rq.dest_port, m.wsp,
			      m.wsp_len, e);
	if (!rc)
		rc = print(&m, &rq, (enum format)own.format, e);
	return rc;
}

static int encode_notify(int argc, char **argv)
{
	struct args a;
	struct err e;
	int rc = args_read(&a, argc, argv, request_notify_fields, own_fields,
			   &e);

	if (!rc && json_object_get(a.own, "help")) {
		print_help();
		args_free(&a);
		return EXIT_OK;
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

int command_encode(int argc, char **argv)
{
	if (argc > 0 && !strcmp(argv[0], "notify"))
		return encode_notify(argc - 1, argv + 1);
	if (argc > 0 && !strcmp(argv[0], "--help")) {
		print_help();
		return EXIT_OK;
	}
	fputs("dmbox: encode what? allowed: encode notify\n", stderr);
	return EXIT_USAGE;
}
