/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bench.h - what the measuring programs have in common
 */
#ifndef BENCH_BENCH_H
#define BENCH_BENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * One option: a number of min..max, a text or a flag; of the three pointers one
 * is set, to a variable that holds the default.
 */
struct bench_option {
	const char *name;	/* without "--" */
	const char *help;	/* a line, with the unit */
	long *number;
	long min, max;
	const char **text;
	bool *flag;
};
#define BENCH_OPTIONS_MAX 16

/*
 * Takes the options, up to the first argument that is none, and returns where
 * that stands in argv. Ends the program for --help, and with 64 for what is not
 * allowed. what: a line that says what the program does.
 */
int bench_options(int argc, char **argv, const char *what,
		  const struct bench_option *table, size_t n);

/* Ends the program with 1. */
_Noreturn void bench_die(const char *format, ...)
	__attribute__((format(printf, 1, 2)));

double bench_clock_s(void);	/* monotonic */
double bench_own_cpu_s(void);	/* user and system */

/* Of another process; 0 if there is none. */
double bench_cpu_s(long pid);
long bench_memory_kb(long pid);	/* the most that was ever resident */

/* The value that so many percent of n (1 or more) do not exceed; sorts them. */
double bench_percentile(double *values, size_t n, unsigned percent);

/*
 * The device i (0 to 99999999): all are different, and in no order, as devices
 * come; or each the next number, and no number of those in no order.
 */
#define BENCH_MSISDN_SIZE 14
void bench_msisdn(char out[BENCH_MSISDN_SIZE], long i, bool ascending);

/*
 * What all senders send: dm12-ns-cli of tests/vectors/notification.json as one
 * segment. The first device of conf/emulator.conf verifies it.
 */
#define BENCH_SMS_LEN 52	/* octets */
#define BENCH_UDH_LEN 7		/* octets of it */
#define BENCH_WSP_LEN 6		/* octets behind those: the push header */
extern const uint8_t bench_sms[BENCH_SMS_LEN];

#endif
