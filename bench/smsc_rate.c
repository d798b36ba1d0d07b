/* SPDX-License-Identifier: Apache-2.0 */
/*
 * smsc_rate - how many submit_sm a second an SMSC takes
 *
 *	dmbox-emulator -c conf/emulator.conf --smpp-port 2775 --quiet &
 *	bench/smsc_rate --port 2775 --pid $! --submits 200000
 *
 * One transceiver keeps a window of submits outstanding. Each is the same
 * notification, which the first device of conf/emulator.conf verifies. With
 * --receipts each asks for one, and the clock runs until the last has come.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bench/bench.h"
#include "tests/smpp_client.h"
#include "wap/bits.h"

#define SEQUENCE_OFFSET 12		/* octets before sequence_number */
#define IN_MAX 65536

struct options {
	long port, submits, window, pid;
	const char *to;
	bool receipts, json;
};

struct run {
	const struct options *o;
	int fd;
	uint8_t submit[CLIENT_PDU_MAX];	/* sequence_number changes */
	size_t submit_len;
	uint8_t *out;			/* window of them */
	uint8_t in[IN_MAX];
	size_t in_len;
	long sent, answered, refused, receipts;
};

static void set_sequence(uint8_t *pdu, long sequence)
{
	struct writer w = { .buf = pdu + SEQUENCE_OFFSET, .cap = 4 };

	put_u32(&w, (size_t)sequence);
}

static void start(struct run *r)
{
	uint8_t pdu[CLIENT_PDU_MAX];
	struct client_sms sms = {
		.from = "12345", .to = r->o->to, .esm_class = SMPP_ESM_UDHI,
		.registered_delivery = r->o->receipts,
		.octets = bench_sms, .len = BENCH_SMS_LEN,
	};
	struct smpp_header h;

	r->fd = client_connect((uint16_t)r->o->port);
	if (r->fd < 0)
		bench_die("cannot connect");
	client_send(r->fd, pdu, client_bind(pdu, SMPP_BIND_TRANSCEIVER, 1,
					    "smsc_rate"));
	if (!client_recv(r->fd, pdu))
		bench_die("no answer to the bind");
	smpp_header_read(&h, pdu);
	if (h.status)
		bench_die("the bind was refused");
	r->submit_len = client_submit(r->submit, 0, &sms);
	r->out = calloc((size_t)r->o->window, r->submit_len);
	if (!r->out)
		bench_die("out of memory");
}

static void fill_window(struct run *r)
{
	size_t len = 0;

	while (r->sent < r->o->submits &&
	       r->sent - r->answered < r->o->window) {
		memcpy(r->out + len, r->submit, r->submit_len);
		set_sequence(r->out + len, ++r->sent + 1);
		len += r->submit_len;
	}
	if (len && !client_send(r->fd, r->out, len))
		bench_die("the SMSC closed the connection");
}

static void take(struct run *r, const struct smpp_header *h)
{
	uint8_t pdu[CLIENT_PDU_MAX];

	if (h->command == (SMPP_SUBMIT_SM | SMPP_RESPONSE)) {
		r->answered++;
		r->refused += h->status != 0;
	} else if (h->command == SMPP_DELIVER_SM) {
		size_t len = client_plain(pdu, SMPP_DELIVER_SM | SMPP_RESPONSE,
					  h->sequence);

		pdu[3]++;		/* with an empty message_id */
		pdu[len] = 0;
		client_send(r->fd, pdu, len + 1);
		r->receipts++;
	}
}

static void read_answers(struct run *r)
{
	ssize_t n = recv(r->fd, r->in + r->in_len, IN_MAX - r->in_len, 0);
	size_t pos = 0;
	struct smpp_header h;

	if (n <= 0)
		bench_die("the SMSC does not answer");
	r->in_len += (size_t)n;
	while (r->in_len - pos >= SMPP_HEADER_LEN) {
		smpp_header_read(&h, r->in + pos);
		if (h.len < SMPP_HEADER_LEN || h.len > IN_MAX)
			bench_die("the SMSC talks nonsense");
		if (r->in_len - pos < h.len)
			break;
		take(r, &h);
		pos += h.len;
	}
	memmove(r->in, r->in + pos, r->in_len - pos);
	r->in_len -= pos;
}

static void print(const struct run *r, double s, double own, double smsc)
{
	double n = (double)r->o->submits;

	printf(r->o->json ?
	       "{\"submits\": %ld, \"refused\": %ld, \"receipts\": %ld, "
	       "\"window\": %ld, \"seconds\": %.3f, \"submits-per-s\": %.0f, "
	       "\"client-us\": %.1f, \"smsc-us\": %.1f}\n" :
	       "%ld submits (%ld refused, %ld receipts), window %ld: %.3f s, "
	       "%.0f submits/s; CPU per submit: client %.1f us, SMSC %.1f us\n",
	       r->o->submits, r->refused, r->receipts, r->o->window, s, n / s,
	       own / n * 1e6, smsc / n * 1e6);
}

static void measure(const struct options *o)
{
	static struct run r;
	double t, own, smsc;

	r.o = o;
	start(&r);
	t = bench_clock_s();
	own = bench_own_cpu_s();
	smsc = bench_cpu_s(o->pid);
	while (r.answered < o->submits ||
	       (o->receipts && r.receipts < o->submits - r.refused)) {
		fill_window(&r);
		read_answers(&r);
	}
	print(&r, bench_clock_s() - t, bench_own_cpu_s() - own,
	      bench_cpu_s(o->pid) - smsc);
	close(r.fd);
	free(r.out);
}

int main(int argc, char **argv)
{
	struct options o = { .submits = 100000, .window = 100,
			     .to = "491701234567" };
	const struct bench_option options[] = {
		{ "port", "TCP port of the SMSC on 127.0.0.1; required",
		  .number = &o.port, .min = 1, .max = 65535 },
		{ "submits", "submit_sm in all",
		  .number = &o.submits, .min = 1, .max = 100000000 },
		{ "window", "submit_sm without an answer",
		  .number = &o.window, .min = 1, .max = 5000 },
		{ "pid", "process of the SMSC, for its CPU",
		  .number = &o.pid, .min = 1, .max = 0x7fffffff },
		{ "to", "MSISDN", .text = &o.to },
		{ "receipts", "ask for a receipt of each",
		  .flag = &o.receipts },
		{ "json", "for programs", .flag = &o.json },
	};

	bench_options(argc, argv, "submit_sm a second that an SMSC takes",
		      options, sizeof(options) / sizeof(options[0]));
	if (!o.port)
		bench_die("--port is missing");
	measure(&o);
	return 0;
}
