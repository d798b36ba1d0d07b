/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bare_box - the ceiling: a box of bearerbox without API and database
 *
 *	bench/bare_box --port 13001 --messages 50000 --reports
 *
 * It keeps a window of notifications with bearerbox, counts the
 * acknowledgements, and acknowledges the reports at once. Nothing survives it:
 * what dmboxd costs more is what its API and its durable queue cost.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "bench/bench.h"
#include "gateway/box/box_sms.h"
#include "tests/smpp_client.h"

#define BOX_ID "dmbox"
#define LINK 1				/* makes ids, see box_sms.h */
#define IN_MAX (2 * BOX_FRAME_MAX)
#define SMS_MAX 1024			/* octets of a frame that we send */
#define ACKS_MAX (IN_MAX / 4)		/* octets: what IN_MAX can ask for */
#define VALIDITY_S 86400
#define DLR_MASK (BOX_DLR_DELIVERED | BOX_DLR_FAILED | BOX_DLR_SMSC_REFUSED)

struct box {
	long port, messages, window;
	bool reports;

	int fd;
	uint8_t *out;
	size_t out_len, out_cap;
	uint8_t in[IN_MAX];
	size_t in_len;
	long sent, acked, refused, reported;
};

static void put(struct box *b, const struct box_msg *m)
{
	size_t len;

	if (box_msg_encode(m, b->out + b->out_len, b->out_cap - b->out_len,
			   &len))
		bench_die("a message does not fit");
	b->out_len += len;
}

static void flush(struct box *b)
{
	if (b->out_len && !client_send(b->fd, b->out, b->out_len))
		bench_die("bearerbox closed the connection");
	b->out_len = 0;
}

static void identify(struct box *b)
{
	struct box_msg m;

	box_msg_init(&m, BOX_MSG_admin);
	m.admin.command = BOX_CMD_IDENTIFY;
	m.admin.boxc_id = box_text(BOX_ID);
	put(b, &m);
	flush(b);
}

static void put_sms(struct box *b)
{
	char to[BENCH_MSISDN_SIZE], key[32];
	int64_t now = time(NULL);
	struct box_sms_id id;
	struct box_msg m;
	struct err e;
	struct box_sms sms = {
		.tag = (uint64_t)b->sent, .sender = "12345", .receiver = to,
		.udh = bench_sms, .udh_len = BENCH_UDH_LEN,
		.data = bench_sms + BENCH_UDH_LEN,
		.data_len = BENCH_SMS_LEN - BENCH_UDH_LEN,
		.dcs = 0x04, .validity = now + VALIDITY_S,
		.dlr_mask = b->reports ? DLR_MASK : 0,
		.dlr_key = (const uint8_t *)key,
	};

	bench_msisdn(to, b->sent, false);
	sms.dlr_key_len = (size_t)snprintf(key, sizeof(key), "%ld", b->sent);
	box_sms_id_make(&id, LINK, sms.tag);
	if (box_sms_to_msg(&sms, BOX_ID, &id, now, &m, &e))
		bench_die("%s", e.field);
	put(b, &m);
	b->sent++;
}

static void take_report(struct box *b, const struct box_msg_sms *report)
{
	struct box_msg m;

	box_msg_init(&m, BOX_MSG_ack);
	m.ack.nack = BOX_ACK_SUCCESS;
	m.ack.time = (int32_t)time(NULL);
	m.ack.id = report->id;
	put(b, &m);
	b->reported++;
}

static void take(struct box *b, const struct box_msg *m)
{
	if (m->type == BOX_MSG_ack) {
		b->acked++;
		b->refused += m->ack.nack == BOX_ACK_FAILED ||
			      m->ack.nack == BOX_ACK_FAILED_TMP;
	} else if (m->type == BOX_MSG_sms) {
		take_report(b, &m->sms);
	}
}

/* Octets of the first frame; 0: not whole yet. */
static size_t whole_frame(const uint8_t *in, size_t n)
{
	size_t len;

	if (n < BOX_LENGTH_LEN)
		return 0;
	if (box_frame_len(in, &len))
		bench_die("bearerbox talks nonsense");
	return len <= n ? len : 0;
}

static void read_answers(struct box *b)
{
	ssize_t n = recv(b->fd, b->in + b->in_len, IN_MAX - b->in_len, 0);
	size_t pos = 0, len;
	struct box_msg m;

	if (n <= 0)
		bench_die("bearerbox does not answer");
	b->in_len += (size_t)n;
	while ((len = whole_frame(b->in + pos, b->in_len - pos)) > 0) {
		if (box_msg_decode(&m, b->in + pos + BOX_LENGTH_LEN,
				   len - BOX_LENGTH_LEN))
			bench_die("a broken message came");
		take(b, &m);
		pos += len;
	}
	memmove(b->in, b->in + pos, b->in_len - pos);
	b->in_len -= pos;
}

static bool is_done(const struct box *b)
{
	return b->acked == b->messages &&
	       (!b->reports || b->reported >= b->messages - b->refused);
}

static void run(struct box *b)
{
	b->fd = client_connect((uint16_t)b->port);
	if (b->fd < 0)
		bench_die("nobody listens on port %ld", b->port);
	b->out_cap = (size_t)b->window * SMS_MAX + ACKS_MAX;
	b->out = malloc(b->out_cap);
	if (!b->out)
		bench_die("out of memory");
	identify(b);
	while (!is_done(b)) {
		while (b->sent < b->messages && b->sent - b->acked < b->window)
			put_sms(b);
		flush(b);
		read_answers(b);
	}
	flush(b);
	free(b->out);
	close(b->fd);
}

int main(int argc, char **argv)
{
	static struct box b = { .messages = 50000, .window = 100 };
	const struct bench_option options[] = {
		{ "port", "TCP port of bearerbox on 127.0.0.1",
		  .number = &b.port, .min = 1, .max = 65535 },
		{ "messages", "SMS that are sent",
		  .number = &b.messages, .min = 1, .max = 100000000 },
		{ "window", "SMS without acknowledgement",
		  .number = &b.window, .min = 1, .max = 1000 },
		{ "reports", "ask for delivery reports", .flag = &b.reports },
	};

	bench_options(argc, argv, "a box of bearerbox without a database",
		      options, sizeof(options) / sizeof(options[0]));
	run(&b);
	printf("{\"messages\": %ld, \"refused\": %ld, \"reports\": %ld}\n",
	       b.messages, b.refused, b.reported);
	return b.refused > 0;
}
