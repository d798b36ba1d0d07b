/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dmbox-emulator: what stands at the other end when there is no network
 */
#include <errno.h>
#include <event2/event.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "emulator/control.h"
#include "emulator/descriptors.h"
#include "emulator/smsc/smsc.h"
#include "emulator/wdp.h"
#include "emulator/xalloc.h"

#define PROGRAM "dmbox-emulator"
#define SEED_MAX 0x7fffffffL
#define DESCRIPTORS_ELSE (SMSC_SESSIONS_MAX + 64)	/* without devices */

struct options {
	const char *file;
	long smpp_port;		/* -1: not given */
	struct wdp_address udp;
	const char *device;	/* NULL: not given */
	const char *report_to;	/* NULL: not given */
	const char *control;	/* the same */
	long seed;		/* 0..SEED_MAX */
	const char *ca_file;	/* NULL: not given */
	const char *state_dir;	/* NULL: not given */
	long connections;	/* 1..; 0: not given */
	struct report report;
	bool help;
	bool version;
};

static const char usage[] =
	"usage: " PROGRAM " -c FILE --smpp-port N [--report-to SOCKET]\n"
	"                      [--ca-file FILE] [--state-dir DIR]\n"
	"                      [--control PIPE] [--seed N] [--connections N]\n"
	"                      [--json] [--quiet]\n"
	"       " PROGRAM " --udp [[ADDRESS:]PORT] [-c FILE [--device NUMBER]]\n"
	"                      [--json] [--quiet]\n"
	"\n"
	"  -c, --config FILE  the devices; see " PROGRAM "(1)\n"
	"      --smpp-port N  TCP port on 127.0.0.1, 0 to 65535; 0: any\n"
	"      --udp [[ADDRESS:]PORT]\n"
	"                     takes pushes as datagrams, on 127.0.0.1:2948\n"
	"      --device NUMBER\n"
	"                     the device that they are for; default: the first\n"
	"      --report-to SOCKET\n"
	"                     reports sessions to dmboxd, as a DM server\n"
	"      --control PIPE named pipe for commands: fault, clear, list,\n"
	"                     stop, continue, drop, off, out-of-reach,\n"
	"                     no-data, on\n"
	"      --seed N       what chance begins with, 0 to 2147483647\n"
	"      --ca-file FILE certificates of DM servers to believe, PEM\n"
	"      --state-dir DIR\n"
	"                     where devices keep what sessions change\n"
	"      --connections N\n"
	"                     sessions with DM servers at once, and downloads,\n"
	"                     1 to 10000; default: 200\n"
	"      --json         events as JSON, one object a line\n"
	"      --quiet        no events about single SMS\n"
	"      --help         this text\n"
	"      --version      the version\n";

enum {
	OPT_PORT = 256, OPT_UDP, OPT_DEVICE, OPT_REPORT_TO, OPT_CONTROL,
	OPT_SEED, OPT_CA_FILE, OPT_STATE_DIR, OPT_CONNECTIONS, OPT_JSON,
	OPT_QUIET, OPT_HELP, OPT_VERSION,
};

static const struct option long_options[] = {
	{ "config", required_argument, NULL, 'c' },
	{ "smpp-port", required_argument, NULL, OPT_PORT },
	{ "udp", optional_argument, NULL, OPT_UDP },
	{ "device", required_argument, NULL, OPT_DEVICE },
	{ "report-to", required_argument, NULL, OPT_REPORT_TO },
	{ "control", required_argument, NULL, OPT_CONTROL },
	{ "seed", required_argument, NULL, OPT_SEED },
	{ "ca-file", required_argument, NULL, OPT_CA_FILE },
	{ "state-dir", required_argument, NULL, OPT_STATE_DIR },
	{ "connections", required_argument, NULL, OPT_CONNECTIONS },
	{ "json", no_argument, NULL, OPT_JSON },
	{ "quiet", no_argument, NULL, OPT_QUIET },
	{ "help", no_argument, NULL, OPT_HELP },
	{ "version", no_argument, NULL, OPT_VERSION },
	{ NULL, 0, NULL, 0 },
};

/* ------------------------------- options ------------------------------- */

static int bad_usage(const char *what, const char *which)
{
	fprintf(stderr, PROGRAM ": %s%s (try --help)\n", what, which);
	return EX_USAGE;
}

static int take_number(const char *option, const char *text, long min,
		       long max, long *out)
{
	char *end;

	errno = 0;
	*out = strtol(text, &end, 10);
	if (errno || end == text || *end || *out < min || *out > max) {
		fprintf(stderr, PROGRAM ": %s: \"%s\", allowed: %ld to %ld\n",
			option, text, min, max);
		return EX_USAGE;
	}
	return 0;
}

static int take_socket(const char *path, const char **out)
{
	size_t len = strlen(path);

	if (len < 1 || len > DM_REPORT_PATH_MAX) {
		fprintf(stderr, PROGRAM ": --report-to: %zu octets, allowed: "
			"1 to %d octets\n", len, DM_REPORT_PATH_MAX);
		return EX_USAGE;
	}
	*out = path;
	return 0;
}

static int take_folder(const char *path, const char **out)
{
	if (access(path, R_OK | W_OK | X_OK)) {
		fprintf(stderr, PROGRAM ": --state-dir: %s: %s\n", path,
			strerror(errno));
		return EX_USAGE;
	}
	*out = path;
	return 0;
}

/* getopt_long() itself takes an optional value only behind a '='. */
static int take_udp(char **argv, struct wdp_address *out)
{
	const char *text = optarg;

	if (!text && argv[optind] && argv[optind][0] != '-')
		text = argv[optind++];
	if (wdp_address_parse(out, text)) {
		fprintf(stderr, PROGRAM ": --udp: \"%s\", allowed: "
			"[ADDRESS:]PORT, a numeric address\n", text);
		return EX_USAGE;
	}
	return 0;
}

static int take_option(int c, char **argv, struct options *o)
{
	char letter[] = { '-', (char)optopt, '\0' };
	const char *name = optopt && optopt < 256 ? letter : argv[optind - 1];

	switch (c) {
	case 'c':
		o->file = optarg;
		return 0;
	case OPT_PORT:
		return take_number("--smpp-port", optarg, 0, 65535,
				   &o->smpp_port);
	case OPT_UDP:
		return take_udp(argv, &o->udp);
	case OPT_DEVICE:
		o->device = optarg;
		return 0;
	case OPT_REPORT_TO:
		return take_socket(optarg, &o->report_to);
	case OPT_CONTROL:
		o->control = optarg;
		return 0;
	case OPT_SEED:
		return take_number("--seed", optarg, 0, SEED_MAX, &o->seed);
	case OPT_CA_FILE:
		o->ca_file = optarg;
		return 0;
	case OPT_STATE_DIR:
		return take_folder(optarg, &o->state_dir);
	case OPT_CONNECTIONS:
		return take_number("--connections", optarg, 1,
				   DM_CLIENTS_CONNECTIONS_MAX, &o->connections);
	case OPT_JSON:
		o->report.json = true;
		return 0;
	case OPT_QUIET:
		o->report.quiet = true;
		return 0;
	case OPT_HELP:
		o->help = true;
		return 0;
	case OPT_VERSION:
		o->version = true;
		return 0;
	case ':':
		return bad_usage("a value is missing after ", name);
	}
	return bad_usage("unknown option ", name);
}

static int check_options(const struct options *o)
{
	bool has_smsc = o->smpp_port >= 0;

	if (!has_smsc && !o->udp.len)
		return bad_usage("missing: ", "--smpp-port N, or --udp");
	if (!o->file && has_smsc)
		return bad_usage("missing: ", "-c FILE");
	if (!o->file && (o->device || o->report_to || o->ca_file ||
			 o->state_dir || o->connections))
		return bad_usage("missing: ", "-c FILE, with the devices");
	if (o->device && !o->udp.len)
		return bad_usage("missing: ", "--udp, with --device");
	if (o->control && !has_smsc)
		return bad_usage("missing: ", "--smpp-port N, with --control");
	return 0;
}

static int take_options(int argc, char **argv, struct options *o)
{
	int c;

	while ((c = getopt_long(argc, argv, ":c:", long_options, NULL)) != -1)
		if (take_option(c, argv, o))
			return EX_USAGE;
	if (o->help || o->version)
		return 0;
	if (optind < argc)
		return bad_usage("unexpected argument ", argv[optind]);
	return check_options(o);
}

/* What the descriptors that we may have are enough for. */
static int fit_connections(struct options *o)
{
	size_t n = descriptors_raise();
	long max = n < DESCRIPTORS_ELSE + DM_CLIENTS_DESCRIPTORS ? 1 :
		   (long)((n - DESCRIPTORS_ELSE) / DM_CLIENTS_DESCRIPTORS);

	if (o->connections > max) {
		fprintf(stderr, PROGRAM ": --connections: %ld, allowed: 1 to "
			"%ld, with %zu open files (ulimit -n)\n",
			o->connections, max, n);
		return EX_USAGE;
	}
	if (!o->connections)
		o->connections = max < DM_CLIENTS_CONNECTIONS ? max :
				 DM_CLIENTS_CONNECTIONS;
	return 0;
}

/* --------------------------------- run --------------------------------- */

static void on_signal(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	event_base_loopbreak(arg);
}

/* Ends on a signal, or when nobody can read our events any more. */
static int loop(struct event_base *base, const struct report *report)
{
	struct event *term = evsignal_new(base, SIGTERM, on_signal, base);
	struct event *intr = evsignal_new(base, SIGINT, on_signal, base);

	event_add(term, NULL);
	event_add(intr, NULL);
	while (!ferror(report->out) && !event_base_loop(base, EVLOOP_ONCE))
		if (event_base_got_break(base))
			break;
	event_free(intr);
	event_free(term);
	return ferror(report->out) ? EX_IOERR : 0;
}

/* Runs until the end, with commands if they are asked for. */
static int obey(const struct dm_clients_setup *setup, const struct options *o,
		struct config *config, struct smsc *smsc)
{
	const struct control_setup control_setup = {
		.smsc = smsc, .network = setup->network, .config = config,
		.report = &o->report,
	};
	struct control *control;
	int rc;

	if (!o->control)
		return loop(setup->base, &o->report);
	control = control_new(setup->base, o->control, &control_setup);
	if (!control) {
		fprintf(stderr, PROGRAM ": --control: %s: %s\n", o->control,
			errno == EINVAL ? "is no pipe" : strerror(errno));
		return EX_UNAVAILABLE;
	}
	rc = loop(setup->base, &o->report);
	control_free(control);
	return rc;
}

static int with_smsc(const struct dm_clients_setup *setup,
		     const struct options *o, struct config *config,
		     struct dm_clients *clients)
{
	struct smsc *smsc;
	int rc;

	if (o->smpp_port < 0)
		return loop(setup->base, &o->report);
	smsc = smsc_start(setup->base, (uint16_t)o->smpp_port, config,
			  &o->report, clients, setup->network);
	if (!smsc) {
		fprintf(stderr, PROGRAM ": --smpp-port: %ld on 127.0.0.1: %s\n",
			o->smpp_port, strerror(errno));
		return EX_UNAVAILABLE;
	}
	rc = obey(setup, o, config, smsc);
	smsc_stop(smsc);
	return rc;
}

/* That of --device, or the first of the file; NULL: there is none. */
static struct device *udp_device(const struct options *o,
				 struct config *config)
{
	struct device *first = config->devices;

	if (o->device)
		return config_find(config, o->device);
	for (size_t i = 1; i < config->n_devices; i++)
		if (config->devices[i].line < first->line)
			first = &config->devices[i];
	return config->n_devices ? first : NULL;
}

static int listen_and_loop(const struct dm_clients_setup *setup,
			   const struct options *o, struct config *config,
			   struct dm_clients *clients)
{
	struct device *device = udp_device(o, config);
	struct wdp *wdp;
	int rc;

	if (!o->udp.len)
		return with_smsc(setup, o, config, clients);
	if (o->device && !device)
		return bad_usage("--device: not in the file: ", o->device);
	wdp = wdp_start(setup->base, &o->udp, config, device, &o->report,
			clients, setup->network);
	if (!wdp) {
		fprintf(stderr, PROGRAM ": --udp: %s\n", strerror(errno));
		return EX_UNAVAILABLE;
	}
	rc = with_smsc(setup, o, config, clients);
	wdp_stop(wdp);
	return rc;
}

static int serve_with(const struct dm_clients_setup *setup,
		      const struct options *o, struct config *config)
{
	struct dm_clients *clients = dm_clients_new(setup);
	const struct device *where;
	char text[ERR_TEXT_MAX];
	struct err e;
	int rc;

	if (dm_clients_resume(clients, config, &where, &e)) {
		fprintf(stderr, PROGRAM ": %s/%s.json: %s\n", o->state_dir,
			device_digits(where->msisdn),
			err_text(&e, text, sizeof(text)));
		rc = EX_CONFIG;
	} else {
		rc = listen_and_loop(setup, o, config, clients);
	}
	dm_clients_free(clients);
	return rc;
}

static int serve_on(struct event_base *base, const struct options *o,
		    struct config *config)
{
	char text[ERR_TEXT_MAX];
	struct err e;
	const struct mishaps mishaps = { &config->faults, &o->report };
	struct dm_clients_setup setup = {
		.base = base, .report = &o->report, .mishaps = &mishaps,
		.network = network_new(base, &mishaps),
		.http = dm_http_new(base, o->ca_file, &e),
		.state_dir = o->state_dir,
		.connections = (unsigned)o->connections,
	};
	int rc;

	if (!setup.http) {
		fprintf(stderr, PROGRAM ": --%s\n",
			err_text(&e, text, sizeof(text)));
		network_free(setup.network);
		return EX_CONFIG;
	}
	if (o->report_to)
		setup.dm_report = dm_report_new(base, o->report_to,
						&o->report);
	rc = serve_with(&setup, o, config);
	if (setup.dm_report)
		dm_report_free(setup.dm_report);
	dm_http_free(setup.http);
	network_free(setup.network);
	return rc;
}

static int serve(const struct options *o, struct config *config)
{
	struct event_base *base = xcheck(event_base_new());
	int rc = serve_on(base, o, config);

	event_base_free(base);
	return rc;
}

static int run(const struct options *o)
{
	char why[CONFIG_ERROR_MAX];
	struct config config = { 0 };
	int rc = EX_SOFTWARE;

	if (o->file && config_load(&config, o->file, why)) {
		fprintf(stderr, PROGRAM ": %s\n", why);
		return EX_CONFIG;
	}
	config.faults.chance = (uint64_t)o->seed;
	signal(SIGPIPE, SIG_IGN);
	if (!smpp_codec_open()) {
		rc = serve(o, &config);
		smpp_codec_close();
	}
	config_free(&config);
	libevent_global_shutdown();
	return rc;
}

int main(int argc, char **argv)
{
	struct options o = { .smpp_port = -1, .report.out = stdout };

	opterr = 0;
	if (take_options(argc, argv, &o))
		return EX_USAGE;
	if (o.help)
		fputs(usage, stdout);
	else if (o.version)
		puts(PROGRAM " " PACKAGE_VERSION);
	else
		return fit_connections(&o) ? EX_USAGE : run(&o);
	return 0;
}
