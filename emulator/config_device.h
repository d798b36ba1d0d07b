/* SPDX-License-Identifier: Apache-2.0 */
/*
 * config_device.h - the section of one device in the file
 */
#ifndef EMULATOR_CONFIG_DEVICE_H
#define EMULATOR_CONFIG_DEVICE_H

#include <confuse.h>

#include "emulator/device.h"

#define CONFIG_DELAY_MS_MAX 3600000
#define CONFIG_DEVICE_FIELDS 35

/* The fields that a section may have, and CFG_END(). */
extern cfg_opt_t config_device_options[CONFIG_DEVICE_FIELDS + 1];

/* Their names, for messages. */
const char *config_device_names(void);

/*
 * Makes *d, which is zeroed, of a section that has been read; number is that of
 * the device, an MSISDN. Returns DM_OK, or an error with *e.
 */
int config_device_make(cfg_t *sec, const char *number, struct device *d,
		       struct err *e) DM_CHECK;

/* libconfuse keeps its own copy of the secrets until it frees it. */
void config_device_wipe(cfg_t *sec);

/* Has the file this field of the section? */
bool config_is_given(cfg_t *sec, const char *field);

/*
 * Copies a text that is given, of UTF-8, to out, which has max + 1 octets of
 * room. Returns DM_OK or DM_EINVAL with *e.
 */
int config_copy_text(cfg_t *sec, const char *field, size_t max, char *out,
		     struct err *e) DM_CHECK;

/* A number of 0 to max. Returns DM_OK or DM_EINVAL with *e. */
int config_number(cfg_t *sec, const char *field, long max, unsigned *out,
		  struct err *e) DM_CHECK;

/* A final state, or "none", which gives NULL. */
int config_state(const char *field, const char *name,
		 const struct receipt_state **state, struct err *e) DM_CHECK;

#endif
