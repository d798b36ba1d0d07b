#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What becomes of a job when the SMSC misbehaves.
. "${srcdir:-.}/tests/stage.sh"
. "${srcdir:-.}/tests/jobs.sh"
. "${srcdir:-.}/tests/tap.sh"

nonce=101112131415161718191a1b1c1d1e1f
n_devices=0
declare -A number

# device NAME: the next one
device() {
	n_devices=$((n_devices + 1))
	number[$1]=+4917000$((1000 + n_devices))
}

# misbehave NAME FAULT...: for the SMS of the next device
misbehave() {
	device "$1"
	tell "fault ${number[$1]} ${*:2}"
}

send() {
	job[$1]=$(dmbox notify --to "${number[$1]}" \
		--server-id com.example.dms --password srvpwd \
		--nonce-hex $nonce | jq -r .job)
}

n_events() {
	stage_events "select(.device == \"${number[$1]}\" and
		.event == \"$2\")" | wc -l
}

has_met() {
	[ "$(n_events "$1" fault.hit)" -ge 1 ]
}

devices() {
	local i

	for ((i = 1001; i < 1030; i++)); do
		cat <<-END
		device "+4917000$i" {
			server-id = "com.example.dms"
			password = "srvpwd"
			nonce-hex = "$nonce"
		}
		END
	done
}

stage_begin . "${srcdir:-.}"
devices >"$stage/devices.conf"
stage_emulator "" --control "$stage/control" --seed 1 && stage_bearerbox &&
	stage_dmboxd "attempt-first-s = 3" "attempt-factor = 1" \
		"attempts-max = 50" || exit 1
stage_wait 60 stage_link_is_up || exit 1

# Each fault is in one of these groups. All are sent before anything is waited
# for: so their attempts pass at the same time.
refused_for_now=(RTHROTTLED RMSGQFUL RSYSERR RX_T_APPN)
refused=(RINVDSTADR RX_P_APPN RX_R_APPN)
tried_again=(RSUBMITFAIL EXPIRED UNDELIV UNKNOWN ACCEPTD lost early)
gone=(DELETED REJECTD)
for fault in "${refused_for_now[@]}" "${tried_again[@]}" duplicate; do
	misbehave $fault $fault 1x
done
for fault in "${refused[@]}" "${gone[@]}"; do
	misbehave $fault $fault
done
misbehave late late 4000 1x
misbehave slow slow 1500 1x
for name in "${!number[@]}"; do
	send "$name"
done
for name in "${refused_for_now[@]}"; do
	is "an SMS that is refused for now ($name) is delivered later" \
		becomes "$name" '.state == "done" and .reached == "delivered"'
done
for name in "${refused[@]}"; do
	is "one that is refused for good ($name) fails" \
		becomes "$name" '.state == "failed" and .attempt <= 2'
done
for name in "${gone[@]}"; do
	is "so does one that is reported as gone ($name)" \
		becomes "$name" ".state == \"failed\" and .attempt <= 2 and
			(.reason | contains(\"$name\"))"
done
for name in "${tried_again[@]}"; do
	is "one that is not delivered this time ($name) is tried again" \
		becomes "$name" '.state == "done" and
			.reached == "delivered" and .attempt >= 2'
done
is "a receipt that comes twice does no harm" becomes duplicate \
	'.state == "done" and .reached == "delivered"'
is "one that is late counts, too" becomes late \
	'.state == "done" and .reached == "delivered"'
is "so does one of an SMS that is answered slowly" becomes slow \
	'.state == "done" and .reached == "delivered"'
every_fault_was_met() {
	local name

	for name in "${!number[@]}"; do
		has_met "$name" || return 1
	done
}
is "all of that has happened" every_fault_was_met

for fault in drop drop-taken drop-answered; do
	misbehave $fault $fault 1x
	send $fault
	is "a connection that breaks ($fault) does no harm" becomes $fault \
		'.state == "done" and .reached == "delivered"'
done
is "the SMS that was taken but not answered came twice" \
	[ "$(n_events drop-taken notification.verified)" -ge 2 ]

device stop
tell stop
send stop
is "an SMSC that stands still gets nothing delivered" \
	becomes stop '.state == "pushed"'
sleep 1
is "and its device nothing" [ "$(n_events stop sms.received)" = 0 ]
tell continue
is "until it goes on" becomes stop \
	'.state == "done" and .reached == "delivered"'

tell clear
send REJECTD
is "without rules all goes well" becomes REJECTD \
	'.state == "done" and .reached == "delivered"'
stage_stop dmboxd
is "SIGTERM ends dmboxd with 0" [ "$stage_status" = 0 ]
tap_end
