/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/log.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define HEAD_MAX 48		/* octets: time and level */

static const char *const level_names[] = {
	[LOG_LEVEL_ERROR] = "error",
	[LOG_LEVEL_WARN] = "warn",
	[LOG_LEVEL_INFO] = "info",
	[LOG_LEVEL_DEBUG] = "debug",
};

#define N_LEVELS (sizeof(level_names) / sizeof(level_names[0]))

static atomic_int log_fd = STDERR_FILENO;
static atomic_int log_max = LOG_LEVEL_INFO;
static char log_path[PATH_MAX];		/* "": standard error */

int log_level_parse(const char *name, enum log_level *level)
{
	for (size_t i = 0; i < N_LEVELS; i++) {
		if (strcmp(name, level_names[i]) == 0) {
			*level = (enum log_level)i;
			return DM_OK;
		}
	}
	return DM_EINVAL;
}

static int open_path(const char *path)
{
	return open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0640);
}

int log_open(const char *path, enum log_level level, struct err *e)
{
	int fd = STDERR_FILENO;
	int old = log_fd;

	if (path && (!*path || strlen(path) >= sizeof(log_path)))
		return err_set(e, DM_EINVAL, "log-file", "a path",
			       "%zu octets", strlen(path));
	if (path)
		fd = open_path(path);
	if (fd < 0)
		return err_set(e, DM_EIO, "log-file", "a file to append to",
			       "%s: %s", path, strerror(errno));
	strcpy(log_path, path ? path : "");
	log_fd = fd;
	log_max = (int)level;
	if (old != STDERR_FILENO)
		close(old);
	return DM_OK;
}

int log_reopen(void)
{
	int fd;

	if (!*log_path)
		return DM_OK;
	fd = open_path(log_path);
	/* dup3 puts the new file under the old number: no one sees a gap. */
	if (fd < 0 || dup3(fd, log_fd, O_CLOEXEC) < 0) {
		log_error("log.reopen_failed error=\"%s\" path=\"%s\"",
			  strerror(errno), log_path);
		if (fd >= 0)
			close(fd);
		return DM_EIO;
	}
	close(fd);
	return DM_OK;
}

bool log_wants(enum log_level level)
{
	return (int)level <= log_max;
}

/* "2026-11-22T18:00:00.123Z info "; returns its length. */
static size_t put_head(char *out, enum log_level level)
{
	struct timespec now;
	struct tm tm;
	size_t n;

	clock_gettime(CLOCK_REALTIME, &now);
	gmtime_r(&now.tv_sec, &tm);
	n = strftime(out, HEAD_MAX, "%Y-%m-%dT%H:%M:%S", &tm);
	n += (size_t)snprintf(out + n, HEAD_MAX - n, ".%03ldZ %s ",
			      now.tv_nsec / 1000000, level_names[level]);
	return n;
}

/* Cuts text to LOG_TEXT_MAX with dots, not in the middle of a character. */
static size_t mark_cut(char *text)
{
	size_t end = LOG_TEXT_MAX - 3;

	while (end > 0 && ((unsigned char)text[end] & 0xc0) == 0x80)
		end--;
	memcpy(text + end, "...", 3);
	return end + 3;
}

static void replace_controls(char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)text[i] < 0x20 || text[i] == 0x7f)
			text[i] = '?';
}

/* Writes the text to out (LOG_TEXT_MAX + 1 octets); returns its length. */
static size_t put_text(char *out, const char *fmt, va_list ap)
{
	int n = vsnprintf(out, LOG_TEXT_MAX + 1, fmt, ap);
	size_t len = n < 0 ? 0 : (size_t)n;

	if (len > LOG_TEXT_MAX)
		len = mark_cut(out);
	replace_controls(out, len);
	return len;
}

void log_write(enum log_level level, const char *fmt, ...)
{
	char line[HEAD_MAX + LOG_TEXT_MAX + 1];
	int saved = errno;
	ssize_t done;
	va_list ap;
	size_t n;

	if (!log_wants(level))
		return;
	n = put_head(line, level);
	va_start(ap, fmt);
	n += put_text(line + n, fmt, ap);
	va_end(ap);
	line[n++] = '\n';
	done = write(log_fd, line, n);
	(void)done;		/* a full disk must not stop the gateway */
	errno = saved;
}

static bool show_msisdn;	/* set before a second thread starts */

void log_show_msisdn(bool show)
{
	show_msisdn = show;
}

const char *log_msisdn(const char *msisdn, char out[MSISDN_SIZE])
{
	return show_msisdn ? msisdn : msisdn_mask(msisdn, out);
}
