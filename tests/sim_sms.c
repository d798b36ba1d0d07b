/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/sim_sms.h"

#include <stdlib.h>
#include <string.h>

#include "tests/sim_device.h"

static void read_octets(struct sim_sms *sms, const struct box_msg_sms *m)
{
	sms->udh_len = (uint8_t)m->udhdata.len;
	sms->len = (uint8_t)(m->udhdata.len + m->msgdata.len);
	memcpy(sms->octets, m->udhdata.mem, m->udhdata.len);
	memcpy(sms->octets + m->udhdata.len, m->msgdata.mem, m->msgdata.len);
}

/* Kannel's own form of the message is made, since it has bounds of its own. */
int sim_sms_read(struct sim_sms *sms, const struct box_sms *s, int64_t now_s,
		 struct err *e)
{
	struct box_sms_id id;
	struct box_msg m;
	int rc;

	box_sms_id_make(&id, 1, s->tag);
	rc = box_sms_to_msg(s, "dmbox", &id, now_s, &m, e);
	if (rc)
		return rc;
	*sms = (struct sim_sms){
		.request = (unsigned)strtoul(s->sender, NULL, 10),
		.device = sim_device_of(s->receiver),
		.validity_s = m.sms.validity,
		.wants_report = s->dlr_mask != 0,
	};
	read_octets(sms, &m.sms);
	memcpy(sms->key_text, s->dlr_key, s->dlr_key_len);
	if (job_dlr_key_parse(sms->key_text, s->dlr_key_len, &sms->key))
		return err_set(e, DM_EPROTO, "dlr-key", "", "cannot be read");
	return DM_OK;
}
