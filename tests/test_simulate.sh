#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# test_simulate.sh - dmboxd keeps its promises in worlds that are made up
#
# The seeds are the same each time; ./check --long lives a million device-days
# with a new one.
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

# repeats SEED OTHER: the same happens again, and not what OTHER brought
repeats() {
	local before

	before=$(history "$1")
	lives "$1" >"$dir/again" && [ -n "$before" ] &&
		[ "$(history "$1")" = "$before" ] &&
		[ "$(history "$2")" != "$before" ]
}

is "seed 1: no promise is broken" lives 1
is "nor with seed 2" lives 2
is "the same seed gives the same run" repeats 1 2
tap_end
