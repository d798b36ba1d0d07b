/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/encode.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/document.h"
#include "cli/udp.h"
#include "gateway/clock.h"
#include "gateway/request/provision.h"
#include "gateway/xalloc.h"

enum format {
	FORMAT_WSP = MESSAGE_WSP,
	FORMAT_SMS = MESSAGE_SMS,
	FORMAT_PDU = MESSAGE_PDU,
	FORMAT_PCAP = MESSAGE_PCAP,
	FORMAT_XML,
	FORMAT_WBXML,
	FORMAT_MAC,
};

struct own {
	int32_t format;
	struct document_options document;
	const char *profiles;
	const char *udp;
	int32_t lenient;
	int32_t help;
};

static const struct field_choice formats[] = {
	{ "xml", FORMAT_XML },
	{ "wbxml", FORMAT_WBXML },
	{ "mac", FORMAT_MAC },
	{ "wsp", FORMAT_WSP },
	{ "sms", FORMAT_SMS },
	{ "pdu", FORMAT_PDU },
	{ "pcap", FORMAT_PCAP },
	{ NULL, 0 },
};

static const struct field own_fields[] = {
	{ "format", FIELD_CHOICE, FIELD_REQUIRED,
	  offsetof(struct own, format), 0, 0, 0, formats,
	  "xml|wbxml|mac|wsp|sms|pdu|pcap: what is printed" },
	DOCUMENT_FIELDS(own),
	{ "profiles", FIELD_TEXT, 0, offsetof(struct own, profiles), 1, 4000,
	  0, NULL, "FOLDER: of profiles; default: DMBOX_PROFILES, or\n"
	  "                       " PROFILES },
	{ "udp", FIELD_TEXT, 0, offsetof(struct own, udp), 1, 300, 0, NULL,
	  "HOST[:PORT]: send the WSP push there as a datagram, too" },
	{ "lenient", FIELD_FLAG, 0, offsetof(struct own, lenient), 0, 0, 0,
	  NULL, "let unusual values through, for testers" },
	{ "help", FIELD_FLAG, 0, offsetof(struct own, help), 0, 0, 0, NULL,
	  "this text" },
	{ NULL, FIELD_TEXT, 0, 0, 0, 0, 0, NULL, NULL },
};

/* One run, with all the memory that it needs. */
struct run {
	struct own own;
	struct bootstrap_request rq;
	struct profile_dir profiles;
	struct arena arena;
	struct provision provision;
	char xml[4 * XML_OCTETS_MAX];
};

static struct run *run_new(void)
{
	struct run *r = xcalloc(1, sizeof(*r));

	r->arena.cap = PROVISION_ARENA_MAX;
	r->arena.buf = xcalloc(1, r->arena.cap);
	return r;
}

static void run_free(struct run *r)
{
	profile_dir_free(&r->profiles);
	hash_wipe(r->arena.buf, r->arena.used);
	free(r->arena.buf);
	hash_wipe(r, sizeof(*r));
	free(r);
}

/* A name with a slash is a file; *profile stays NULL where none is named. */
static int find_profile(struct run *r, const struct profile **profile,
			struct err *e)
{
	const char *name = r->rq.profile;
	const char *slash = name ? strrchr(name, '/') : NULL;
	int rc;

	*profile = NULL;
	if (!name)
		return DM_OK;
	rc = document_profiles(slash ? name : r->own.profiles, &r->profiles,
			       e);
	if (!rc)
		*profile = slash ? profile_dir_at(&r->profiles, 0) :
			   profile_dir_find(&r->profiles, name);
	return rc;
}

static int make(struct run *r, struct err *e)
{
	const struct profile *profile;
	char k[PROVISION_K_SIZE];
	int rc = find_profile(r, &profile, e);

	if (rc)
		return rc;
	random_digits(k, sizeof(k));
	return provision_make(&r->rq, profile, k, 0, &r->arena, &r->provision,
			      e);
}

static int print_xml(struct run *r, struct err *e)
{
	size_t len;

	if (r->provision.document.unread)
		return err_set(e, DM_EINVAL, "format",
			       "another format: this WBXML cannot be read",
			       "xml");
	if (provision_write(&r->provision.document, true, &r->arena, r->xml,
			    sizeof(r->xml), &len))
		return err_set(e, DM_ENOSPC, "format", "", "too big as XML");
	fwrite(r->xml, 1, len, stdout);
	return DM_OK;
}

static int print_mac(const struct run *r, struct err *e)
{
	const struct bootstrap_security *s = &r->provision.security;
	char text[MAC_TEXT_SIZE];

	if (!s->has_mac)
		return err_set(e, DM_EINVAL, "format",
			       "mac only with a sec that signs", "mac");
	mac_text(s->mac, text);
	puts(text);
	return DM_OK;
}

static int print(struct run *r, struct err *e)
{
	const struct message *m = &r->provision.message;

	switch ((enum format)r->own.format) {
	case FORMAT_XML:
		return print_xml(r, e);
	case FORMAT_WBXML:
		message_print_hex(m->body, m->body_len, "\n");
		return DM_OK;
	case FORMAT_MAC:
		return print_mac(r, e);
	case FORMAT_WSP:
	case FORMAT_SMS:
	case FORMAT_PDU:
	case FORMAT_PCAP:
		break;
	}
	return message_print(m, (enum message_form)r->own.format,
			     r->rq.delivery.to, &r->rq.transport, e);
}

/* What is to be known besides the octets. */
static void tell(const struct provision *p)
{
	document_print_findings(&p->lint, "dmbox", stderr);
	if (p->oob_pin[0])
		fprintf(stderr, "out-of-band-pin: %s\n", p->oob_pin);
}

static int encode(struct args *a, struct run *r, struct err *e)
{
	int rc = fields_parse(own_fields, a->own, false, &r->own, e);

	if (!rc)
		rc = encode_check_offline(a->fields, e);
	if (!rc)
		rc = encode_check_to(a->fields, e);
	if (!rc)
		rc = document_fill(&r->own.document, a->fields, e);
	if (!rc)
		rc = fields_parse(request_bootstrap_fields, a->fields,
				  r->own.lenient, &r->rq, e);
	if (!rc)
		rc = make(r, e);
	if (rc)
		return rc;
	tell(&r->provision);
	if (r->own.udp)
		rc = udp_send(r->own.udp, (uint16_t)r->rq.transport.dest_port,
			      r->provision.message.wsp,
			      r->provision.message.wsp_len, e);
	return rc ? rc : print(r, e);
}

static int print_help(void)
{
	puts("usage: dmbox encode bootstrap (--xml FILE | --dm-xml FILE |\n"
	     "       --wbxml-hex HEX | --profile NAME --set FIELD=VALUE...)\n"
	     "       --sec METHOD --format FORMAT OPTION...\n\n"
	     "Makes a bootstrap and prints it.\n");
	args_help(request_bootstrap_fields, own_fields, encode_online_only);
	return EXIT_OK;
}

int encode_bootstrap(int argc, char **argv)
{
	struct run *r;
	struct args a;
	struct err e;
	int rc = args_read(&a, argc, argv, request_bootstrap_fields,
			   own_fields, &e);

	if (!rc && json_object_get(a.own, "help")) {
		args_free(&a);
		return print_help();
	}
	if (!rc && a.n_items)
		rc = err_set(&e, DM_EINVAL, a.items[0], "see --help",
			     "unexpected");
	r = run_new();
	if (!rc)
		rc = encode(&a, r, &e);
	run_free(r);
	args_free(&a);
	if (rc)
		return args_fail(&e, rc == DM_EIO ? EXIT_FAILED : EXIT_USAGE);
	return EXIT_OK;
}
