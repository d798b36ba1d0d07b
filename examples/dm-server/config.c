/* SPDX-License-Identifier: Apache-2.0 */
#include "examples/dm-server/config.h"

#include <confuse.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#define SOCKET_PATH_MAX 107	/* octets: unix(7) */

static struct err *report_to;	/* libconfuse's callback has no argument */

static void report(cfg_t *cfg, const char *format, va_list ap)
{
	char text[128];

	vsnprintf(text, sizeof(text), format, ap);
	if (!report_to->code)		/* the first one counts */
		err_set(report_to, DM_EINVAL, "configuration",
			"see dm-server.conf", "line %d: %s",
			cfg ? cfg->line : 0, text);
}

static cfg_opt_t options[] = {
	CFG_STR("server-id", "", CFGF_NONE),
	CFG_STR("name", "Example DM", CFGF_NONE),
	CFG_STR("listen", "127.0.0.1", CFGF_NONE),
	CFG_INT("port", 8080, CFGF_NONE),
	CFG_STR("url", "", CFGF_NONE),
	CFG_STR("certificate", "", CFGF_NONE),
	CFG_STR("private-key", "", CFGF_NONE),
	CFG_INT("connections", 1000, CFGF_NONE),
	CFG_STR("data", "", CFGF_NONE),
	CFG_STR("fleet", "", CFGF_NONE),
	CFG_STR("packages", "", CFGF_NONE),
	CFG_STR("dmbox-socket", "/run/dmbox/dmbox.sock", CFGF_NONE),
	CFG_INT("message-within-s", 300, CFGF_NONE),
	CFG_INT("wakes-max", 5, CFGF_NONE),
	CFG_INT("retry-s", 600, CFGF_NONE),
	CFG_INT("result-within-s", 86400, CFGF_NONE),
	CFG_END(),
};

static int check_ranges(cfg_t *file, struct err *e)
{
	static const struct {
		const char *name;
		long min, max;
	} ranges[] = {
		{ "port", 0, 65535 },
		{ "connections", 1, 100000 },
		{ "message-within-s", 1, 86400 },
		{ "wakes-max", 1, 100 },
		{ "retry-s", 1, 604800 },
		{ "result-within-s", 1, 2592000 },
	};

	for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++) {
		long n = cfg_getint(file, ranges[i].name);
		char allowed[64];

		snprintf(allowed, sizeof(allowed), "%ld to %ld", ranges[i].min,
			 ranges[i].max);
		if (n < ranges[i].min || n > ranges[i].max)
			return err_set(e, DM_EINVAL, ranges[i].name, allowed,
				       "%ld", n);
	}
	return DM_OK;
}

static int check(cfg_t *file, struct err *e)
{
	static const char *const required[] = { "server-id", "data",
						"packages" };
	const char *socket = cfg_getstr(file, "dmbox-socket");

	for (size_t i = 0; i < sizeof(required) / sizeof(required[0]); i++)
		if (!cfg_getstr(file, required[i])[0])
			return err_set(e, DM_EINVAL, required[i], "a text",
				       "it is missing");
	if (!cfg_getstr(file, "certificate")[0] !=
	    !cfg_getstr(file, "private-key")[0])
		return err_set(e, DM_EINVAL, "certificate",
			       "certificate and private-key, or neither",
			       "one of them");
	if (!socket[0] || strlen(socket) > SOCKET_PATH_MAX)
		return err_set(e, DM_EINVAL, "dmbox-socket", "1 to 107 octets",
			       "%zu octets", strlen(socket));
	return check_ranges(file, e);
}

int config_load(struct config *c, const char *path, struct err *e)
{
	cfg_t *file = cfg_init(options, CFGF_NONE);
	int rc;

	memset(e, 0, sizeof(*e));
	report_to = e;
	cfg_set_error_function(file, report);
	errno = 0;
	rc = cfg_parse(file, path);
	if (rc == CFG_FILE_ERROR)
		err_set(e, DM_EINVAL, "configuration",
			"a file that can be read", "%s: %s", path,
			strerror(errno));
	if (rc || check(file, e)) {
		cfg_free(file);
		return DM_EINVAL;
	}
	*c = (struct config){
		.file = file,
		.server_id = cfg_getstr(file, "server-id"),
		.name = cfg_getstr(file, "name"),
		.listen = cfg_getstr(file, "listen"),
		.port = (uint16_t)cfg_getint(file, "port"),
		.url = cfg_getstr(file, "url"),
		.certificate = cfg_getstr(file, "certificate"),
		.private_key = cfg_getstr(file, "private-key"),
		.connections = (unsigned)cfg_getint(file, "connections"),
		.data = cfg_getstr(file, "data"),
		.fleet = cfg_getstr(file, "fleet"),
		.packages = cfg_getstr(file, "packages"),
		.dmbox_socket = cfg_getstr(file, "dmbox-socket"),
		.message_within_s =
			(int)cfg_getint(file, "message-within-s"),
		.wakes_max = (unsigned)cfg_getint(file, "wakes-max"),
		.retry_s = (int)cfg_getint(file, "retry-s"),
		.result_within_s = (int)cfg_getint(file, "result-within-s"),
	};
	return DM_OK;
}

void config_free(struct config *c)
{
	cfg_free(c->file);
}
