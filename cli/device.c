/* SPDX-License-Identifier: Apache-2.0 */
/* The registry: dmbox device, dmbox nonce. */
#include <stdio.h>

#include "cli/commands.h"
#include "cli/device_file.h"
#include "gateway/request/request.h"

#define LINE "%-20s %-17s %-24s %-16s %-4s %s\n"

static void print_put(json_t *result)
{
	printf("device %s %s\n", online_text(result, "device"),
	       json_is_true(json_object_get(result, "created")) ?
	       "created" : "changed");
}

static void print_device(json_t *device)
{
	online_print_members(stdout, device, "");
}

static void print_deleted(json_t *result)
{
	printf("device %s deleted\n", online_text(result, "device"));
}

static void print_nonce(json_t *result)
{
	printf("device %s has a new nonce\n", online_text(result, "device"));
}

static const char *yes_no(json_t *device, const char *name)
{
	return json_is_true(json_object_get(device, name)) ? "yes" : "no";
}

static void print_devices(json_t *result)
{
	const char *after = online_text(result, "after");
	json_t *d;
	size_t i;

	printf(LINE, "device", "msisdn", "server-id", "quirks", "key",
	       "nonce");
	json_array_foreach(json_object_get(result, "devices"), i, d)
		printf(LINE, online_text(d, "device"),
		       online_text(d, "msisdn"), online_text(d, "server-id"),
		       online_text(d, "quirks"), yes_no(d, "has-credential"),
		       yes_no(d, "has-nonce"));
	if (after[0])
		printf("more: dmbox device list --after %s\n", after);
}

int command_device(int argc, char **argv)
{
	static const struct online_choice choices[] = {
		{ "put", { "device.put", "device put NAME OPTION...",
			   request_device_put_fields, online_own_fields,
			   "device", online_once, print_put, false } },
		{ "get", { "device.get", "device get [NAME] [OPTION...]",
			   request_device_fields, online_own_fields, "device",
			   online_once, print_device, true } },
		{ "list", { "device.list", "device list [OPTION...]",
			    request_device_list_fields, online_own_fields,
			    NULL, online_once, print_devices, false } },
		{ "delete", { "device.delete",
			      "device delete [NAME] [OPTION...]",
			      request_device_fields, online_own_fields,
			      "device", online_once, print_deleted, true } },
		{ "import", { "device.put", "device import FILE [OPTION...]",
			      request_no_fields, device_import_fields, "file",
			      device_import, NULL, false } },
		{ "export", { "device.list", "device export [OPTION...]",
			      request_no_fields, device_export_fields, NULL,
			      device_export, NULL, false } },
		{ NULL, { 0 } },
	};

	return online_choose(choices,
			     "device put|get|list|delete|import|export", argc,
			     argv);
}

int command_nonce(int argc, char **argv)
{
	static const struct online_choice choices[] = {
		{ "put", { "nonce.put", "nonce put [NAME] OPTION...",
			   request_nonce_put_fields, online_own_fields,
			   "device", online_once, print_nonce, true } },
		{ NULL, { 0 } },
	};

	return online_choose(choices, "nonce put", argc, argv);
}
