/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/sim_message.h"

#include <string.h>

#include "tests/sim_loop.h"
#include "tests/tap.h"
#include "wap/base64.h"
#include "wap/wsp_push.h"

#define PARTS_MS (24 * 3600 * 1000)	/* parts wait this long for others */

static void make_text(uint64_t state, size_t len, char *out)
{
	uint8_t octets[HASH_MD5_LEN];

	tap_random_octets(&state, octets, len);
	base64_encode(octets, len, out);
}

void sim_key_credential(struct sim_key key, char out[DIGEST_CREDENTIAL_SIZE])
{
	make_text((uint64_t)key.device << 32 | key.credential, HASH_MD5_LEN,
		  out);
}

void sim_key_nonce(struct sim_key key, char out[SIM_NONCE_SIZE])
{
	make_text(~((uint64_t)key.device << 32 | key.nonce), SIM_NONCE_LEN,
		  out);
}

void sim_inbox_init(struct sim_inbox *in)
{
	memset(in, 0, sizeof(*in));
	in->reassembly.slots = in->slots;
	in->reassembly.n_slots = sizeof(in->slots) / sizeof(in->slots[0]);
	in->reassembly.timeout_ms = PARTS_MS;
}

bool sim_message_read(struct sim_inbox *in, uint64_t peer,
		      const struct sim_sms *sms, struct sim_message *m)
{
	struct reassembled whole;
	struct wsp_push push;

	if (reassembly_add(&in->reassembly, peer, sms->octets, sms->len,
			   sim_now_ms(), &whole) ||
	    wsp_push_decode(&push, whole.msg, whole.len) ||
	    notif_decode(&m->notif, push.body, push.body_len))
		return false;
	m->session_id = m->notif.trigger.session_id;
	m->server_initiated = m->notif.trigger.server_initiated;
	return true;
}

bool sim_message_proves(const struct sim_message *m, struct sim_key key)
{
	char credential[DIGEST_CREDENTIAL_SIZE];
	char nonce[SIM_NONCE_SIZE];
	struct digest_source source = { .credential = credential,
					.nonce = nonce };
	struct digest_key made;
	struct err e;

	sim_key_credential(key, credential);
	sim_key_nonce(key, nonce);
	return !digest_key_make(&source, &made, &e) &&
	       !notif_verify(&m->notif, &made);
}
