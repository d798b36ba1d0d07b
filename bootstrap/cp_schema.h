/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cp_schema.h - which characteristics and parms a provisioning document may
 * have, where, and how often
 *
 * Spec: OMA-WAP-TS-ProvCont-V1_1; for accounts of OMA DM (APPID w7) also
 * OMA-SUP-ac_w7_dm and what Microsoft added; Microsoft's own characteristics
 * by name alone.
 */
#ifndef BOOTSTRAP_CP_SCHEMA_H
#define BOOTSTRAP_CP_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>

enum cp_occurs {
	CP_ONE,			/* exactly once */
	CP_SOME,		/* once or more */
	CP_OPTIONAL,		/* once at most */
	CP_ANY,
};

enum cp_kind {
	/* Characteristics: */
	CP_CHARACTERISTIC,
	CP_FREE,		/* what stands in it is its owner's affair */
	CP_POLICY,		/* free, but each parm's name is a number */
	CP_PARM,		/* parms begin here */
	/* Parms: */
	CP_LABEL = CP_PARM,	/* text that people see: may be empty */
	CP_TEXT,
	CP_MAYBE,		/* with a value or without */
	CP_PRESENCE,		/* without a value: that it is there counts */
	CP_NUMBER,
	CP_PORT,		/* 1 to 65535 */
	CP_IP,			/* an IPv4 or IPv6 address */
	CP_ADDRESS,		/* of the type that the parm .values says */
	CP_ENUM,		/* one of .values, or several with commas */
	CP_APPID,		/* .values are known; others may be right */
	CP_NAPID,		/* names a NAPDEF */
	CP_PROXY_ID,		/* names a PXLOGICAL */
	CP_TO_NAPID,		/* a NAPDEF's name, or INTERNET */
	CP_TO_PROXY,		/* a PXLOGICAL's or PXPHYSICAL's name */
	CP_SERVER_ID,
	CP_URL,			/* unless the parm .values says otherwise */
	CP_AUTH_TYPE,		/* one of .values; some need a nonce */
	CP_NONCE,		/* base64, if its type says so */
	CP_PROTOVER,		/* one of .values that the client speaks */
	CP_KINDS,
};

struct cp_rule {
	const char *parent;	/* "" is the document; "w7 APPLICATION" */
	const char *name;	/* "CM_*" is all that begin so */
	enum cp_occurs occurs;
	enum cp_kind kind;
	const char *values;	/* as the kind says; or NULL */
};

/* Inside which characteristic are we? */
struct cp_scope {
	const char *type;	/* "" is the document */
	bool w7;		/* of an account of OMA DM, or inside one */
};

/* The rule for this name in this scope; NULL if it is not known there. */
const struct cp_rule *cp_schema_find(const struct cp_scope *scope,
				     bool is_parm, const char *name);

/* For a name that is not known: the one that was meant; or NULL. */
const struct cp_rule *cp_schema_near(const struct cp_scope *scope,
				     bool is_parm, const char *name);

/* For a name that is not known here: where it would be, or NULL. */
const struct cp_rule *cp_schema_elsewhere(const struct cp_scope *scope,
					  bool is_parm, const char *name);

/* The rules of a scope: the first (after NULL), the next, ..., NULL. */
const struct cp_rule *cp_schema_next(const struct cp_scope *scope,
				     const struct cp_rule *after);

#endif
