/* SPDX-License-Identifier: Apache-2.0 */
/*
 * meter - watches a run, from the start of the load to the SMSC's last answer
 *
 *	bench/meter --admin-port 13000 --messages 50000 bearerbox=PID ... -- \
 *		bench/api_load --socket dmbox.sock --requests 50000
 *
 * Starts the command and looks at bearerbox's status page until the SMSC has
 * acknowledged all messages and the command has ended; with --reports also
 * until all reports have come and the boxes have acknowledged them. Prints the
 * rate, and CPU and memory of the processes.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/bench.h"
#include "tests/smpp_client.h"

#define POLL_US 20000
#define STALL_S 60		/* without progress: something is wrong */
#define PROCESSES_MAX 8

struct status {
	long sent;		/* SMS, acknowledged by the SMSC */
	long reported;		/* reports from the SMSC */
	long queued;		/* reports that a box has not acknowledged */
};

struct process {
	const char *name;	/* "NAME=PID" */
	long pid;
	double cpu_s;		/* at the start */
};

struct meter {
	long admin_port, messages;
	const char *password;
	bool reports;

	struct process processes[PROCESSES_MAX];
	size_t n_processes;
	pid_t command;
	bool has_ended;
	int end_status;
	struct rusage usage;	/* of the command */
};

/* ------------------------------- bearerbox ------------------------------- */

static void read_page(const struct meter *m, char *page, size_t cap)
{
	int fd = client_connect((uint16_t)m->admin_port);
	char request[128];
	size_t len = 0;
	ssize_t n;

	if (fd < 0)
		bench_die("bearerbox has gone");
	snprintf(request, sizeof(request), "GET /status.txt?password=%s "
		 "HTTP/1.0\r\n\r\n", m->password);
	client_send(fd, (const uint8_t *)request, strlen(request));
	while (len + 1 < cap &&
	       (n = recv(fd, page + len, cap - 1 - len, 0)) > 0)
		len += (size_t)n;
	page[len] = '\0';
	close(fd);
}

static void read_status(const struct meter *m, struct status *s)
{
	char page[16384];
	const char *p;

	read_page(m, page, sizeof(page));
	*s = (struct status){ 0 };
	p = strstr(page, "SMS: received");
	if (!p || sscanf(p, "SMS: received %*d (%*d queued), sent %ld",
			 &s->sent) != 1)
		bench_die("no status page of bearerbox");
	p = strstr(page, "DLR: received");
	if (p)
		sscanf(p, "DLR: received %ld", &s->reported);
	for (p = page; (p = strstr(p, "smsbox:")); p++) {
		const char *count = strchr(p, '(');
		long n = 0;

		if (count && sscanf(count, "(%ld queued)", &n) == 1)
			s->queued += n;
	}
}

static bool is_finished(const struct meter *m, const struct status *s)
{
	return m->has_ended && s->sent >= m->messages &&
	       (!m->reports || (s->reported >= m->messages && !s->queued));
}

/* ------------------------------ processes ------------------------------ */

static void add_process(struct meter *m, const char *text)
{
	const char *equals = strchr(text, '=');

	if (!equals || m->n_processes == PROCESSES_MAX)
		bench_die("\"%s\": want NAME=PID, up to %d", text,
			  PROCESSES_MAX);
	m->processes[m->n_processes++] = (struct process){
		.name = text, .pid = atol(equals + 1),
		.cpu_s = bench_cpu_s(atol(equals + 1)),
	};
}

static void start(struct meter *m, char **command)
{
	m->command = fork();
	if (m->command < 0)
		bench_die("cannot fork");
	if (m->command == 0) {
		dup2(STDERR_FILENO, STDOUT_FILENO);
		execvp(command[0], command);
		bench_die("cannot run %s", command[0]);
	}
}

static void look_at_command(struct meter *m)
{
	if (!m->has_ended && wait4(m->command, &m->end_status, WNOHANG,
				   &m->usage) == m->command)
		m->has_ended = true;
	if (m->has_ended && m->end_status)
		bench_die("the command failed");
}

static double wait_for_end(struct meter *m)
{
	struct status s, before = { 0 };
	double progress_s = bench_clock_s();

	for (;;) {
		double now_s = bench_clock_s();

		look_at_command(m);
		read_status(m, &s);
		if (is_finished(m, &s))
			return now_s;
		if (memcmp(&s, &before, sizeof(s))) {
			before = s;
			progress_s = now_s;
		} else if (now_s - progress_s > STALL_S) {
			kill(m->command, SIGKILL);
			bench_die("no progress for %d s: %ld SMS, %ld reports "
				  "(%ld queued)", STALL_S, s.sent, s.reported,
				  s.queued);
		}
		usleep(POLL_US);
	}
}

/* -------------------------------- output -------------------------------- */

static void print_process(const char *name, int name_len, double cpu_s,
			  long memory_kb, long messages)
{
	printf(", \"%.*s\": {\"cpu-us\": %.1f, \"memory-kb\": %ld}", name_len,
	       name, cpu_s / (double)messages * 1e6, memory_kb);
}

static double seconds(const struct timeval *t)
{
	return (double)t->tv_sec + (double)t->tv_usec / 1e6;
}

static void print(const struct meter *m, double s)
{
	printf("{\"messages\": %ld, \"seconds\": %.3f, \"per-s\": %.0f",
	       m->messages, s, (double)m->messages / s);
	print_process("load", 4, seconds(&m->usage.ru_utime) +
		      seconds(&m->usage.ru_stime), m->usage.ru_maxrss,
		      m->messages);
	for (size_t i = 0; i < m->n_processes; i++) {
		const struct process *p = &m->processes[i];

		print_process(p->name, (int)strcspn(p->name, "="),
			      bench_cpu_s(p->pid) - p->cpu_s,
			      bench_memory_kb(p->pid), m->messages);
	}
	puts("}");
}

int main(int argc, char **argv)
{
	static struct meter m = { .messages = 50000, .password = "change-me" };
	const struct bench_option options[] = {
		{ "admin-port", "TCP port of bearerbox's status page",
		  .number = &m.admin_port, .min = 1, .max = 65535 },
		{ "password", "admin-password of bearerbox",
		  .text = &m.password },
		{ "messages", "SMS that the command sends",
		  .number = &m.messages, .min = 1, .max = 100000000 },
		{ "reports", "each SMS has a delivery report",
		  .flag = &m.reports },
	};
	int i = bench_options(argc, argv, "rate, CPU and memory of a run",
			      options, sizeof(options) / sizeof(options[0]));
	double start_s;

	while (i < argc && strcmp(argv[i], "--"))
		add_process(&m, argv[i++]);
	if (i + 1 >= argc)
		bench_die("NAME=PID... -- COMMAND... is missing");
	start_s = bench_clock_s();
	start(&m, &argv[i + 1]);
	print(&m, wait_for_end(&m) - start_s);
	return 0;
}
