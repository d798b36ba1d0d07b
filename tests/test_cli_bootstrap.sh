#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# test_cli_bootstrap.sh - dmbox's bootstraps offline: its exact forms, held
# against the vectors
#
# Run in the build folder. Prints TAP.

set -u
srcdir=${srcdir:-.}
. "$srcdir/tests/cli.sh"

vectors=$srcdir/tests/vectors/bootstrap.json
export DMBOX_PROFILES=$srcdir/conf/profiles

# golden NAME WHAT: the octets that count, or nothing
golden() {
	vector "$1" ".recommended_$2 // .$2 // empty"
}

# The options that sign a vector, one a line.
signed() {
	vector "$1" '"--sec", .sec // "none",
		if .key_material.imsi then "--imsi", .key_material.imsi
			else empty end,
		if .key_material.pin then "--pin", .key_material.pin
			else empty end'
	[ "$1" != cp-wm6-tps-headers ] || printf '%s\n' --push-flag 3 \
		--initiator-uri http://tps.example.net/ \
		--ms-desc "Acme device management"
}

# encode NAME OPTION...: the vector from its XML
encode() {
	local options form=--xml

	mapfile -t options < <(signed "$1")
	[ "$(vector "$1" .kind)" = cp ] || form=--dm-xml
	vector "$1" .xml >"$dir/xml"
	"$dmbox" encode bootstrap $form "$dir/xml" "${options[@]}" "${@:2}"
}

every_vector() {
	local name

	for name in $(jq -r '.vectors[].name' "$vectors"); do
		"$@" "$name" 2>"$dir/err" || {
			echo "# vector $name"
			return 1
		}
	done
}

encodes() {
	local want

	want=$(golden "$3" "$2")
	[ "$(encode "$3" --format "$1")" = "$want" ]
}

encodes_mac() {
	local want

	want=$(vector "$1" '.recommended_mac_hex // .mac_hex //
		.hmac_sha1_hex // empty')
	[ -n "$want" ] || return 0
	[ "$(encode "$1" --format mac)" = "$want" ]
}

encodes_ready() {
	local options

	mapfile -t options < <(signed "$1")
	[ "$("$dmbox" encode bootstrap --wbxml-hex "$(golden "$1" wbxml_hex)" \
		"${options[@]}" --format wsp)" = "$(golden "$1" wsp_hex)" ]
}

# As many segments as the vector says, each a whole SMS but for the last.
encodes_sms() {
	local want

	want=$(vector "$1" '.sms_parts // empty')
	encode "$1" --format sms >"$dir/sms" || return 1
	[ -z "$want" ] || [ "$(wc -l <"$dir/sms")" -eq "$want" ]
}

# From segments, in the other order, back to the XML it was made of.
decodes_sms() {
	local options

	mapfile -t options < <(signed "$1" | grep -A1 -xE -- '--(imsi|pin)' |
		grep -vx -- --)
	[ "$(vector "$1" '.sec // ""')" != USERPINMAC ] ||
		options=(--pin "$(vector "$1" .out_of_band_pin)")
	encode "$1" --format sms | tac | "$dmbox" decode --json \
		--show-secrets "${options[@]}" - >"$dir/decoded" || return 1
	encode "$1" --format xml >"$dir/want"
	jq -rj '.[0].bootstrap.document' "$dir/decoded" |
		cmp - "$dir/want" || return 1
	[ "${#options[@]}" -eq 0 ] ||
		jq -e '.[0].verified' "$dir/decoded" >/dev/null
}

is "XML becomes WBXML, octet for octet" \
	every_vector encodes wbxml wbxml_hex
is "and a signed push" every_vector encodes wsp wsp_hex
is "and its MAC" every_vector encodes_mac
is "ready WBXML is signed as it is" every_vector encodes_ready
is "it is cut into the SMS that the vectors say" every_vector encodes_sms
is "decode puts them together, verifies and shows the document" \
	every_vector decodes_sms

pin_colon_imsi() {
	[ "$(encode dm12-dmacc-usernetwpin --format mac \
		--netwpin-order pin:imsi)" != \
		"$(golden dm12-dmacc-usernetwpin mac_hex)" ] &&
	[[ $(vector dm12-dmacc-usernetwpin '[.. | strings] | join(" ")') == \
		*$(encode dm12-dmacc-usernetwpin --format mac \
			--netwpin-order pin:imsi)* ]]
}
is "the other order of USERNETWPIN has its MAC, too" pin_colon_imsi

key_hex() {
	[ "$("$dmbox" encode bootstrap --xml "$dir/xml" --format mac \
		--sec NETWPIN --key-hex 3132 2>/dev/null)" = \
		"$("$dmbox" encode bootstrap --xml "$dir/xml" --format mac \
		--sec USERPIN --pin 12 2>/dev/null)" ]
}
vector cp-internet-userpin .xml >"$dir/xml"
is "a key may come in hexadecimal" key_hex
is "a PIN for the user goes to standard error" \
	exits 0 "$dmbox" encode bootstrap --xml "$dir/xml" --format wsp \
	--sec USERPINMAC
pin_told() { grep -qx 'out-of-band-pin: [0-9]\{10\}' "$dir/err"; }
is "and is random where none is given" pin_told
stdin_xml() {
	[ "$("$dmbox" encode bootstrap --xml - --sec none --format wbxml \
		<"$dir/xml" 2>/dev/null)" = \
		"$(golden cp-internet-userpin wbxml_hex)" ]
}
is "- is standard input" stdin_xml
pdu() {
	encode cp-internet-userpin --format pdu --to +491701234567 |
		"$dmbox" decode --json --pin 1234 - |
		jq -e '.[0].as == "pdu" and .[0].verified and
			.[0].bootstrap.sec == "USERPIN"' >/dev/null
}
is "PDUs are decoded, too" pdu
wireshark() {
	encode cp-internet-userpin --format pcap |
		tshark -r - -V 2>/dev/null >"$dir/tshark"
	grep -q 'SEC: USERPIN' "$dir/tshark" &&
	grep -q C3C80ADFFD0A3057FCE3492EEF74407B505FA350 "$dir/tshark"
}
if command -v tshark >/dev/null; then
	is "Wireshark shows the capture with SEC and MAC" wireshark
else
	skip "Wireshark shows the capture with SEC and MAC" "no tshark here"
fi

# ------------------------------- decode -------------------------------

wsp=$(golden cp-internet-userpin wsp_hex)
secret_hidden() {
	"$dmbox" decode "$wsp" >"$dir/out" &&
	grep -q '<parm name="AUTHSECRET" value="\*\*\*"/>' "$dir/out" &&
	! grep -q s3cr3t "$dir/out"
}
is "secrets are hidden" secret_hidden
secret_shown() {
	"$dmbox" decode --show-secrets "$wsp" |
		grep -q '<parm name="AUTHSECRET" value="s3cr3t"/>'
}
is "unless they are asked for" secret_shown
is "a wrong PIN does not verify" exits 1 "$dmbox" decode --pin 1235 "$wsp"
says_mac() { grep -qx 'MAC: does not verify' "$dir/out"; }
is "and it says so" says_mac
is "an altered octet does not verify" exits 1 "$dmbox" decode --pin 1234 \
	"${wsp/41636d65/41636d66}"
is "nor does a push without MAC" exits 1 "$dmbox" decode --pin 1234 \
	"$(golden cp-internet-nosec wsp_hex)"
is "bare WBXML is recognized" exits 0 "$dmbox" decode \
	"$(golden cp-internet-userpin wbxml_hex)"
as_wbxml() { grep -q '^wbxml, [0-9]* octets$' "$dir/out"; }
is "and taken apart" as_wbxml
is "or told by --as wbxml" exits 0 "$dmbox" decode --as wbxml \
	"$(golden dm12-inbox-tnds-userpin wbxml_hex)"
is "broken WBXML is not understood" exits 2 "$dmbox" decode --as wbxml \
	030b6a00ff

# ------------------------------- profiles -------------------------------

account=(--set server-id=dm.example.com
	--set addr=https://dm.example.com/dm
	--set client-name=device42 --set client-password=clientpw
	--set client-nonce=Y2xpZW50bm9uY2Ux
	--set server-password=serverpw --set server-nonce=c2VydmVybm9uY2Ux)
is "profile list lists them" exits 0 "$dmbox" profile list
listed() {
	local name

	for name in windows-mobile-5 windows-mobile-6 generic internet browser \
		mms dm112 dm12; do
		grep -q "^$name " "$dir/out" || return 1
	done
}
is "all of them" listed
is "profile show shows one" exits 0 "$dmbox" profile show windows-mobile-6
shown() { grep -q '^  server-id ' "$dir/out"; }
is "with its fields" shown
is "or says that there is none" exits 64 "$dmbox" profile show nonesuch
profile_json() {
	"$dmbox" profile show generic --json |
		jq -e '.fields[] | select(.name == "server-password") |
			.secret and .type == "text"' >/dev/null
}
is "as JSON, too" profile_json
clean_profile() {
	local name more

	for name in windows-mobile-5 windows-mobile-6 generic dm112 dm12 \
		dm12-tnds; do
		more=()
		[[ $name != dm* ]] || more=(--set device-id=IMEI:351234567890124)
		"$dmbox" encode bootstrap --profile "$name" "${account[@]}" \
			--set name=Example "${more[@]}" --sec none \
			--format wbxml >/dev/null 2>"$dir/err" || return 1
		! grep error: "$dir/err" || return 1
	done
}
is "each account profile makes a document without errors" clean_profile
is "a field that the profile has not is refused" exits 64 "$dmbox" \
	encode bootstrap --profile generic "${account[@]}" --set name=Example --set colour=red \
	--sec none --format xml
is "by its name" says 'colour: '
is "a field with a wrong value is refused" exits 64 "$dmbox" \
	encode bootstrap --profile generic "${account[@]}" --set name=Example --set port=http \
	--sec none --format xml
is "by its name, too" says 'port: '
is "a profile may be a file" exits 0 "$dmbox" encode bootstrap \
	--profile "$srcdir/conf/profiles/generic.xml" "${account[@]}" \
	--set name=Example --sec none --format xml
escaped() {
	"$dmbox" encode bootstrap --profile generic "${account[@]}" \
		--set 'name=a"<b>&' --sec none --format xml 2>/dev/null |
		grep -q 'value="a&quot;&lt;b&gt;&amp;"'
}
is "a value is never taken for XML" escaped

# --------------------------------- lint ---------------------------------

is "lint says nothing of a clean document" exits 0 "$dmbox" lint "$dir/xml"
sed 's/NAP-ADDRTYPE/NAP-ADRTYPE/' "$dir/xml" >"$dir/typo.xml"
is "an error ends with 1" exits 1 "$dmbox" lint "$dir/typo.xml"
finding() {
	grep -q "^$dir/typo.xml:[0-9]*: error: NAPDEF/NAP-ADRTYPE: " "$dir/out"
}
is "and is told with file, line and place" finding
is "encode tells it and encodes all the same" exits 0 "$dmbox" encode \
	bootstrap --xml "$dir/typo.xml" --sec none --format wbxml
is "on standard error" says 'error: NAPDEF/NAP-ADRTYPE: '
lint_json() {
	"$dmbox" lint --json "$dir/typo.xml" |
		jq -e '.[] | select(.severity == "error") | .line' >/dev/null
}
is "lint --json is for programs" lint_json
is "what cannot be read is an error" exits 1 "$dmbox" lint - </dev/null
echo '<a>' >"$dir/broken.xml"
is "so is broken XML" exits 1 "$dmbox" lint "$dir/broken.xml"
is "no file is a mistake in the usage" exits 64 "$dmbox" lint
is "so is one that does not exist" exits 64 "$dmbox" lint "$dir/nonesuch"
vector dm12-inbox-tnds-userpin .xml >"$dir/dm.xml"
is "DM profiles are linted, too" exits 0 "$dmbox" lint "$dir/dm.xml"

# ------------------------------- refusals -------------------------------

# refuses TEXT OPTION...: encode, with status 64 and these words
refuses() {
	local text=$1
	shift

	exits 64 "$dmbox" encode bootstrap --format wsp "$@" && says "$text" &&
		[ ! -s "$dir/out" ]
}
doc=(--xml "$dir/xml")
is "a document must come" refuses 'document: 0 came' --sec none
is "only one" refuses 'document: 2 came' "${doc[@]}" --wbxml-hex 030b6a00 \
	--sec none
is "sec is required" refuses 'sec: missing' "${doc[@]}"
is "NETWPIN needs an IMSI" refuses 'imsi: ' "${doc[@]}" --sec NETWPIN
is "USERPIN needs a PIN" refuses 'pin: ' "${doc[@]}" --sec USERPIN
is "an IMSI has 6 to 15 digits" refuses 'imsi: ' "${doc[@]}" --sec NETWPIN \
	--imsi 12345
is "and is not told again" bash -c "! grep -q 12345 '$dir/err'"
is "what is only for dmboxd is refused" refuses 'expires-s: nothing is sent' \
	"${doc[@]}" --sec none --expires-s 5
cat >"$dir/bomb.xml" <<'END'
<!DOCTYPE a [<!ENTITY b "bbbbbbbb"><!ENTITY c "&b;&b;&b;&b;&b;&b;">]>
<wap-provisioningdoc><characteristic type="&c;"/></wap-provisioningdoc>
END
is "entities are refused" refuses 'xml: ' --xml "$dir/bomb.xml" --sec none
is "help is no mistake" exits 0 "$dmbox" encode bootstrap --help
helped() { grep -q -- '--sec ' "$dir/out" && grep -q -- '--set ' "$dir/out"; }
is "and names the options" helped

tap_end
