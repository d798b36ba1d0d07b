#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Firmware updates from end to end: the example DM server, dmboxd, a real
# bearerbox and emulated devices of both DM versions, over HTTPS.
. "${srcdir:-.}/tests/stage.sh"
. "${srcdir:-.}/tests/jobs.sh"
. "${srcdir:-.}/tests/tap.sh"

pin=4711
imsi_new=310150123456789
imsi_old=310150123456780

# device NUMBER DM-VERSION CLIENT IMSI ENCODING DEV-ID
device() {
	cat <<-END
	device "$1" {
		dm-version = "$2"
		quirks = "$3"
		imsi = "$4"
		pin = "$pin"
		encoding = "$5"
		dev-id = "$6"
		firmware = "1.0"
		server-url = "bootstrap"
	}
	END
}

# dm_device NAME NUMBER DM-VERSION CLIENT IMSI DEV-ID
dm_device() {
	stage_dm_device "$1" "{\"msisdn\":\"$2\", \"dm-version\":\"$3\",
		\"quirks\":\"$4\", \"profile\":\"$4\", \"imsi\":\"$5\",
		\"dev-id\":\"$6\", \"pin\":\"$pin\", \"sec\":\"USERNETWPIN\"}"
}

# says DEVICE EVENT [CONDITION]: the DM server says so within some seconds
says() {
	stage_wait 30 stage_dm_server_says \
		".device == \"$1\" and .event == \"$2\" and (${3-true})" || {
		sed 's/^/# /' "$stage/dm_server.out"
		tail -n 20 "$stage/emulator.out" | sed 's/^/# /'
		false
	}
}

# order DEVICE PACKAGE VERSION: what was said before is forgotten
order() {
	: >"$stage/dm_server.out"
	"$stage_bin/dm-server" -c "$stage/dm-server.conf" --update "$1" \
		--package "$2" --version "$3" >/dev/null
}

# job_of DEVICE: that of its last notification
job_of() {
	jq -r "select(.device == \"$1\" and .event == \"notify.sent\") |
		.text | capture(\"job (?<job>[0-9]+)\").job" \
		"$stage/dm_server.out" | tail -n 1
}

state() {
	jq -r ".\"$2\"" "$stage/dm/state/$1.json"
}

stage_begin . "${srcdir:-.}"
stage_certificate
{
	device +491700000120 1.2 windows-mobile-6 $imsi_new wbxml IMEI:120
	device +491700000110 1.1.2 windows-mobile-5 $imsi_old xml IMEI:110
} >"$stage/devices.conf"
stage_emulator "" --ca-file "$stage/cert.pem" && stage_bearerbox &&
	stage_dmboxd || exit 1
stage_wait 60 stage_link_is_up || exit 1

mkdir "$stage/packages"
echo 'dmbox-firmware 2.0' >"$stage/packages/fw-2.0.bin"
{ echo 'dmbox-firmware 3.0'; head -c 200000 /dev/urandom; } \
	>"$stage/packages/fw-3.0.bin"
echo 'broken' >"$stage/packages/broken.bin"
dm_device new +491700000120 1.2 windows-mobile-6 $imsi_new IMEI:120
dm_device old +491700000110 1.1.2 windows-mobile-5 $imsi_old IMEI:110

# -------------------------------- new devices --------------------------------

stage_dm_server "certificate = \"$stage/cert.pem\"" \
	"private-key = \"$stage/key.pem\"" || exit 1
for device in new old; do
	is "$device gets its account" says $device job.done \
		'.text | startswith("bootstrap")'
	is "$device is not bootstrapped twice" [ "$(stage_events \
		'select(.event == "bootstrap.applied")' | wc -l)" -le 2 ]
done

# ---------------------------------- updates ----------------------------------

order all fw-2.0.bin 2.0
for device in new old; do
	is "$device is woken" says $device notify.sent
	is "$device comes" says $device session.started \
		'.text | contains("woken by our notification")'
	is "$device begins its update" says $device update.started \
		'.text | startswith("has version 1.0")'
	is "$device tells its result" says $device update.done \
		'.text | contains("result 200")'
	is "$device has the new version" says $device session.ended \
		'.text | contains("firmware is 2.0")'
	is "the job of $device has the result" becomes "$(job_of $device)" \
		'.state == "done" and .reached == "session" and
		.result == 200 and ."result-text" == "success"'
done
is "DM 1.2 has told what it was an answer to" job_is "$(job_of new)" \
	'(.correlator | startswith("update-")) and (."alert-type" |
	endswith("firmwareupdate.downloadandupdate"))'
nonce=$(state new server-nonce)
# of REGISTRY-FIELD: what dmboxd has of the device new
of() {
	"$stage_bin/dmbox" device export --show-secrets --format jsonl |
		jq -r "select(.device == \"new\").\"$1\""
}
same_nonce() {
	[ "$(of nonce)" = "$(state new server-nonce)" ]
}
is "dmboxd has the nonce of the last session" stage_wait 10 same_nonce

order new broken.bin 3.0
is "with that the next notification is signed" says new session.started
is "a broken package is reported" says new update.failed \
	'.text | contains("result 402")'
is "the job says it in words" becomes "$(job_of new)" \
	'.result == 402 and (."result-text" | contains("corrupted"))'
is "the device keeps its version" says new session.ended \
	'.text | contains("firmware is 2.0")'
order old fw-2.0.bin 2.0
is "who has the version already is left alone" says old update.done \
	'.text | contains("already")'

# ---------------------------------- restarts ----------------------------------

stage_stop dmboxd
is "SIGTERM ends dmboxd with 0" [ "$stage_status" = 0 ]
order new fw-3.0.bin 3.0
is "an order is taken while dmboxd is away" says new order.taken
stage_stop dm_server KILL
stage_dmboxd_start || exit 1
stage_wait 60 stage_link_is_up || exit 1
meanwhile=$(dmbox notify --to old --until taken | jq -r .job)
becomes "$meanwhile" '.state == "done"' || exit 1
stage_dm_server_start || exit 1
is "after restarts of both it hears what happened meanwhile" \
	says old job.done '.text | startswith("notify")'
is "and the device is woken" says new notify.sent
is "and is updated" says new update.done '.text | contains("result 200")'
is "to the version after the next" says new session.ended \
	'.text | contains("firmware is 3.0")'
is "once" [ "$(stage_events 'select(.event == "notification.verified" and
	.device == "+491700000120")' | jq -s 'map(."session-id") | unique |
	length')" = 3 ]

# -------------------------------- new accounts --------------------------------

: >"$stage/dm_server.out"
stage_stop dm_server KILL
jq '."client-credential" = "" | ."client-nonce" = "" | ."server-nonce" = "" |
	."server-credential" = ""' "$stage/dm/state/old.json" >"$stage/lost"
cp "$stage/lost" "$stage/dm/state/old.json"
stage_dm_server_start || exit 1
is "an account that is lost with an answer" says old bootstrap.lost
is "is made anew" says old bootstrap.sent
is "and the device takes the new one" says old session.started

: >"$stage/dm_server.out"
"$stage_bin/dm-server" -c "$stage/dm-server.conf" --bootstrap new >/dev/null
is "a new account is ordered" says new bootstrap.sent
is "and taken" says new job.done '.text | startswith("bootstrap")'
order new fw-3.0.bin 3.0
is "the device comes with it" says new session.started

# ---------------------------------- secrets ----------------------------------

secrets="$imsi_new|$imsi_old"
for device in new old; do
	for what in client-credential client-nonce server-credential \
		server-nonce; do
		secrets="$secrets|$(state $device $what | sed 's/[+]/\\&/g')"
	done
done
is "no secret is in any log" sh -c "! grep -aqE -e '$secrets' \
	'$stage/dm_server.out' '$stage/dmboxd.out'"
is "and the state is for nobody else" \
	[ "$(stat -c %a "$stage/dm/state/new.json")" = 600 ]
stage_stop dm_server
is "SIGTERM ends the DM server with 0" [ "$stage_status" = 0 ]
tap_end
