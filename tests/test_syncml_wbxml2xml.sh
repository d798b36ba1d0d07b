#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# test_syncml_wbxml2xml.sh - what libwbxml says of our SyncML DM messages
#
# wbxml2xml has to read what we write, and we what xml2wbxml writes, as the
# same message, in the form in which syncml_tool writes it.
#
# Run in the build folder. Prints TAP.

set -u
srcdir=${srcdir:-.}
. "$srcdir/tests/tap.sh"

tool=./tests/syncml_tool
dir=$(mktemp -d "${TMPDIR:-/tmp}/dmbox-syncml.XXXXXX")
trap 'rm -rf "$dir"' EXIT
trap 'exit 130' INT TERM

# same_message FILE FILE: XML that means the same?
same_message() {
	"$tool" xml <"$1" >"$dir/one" && "$tool" xml <"$2" >"$dir/other" &&
		diff "$dir/one" "$dir/other" | sed 's/^/# /' | { ! grep .; }
}

# is_read_by_libwbxml FILE
is_read_by_libwbxml() {
	"$tool" encode <"$1" >"$dir/wbxml" &&
		wbxml2xml -k -m 0 -o "$dir/xml" "$dir/wbxml" >/dev/null 2>&1 &&
		same_message "$1" "$dir/xml"
}

# is_read_by_us FILE OPTION...: the WBXML that libwbxml makes of it
is_read_by_us() {
	"$tool" xml <"$1" | tr -d '\n' | sed 's/> *</></g' >"$dir/line.xml" &&
		xml2wbxml "${@:2}" -o "$dir/wbxml" "$dir/line.xml" \
			>/dev/null 2>&1 &&
		"$tool" decode <"$dir/wbxml" >"$dir/xml" &&
		same_message "$1" "$dir/xml"
}

# each CHECK OPTION...: on each message, ours and those of others
each() {
	local file n=0

	for file in "$srcdir"/tests/syncml/*-package[1-4].xml \
		"$srcdir"/tests/syncml/outside/*-[1-4].xml; do
		n=$((n + 1))
		"$1" "$file" "${@:2}" || {
			echo "# in ${file##*/}"
			return 1
		}
	done
	[ $n -eq 20 ]
}

# both_read_a_capture: the octets that another client sent
both_read_a_capture() {
	local of=$srcdir/tests/syncml/outside/scts-1

	printf "$(tr -d '\n' <"$of.hex" | sed 's/../\\x&/g')" >"$dir/wbxml" &&
		wbxml2xml -k -m 0 -o "$dir/xml" "$dir/wbxml" >/dev/null 2>&1 &&
		same_message "$of.xml" "$dir/xml" &&
		"$tool" decode <"$dir/wbxml" >"$dir/xml" &&
		same_message "$of.xml" "$dir/xml"
}

is "libwbxml reads what we write" each is_read_by_libwbxml
is "we read what libwbxml writes" each is_read_by_us -k -n -v 1.2
is "we read it with a string table, too" each is_read_by_us -k -v 1.1
is "both read what another client sent" both_read_a_capture
is "what differs is seen" eval '! same_message \
	"$srcdir/tests/syncml/dm12-package1.xml" \
	"$srcdir/tests/syncml/dm112-package1.xml" >/dev/null'
tap_end
