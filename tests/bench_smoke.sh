#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# bench/throughput still runs, all parts of it; how fast is not looked at.
srcdir=${srcdir:-.}
. "$srcdir/tests/tap.sh"

results=$("$srcdir/bench/throughput" --bin . --runs 1 --messages 1000 \
	--report-messages 1000 --rows 12000 --accepts 1000 --json \
	2>bench_smoke.err) || sed 's/^/# /' bench_smoke.err

# has N PART NAME: is there a figure for each?
has() {
	[ "$(jq --arg part "$2" --arg name "$3" '[.medians[] |
		select(.part == $part and .["\($name)-per-s"] > 0)] |
		length' <<<"$results")" = "$1" ]
}

has_rates() {
	[ "$(jq '[.medians[] | select(.part == "rate" and ."per-s" > 0)] |
		length' <<<"$results")" = 7 ]
}

usage() {
	[ "$("$srcdir/bench/throughput" --runs 0 2>&1)" = \
		'throughput: --runs: "0", allowed: 1 to 99 (try --help)' ]
}

is "all senders are measured, with and without reports" has_rates
is "accepts are measured, with few and many jobs waiting" has 7 accept accepts
is "claims are measured, with few and many jobs waiting" has 2 claim claims
is "a bad option is refused" usage
rm -f bench_smoke.err
tap_end
