/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sim_sms.h - an SMS of a simulation, as it left dmboxd
 *
 * Its sender is the number of the request: so the ledger, the network and the
 * device know what it is of without asking dmboxd.
 */
#ifndef TESTS_SIM_SMS_H
#define TESTS_SIM_SMS_H

#include "gateway/box/box_sms.h"
#include "gateway/job/job.h"

struct sim_sms {
	unsigned request;	/* which request of a client it is of */
	unsigned device;
	struct job_dlr_key key;
	char key_text[JOB_DLR_KEY_SIZE];
	int64_t validity_s;	/* since 1970; or BOX_NO_VALIDITY, from 2038 on */
	bool wants_report;
	uint8_t udh_len;
	uint8_t len;		/* octets, with the UDH */
	uint8_t octets[BOX_SMS_OCTETS_MAX];
};

/* Reads what dmboxd wrote; DM_EINVAL or DM_EPROTO if nobody could. */
int sim_sms_read(struct sim_sms *sms, const struct box_sms *s, int64_t now_s,
		 struct err *e) DM_CHECK;

#endif
