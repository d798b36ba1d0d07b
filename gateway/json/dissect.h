/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dissect.h - a message's layers, field by field, for people and programs
 *
 * Each function appends one layer to an array:
 *
 *	{"layer": "wsp", "octets": 45, "fields": [
 *		{"offset": 0, "octets": "01", "name": "tid", "value": "1"}]}
 *
 * They report what stands there. Texts that are not printable UTF-8 come with
 * \x escapes. Pure.
 */
#ifndef GATEWAY_DISSECT_H
#define GATEWAY_DISSECT_H

#include <jansson.h>

#include "notif/notif.h"
#include "wap/sms_pdu.h"
#include "wap/udh.h"
#include "wap/wsp_push.h"

void dissect_udh(json_t *layers, const struct udh *u, const uint8_t *in,
		 size_t len);
void dissect_wsp(json_t *layers, const struct wsp_push *p, const uint8_t *in,
		 size_t len);
void dissect_pdu(json_t *layers, const struct sms_pdu *p, const uint8_t *in,
		 size_t len);
void dissect_package0(json_t *layers, const struct notif *n, const uint8_t *in,
		      size_t len);
void dissect_trigger(json_t *layers, const struct trigger *t,
		     const uint8_t *in, size_t len);

/* The head of a WBXML document, and its length. */
void dissect_wbxml(json_t *layers, const uint8_t *in, size_t len);

/* What nobody can take apart any further. */
void dissect_octets(json_t *layers, const char *name, const uint8_t *in,
		    size_t len);

/* The text as a JSON string, with \x escapes where it needs them. */
json_t *dissect_text(const char *text, size_t len);

#endif
