/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sim_device.h - the devices of a simulation
 *
 * Some are nearly always on, some are off for hours or for days. Who gets a
 * notification that is signed with his key begins a session: at once, later, or
 * never.
 */
#ifndef TESTS_SIM_DEVICE_H
#define TESTS_SIM_DEVICE_H

#include "tests/sim_message.h"

#define SIM_SERVERS 2			/* DM servers that devices know */
#define SIM_TEXT_SIZE 24

void sim_devices_start(unsigned n);
unsigned sim_devices(void);

/* "+49..."; and the device with this number. */
void sim_device_msisdn(unsigned device, char out[SIM_TEXT_SIZE]);
unsigned sim_device_of(const char *msisdn);

/* Its name in the registry, if it is there: then it has one server, 0. */
void sim_device_name(unsigned device, char out[SIM_TEXT_SIZE]);
bool sim_device_is_registered(unsigned device);

const char *sim_device_quirks(unsigned device);

/* In how many milliseconds it is on; 0: it is on. */
int64_t sim_device_on_in_ms(unsigned device);

void sim_device_receive(const struct sim_sms *sms);

/*
 * Its key. With another one, those before are void: dmboxd may use them as long
 * as it does not know better, and a little while after.
 */
struct sim_key sim_device_key(unsigned device);
void sim_device_new_nonce(unsigned device);
void sim_device_new_credential(unsigned device);
void sim_device_key_told(unsigned device);
bool sim_device_key_may_be(unsigned device, const struct sim_message *m);

#endif
