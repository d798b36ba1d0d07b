/* SPDX-License-Identifier: Apache-2.0 */
/*
 * alert.h - alerts of SyncML DM
 *
 * Spec: OMA-TS-DM_Protocol-V1_2, "Alert codes"; OMA-TS-DM-FUMO-V1_0.
 */
#ifndef SYNCML_ALERT_H
#define SYNCML_ALERT_H

/* <Data> of an Alert: struct syncml_command, code */
enum syncml_alert {
	ALERT_DISPLAY = 1100,		/* to the user; items: options, text */
	ALERT_CONFIRM = 1101,		/* Status 200: yes, 304: no */
	ALERT_INPUT = 1102,		/* Status 200 has what was typed */
	ALERT_CHOICE = 1103,		/* one of the items after the text */
	ALERT_CHOICES = 1104,		/* any of them */
	ALERT_SERVER_INITIATED = 1200,
	ALERT_CLIENT_INITIATED = 1201,
	ALERT_NEXT_MESSAGE = 1222,	/* go on with this package */
	ALERT_ABORT = 1223,		/* the session */
	ALERT_GENERIC = 1226,		/* DM 1.2: the item says what */
};

/* Types of the items of ALERT_GENERIC; their data is a FUMO result code ... */
#define ALERT_TYPE_DOWNLOAD "org.openmobilealliance.dm.firmwareupdate.download"
#define ALERT_TYPE_UPDATE "org.openmobilealliance.dm.firmwareupdate.update"
#define ALERT_TYPE_DOWNLOAD_UPDATE \
	"org.openmobilealliance.dm.firmwareupdate.downloadandupdate"

/* ... but that of these two, which ask for an update, is the vendor's. */
#define ALERT_TYPE_USER_REQUEST \
	"org.openmobilealliance.dm.firmwareupdate.userrequest"
#define ALERT_TYPE_DEVICE_REQUEST \
	"org.openmobilealliance.dm.firmwareupdate.devicerequest"

#endif
