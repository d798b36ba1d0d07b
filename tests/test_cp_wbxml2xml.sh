#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# test_cp_wbxml2xml.sh - what libwbxml says of our provisioning documents
#
# wbxml2xml has to read what we write, and we what xml2wbxml writes, as the
# same document: compared are elements, attributes and values, in the form in
# which cp_tool writes them.
#
# Run in the build folder. Prints TAP.

set -u
srcdir=${srcdir:-.}
. "$srcdir/tests/tap.sh"

tool=./tests/cp_tool
vectors=$srcdir/tests/vectors/bootstrap.json
dir=$(mktemp -d "${TMPDIR:-/tmp}/dmbox-cp.XXXXXX")
trap 'rm -rf "$dir"' EXIT
trap 'exit 130' INT TERM

# same_document FILE FILE: XML that means the same?
same_document() {
	"$tool" xml <"$1" >"$dir/one" && "$tool" xml <"$2" >"$dir/other" &&
		diff "$dir/one" "$dir/other" | sed 's/^/# /' | { ! grep .; }
}

# is_read_by_libwbxml FILE: the WBXML that we make of some XML
is_read_by_libwbxml() {
	"$tool" encode <"$1" >"$dir/wbxml" &&
		wbxml2xml -k -m 0 -o "$dir/xml" "$dir/wbxml" >/dev/null 2>&1 &&
		same_document "$1" "$dir/xml"
}

# is_read_by_us FILE OPTION...: the WBXML that libwbxml makes of it
is_read_by_us() {
	xml2wbxml "${@:2}" -o "$dir/wbxml" "$1" >/dev/null 2>&1 &&
		"$tool" decode <"$dir/wbxml" >"$dir/xml" &&
		same_document "$1" "$dir/xml"
}

both_ways() {
	is_read_by_libwbxml "$1" && is_read_by_us "$1" -n -v 1.3 &&
		is_read_by_us "$1" -v 1.2 && is_read_by_us "$1" -k -v 1.1
}

vectors_both_ways() {
	local name n=0

	while read -r name; do
		n=$((n + 1))
		jq -r --arg n "$name" \
			'.vectors[] | select(.name == $n) | .xml' "$vectors" \
			>"$dir/vector.xml"
		both_ways "$dir/vector.xml" || {
			echo "# in vector $name"
			return 1
		}
	done < <(jq -r '.vectors[] | select(.kind == "cp") | .name' "$vectors")
	[ $n -ge 10 ]
}

# A document with values that are, begin with, or hold what looks like tokens.
tricky() {
	cat <<-'END'
	<?xml version="1.0" encoding="UTF-8"?>
	<!DOCTYPE wap-provisioningdoc PUBLIC "-//WAPFORUM//DTD PROV 1.0//EN"
		"http://www.wapforum.org/DTD/prov.dtd">
	<wap-provisioningdoc version="1.0x">
	<characteristic type="PORTX">
		<parm name="NAMELESS" value="MANAGER"/>
		<parm name="AUTHSECRET" value="CHAP"/>
		<parm name="AUTHSECRET" value=" HAPPY, IPV4 "/>
		<parm name="AAUTHTYPE" value="HTTP-BASIC,HTTP-DIGEST,XDIGEST"/>
		<parm name="AAUTHLEVEL" value="APPSRVX"/>
		<parm name="BEARER" value="GSM-GPRSGSM-GPRS"/>
		<parm name="BEARER" value="TETRA-SDS"/>
		<parm name="BEARER" value="3G-GSM"/>
		<parm name="APPREF" value="&lt;&amp;&gt;&quot;'"/>
		<parm name="x" value="  Zürich  €  😀  "/>
		<parm name="NAP-ADDRTYPE" value="apn"/>
		<parm name="INTERNET"/>
	</characteristic>
	<characteristic type="APPLICATION">
		<parm name="free"/>
		<parm name="ADDR"/>
		<characteristic type="PORT"/>
		<characteristic type="APPAUTH">
			<parm name="AAUTHLEVEL" value="APPSRV"/>
			<parm name="AAUTHLEVEL" value="OBEX"/>
			<parm name="AAUTHTYPE" value="DIGEST"/>
		</characteristic>
		<parm name="NAME" value="behind"/>
	</characteristic>
	</wap-provisioningdoc>
	END
}

# Each token that we write, once: the octets of libwbxml are ours.
same_tokens() {
	"$tool" tokens >"$dir/tokens.xml" &&
		"$tool" encode <"$dir/tokens.xml" >"$dir/ours" &&
		xml2wbxml -n -v 1.3 -o "$dir/theirs" "$dir/tokens.xml" \
			>/dev/null 2>&1 &&
		cmp "$dir/ours" "$dir/theirs"
}

tricky >"$dir/tricky.xml"
tricky | sed 's/value="MANAGER"/value=""/' >"$dir/empty.xml"

is "the vectors mean the same to libwbxml and to us" vectors_both_ways
is "what looks like tokens means the same, too" both_ways "$dir/tricky.xml"
is "an empty value stays one" both_ways "$dir/empty.xml"
is "each token that we write is the one of libwbxml" same_tokens
is "what differs is seen" eval \
	'! same_document "$dir/tricky.xml" "$dir/empty.xml" >/dev/null'
tap_end
