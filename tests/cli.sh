# SPDX-License-Identifier: Apache-2.0
# cli.sh - what the tests of dmbox offline share; sourced by bash
#
# Run in the build folder. Everything lives in $dir.

. "$srcdir/tests/tap.sh"

dmbox=./dmbox
dir=$(mktemp -d "${TMPDIR:-/tmp}/dmbox-cli.XXXXXX")
receiver=
cleanup() {
	[ -z "$receiver" ] || kill "$receiver" 2>/dev/null
	rm -rf "$dir"
}
trap cleanup EXIT
trap 'exit 130' INT TERM

skip() {
	tap_n=$((tap_n + 1))
	echo "ok $tap_n - $1 # SKIP $2"
}

# vector NAME FIELD: one value of one of $vectors
vector() {
	jq -r --arg n "$1" \
		".vectors[] | select(.name == \$n) | $2" "$vectors"
}
