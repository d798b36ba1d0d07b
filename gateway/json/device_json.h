/* SPDX-License-Identifier: Apache-2.0 */
/*
 * device_json.h - devices as the API shows them; pure
 */
#ifndef GATEWAY_DEVICE_JSON_H
#define GATEWAY_DEVICE_JSON_H

#include <jansson.h>

#include "gateway/request/device.h"

/* With IMSI, credential and nonce, or only whether there is one. */
json_t *device_json(const struct device *d, bool secrets);

#endif
