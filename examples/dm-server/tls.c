/* SPDX-License-Identifier: Apache-2.0 */
#include "examples/dm-server/tls.h"

#include <event2/bufferevent_ssl.h>
#include <openssl/ssl.h>
#include <stdlib.h>

struct tls {
	SSL_CTX *context;
};

struct bufferevent *tls_connection(struct tls *t, struct event_base *base)
{
	SSL *ssl = SSL_new(t->context);

	return ssl ? bufferevent_openssl_socket_new(base, -1, ssl,
			BUFFEREVENT_SSL_ACCEPTING, BEV_OPT_CLOSE_ON_FREE) :
		     NULL;
}

int tls_open(struct tls **out, const struct config *c, struct err *e)
{
	SSL_CTX *context = SSL_CTX_new(TLS_server_method());
	struct tls *t = calloc(1, sizeof(*t));

	if (!context || !t)
		abort();
	if (SSL_CTX_use_certificate_chain_file(context, c->certificate) != 1 ||
	    SSL_CTX_use_PrivateKey_file(context, c->private_key,
					SSL_FILETYPE_PEM) != 1 ||
	    SSL_CTX_check_private_key(context) != 1) {
		SSL_CTX_free(context);
		free(t);
		return err_set(e, DM_EINVAL, "certificate",
			       "a certificate and its private key, as PEM",
			       "%s, %s", c->certificate, c->private_key);
	}
	t->context = context;
	*out = t;
	return DM_OK;
}

void tls_close(struct tls *t)
{
	SSL_CTX_free(t->context);
	free(t);
}
