#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Firmware updates that go wrong, each in its own way, through a real bearerbox,
# dmboxd and the example DM server: what becomes of the job, and in which words.
. "${srcdir:-.}/tests/stage.sh"
. "${srcdir:-.}/tests/tap.sh"

devices=()			# their names
declare -A number job

# device NAME [OPTION...]: another, with these lines in its section
device() {
	local name=$1 digits=$((491700000300 + ${#devices[@]}))
	shift

	devices+=("$name")
	number[$name]=+$digits
	cat >>"$stage/devices.conf" <<-END
	device "+$digits" {
		server-id = "com.example.dms"
		password = "server-secret-$digits"
		nonce-text = "nonce-$digits"
		server-url = "http://127.0.0.1:$dm_port/dm"
		user-password = "device-secret-$digits"
		model = "M1"
		retry-ms = 200
		restart-ms = 300
		$(printf '%s\n' "$@")
	}
	END
	echo "$name,+$digits,com.example.dms,server-secret-$digits,nonce-$digits" \
		>>"$stage/registry.csv"
	jq -nc --arg id $digits --arg name "$name" '{
		device: $name, msisdn: "+\($id)", "dm-version": "1.2",
		"dev-id": "MSISDN:\($id)",
		account: {
			"client-name": "MSISDN:\($id)",
			"client-password": "device-secret-\($id)",
			"server-id": "com.example.dms",
			"server-password": "server-secret-\($id)",
			"server-nonce": ("nonce-\($id)" | @base64)
		}
	}' >>"$stage/fleet.jsonl"
}

dmbox() {
	"$stage_bin/dmbox" "$@" --json
}

# order PACKAGE DEVICE...
order() {
	local device

	for device in "${@:2}"; do
		"$stage_bin/dm-server" -c "$stage/dm-server.conf" \
			--update "$device" --package "$1" --version 2.0 \
			>/dev/null || exit 1
	done
}

# says DEVICE EVENT [CONDITION]: the DM server, within some seconds
says() {
	stage_wait 30 stage_dm_server_says \
		".device == \"$1\" and .event == \"$2\" and (${3-true})" ||
		{ explain "$1"; false; }
}

# did DEVICE CONDITION: an event of it in the emulator, within some seconds
did() {
	stage_wait 30 stage_has_event \
		".device == \"${number[$1]}\" and ($2)" ||
		{ explain "$1"; false; }
}

# n_events DEVICE CONDITION
n_events() {
	stage_events "select(.device == \"${number[$1]}\" and ($2))" | wc -l
}

explain() {
	jq -c "select(.device == \"$1\")" "$stage/dm_server.out" | sed 's/^/# /'
	stage_events "select(.device == \"${number[$1]}\")" | sed 's/^/# /'
	[ -z "${job[$1]-}" ] || dmbox job get "${job[$1]}" | sed 's/^/# /'
}

# The job of its notification, once it is woken.
find_job() {
	says "$1" notify.sent || exit 1
	job[$1]=$(jq -r "select(.device == \"$1\" and
		.event == \"notify.sent\") |
		.text | capture(\"job (?<job>[0-9]+)\").job" \
		"$stage/dm_server.out" | tail -n 1)
}

job_is() {
	dmbox job get "${job[$1]}" | jq -e "$2" >/dev/null
}

# ends DEVICE RESULT WORDS: so does its job
ends() {
	stage_wait 30 job_is "$1" ".state == \"done\" and
		.reached == \"session\" and .result == $2 and
		.\"result-text\" == \"$3\"" || { explain "$1"; false; }
}

# told DEVICE: the results that events of its job have
told() {
	jq -c "select(.job == \"${job[$1]}\" and has(\"result\")) |
		.result" "$stage/watch.out"
}

# ---------------------------------- devices ----------------------------------

stage_begin . "${srcdir:-.}"
dm_port=$(stage_port)
mkdir "$stage/state" "$stage/packages"
echo "device,msisdn,server-id,password,nonce-text" >"$stage/registry.csv"
device good
device cancels 'confirms = true' 'answers = no'
device waits 'confirms = true' 'fault("user-never 1x")'
device corrupted 'fault("corrupted")'
device mismatch
device full 'fault("no-space")'
device small 'fault("no-memory")'
device broken 'fault("install-fails")'
device battery 'fault("battery 40")'
device tunnel 'fault("network-lost 30")' 'fault("network-lost 60")'
device offline 'fault("network-lost 0")'
device busy 'fault("http-status 503 1x")'
device down 'fault("http-status 503")'
device vendor 'fault("result 455")'
device special 'fault("result 251")'
device twice 'fault("report-twice")'
device silent 'fault("report-never")'
device late 'fault("report-late 500")'
device killed 'fault("network-lost 50")' 'retry-ms = 3600000'

# One connection: who waits for his next try must not hold it.
stage_emulator "" --state-dir "$stage/state" --connections 1 && stage_bearerbox &&
	stage_dmboxd || exit 1
stage_wait 60 stage_link_is_up || exit 1
"$stage_bin/dmbox" device import "$stage/registry.csv" >/dev/null || exit 1
stage_start watch "$stage_bin/dmbox" watch --after 0 --json
{ echo 'dmbox-firmware 2.0 M1'; head -c 100000 /dev/urandom; } \
	>"$stage/packages/fw-2.0.bin"
echo 'dmbox-firmware 2.0 M2' >"$stage/packages/other.bin"
stage_dm_server "fleet = \"$stage/fleet.jsonl\"" || exit 1

order other.bin mismatch
for device in "${devices[@]}"; do
	[ "$device" = mismatch ] || order fw-2.0.bin "$device"
done
for device in "${devices[@]}"; do
	find_job "$device"
done

# ---------------------------------- results ----------------------------------

is "an update goes well" ends good 200 success
is "a user does not want it" ends cancels 401 "cancelled by the user"
is "a package is corrupted" ends corrupted 402 "the package is corrupted"
is "one is for another model" ends mismatch 403 \
	"the package does not fit the device"
is "there is no room for one" ends full 501 "no memory for the download"
is "or not to install it" ends small 502 "no memory for the update"
is "an installation fails" ends broken 410 "the update failed"
is "there is no connection, however often it is tried" ends offline 503 \
	"network failure"
is "the package's server is down for ever" did down \
	'.event == "download.failed" and .result == 500'
is "which is told, too" ends down 500 \
	"the update or the download server failed"
is "or once, which nobody notices" ends busy 200 success
is "a vendor's code is a failure" ends vendor 455 \
	"client error, with a code of the vendor's"
is "the DM server takes it for one" says vendor update.failed
is "or a success" ends special 251 "success, with a code of the vendor's"
is "which it is to the DM server, too" says special update.done
is "a result that comes late is taken" ends late 200 success

# --------------------------------- downloads ---------------------------------

is "a device whose battery was pulled is updated" ends battery 200 success
is "it was off" did battery '.event == "device.off"'
is "and went on where it was" did battery '.event == "download.resumed" and
	(.octets >= 40000) and .octets < 50000'
is "the web server has sent the rest only" stage_dm_server_says \
	'.event == "package.sent" and
	(.text | test("octets from 4[0-9]{4}$"))'
is "what one has got in a tunnel and another is not lost" ends tunnel 200 \
	success
is "it went on each time" [ "$(n_events tunnel \
	'.event == "download.resumed"')" = 2 ]

# ---------------------------------- reports ----------------------------------

is "a result that comes twice is one" ends twice 200 success
told_twice() {
	[ "$(n_events twice '.event == "report.sent"')" = 2 ]
}
is "though it came twice" stage_wait 20 told_twice
is "the job has heard it once" [ "$(told twice)" = 200 ]
is "nobody complains" eval '! grep -F twice "$stage/dm_server.out" |
	grep -E "error|fail|refused"'
no_result() {
	job_is silent '.state == "done" and .reached == "session" and
		has("session-started") and (has("result") | not)'
}
is "a device that does not tell its result is installed" did silent \
	'.event == "update.installed"'
is "its job knows that it came, and no more" no_result
is "a user who does not answer" did waits '.event == "download.declined" and
	.user == "never"'
is "leaves the job without a result, too" job_is waits \
	'.reached == "session" and (has("result") | not)'

# ---------------------------------- kill -9 ----------------------------------

is "a download is half-way" did killed '.event == "download.interrupted"'
stage_stop emulator KILL 2>/dev/null
: >"$stage/emulator.out"
sed -i '/user-never/d' "$stage/devices.conf"
stage_emulator || exit 1
is "what has come outlives the emulator" did killed \
	'.event == "download.resumed" and .octets >= 50000'
is "its update ends as if nothing had been" ends killed 200 success
is "and its part is gone" [ ! -e "$stage/state/${number[killed]#+}.part" ]
is "who was asked is asked again, and agrees" ends waits 200 success

is "no secret is in any log" eval \
	'! grep -aE "(server|device)-secret" "$stage"/*.out'
tap_end
