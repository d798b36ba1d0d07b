/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/encode.h"

#include <stdio.h>
#include <string.h>

#include "cli/commands.h"
#include "wap/msisdn.h"

/* Fields of delivery that only mean something to dmboxd. */
const char *const encode_online_only[] = {
	"from", "smsc-id", "route", "until", "expires-s", "dry-run", "force",
	"resync", "create-account", "key", "on-busy", NULL,
};

int encode_check_offline(json_t *fields, struct err *e)
{
	for (const char *const *name = encode_online_only; *name; name++)
		if (json_object_get(fields, *name))
			return err_set(e, DM_EINVAL, *name,
				       "only with dmbox notify or bootstrap",
				       "nothing is sent here");
	return DM_OK;
}

int encode_check_to(json_t *fields, struct err *e)
{
	json_t *to = json_object_get(fields, "to");
	char checked[MSISDN_SIZE];

	if (to)
		return msisdn_parse(json_string_value(to), "to", checked, e);
	json_object_set_new(fields, "to", json_string(MESSAGE_ADDRESS));
	return DM_OK;
}

int command_encode(int argc, char **argv)
{
	if (argc > 0 && !strcmp(argv[0], "notify"))
		return encode_notify(argc - 1, argv + 1);
	if (argc > 0 && !strcmp(argv[0], "bootstrap"))
		return encode_bootstrap(argc - 1, argv + 1);
	if (argc > 0 && !strcmp(argv[0], "--help")) {
		puts("usage: dmbox encode notify|bootstrap OPTION...\n\n"
		     "Each lists its options with --help.");
		return EXIT_OK;
	}
	fputs("dmbox: encode what? allowed: encode notify, "
	      "encode bootstrap\n", stderr);
	return EXIT_USAGE;
}
