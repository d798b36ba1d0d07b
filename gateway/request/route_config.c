/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/request/route_config.h"

#include <stdio.h>
#include <string.h>

#include "wap/sms_pdu.h"

#define NAME_CHARACTERS "0123456789abcdefghijklmnopqrstuvwxyz" \
	"ABCDEFGHIJKLMNOPQRSTUVWXYZ._-"

enum {				/* options that a kind has */
	HAS_ADDRESS = 1 << 0,
	HAS_PORT = 1 << 1,
	HAS_TOKEN_FILE = 1 << 2,
	HAS_FILE = 1 << 3,	/* and needs */
};

static const struct {
	const char *name;
	unsigned options;
	int32_t port;			/* by default */
	enum job_reached hears_of;	/* the most that it can tell */
} kinds[] = {
	[ROUTE_UDP] = { "udp", HAS_ADDRESS | HAS_PORT, UDH_PORT_WAP_PUSH,
			REACHED_TAKEN },
	[ROUTE_CONSOLE] = { "android-console", HAS_PORT | HAS_TOKEN_FILE, 5554,
			    REACHED_DELIVERED },
	[ROUTE_FILE] = { "file", HAS_FILE, 0, REACHED_TAKEN },
	[ROUTE_PCAP] = { "pcap", HAS_FILE, 0, REACHED_TAKEN },
};
#define N_KINDS (sizeof(kinds) / sizeof(kinds[0]))

bool route_is_bearerbox(const char *name)
{
	return !strcmp(name, ROUTE_BEARERBOX);
}

int route_name_check(const char *name, const char *field, struct err *e)
{
	size_t len = strspn(name, NAME_CHARACTERS);

	if (!name[len] && len >= 1 && len < JOB_ROUTE_SIZE)
		return DM_OK;
	return err_set(e, DM_EINVAL, field,
		       "1 to 32 letters, digits, . _ -", "\"%s\"", name);
}

/* ---------------------------- configuration ---------------------------- */

static int read_kind(struct route_config *r, struct err *e)
{
	for (size_t i = 0; i < N_KINDS; i++) {
		if (strcmp(kinds[i].name, r->kind_text))
			continue;
		r->kind = (enum route_kind)i;
		return DM_OK;
	}
	return err_set(e, DM_EINVAL, "kind",
		       "udp, android-console, file or pcap",
		       "\"%s\" in route \"%s\"", r->kind_text, r->name);
}

static int refuse_option(const struct route_config *r, const char *option,
			 struct err *e)
{
	return err_set(e, DM_EINVAL, option, "no such option of this kind",
		       "route \"%s\" is of kind %s", r->name, r->kind_text);
}

static int check_options(const struct route_config *r, struct err *e)
{
	unsigned has = kinds[r->kind].options;

	if (r->address[0] && !(has & HAS_ADDRESS))
		return refuse_option(r, "address", e);
	if (r->port && !(has & HAS_PORT))
		return refuse_option(r, "port", e);
	if (r->token_file[0] && !(has & HAS_TOKEN_FILE))
		return refuse_option(r, "token-file", e);
	if (r->file[0] && !(has & HAS_FILE))
		return refuse_option(r, "file", e);
	if (!r->file[0] && (has & HAS_FILE))
		return err_set(e, DM_EINVAL, "file", "a path",
			       "missing in route \"%s\"", r->name);
	return DM_OK;
}

int route_config_check(struct route_config *r, struct err *e)
{
	int rc = route_name_check(r->name, "route", e);

	if (!rc && route_is_bearerbox(r->name))
		rc = err_set(e, DM_EINVAL, "route", "another name",
			     "\"%s\" is bearerbox itself", r->name);
	if (!rc)
		rc = read_kind(r, e);
	if (!rc)
		rc = check_options(r, e);
	if (rc)
		return rc;
	if (!r->address[0])
		r->address = "127.0.0.1";
	if (!r->port)
		r->port = kinds[r->kind].port;
	return DM_OK;
}

/* ------------------------------- requests ------------------------------- */

static int refuse_name(const struct route_config *routes, size_t n,
		       const char *name, struct err *e)
{
	char allowed[sizeof(e->allowed)] = ROUTE_BEARERBOX;

	for (size_t i = 0; i < n; i++) {
		size_t len = strlen(allowed);

		snprintf(allowed + len, sizeof(allowed) - len, ", %s",
			 routes[i].name);
	}
	return err_set(e, DM_EINVAL, "route", allowed, "\"%s\"", name);
}

static int choose_until(const struct route_config *r,
			const struct delivery_request *rq, struct job *j,
			struct err *e)
{
	if (j->until != REACHED_DELIVERED ||
	    kinds[r->kind].hears_of >= REACHED_DELIVERED)
		return DM_OK;
	if (rq->until == REACHED_DELIVERED)
		return err_set(e, DM_EINVAL, "until",
			       j->method == JOB_BOOTSTRAP ? "taken" :
			       "taken or session",
			       "\"delivered\", which route %s is not told",
			       r->name);
	j->until = REACHED_TAKEN;
	return DM_OK;
}

/* A console is given PDUs, which bearerbox makes for others. */
static int check_from(const char *from, struct err *e)
{
	struct sms_address address;

	if (sms_address_parse(&address, from) == DM_OK)
		return DM_OK;
	return err_set(e, DM_EINVAL, "from", "for a console a number, or 1 to "
		       "11 letters, digits and blanks", "\"%s\"", from);
}

int route_choose(const struct route_config *routes, size_t n,
		 const struct delivery_request *rq, struct job *j,
		 struct err *e)
{
	size_t i = 0;

	j->route[0] = '\0';
	if (!rq->route || route_is_bearerbox(rq->route))
		return DM_OK;
	while (i < n && strcmp(routes[i].name, rq->route))
		i++;
	if (i == n)
		return refuse_name(routes, n, rq->route, e);
	if (rq->smsc_id)
		return err_set(e, DM_EINVAL, "smsc-id", "only with bearerbox",
			       "it came, and the route is %s", rq->route);
	snprintf(j->route, sizeof(j->route), "%s", rq->route);
	if (routes[i].kind == ROUTE_CONSOLE && check_from(j->from, e))
		return DM_EINVAL;
	return choose_until(&routes[i], rq, j, e);
}
