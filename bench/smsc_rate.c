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
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "tests/smpp_client.h"
#include "wap/bits.h"

#define SEQUENCE_OFFSET 12		/* octets before sequence_number */
#define IN_MAX 65536

/* dm12-ns-cli of tests/vectors/notification.json, as one segment. */
static const uint8_t notification[] = {
	0x06, 0x05, 0x04, 0x0b, 0x84, 0x23, 0xf0, 0x01, 0x06, 0x03, 0xc4, 0xaf,
	0x87, 0x9d, 0x3c, 0xea, 0xba, 0x30, 0x69, 0x8a, 0x59, 0x8d, 0x07, 0x1c,
	0x96, 0x8a, 0x4f, 0xb3, 0x8d, 0x02, 0xc0, 0x00, 0x00, 0x00, 0x01, 0x01,
	0x0f, 'c', 'o', 'm', '.', 'e', 'x', 'a', 'm', 'p', 'l', 'e', '.', 'd',
	'm', 's',
};

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

static void die(const char *what)
{
	fprintf(stderr, "smsc_rate: %s\n", what);
	exit(EXIT_FAILURE);
}

static double clock_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double own_cpu_s(void)
{
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
	       (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

/* User and system time from /proc; 0 if there is no such process. */
static double cpu_s(long pid)
{
	unsigned long user = 0, system = 0;
	char path[64], text[1024];
	const char *p = NULL;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%ld/stat", pid);
	f = pid ? fopen(path, "r") : NULL;
	if (f && fgets(text, sizeof(text), f))
		p = strrchr(text, ')');
	if (!p || sscanf(p + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u "
			 "%*u %lu %lu", &user, &system) != 2)
		user = system = 0;
	if (f)
		fclose(f);
	return (double)(user + system) / (double)sysconf(_SC_CLK_TCK);
}

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
		.octets = notification, .len = sizeof(notification),
	};
	struct smpp_header h;

	r->fd = client_connect((uint16_t)r->o->port);
	if (r->fd < 0)
		die("cannot connect");
	client_send(r->fd, pdu, client_bind(pdu, SMPP_BIND_TRANSCEIVER, 1,
					    "smsc_rate"));
	if (!client_recv(r->fd, pdu))
		die("no answer to the bind");
	smpp_header_read(&h, pdu);
	if (h.status)
		die("the bind was refused");
	r->submit_len = client_submit(r->submit, 0, &sms);
	r->out = calloc((size_t)r->o->window, r->submit_len);
	if (!r->out)
		die("out of memory");
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
		die("the SMSC closed the connection");
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
		die("the SMSC does not answer");
	r->in_len += (size_t)n;
	while (r->in_len - pos >= SMPP_HEADER_LEN) {
		smpp_header_read(&h, r->in + pos);
		if (h.len < SMPP_HEADER_LEN || h.len > IN_MAX)
			die("the SMSC talks nonsense");
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
	t = clock_s();
	own = own_cpu_s();
	smsc = cpu_s(o->pid);
	while (r.answered < o->submits ||
	       (o->receipts && r.receipts < o->submits - r.refused)) {
		fill_window(&r);
		read_answers(&r);
	}
	print(&r, clock_s() - t, own_cpu_s() - own, cpu_s(o->pid) - smsc);
	close(r.fd);
	free(r.out);
}

static long number(const char *text, long min, long max)
{
	char *end;
	long n = strtol(text, &end, 10);

	if (*end || end == text || n < min || n > max) {
		fprintf(stderr, "smsc_rate: \"%s\", allowed: %ld to %ld\n",
			text, min, max);
		exit(64);
	}
	return n;
}

static void take_option(int c, struct options *o)
{
	switch (c) {
	case 'p':
		o->port = number(optarg, 1, 65535);
		break;
	case 'n':
		o->submits = number(optarg, 1, 100000000);
		break;
	case 'w':
		o->window = number(optarg, 1, 5000);
		break;
	case 'P':
		o->pid = number(optarg, 1, 0x7fffffff);
		break;
	case 't':
		o->to = optarg;
		break;
	case 'r':
		o->receipts = true;
		break;
	case 'j':
		o->json = true;
		break;
	default:
		exit(64);
	}
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "port", required_argument, NULL, 'p' },
		{ "submits", required_argument, NULL, 'n' },
		{ "window", required_argument, NULL, 'w' },
		{ "pid", required_argument, NULL, 'P' },
		{ "to", required_argument, NULL, 't' },
		{ "receipts", no_argument, NULL, 'r' },
		{ "json", no_argument, NULL, 'j' },
		{ NULL, 0, NULL, 0 },
	};
	struct options o = { .submits = 100000, .window = 100,
			     .to = "491701234567" };
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1)
		take_option(c, &o);
	if (!o.port) {
		fputs("usage: smsc_rate --port N [--submits 100000] "
		      "[--window 100] [--to MSISDN]\n\t[--pid SMSC] "
		      "[--receipts] [--json]\n", stderr);
		return 64;
	}
	measure(&o);
	return 0;
}
