/* SPDX-License-Identifier: Apache-2.0 */
/*
 * log.h - one line an event, for people and for grep
 *
 *	2026-11-22T18:00:00.123Z info job.pushed job=17 segments=2
 *
 * UTC with milliseconds, level, the event's name, then key=value. A line goes
 * out in one write(2), so lines of two threads never mix. Control characters
 * in the text become '?', so nobody outside can forge a line; a text longer
 * than LOG_TEXT_MAX ends in "...". errno stays as it was.
 *
 * error: someone must act. warn: we go on, worse. info: a job or a link
 * changed state, once. debug: segments, octets. Secrets are never logged.
 *
 * Before log_open() and when it failed, standard error and level info.
 */
#ifndef GATEWAY_LOG_H
#define GATEWAY_LOG_H

#include <stdbool.h>

#include "wap/err.h"
#include "wap/msisdn.h"

#define LOG_TEXT_MAX 1024	/* octets after the level, without newline */

enum log_level {		/* <syslog.h> owns LOG_ERR, LOG_INFO ... */
	LOG_LEVEL_ERROR,
	LOG_LEVEL_WARN,
	LOG_LEVEL_INFO,
	LOG_LEVEL_DEBUG,
};

/* "error", "warn", "info" or "debug"; else DM_EINVAL, *level untouched. */
int log_level_parse(const char *name, enum log_level *level) DM_CHECK;

/*
 * Appends to the file path, made with mode 0640 less the
 * umask (dmboxd: 0600); NULL is standard error.
 * Called before a second thread starts. Returns DM_OK; DM_EINVAL (path too
 * long) or DM_EIO, after which the log goes where it went before.
 */
int log_open(const char *path, enum log_level level, struct err *e) DM_CHECK;

/*
 * Opens the same path again, for SIGHUP after the file was moved away. Returns
 * DM_OK, or DM_EIO (logged), after which the log still goes to the old file.
 * Another thread may log meanwhile. Standard error is left as it is.
 */
int log_reopen(void);

/* Is a line of this level written at all? For costly arguments. */
bool log_wants(enum log_level level);

void log_write(enum log_level level, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Whether log_msisdn() shows numbers as they are; at first: masked. */
void log_show_msisdn(bool show);

/* The number as it may stand in the log; returns msisdn or out. */
const char *log_msisdn(const char *msisdn, char out[MSISDN_SIZE]);

#define log_error(...) log_write(LOG_LEVEL_ERROR, __VA_ARGS__)
#define log_warn(...) log_write(LOG_LEVEL_WARN, __VA_ARGS__)
#define log_info(...) log_write(LOG_LEVEL_INFO, __VA_ARGS__)
#define log_debug(...) log_write(LOG_LEVEL_DEBUG, __VA_ARGS__)

#endif
