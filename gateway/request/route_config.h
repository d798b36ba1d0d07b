/* SPDX-License-Identifier: Apache-2.0 */
/*
 * route_config.h - the ways to devices beside bearerbox: which there are
 *
 * Emulators are reached without an SMSC. The operator names the ways in the
 * configuration, so that no client of the API can have dmboxd write to a file
 * or send to an address that the operator did not name. A request, or the
 * device in the registry, chooses one by its name; what chooses none goes to
 * bearerbox. Pure.
 */
#ifndef GATEWAY_ROUTE_CONFIG_H
#define GATEWAY_ROUTE_CONFIG_H

#include "gateway/job/job.h"
#include "gateway/request/request.h"

#define ROUTE_BEARERBOX "bearerbox"	/* no route has this name */
#define ROUTES_MAX 32

enum route_kind {
	ROUTE_UDP,		/* a datagram to a push router */
	ROUTE_CONSOLE,		/* the console of an Android emulator */
	ROUTE_FILE,		/* a line of hexadecimal a segment */
	ROUTE_PCAP,		/* a capture that Wireshark opens */
};

struct route_config {		/* texts are borrowed */
	const char *name;
	const char *kind_text;	/* as the file has it */
	enum route_kind kind;
	const char *address;	/* "": not given */
	int32_t port;		/* 0: not given */
	const char *token_file;	/* "": the console asks for none */
	const char *file;
};

/*
 * 1 to 32 letters, digits and . _ -; DM_OK, or DM_EINVAL with *e about the
 * given field.
 */
int route_name_check(const char *name, const char *field, struct err *e)
	DM_CHECK;

/* Is it the name of no route, but of bearerbox? */
bool route_is_bearerbox(const char *name);

/*
 * Reads kind_text, and fills in what its kind has by default. DM_EINVAL with
 * *e: no such kind, or it lacks an option, or has one of another kind.
 */
int route_config_check(struct route_config *r, struct err *e) DM_CHECK;

/*
 * Sets j->route to what the request names. A route that hears of no delivery
 * lowers j->until to REACHED_TAKEN, unless the request asks for it. Returns
 * DM_OK; DM_EINVAL with *e: there is no such route, it cannot tell what until
 * asks for, or smsc-id came with it.
 */
int route_choose(const struct route_config *routes, size_t n,
		 const struct delivery_request *rq, struct job *j,
		 struct err *e) DM_CHECK;

#endif
