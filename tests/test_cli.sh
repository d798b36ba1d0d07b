#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# test_cli.sh - dmbox offline: its exact forms, held against the vectors
#
# Run in the build folder. Prints TAP.

set -u
srcdir=${srcdir:-.}
. "$srcdir/tests/cli.sh"

vectors=$srcdir/tests/vectors/notification.json

# The options that describe a vector, one a line.
options_of() {
	vector "$1" '"--server-id", .server_id, "--password", .password,
		"--nonce-hex", .nonce_hex, "--dm-version", .version,
		"--version-field", .version_field, "--ui-mode", .ui_mode,
		"--initiator", .initiator, "--session-id", .session_id,
		"--vendor-hex", .body_hex, "--tid", .tid'
}

# encode NAME OPTION...: the vector, with more options
encode() {
	local options

	mapfile -t options < <(options_of "$1")
	"$dmbox" encode notify "${options[@]}" "${@:2}"
}

# What the vector says its segments are: UDH, a blank, user data.
segments_of() {
	vector "$1" ".$2[] | .udh_hex + \" \" + .ud_hex"
}

# refuses TEXT OPTION...: encode, with status 64 and these words
refuses() {
	local text=$1
	shift

	exits 64 encode dm12-bg-srv --format wsp "$@" && says "$text" &&
		[ ! -s "$dir/out" ]
}

# ------------------------------- encode -------------------------------

every_vector() {
	local name lenient

	for name in $(jq -r '.vectors[].name' "$vectors"); do
		lenient=
		[ "$(vector "$name" '.session_id == 0 or .server_id == ""')" \
			= false ] || lenient=--lenient
		"$@" "$name" $lenient || { echo "# vector $name"; return 1; }
	done
}

encodes() {
	local format=$1 field=$2 name=$3
	shift 3

	[ "$(encode "$name" --format "$format" "$@")" = \
		"$(vector "$name" ".$field")" ]
}

# The vectors' segments carry references of their own.
reference_of() {
	vector "$1" ".$2[0].udh_hex" | cut -c$3 | sed 's/^$/00/; s/^/0x/'
}

encodes_sms8() {
	local name=$1
	shift

	[ "$(encode "$name" --format sms "$@" --concat 8 \
		--reference "$(reference_of "$name" sms8 19-20)")" = \
		"$(segments_of "$name" sms8)" ]
}

encodes_sms16() {
	[ "$(vector "$1" 'has("sms16")')" = true ] || return 0
	[ "$(encode "$1" --format sms --concat 16 \
		--reference "$(reference_of "$1" sms16 19-22)")" = \
		"$(segments_of "$1" sms16)" ]
}

is "encode prints the triggers of all vectors" \
	every_vector encodes trigger trigger_hex
is "encode prints the packages 0 of all vectors" \
	every_vector encodes package0 package0_hex
is "encode prints the WSP pushes of all vectors" \
	every_vector encodes wsp wsp_hex
is "encode prints the segments of all vectors" every_vector encodes_sms8
is "encode prints segments with 16 bit references" every_vector encodes_sms16

with_credential() {
	[ "$("$dmbox" encode notify --server-id com.example.dms \
		--credential "$(vector dm12-bg-srv .cred_b64)" \
		--nonce EBESExQVFhcYGRobHB0eHw== --dm-version 1.2 \
		--ui-mode background --initiator server --session-id 0x104 \
		--format wsp)" = "$(vector dm12-bg-srv .wsp_hex)" ]
}
is "a credential and a nonce in base64 give the same" with_credential

nonce_text() {
	[ "$(encode dm12-nonce-default-ascii --format wsp | wc -l)" = 1 ] &&
	[ "$("$dmbox" encode notify --server-id com.example.dms \
		--password srvpwd --nonce-text 0x00000000 --dm-version 1.2 \
		--ui-mode background --initiator server --session-id 4660 \
		--format wsp)" = \
		"$(vector dm12-nonce-default-ascii .wsp_hex)" ]
}
is "a nonce may be text" nonce_text

equals_form() {
	[ "$("$dmbox" encode notify --server-id=X --password= --nonce-hex= \
		--dm-version=1.2 --ui-mode=informative --initiator=client \
		--session-id=1 --format=trigger)" = 02e00000000001\
0158 ]
}
is "values may stand behind an equals sign, and be empty" equals_form

headers() {
	[ "$(encode dm12-bg-srv --format wsp --push-flag 4 \
		--content-length --encoding-version 1.5)" = \
		"010609c4b4848da7c395af87$(vector dm12-bg-srv .package0_hex)" ]
}
is "the WSP options become headers" headers

ports() {
	encode dm12-bg-srv --format sms --dest-port 2949 --source-port 1 |
		grep -q '^0605040b850001 0106'
}
is "the ports stand in the UDH" ports

# ------------------------------- refusals -------------------------------

is "an unknown option is refused" \
	refuses 'dmbox: --sever-id: unknown option' --sever-id x
is "an option that came twice is refused" \
	refuses '--format: the option came twice' --format sms
is "an option without a value is refused" \
	refuses '--udp: missing' --udp
is "a number that is none is refused" \
	refuses 'reference: "12x", allowed: a decimal or 0x-hex' --reference 12x
is "a number out of range is refused" \
	refuses 'dest-port: 65536, allowed: 0 to 65535' --dest-port 65536
is "what is only for dmbox notify is refused" \
	refuses 'until: nothing is sent here' --until taken
is "a client's limit is refused by its name" \
	exits 64 encode dm12-serverid-24 --format wsp --quirks aosp
is "and the message names it" says \
	'server-id: 24 octets, allowed: 1 to 23 octets for a aosp client'
is "a session id of 0 is refused" exits 64 encode dm12-session-0000 \
	--format wsp
is "and the message says what is allowed" \
	says 'session-id: 0, allowed: 1 to 65535'
is "an empty server-id is refused" exits 64 encode dm12-empty-serverid \
	--format wsp
is "a secret is not in the message" \
	refuses 'credential: both came' --credential c2VjcmV0c2VjcmV0c2VjcmV0
no_secret() { ! grep -q 'c2Vj\|srvpwd' "$dir/err"; }
is "not even in part" no_secret
is "without a command it tells its usage" exits 64 "$dmbox"
is "an unknown command is refused" exits 64 "$dmbox" encoed
is "encode of nothing is refused" exits 64 "$dmbox" encode
is "help is no mistake" exits 0 "$dmbox" encode notify --help
helped() { grep -q -- '--server-id' "$dir/out"; }
is "and names the options" helped

# ------------------------------ PDU, pcap, UDP ------------------------------

pdu() {
	local want

	want=$(segments_of dm12-bg-srv sms8 | tr -d ' ')
	encode dm12-bg-srv --format pdu --to +491701234567 >"$dir/pdu" &&
	grep -qi "^00[0-9a-f]*0c91947110325476[0-9a-f]*$want\$" "$dir/pdu"
}
is "a PDU is an SMS-DELIVER with sender and segment" pdu
pdu_decodes() {
	"$dmbox" decode --json - <"$dir/pdu" |
		jq -e '.[0].as == "pdu" and .[0].notification."session-id" ==
			260' >/dev/null
}
is "decode reads it" pdu_decodes

wireshark() {
	encode dm12-bg-srv --format pcap >"$dir/pcap" &&
	tshark -r "$dir/pcap" -T fields -e wsp.pdu_type \
		-e wsp.header.x_wap_application_id -e udp.dstport \
		2>/dev/null | grep -q '0x06.*syncml.dm.*2948'
}
if command -v tshark >/dev/null; then
	is "Wireshark shows the capture as a WSP push" wireshark
else
	skip "Wireshark shows the capture as a WSP push" "no tshark here"
fi

udp() {
	local port i

	port=$((20000 + RANDOM % 30000))
	socat -u "UDP4-RECV:$port,bind=127.0.0.1" "CREATE:$dir/udp" &
	receiver=$!
	for ((i = 0; i < 50; i++)); do
		grep -qi ":$(printf %04X "$port") " /proc/net/udp && break
		sleep 0.1
	done
	[ "$(encode dm12-bg-srv --format wsp --udp "127.0.0.1:$port")" = \
		"$(vector dm12-bg-srv .wsp_hex)" ] || return 1
	for ((i = 0; i < 50; i++)); do
		[ -s "$dir/udp" ] && break
		sleep 0.1
	done
	kill "$receiver"
	wait "$receiver" 2>/dev/null
	receiver=
	[ "$(od -An -v -tx1 "$dir/udp" | tr -d ' \n')" = \
		"$(vector dm12-bg-srv .wsp_hex)" ]
}
is "--udp sends the WSP octets as a datagram" udp
is "--udp refuses what is no address" refuses 'udp: ' --udp '[::1'

# ------------------------------- decode -------------------------------

wsp=$(vector dm12-bg-srv .wsp_hex)
key=(--password srvpwd --nonce-hex 101112131415161718191a1b1c1d1e1f)

decodes() {
	[ "$("$dmbox" decode --json "${key[@]}" "$@" |
		jq -r '.[] | "\(.as) \(.notification."server-id") \(.verified)"')" \
		= "$want" ]
}
want="wsp com.example.dms true"
is "decode reads a push and verifies it" decodes "$wsp"
is "blanks inside are ignored" decodes "$(sed 's/../& /g' <<<"$wsp")"
is "capital digits are, too" decodes "${wsp^^}"
want="sms com.example.dms true"
two=$(segments_of dm12-body-200 sms8)
is "segments may come in any order" decodes "$(tail -n1 <<<"$two")" \
	"$(head -n1 <<<"$two")"
from_stdin() { decodes - <<<"$two"; }
is "a line of standard input is an item" from_stdin
want="package0 com.example.dms true"
is "a package 0 is recognized" decodes "$(vector dm12-bg-srv .package0_hex)"

is "a message that verifies ends with 0" exits 0 "$dmbox" decode \
	"${key[@]}" "$wsp"
table() {
	grep -q '^wsp, 45 octets$' "$dir/out" &&
	grep -q '^  *0  01  *tid  *1$' "$dir/out" &&
	grep -q '^digest: verified$' "$dir/out"
}
is "and prints a table with offset, octets and meaning" table
is "one that does not verify ends with 1" exits 1 "$dmbox" decode \
	--password wrong --nonce-hex 00 "$wsp"
is "one that is not understood ends with 2" exits 2 "$dmbox" decode 0011
is "so does what is no hexadecimal" exits 2 "$dmbox" decode 0g
is "so does a bare trigger" exits 2 "$dmbox" decode \
	"$(vector dm12-bg-srv .trigger_hex)"
is "which --as takes" exits 0 "$dmbox" decode --as trigger \
	"$(vector dm12-bg-srv .trigger_hex)"
is "no item is a mistake in the usage" exits 64 "$dmbox" decode
is "so is an unknown form" exits 64 "$dmbox" decode --as smpp 00
is "so is a key without its nonce" exits 64 "$dmbox" decode --password x \
	"$wsp"

# What others have sent: those with a known key verify.
captures() {
	local name hex id n=0

	while IFS=$'\t' read -r name hex id; do
		want="package0 $id $([[ $name == nokia-* ]] && echo true ||
			echo false)"
		"$dmbox" decode --json --password '' --nonce-hex '' "$hex" |
			jq -r '.[] | "\(.as) \(.notification."server-id") \(
				.verified)"' | grep -qxF "$want" || return 1
		n=$((n + 1))
	done < <(jq -r '.captures[] | [.name, .package0_hex, ."server_id"] |
		@tsv' "$vectors")
	[ $n -eq 3 ]
}
is "captured notifications are read, and verified" captures

# Headers that occur: read, or not of a notification at all.
headers() {
	local name hex n=0

	while IFS=$'\t' read -r name hex; do
		case $name in
		confirmed-push) want=2 ;;
		ds-notification-4e|dm-notification-58) want=1 ;;
		*) want=0 ;;
		esac
		"$dmbox" decode "${key[@]}" "$hex" >"$dir/out"
		[ $? -eq $want ] || return 1
		n=$((n + 1))
	done < <(jq -r '.wsp_variants[] | [.name, .wsp_hex] | @tsv' "$vectors")
	[ $n -eq 11 ]
}
is "pushes with other headers are read" headers

# ------------------------------- verify -------------------------------

nokia=$(jq -r '.captures[0].package0_hex' "$vectors")
is "verify knows what Nokia Suite has signed" exits 0 "$dmbox" verify \
	--server-id 'PC Suite Data Sync' --password '' --nonce-hex '' "$nokia"

package0=$(vector dm12-bg-srv .package0_hex)
verify=("$dmbox" verify --server-id com.example.dms)
is "verify ends with 0" exits 0 "${verify[@]}" "${key[@]}" "$package0"
is "and with 1 for another password" exits 1 "${verify[@]}" \
	--password x --nonce-hex 00 "$package0"
is "and with 1 for another server" exits 1 "$dmbox" verify --server-id x \
	"${key[@]}" "$package0"
is "and with 2 for a push" exits 2 "${verify[@]}" "${key[@]}" 0106
is "and with 64 without a key" exits 64 "${verify[@]}" "$package0"
verify_stdin() { "${verify[@]}" "${key[@]}" - <<<"$package0" >"$dir/out"; }
is "and reads standard input" verify_stdin
says_verified() { grep -qx verified "$dir/out"; }
is "and says so" says_verified

# ------------------------------- quirks -------------------------------

quirks_json() {
	[ "$("$dmbox" quirks --json | jq -r '[.[].name] | join(" ")')" = \
"generic windows-mobile-5 windows-mobile-6 aosp samsung symbian libdmclient \
libsynthesis buteo mediatek spreadtrum gecko" ]
}
is "quirks lists all clients" quirks_json
is "quirks takes nothing else" exits 64 "$dmbox" quirks aosp

tap_end
