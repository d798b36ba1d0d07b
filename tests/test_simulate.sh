#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# test_simulate.sh - dmboxd keeps its promises in worlds that are made up
#
# One seed is the same each time, one is new: it is printed. ./check --long
# lives a million device-days.
#
# Run in the build folder. Prints TAP.

set -u
srcdir=${srcdir:-.}
. "$srcdir/tests/tap.sh"

simulate=./tests/simulate
dir=$(mktemp -d "${TMPDIR:-/tmp}/dmbox-simulate.XXXXXX")
trap 'rm -rf "$dir"' EXIT
trap 'exit 130' INT TERM

# lives SEED: a day of 5000 devices, without a broken promise
lives() {
	"$simulate" --seed "$1" --devices 5000 --days 1 >"$dir/$1" 2>&1
	local status=$?

	sed 's/^/# /' "$dir/$1"
	return $status
}

history() {
	sed -n 's/.*; history //p' "$dir/$1"
}

# repeats SEED: the same happens again, and not what happened with the new one
repeats() {
	local before

	before=$(history "$1")
	lives "$1" >"$dir/again" && [ -n "$before" ] &&
		[ "$(history "$1")" = "$before" ] &&
		[ "$(history "$seed")" != "$before" ]
}

is "seed 1: no promise is broken" lives 1
seed=$((1000 + RANDOM * 32768 + RANDOM))
is "nor with a seed that is new: $seed" lives "$seed"
is "the same seed gives the same run" repeats 1
tap_end
