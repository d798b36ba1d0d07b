/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/bench.h"

#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#define BAD_USAGE 64

const uint8_t bench_sms[BENCH_SMS_LEN] = {
	0x06, 0x05, 0x04, 0x0b, 0x84, 0x23, 0xf0, 0x01, 0x06, 0x03, 0xc4, 0xaf,
	0x87, 0x9d, 0x3c, 0xea, 0xba, 0x30, 0x69, 0x8a, 0x59, 0x8d, 0x07, 0x1c,
	0x96, 0x8a, 0x4f, 0xb3, 0x8d, 0x02, 0xc0, 0x00, 0x00, 0x00, 0x01, 0x01,
	0x0f, 'c', 'o', 'm', '.', 'e', 'x', 'a', 'm', 'p', 'l', 'e', '.', 'd',
	'm', 's',
};

void bench_die(const char *format, ...)
{
	va_list args;

	fprintf(stderr, "%s: ", program_invocation_short_name);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	exit(EXIT_FAILURE);
}

/* ------------------------------- options ------------------------------- */

static void print_option(const struct bench_option *o)
{
	printf("  --%-16s %s", o->name, o->help);
	if (o->number)
		printf(", %ld to %ld", o->min, o->max);
	if (o->number && *o->number >= o->min)
		printf("; default: %ld", *o->number);
	else if (o->text && *o->text)
		printf("; default: %s", *o->text);
	putchar('\n');
}

static void print_help(const char *what, const struct bench_option *table,
		       size_t n)
{
	printf("%s - %s\n\n", program_invocation_short_name, what);
	for (size_t i = 0; i < n; i++)
		print_option(&table[i]);
}

static void take_number(const struct bench_option *o, const char *text)
{
	char *end;

	errno = 0;
	*o->number = strtol(text, &end, 10);
	if (!errno && end != text && !*end && *o->number >= o->min &&
	    *o->number <= o->max)
		return;
	fprintf(stderr, "%s: --%s: \"%s\", allowed: %ld to %ld\n",
		program_invocation_short_name, o->name, text, o->min, o->max);
	exit(BAD_USAGE);
}

static void take_option(const struct bench_option *o, const char *value)
{
	if (o->number)
		take_number(o, value);
	else if (o->text)
		*o->text = value;
	else
		*o->flag = true;
}

int bench_options(int argc, char **argv, const char *what,
		  const struct bench_option *table, size_t n)
{
	struct option options[BENCH_OPTIONS_MAX + 2] = {
		{ "help", no_argument, NULL, 'h' },
	};
	int c, i;

	if (n > BENCH_OPTIONS_MAX)
		bench_die("too many options");
	for (size_t k = 0; k < n; k++)
		options[k + 1] = (struct option){
			table[k].name, table[k].flag ? no_argument :
			required_argument, NULL, 0,
		};
	while ((c = getopt_long(argc, argv, "+", options, &i)) == 0)
		take_option(&table[i - 1], optarg);
	if (c == 'h') {
		print_help(what, table, n);
		exit(EXIT_SUCCESS);
	}
	if (c != -1)
		exit(BAD_USAGE);
	return optind;
}

/* --------------------------- time and memory --------------------------- */

double bench_clock_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

double bench_own_cpu_s(void)
{
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
	       (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

static FILE *open_proc(long pid, const char *name)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%ld/%s", pid, name);
	return fopen(path, "r");
}

double bench_cpu_s(long pid)
{
	unsigned long user = 0, system = 0;
	FILE *f = open_proc(pid, "stat");
	char text[1024];
	const char *p = NULL;

	if (f && fgets(text, sizeof(text), f))
		p = strrchr(text, ')');
	if (!p || sscanf(p + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u "
			 "%*u %lu %lu", &user, &system) != 2)
		user = system = 0;
	if (f)
		fclose(f);
	return (double)(user + system) / (double)sysconf(_SC_CLK_TCK);
}

long bench_memory_kb(long pid)
{
	FILE *f = open_proc(pid, "status");
	char line[256];
	long kb = 0;

	while (f && fgets(line, sizeof(line), f))
		if (sscanf(line, "VmHWM: %ld", &kb) == 1)
			break;
	if (f)
		fclose(f);
	return kb;
}

/* ------------------------------- values ------------------------------- */

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

double bench_percentile(double *values, size_t n, unsigned percent)
{
	qsort(values, n, sizeof(*values), compare);
	return values[(n - 1) * percent / 100];
}

void bench_msisdn(char out[BENCH_MSISDN_SIZE], long i, bool ascending)
{
	unsigned long n = (unsigned long)i;

	if (!ascending)		/* the factor has no divisor of 10^8 */
		n *= 61803399;
	snprintf(out, BENCH_MSISDN_SIZE, "+491%c%08lu", ascending ? '5' : '7',
		 n % 100000000);
}
