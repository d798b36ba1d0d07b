/* SPDX-License-Identifier: Apache-2.0 */
/*
 * commands.h - the sub-commands of dmbox: see dmbox(1)
 *
 * Each gets what stands behind its name and returns the exit status.
 */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

/* Offline. */
int command_encode(int argc, char **argv);
int command_decode(int argc, char **argv);
int command_verify(int argc, char **argv);
int command_quirks(int argc, char **argv);
int command_lint(int argc, char **argv);
int command_profile(int argc, char **argv);

/* Through dmboxd. */
int command_notify(int argc, char **argv);
int command_bootstrap(int argc, char **argv);
int command_job(int argc, char **argv);
int command_session(int argc, char **argv);
int command_status(int argc, char **argv);
int command_backup(int argc, char **argv);
int command_watch(int argc, char **argv);
int command_device(int argc, char **argv);
int command_nonce(int argc, char **argv);

#endif
