/* SPDX-License-Identifier: Apache-2.0 */
#include "emulator/dm/dm_http.h"

#include <event2/buffer.h>
#include <event2/bufferevent_ssl.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/http_server.h"
#include "tests/tap.h"

#define CA_FILE "test_dm_http.pem"

/* A server on the same loop that says what the path asks for. */

static struct event_base *base;
static struct evhttp *server;
static struct dm_http *http;
static unsigned port;

static struct {
	int n_done;
	int status;
	bool too_large, timed_out, has_body;
	char why[200], body[200], type[100], digest[100], validator[100];
	char octets[200];		/* that came through on_octets */
	size_t len, n_begins, from, total, n_octets;
} got;

/* What /file is, and says of itself; how a client has asked for it. */
static struct {
	const char *etag, *last_modified, *content_range;
	int status;
	size_t skip;			/* octets that it leaves out */
	char range[100], if_range[100];
} file;

static struct evhttp_request *unanswered;	/* see end_answer() */

/* Chunks without end. */
static void send_chunk(struct evhttp_connection *connection, void *rq)
{
	static const char octets[10000];
	struct evbuffer *chunk = evbuffer_new();

	(void)connection;
	evbuffer_add(chunk, octets, sizeof(octets));
	evhttp_send_reply_chunk_with_cb(rq, chunk, send_chunk, rq);
	evbuffer_free(chunk);
}

static void add_header(struct evhttp_request *rq, const char *name,
		       const char *value)
{
	if (value)
		evhttp_add_header(evhttp_request_get_output_headers(rq), name,
				  value);
}

static void note_header(struct evhttp_request *rq, const char *name, char *out)
{
	const char *value = evhttp_find_header(
		evhttp_request_get_input_headers(rq), name);

	snprintf(out, 100, "%s", value ? value : "none");
}

static void send_file(struct evhttp_request *rq)
{
	struct evbuffer *answer = evbuffer_new();

	note_header(rq, "Range", file.range);
	note_header(rq, "If-Range", file.if_range);
	add_header(rq, "ETag", file.etag);
	add_header(rq, "Last-Modified", file.last_modified);
	add_header(rq, "Content-Range", file.content_range);
	add_header(rq, "Date", "Mon, 05 Jan 2026 10:00:00 GMT");
	evbuffer_add_printf(answer, "%s", &"0123456789"[file.skip]);
	evhttp_send_reply(rq, file.status, "x", answer);
	evbuffer_free(answer);
}

static void on_request(struct evhttp_request *rq, void *arg)
{
	const char *path = evhttp_request_get_uri(rq);
	struct evbuffer *body = evhttp_request_get_input_buffer(rq);
	struct evkeyvalq *in = evhttp_request_get_input_headers(rq);
	struct evkeyvalq *out = evhttp_request_get_output_headers(rq);
	struct evbuffer *answer;
	static char large[100000];
	const char *type = evhttp_find_header(in, "Content-Type");

	(void)arg;
	if (!strcmp(path, "/silent") || !strcmp(path, "/endless"))
		unanswered = rq;
	if (!strcmp(path, "/silent"))
		return;
	if (!strcmp(path, "/file")) {
		send_file(rq);
		return;
	}
	if (!strcmp(path, "/endless")) {
		evhttp_send_reply_start(rq, 200, "x");
		send_chunk(NULL, rq);
		return;
	}
	if (!strcmp(path, "/headers")) {
		memset(large, 'x', sizeof(large) - 1);
		evhttp_add_header(out, "X", large);
	}
	answer = evbuffer_new();
	evhttp_add_header(out, "Location", "/large");
	evhttp_add_header(out, "Content-Type", type ? type : "text/x");
	evhttp_add_header(out, "Digest", "SHA-256=abc");
	if (!strcmp(path, "/large"))
		evbuffer_add(answer, large, sizeof(large));
	else if (evhttp_request_get_command(rq) == EVHTTP_REQ_POST)
		evbuffer_add_buffer(answer, body);
	else
		evbuffer_add_printf(answer, "%s %s", path,
				    evhttp_find_header(in, "Host"));
	if (!strcmp(path, "/short"))
		evhttp_add_header(out, "Content-Length", "1000");
	evhttp_send_reply(rq, strcmp(path, "/404") ? strcmp(path, "/302") ?
			  200 : 302 : 404, "x", answer);
	evbuffer_free(answer);
}

static void on_begin(void *arg, const struct dm_http_begin *b)
{
	(void)arg;
	got.n_begins++;
	got.from = b->from;
	got.total = b->total;
	snprintf(got.validator, sizeof(got.validator), "%s", b->validator);
}

static void on_octets(void *arg, const void *octets, size_t len)
{
	size_t at = strlen(got.octets);

	(void)arg;
	CU_ASSERT_EQUAL(got.n_begins, 1);
	CU_ASSERT(len > 0);
	got.n_octets += len;
	snprintf(got.octets + at, sizeof(got.octets) - at, "%.*s", (int)len,
		 (const char *)octets);
}

static void on_done(void *arg, const struct dm_http_response *r)
{
	(void)arg;
	got.n_done++;
	got.status = r->status;
	got.too_large = r->too_large;
	got.timed_out = r->timed_out;
	got.has_body = r->body;
	got.len = r->len;
	snprintf(got.why, sizeof(got.why), "%s", r->why ? r->why : "");
	snprintf(got.type, sizeof(got.type), "%s", r->content_type);
	snprintf(got.digest, sizeof(got.digest), "%s",
		 r->digest ? r->digest : "");
	snprintf(got.body, sizeof(got.body), "%.*s", (int)r->len,
		 r->body ? (const char *)r->body : "");
	event_base_loopbreak(base);
}

static size_t answer_max = 200000;
static unsigned seconds_max = 100;
static size_t from;			/* of a request for the rest */
static bool streams;			/* on_octets has the body */

/* url may have one %u: the port. */
static void request(const char *url, const char *type, const char *body)
{
	char text[200];
	const struct dm_http_request q = {
		.url = text, .content_type = type, .body = body,
		.len = body ? strlen(body) : 0, .answer_max = answer_max,
		.seconds_max = seconds_max,
		.from = from, .validator = "\"x\"",
		.on_begin = streams ? on_begin : NULL,
		.on_octets = streams ? on_octets : NULL, .on_done = on_done,
	};
	const struct timeval patience = { 60, 0 };
	struct dm_http_call *c;

	snprintf(text, sizeof(text), url, port);
	memset(&got, 0, sizeof(got));
	c = dm_http_start(http, &q);
	CU_ASSERT_EQUAL(got.n_done, 0);
	event_base_loopexit(base, &patience);
	event_base_dispatch(base);
	CU_ASSERT_EQUAL(got.n_done, 1);
	dm_http_call_free(c);
	CU_ASSERT_EQUAL(got.n_done, 1);
}

/* Who has left is told nothing, but the server's request has to be freed. */
static void end_answer(void (*end)(struct evhttp_request *))
{
	CU_ASSERT_PTR_NOT_NULL_FATAL(unanswered);
	end(unanswered);
	unanswered = NULL;
}

static void send_late(struct evhttp_request *rq)
{
	evhttp_send_reply(rq, 200, "late", NULL);
}

static void gets(void)
{
	char want[100];

	request("http://127.0.0.1:%u/a/b?c=d", NULL, NULL);
	CU_ASSERT_STRING_EQUAL(got.why, "");
	CU_ASSERT_EQUAL(got.status, 200);
	snprintf(want, sizeof(want), "/a/b?c=d 127.0.0.1:%u", port);
	CU_ASSERT_STRING_EQUAL(got.body, want);
	CU_ASSERT_STRING_EQUAL(got.digest, "SHA-256=abc");
	request("http://127.0.0.1:%u", NULL, NULL);
	CU_ASSERT_STRING_EQUAL(got.why, "");
}

static void posts(void)
{
	request("http://127.0.0.1:%u/dm", "application/x", "octets");
	CU_ASSERT_STRING_EQUAL(got.why, "");
	CU_ASSERT_STRING_EQUAL(got.type, "application/x");
	CU_ASSERT_STRING_EQUAL(got.body, "octets");
}

/* --------------------------------- ranges --------------------------------- */

/* Asks for what is behind from_ octets of a file of ten. */
static void ask_for_rest(size_t from_, int status, const char *content_range)
{
	from = from_;
	streams = true;
	file.status = status;
	file.content_range = content_range;
	file.skip = status == 206 ? from : 0;
	request("http://127.0.0.1:%u/file", NULL, NULL);
	from = 0;
	streams = false;
}

static void hands_over_what_comes(void)
{
	streams = true;
	request("http://127.0.0.1:%u/large", NULL, NULL);
	streams = false;
	CU_ASSERT_STRING_EQUAL(got.why, "");
	CU_ASSERT(!got.has_body);
	CU_ASSERT_EQUAL(got.n_octets, 100000);
	CU_ASSERT_EQUAL(got.len, 100000);
	CU_ASSERT_EQUAL(got.total, 100000);
	CU_ASSERT_EQUAL(got.from, 0);
	CU_ASSERT_STRING_EQUAL(got.digest, "SHA-256=abc");
	streams = true;
	request("http://127.0.0.1:%u/404", NULL, NULL);
	streams = false;
	CU_ASSERT_STRING_EQUAL(got.why, "HTTP status 404");
	CU_ASSERT_EQUAL(got.n_begins, 0);
	CU_ASSERT_EQUAL(got.n_octets, 0);
}

static void says_by_what_to_ask_again(void)
{
	file.etag = "\"abc\"";
	file.last_modified = "Mon, 05 Jan 2026 09:00:00 GMT";
	ask_for_rest(0, 200, NULL);
	CU_ASSERT_STRING_EQUAL(got.octets, "0123456789");
	CU_ASSERT_STRING_EQUAL(got.validator, "\"abc\"");
	CU_ASSERT_STRING_EQUAL(file.range, "none");
	CU_ASSERT_STRING_EQUAL(file.if_range, "none");
	file.etag = NULL;
	ask_for_rest(0, 200, NULL);
	CU_ASSERT_STRING_EQUAL(got.validator, file.last_modified);
	file.last_modified = NULL;
	ask_for_rest(0, 200, NULL);
	CU_ASSERT_STRING_EQUAL(got.validator, "");
}

static void gets_the_rest(void)
{
	ask_for_rest(4, 206, "bytes 4-9/10");
	CU_ASSERT_STRING_EQUAL(got.why, "");
	CU_ASSERT_STRING_EQUAL(file.range, "bytes=4-");
	CU_ASSERT_STRING_EQUAL(file.if_range, "\"x\"");
	CU_ASSERT_STRING_EQUAL(got.octets, "456789");
	CU_ASSERT_EQUAL(got.status, 206);
	CU_ASSERT_EQUAL(got.from, 4);
	CU_ASSERT_EQUAL(got.total, 10);
	CU_ASSERT_EQUAL(got.len, 10);
	ask_for_rest(4, 206, "bytes 4-9/*");
	CU_ASSERT_STRING_EQUAL(got.why, "");
	CU_ASSERT_EQUAL(got.total, 0);
}

static void begins_anew_if_it_is_another(void)
{
	ask_for_rest(4, 200, NULL);
	CU_ASSERT_STRING_EQUAL(got.why, "");
	CU_ASSERT_EQUAL(got.from, 0);
	CU_ASSERT_EQUAL(got.total, 10);
	CU_ASSERT_STRING_EQUAL(got.octets, "0123456789");
}

static void assert_other_octets(size_t from_, const char *content_range)
{
	ask_for_rest(from_, 206, content_range);
	CU_ASSERT_STRING_EQUAL(got.why, "the answer has other octets than "
			       "those that were asked for");
	CU_ASSERT_EQUAL(got.status, 206);
	CU_ASSERT_EQUAL(got.n_begins, 0);
	CU_ASSERT_EQUAL(got.n_octets, 0);
}

static void takes_no_other_rest(void)
{
	assert_other_octets(4, NULL);
	assert_other_octets(4, "bytes 3-9/10");
	assert_other_octets(4, "bytes 4-10/10");
	assert_other_octets(0, "bytes 0-9/10");
	ask_for_rest(4, 206, "bytes 4-10/11");
	CU_ASSERT_STRING_EQUAL(got.why, "the answer breaks off");
	ask_for_rest(4, 206, "bytes 4-8/9");
	CU_ASSERT_STRING_EQUAL(got.why,
			       "the answer has more octets than it says");
	ask_for_rest(10, 416, "bytes */10");
	CU_ASSERT_STRING_EQUAL(got.why, "HTTP status 416");
	answer_max = 9;
	ask_for_rest(4, 206, "bytes 4-9/10");
	CU_ASSERT(got.too_large);
	CU_ASSERT_EQUAL(got.n_octets, 0);
	ask_for_rest(4, 206, "bytes 4-9/*");
	CU_ASSERT(got.too_large);
	CU_ASSERT_STRING_EQUAL(got.why,
			       "the answer is longer than 9 octets");
	answer_max = 200000;
}

static void says_why_not(void)
{
	request("http://127.0.0.1:%u/404", NULL, NULL);
	CU_ASSERT_STRING_EQUAL(got.why, "HTTP status 404");
	CU_ASSERT_EQUAL(got.status, 404);
	request("http://127.0.0.1:%u/302", NULL, NULL);	/* goes nowhere */
	CU_ASSERT_STRING_EQUAL(got.why, "HTTP status 302");
	request("http://127.0.0.1:%u/short", NULL, NULL);
	CU_ASSERT_STRING_EQUAL(got.why, "the answer breaks off");
	CU_ASSERT_EQUAL(got.status, 0);
	request("http://127.0.0.1:1/", NULL, NULL);
	CU_ASSERT_STRING_EQUAL(got.why, "no answer");
	CU_ASSERT_EQUAL(got.status, 0);
	request("https://127.0.0.1:%u/", NULL, NULL);
	CU_ASSERT_STRING_EQUAL(got.why, "no answer");
	request("ftp://127.0.0.1:%u/", NULL, NULL);
	CU_ASSERT_STRING_EQUAL(got.why, "not a URL of HTTP or HTTPS");
	request("http://", NULL, NULL);
	CU_ASSERT_STRING_EQUAL(got.why, "not a URL of HTTP or HTTPS");
	request("no URL", NULL, NULL);
	CU_ASSERT_STRING_EQUAL(got.why, "not a URL of HTTP or HTTPS");
}

/* ---------------------------------- TLS ---------------------------------- */

static void add_name(X509 *x, int nid, const char *value)
{
	X509_EXTENSION *e = X509V3_EXT_conf_nid(NULL, NULL, nid, value);

	X509_add_ext(x, e, -1);
	X509_EXTENSION_free(e);
}

/* Signed by itself, for 127.0.0.1 only. */
static X509 *new_certificate(EVP_PKEY *key)
{
	X509 *x = X509_new();
	X509_NAME *name = X509_get_subject_name(x);

	X509_set_version(x, X509_VERSION_3);
	ASN1_INTEGER_set(X509_get_serialNumber(x), 1);
	X509_gmtime_adj(X509_getm_notBefore(x), -86400);
	X509_gmtime_adj(X509_getm_notAfter(x), 86400);
	X509_set_pubkey(x, key);
	X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
				   (const unsigned char *)"test", -1, -1, 0);
	X509_set_issuer_name(x, name);
	add_name(x, NID_subject_alt_name, "IP:127.0.0.1");
	X509_sign(x, key, EVP_sha256());
	return x;
}

static void write_certificate(X509 *x)
{
	FILE *f = fopen(CA_FILE, "w");

	CU_ASSERT_PTR_NOT_NULL_FATAL(f);
	PEM_write_X509(f, x);
	fclose(f);
}

static SSL_CTX *new_server_tls(void)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *x = new_certificate(key);
	SSL_CTX *tls = SSL_CTX_new(TLS_server_method());

	CU_ASSERT(SSL_CTX_use_certificate(tls, x) &&
		  SSL_CTX_use_PrivateKey(tls, key));
	write_certificate(x);
	X509_free(x);
	EVP_PKEY_free(key);
	return tls;
}

static struct bufferevent *tls_connection(struct event_base *b, void *tls)
{
	return bufferevent_openssl_socket_new(b, -1, SSL_new(tls),
		BUFFEREVENT_SSL_ACCEPTING, BEV_OPT_CLOSE_ON_FREE);
}

static void believes_certificates_it_is_told_to(void)
{
	SSL_CTX *tls = new_server_tls();
	struct dm_http *other = http;
	struct err e;

	evhttp_set_bevcb(server, tls_connection, tls);
	request("https://127.0.0.1:%u/a", NULL, NULL);
	CU_ASSERT_PTR_NOT_NULL(strstr(got.why, "TLS: self"));
	http = dm_http_new(base, CA_FILE, &e);
	request("https://127.0.0.1:%u/a", NULL, NULL);
	CU_ASSERT_STRING_EQUAL(got.why, "");
	CU_ASSERT_EQUAL(strncmp(got.body, "/a ", 3), 0);
	request("https://127.0.0.1:%u/large", NULL, NULL);
	CU_ASSERT_EQUAL(got.len, 100000);
	request("https://localhost:%u/a", NULL, NULL);
	CU_ASSERT_STRING_EQUAL(got.why, "TLS: hostname mismatch");
	dm_http_free(http);
	http = other;
	evhttp_set_bevcb(server, NULL, NULL);
	SSL_CTX_free(tls);
	unlink(CA_FILE);
}

static void takes_no_more_than_it_may(void)
{
	answer_max = 99999;
	request("http://127.0.0.1:%u/large", NULL, NULL);
	CU_ASSERT_STRING_EQUAL(got.why,
			       "the answer is longer than 99999 octets");
	CU_ASSERT(got.too_large);
	request("http://127.0.0.1:%u/endless", NULL, NULL);
	CU_ASSERT_STRING_EQUAL(got.why,
			       "the answer is longer than 99999 octets");
	CU_ASSERT(got.too_large);
	end_answer(evhttp_send_reply_end);
	request("http://127.0.0.1:%u/headers", NULL, NULL);
	CU_ASSERT_STRING_EQUAL(got.why,
			       "its headers are none, or longer than 65536 "
			       "octets");
	answer_max = 100000;
	request("http://127.0.0.1:%u/large", NULL, NULL);
	CU_ASSERT_STRING_EQUAL(got.why, "");
}

static void does_not_wait_for_ever(void)
{
	seconds_max = 1;
	request("http://127.0.0.1:%u/silent", NULL, NULL);
	CU_ASSERT_STRING_EQUAL(got.why, "it takes too long");
	CU_ASSERT(got.timed_out);
	CU_ASSERT_EQUAL(got.status, 0);
	end_answer(send_late);
	seconds_max = 100;
}

static void needs_a_file_of_certificates(void)
{
	struct err e = { .field = "" };

	CU_ASSERT_PTR_NULL(dm_http_new(base, "/no/such/file", &e));
	CU_ASSERT_STRING_EQUAL(e.field, "ca-file");
}

static void can_be_cancelled(void)
{
	char url[100];
	const struct dm_http_request q = {
		.url = url, .answer_max = 1000, .seconds_max = 1, .on_done = on_done,
	};

	memset(&got, 0, sizeof(got));
	snprintf(url, sizeof(url), "http://127.0.0.1:%u/", port);
	dm_http_call_free(dm_http_start(http, &q));
	dm_http_call_free(NULL);
	event_base_loop(base, EVLOOP_NONBLOCK);
	CU_ASSERT_EQUAL(got.n_done, 0);
}

static CU_TestInfo tests[] = {
	{ "gets", gets },
	{ "posts", posts },
	{ "hands over what comes", hands_over_what_comes },
	{ "says by what to ask again", says_by_what_to_ask_again },
	{ "gets the rest", gets_the_rest },
	{ "begins anew if it is another file", begins_anew_if_it_is_another },
	{ "takes no other rest", takes_no_other_rest },
	{ "says why not", says_why_not },
	{ "believes certificates it is told to",
	  believes_certificates_it_is_told_to },
	{ "takes no more than it may", takes_no_more_than_it_may },
	{ "does not wait for ever", does_not_wait_for_ever },
	{ "needs a file of certificates", needs_a_file_of_certificates },
	{ "can be cancelled", can_be_cancelled },
	CU_TEST_INFO_NULL,
};

int main(void)
{
	struct err e;
	int rc;

	signal(SIGPIPE, SIG_IGN);	/* the server is left while it writes */
	base = event_base_new();
	server = http_server_start(base, on_request, &port);
	http = dm_http_new(base, NULL, &e);
	rc = tap_run("dm http", tests);
	dm_http_free(http);
	evhttp_free(server);
	event_base_free(base);
	libevent_global_shutdown();
	return rc;
}
