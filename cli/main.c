/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "cli/args.h"
#include "cli/commands.h"

static const struct {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *help;
} commands[] = {
	{ "encode", command_encode, "make a message, offline" },
	{ "decode", command_decode, "read a message, offline" },
	{ "verify", command_verify, "check a notification's digest, offline" },
	{ "lint", command_lint, "check a provisioning document, offline" },
	{ "profile", command_profile, "list and show profiles of documents" },
	{ "quirks", command_quirks, "list what is special of known clients" },
	{ "notify", command_notify, "have dmboxd notify a device" },
	{ "bootstrap", command_bootstrap, "have dmboxd bootstrap a device" },
	{ "job", command_job, "get, list, watch or cancel dmboxd's jobs" },
	{ "session", command_session, "tell dmboxd of a device's session" },
	{ "status", command_status, "how dmboxd is doing" },
	{ "backup", command_backup, "copy dmboxd's queue while it is in use" },
	{ "watch", command_watch, "what happens to dmboxd's jobs, as it does" },
	{ "device", command_device, "dmboxd's registry of devices" },
	{ "nonce", command_nonce, "tell dmboxd a device's next nonce" },
};

#define N_COMMANDS (sizeof(commands) / sizeof(commands[0]))

static void print_usage(FILE *to)
{
	fputs("usage: dmbox COMMAND [OPTION...]\n"
	      "       dmbox --help | --version\n\n", to);
	for (size_t i = 0; i < N_COMMANDS; i++)
		fprintf(to, "  %-9s %s\n", commands[i].name,
			commands[i].help);
	fputs("\ndmbox COMMAND --help lists its options; see also dmbox(1).\n",
	      to);
}

int main(int argc, char **argv)
{
	if (argc < 2) {
		print_usage(stderr);
		return EXIT_USAGE;
	}
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h")) {
		print_usage(stdout);
		return EXIT_OK;
	}
	if (!strcmp(argv[1], "--version") || !strcmp(argv[1], "-V")) {
		puts("dmbox " PACKAGE_VERSION);
		return EXIT_OK;
	}
	for (size_t i = 0; i < N_COMMANDS; i++)
		if (!strcmp(argv[1], commands[i].name))
			return commands[i].run(argc - 2, argv + 2);
	fprintf(stderr, "dmbox: unknown command \"%s\"\n", argv[1]);
	print_usage(stderr);
	return EXIT_USAGE;
}
