/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sim_server.h - the DM servers of a simulation: clients of the API
 *
 * They ask for notifications and bootstraps, now and then for many at once, for
 * busy devices, with keys that come again; they cancel, report sessions, and
 * put nonces and credentials.
 */
#ifndef TESTS_SIM_SERVER_H
#define TESTS_SIM_SERVER_H

#include <stdint.h>

/*
 * Registers the devices, and asks for about so many jobs a day, that expire
 * within longest_ms.
 */
void sim_server_start(unsigned jobs_a_day, int64_t longest_ms);
void sim_server_stop_asking(void);

/* A device begins a session, of this id, for the notification of a request. */
void sim_server_session(unsigned device, unsigned request,
			uint16_t session_id, int64_t delay_ms);

#endif
