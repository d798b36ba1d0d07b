#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Bootstraps from dmbox to new emulated devices, through a real bearerbox.
. "${srcdir:-.}/tests/stage.sh"
. "${srcdir:-.}/tests/tap.sh"

server_id=dm.example.com
imsi=310150123456789
secret=Sup3rSecr3tPw
nonce=c2VydmVybm9uY2Ux		# "servernonce1"
account=(--set server-id=$server_id --set name=Example
	--set addr=https://dm.example.com/dm
	--set client-name=device42 --set client-password=clientpw
	--set client-nonce=Y2xpZW50bm9uY2Ux
	--set server-password=$secret --set server-nonce=$nonce)

stage_begin . "${srcdir:-.}"

# device NUMBER LINE...: a device that nobody has bootstrapped
device() {
	printf 'device "%s" {\n' "$1"
	shift
	printf '\t%s\n' "$@" '}'
}

bootstrap() {
	"$stage_bin/dmbox" bootstrap --json "$@" 2>"$stage/err"
}

# until_job JOB: waits for its end and prints it
until_job() {
	timeout 30 "$stage_bin/dmbox" job watch "$1" --json | tail -n 1
}

# bootstraps JQ-CONDITION OPTION...: a bootstrap whose job ends like that
bootstraps() {
	local condition=$1 answer
	shift

	answer=$(bootstrap "$@") || {
		cat "$stage/err"
		return 1
	}
	job=$(jq -r .job <<<"$answer")
	until_job "$job" | jq -e "$condition" >/dev/null || {
		until_job "$job"
		return 1
	}
}

# told DEVICE EVENT [JQ-CONDITION]
told() {
	stage_wait 10 stage_has_event ".device == \"$1\" and
		.event == \"$2\" and (${3-true})"
}

notify() {
	"$stage_bin/dmbox" notify --json --to "$1" --server-id $server_id \
		--password $secret --nonce $nonce >/dev/null
}

refuses() {
	local status=$1 text=$2
	shift 2

	bootstrap "$@" >"$stage/out"
	[ $? -eq "$status" ] && grep -qF -- "$text" "$stage/err" || {
		cat "$stage/err"
		return 1
	}
}

internet=$stage/internet.xml
jq -r '.vectors[] | select(.name == "cp-internet-userpin") | .xml' \
	"$stage_src/tests/vectors/bootstrap.json" >"$internet"
oob=$("$stage_bin/dmbox" encode bootstrap --xml "$internet" --format mac \
	--sec USERPINMAC --pin 50317 2>&1 >/dev/null |
	sed -n 's/^out-of-band-pin: //p')

wm6=+491700000601
wm5=+491700000501
dm12=+491700000120
dm112=+491700000112
plain=+491700000001
{
	device $wm6 "imsi = \"$imsi\"" 'pin = "4711"' \
		'quirks = "windows-mobile-6"'
	device $wm5 "imsi = \"$imsi\"" 'pin = "4711"' \
		'quirks = "windows-mobile-5"' 'dm-version = "1.1.2"'
	device $dm12 "imsi = \"26201123456789\"" 'quirks = "mediatek"'
	device $dm112 'pin = "1234"' 'dm-version = "1.1.2"'
	device $plain "pin = \"$oob\""
} >"$stage/devices.conf"

stage_emulator || exit 1
stage_bearerbox || exit 1
stage_dmboxd || exit 1
stage_wait 60 stage_link_is_up || exit 1

notify $wm6
is "a new device refuses notifications" \
	told $wm6 notification.refused '.reason | contains("no account")'
is "a Windows Mobile 6 account reaches it, in several SMS" \
	bootstraps '.state == "done" and .segments > 3 and .method ==
		"bootstrap" and ."segments-delivered" == .segments' \
	--to $wm6 --profile windows-mobile-6 "${account[@]}" \
	--sec USERNETWPIN --imsi $imsi --pin 4711 --quirks windows-mobile-6
is "the device applies it" \
	told $wm6 bootstrap.applied ".\"server-id\" == \"$server_id\""
notify $wm6
is "from then on it verifies notifications" \
	told $wm6 notification.verified ".\"server-id\" == \"$server_id\""

is "a Windows Mobile 5 account works, too" \
	bootstraps '.state == "done"' --to $wm5 --profile windows-mobile-5 \
	"${account[@]}" --sec USERPIN --pin 4711 --quirks windows-mobile-5
is "with the PIN alone" told $wm5 bootstrap.applied '.sec == "USERPIN"'

is "so does a DM 1.2 account of the DM profile, by TNDS" \
	bootstraps '.state == "done"' --to $dm12 --profile dm12-tnds \
	"${account[@]}" --set device-id=IMEI:1 --sec NETWPIN --imsi 26201123456789 --quirks mediatek
is "with an IMSI of 14 digits, made as that client does" \
	told $dm12 bootstrap.applied '.kind == "dm-1.2"'
notify $dm12
is "and it verifies notifications" told $dm12 notification.verified
is "so does a DM 1.1.2 account of the DM profile" \
	bootstraps '.state == "done"' --to $dm112 --profile dm112 \
	"${account[@]}" --set device-id=IMEI:1 --sec USERPIN --pin 1234
notify $dm112
is "which verifies notifications, too" told $dm112 notification.verified

is "an access point needs no account; the user types the long PIN" \
	bootstraps '.state == "done"' --to $plain --xml "$internet" \
	--sec USERPINMAC --pin 50317
is "the device applies it" told $plain bootstrap.applied '.sec == "USERPINMAC"'

is "a wrong PIN is delivered" \
	bootstraps '.state == "done"' --to $wm5 --xml "$internet" \
	--sec USERPIN --pin 9999
is "and refused by the device" told $wm5 bootstrap.refused
is "a wrong IMSI is delivered" \
	bootstraps '.state == "done"' --to $wm6 --xml "$internet" \
	--sec NETWPIN --imsi 310150123456780
is "and refused by the device" told $wm6 bootstrap.refused

random_pin() {
	bootstrap --to $plain --xml "$internet" --sec USERPINMAC |
		jq -e '."out-of-band-pin" | test("^[0-9]{10}$")' >/dev/null
}
is "without a K the answer has a PIN for the user" random_pin
is "unsigned is refused unless the configuration allows it" \
	refuses 64 'sec: "none"' --to $plain --xml "$internet" --sec none
http=("${account[@]/https:/http:}")
is "what a device would refuse is refused" \
	refuses 64 'document: ' --to $wm6 --profile generic "${http[@]}" \
	--sec USERPIN --pin 4711 --quirks windows-mobile-6
is "unless it is forced" \
	bootstraps '.state == "done"' --to $wm6 --profile generic "${http[@]}" \
	--sec USERPIN --pin 4711 --quirks windows-mobile-6 --force
dry_run() {
	bootstrap --to $wm6 --xml "$internet" --sec USERPIN --pin 1234 \
		--dry-run | jq -r .mac >"$stage/mac"
	[ "$(cat "$stage/mac")" = C3C80ADFFD0A3057FCE3492EEF74407B505FA350 ]
}
is "a dry run shows the MAC and sends nothing" dry_run

# api METHOD PARAMS: as any client would ask
api() {
	printf '{"jsonrpc":"2.0","id":1,"method":"%s","params":%s}\n' "$@" |
		socat -t 5 - "UNIX-CONNECT:$DMBOX_SOCKET"
}
decodes() {
	local hex

	hex=$("$stage_bin/dmbox" encode bootstrap --xml "$internet" \
		--sec USERPIN --pin 1234 --format sms 2>/dev/null |
		tr -d ' ' | jq -cRn '[inputs]')
	api decode "{\"hex\":$hex,\"pin\":\"1234\"}" |
		jq -e '.result.status == "ok" and
			(.result.messages[0].bootstrap.document |
				contains("value=\"***\""))' >/dev/null
}
is "the API decodes it, too, without its secrets" decodes
lists_findings() {
	api bootstrap "$(jq -cn --arg to "$wm6" '{to: $to, sec: "USERPIN",
		pin: "4711", xml: "<wap-provisioningdoc/>"}')" |
		jq -e '.error.code == -32602 and
			(.error.data.findings | length) > 0' >/dev/null
}
is "a refusal lists what was found" lists_findings

# Without reports they would wait for: the last one, too, has ended.
all_ended() {
	"$stage_bin/dmbox" job list --json | jq -e '[.jobs[] | select(.state |
		IN("waiting", "sending", "pushed"))] | length == 0'
}
is "all jobs end" stage_wait 20 all_ended
wiped() {
	! grep -aq "$secret\|$nonce" "$stage"/dmbox.db*
}
is "no octet of a bootstrap stays in the queue" stage_wait 10 wiped
stage_stop dmboxd
is "no secret is in the log" \
	sh -c "! grep -aqE '$secret|$nonce|clientpw|$imsi|50317' '$stage/dmboxd.out'"
tap_end
