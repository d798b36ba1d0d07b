/* SPDX-License-Identifier: Apache-2.0 */
#include "emulator/dm/dm_client.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void make_tree(struct dm_client *c, const char *server_id,
		      const char *firmware)
{
	const struct dm_tree_facts facts = {
		.dev_id = c->dev_id, .man = "dmbox", .mod = c->model,
		.dm_version = c->version == SYNCML_12 ? "1.2" : "1.1.2",
		.lang = "en", .firmware = firmware, .server_id = server_id,
		.url = c->url, .user = c->has_key ? c->user : "",
	};

	dm_tree_init(&c->tree, c->version, &facts);
	dm_fumo_show(&c->fumo, &c->tree);
}

void dm_client_begin(struct dm_client *c, const char *server_id)
{
	c->fumo = (struct dm_fumo){ .state = DM_FUMO_IDLE };
	make_tree(c, server_id, c->firmware);
}

void dm_client_drop_package(struct dm_client *c)
{
	if (c->package)
		dm_package_end(c->package);
	free(c->package);
	c->package = NULL;
}

int dm_client_check_url(const char *field, const char *url, struct err *e)
{
	size_t len = strlen(url);

	if (len > DM_CLIENT_URL_MAX)
		return err_set(e, DM_EINVAL, field, "1 to 255 octets",
			       "%zu octets", len);
	if ((strncmp(url, "http://", 7) || !url[7]) &&
	    (strncmp(url, "https://", 8) || !url[8]))
		return err_set(e, DM_EINVAL, field, "http:// or https://",
			       "another address");
	return DM_OK;
}

/* The client's credential; without a secret there is none. */
static int take_key(struct dm_client *c, const struct account_auth *auth,
		    struct err *e)
{
	const struct digest_source source = {
		.server_id = auth->name ? auth->name : c->dev_id,
		.password = auth->secret,
		.nonce = auth->nonce ? auth->nonce : "",
	};
	size_t len = strlen(source.server_id);

	c->has_key = auth->secret;
	if (!c->has_key)
		return DM_OK;
	if (len > DM_CLIENT_TEXT_MAX)
		return err_set(e, DM_EINVAL, "AAUTHNAME", "1 to 127 octets",
			       "%zu octets", len);
	strcpy(c->user, source.server_id);
	return digest_key_make(&source, &c->key, e);
}

/* How much of a URL is in front of the place of its port; 0: it has one. */
static size_t before_port(const char *url)
{
	const char *host = strstr(url, "://") + 3;
	const char *end = host + strcspn(host, "/?#");
	const char *colon = memrchr(host, ':', (size_t)(end - host));
	const char *bracket = memrchr(host, ']', (size_t)(end - host));

	return colon && (!bracket || bracket < colon) ? 0 :
	       (size_t)(end - url);
}

/* PORTNBR goes for an address without a port of its own. */
static int take_url(struct dm_client *c, const struct account *a,
		    struct err *e)
{
	int rc = dm_client_check_url("ADDR", a->addr, e);
	bool has_port = a->port && *a->port;
	size_t before;
	int len;

	if (rc)
		return rc;
	before = has_port ? before_port(a->addr) : 0;
	if (!before) {
		strcpy(c->url, a->addr);
		return DM_OK;
	}
	len = snprintf(c->url, sizeof(c->url), "%.*s:%s%s", (int)before,
		       a->addr, a->port, a->addr + before);
	if (len < 0 || (size_t)len >= sizeof(c->url))
		return err_set(e, DM_EINVAL, "ADDR", "1 to 255 octets",
			       "%d octets with its port", len);
	return DM_OK;
}

static int take(struct dm_client *c, const struct account *a, struct err *e)
{
	int rc = take_key(c, &a->client, e);

	if (!rc && c->url_from_bootstrap)
		rc = take_url(c, a, e);
	return rc;
}

int dm_client_take_account(struct dm_client *c, const struct account *a,
			   struct err *e)
{
	struct dm_client before = *c;
	char firmware[DM_TREE_VALUE_MAX + 1];
	int rc = take(c, a, e);

	if (rc) {
		*c = before;
	} else {
		strcpy(firmware, dm_tree_value(&before.tree,
					       "./DevDetail/FwV"));
		make_tree(c, a->server_id, firmware);
	}
	hash_wipe(&before, sizeof(before));
	return rc;
}
