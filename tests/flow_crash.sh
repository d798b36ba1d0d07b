#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# dmboxd and bearerbox die in mid-run: no job that was accepted is lost. What
# was accepted is read from the client's answers, what arrived from the
# emulator's events, never from our own database.
. "${srcdir:-.}/tests/stage.sh"
. "${srcdir:-.}/tests/tap.sh"

n_jobs=${FLOW_JOBS-600}
nonce=101112131415161718191a1b1c1d1e1f

# One device per job: what arrived is told from the number.
devices() {
	local i

	for ((i = 0; i < n_jobs; i++)); do
		printf 'device "+4917%08d" {\n' $i
		printf 'dm-version = "1.2"\nserver-id = "com.example.dms"\n'
		printf 'password = "srvpwd"\nnonce-hex = "%s"\n}\n' $nonce
	done
}

# Requests first..last, slowly enough that a kill comes in between.
requests() {
	local i

	for ((i = $1; i <= $2; i++)); do
		printf '{"jsonrpc":"2.0","id":%d,"method":"notify","params":{' $i
		printf '"to":"+4917%08d","server-id":"com.example.dms",' $i
		printf '"password":"srvpwd","nonce-hex":"%s"}}\n' $nonce
		((i % 20)) || sleep 0.02
	done
}

# Sends requests and adds the ids of accepted ones to the ledger.
load() {
	requests "$1" "$2" 2>/dev/null |
		socat -t 5 - "UNIX-CONNECT:$DMBOX_SOCKET" 2>/dev/null |
		jq -r 'select(.result) | .id' >>"$stage/ledger"
}

# Numbers of devices whose notification was verified, once each time.
arrived() {
	stage_events -r 'select(.event == "notification.verified") | .device' |
		sed 's/^+49170*\([0-9]\)/\1/'
}

lost() {
	comm -23 <(sort -u "$stage/ledger") <(arrived | sort -u)
}

nothing_lost() {
	[ -z "$(lost)" ]
}

# More than one notification for a device, added up.
n_extra() {
	echo $(($(arrived | wc -l) - $(arrived | sort -u | wc -l)))
}

live_jobs() {
	"$stage_bin/dmbox" status --json |
		jq '.jobs.waiting + .jobs.sending + .jobs.pushed'
}

all_ended() {
	[ "$(live_jobs)" = 0 ]
}

# What bearerbox itself loses in its restart is found by nobody yet: a job may
# wait for its report until it expires.
all_taken() {
	[ "$("$stage_bin/dmbox" status --json |
		jq '.jobs.waiting + .jobs.sending')" = 0 ]
}

all_arrived() {
	stage_wait 30 nothing_lost || show_lost
}

show_lost() {
	nothing_lost || {
		echo "# lost: $(lost | tr '\n' ' ')"
		return 1
	}
}

kill_dmboxd() {
	stage_stop dmboxd KILL
	stage_dmboxd_start || exit 1
}

restart_bearerbox() {
	stage_stop bearerbox "$1"
	stage_bearerbox_start || exit 1
}

stage_begin . "${srcdir:-.}"
devices >"$stage/devices.conf"
window=20
stage_emulator && stage_bearerbox durable && stage_dmboxd || exit 1
stage_wait 20 stage_link_is_up || exit 1

third=$((n_jobs / 3))
load 0 $((third - 1)) &
loader=$!
sleep 0.3
kill_dmboxd
wait $loader
is "something was accepted before the kill" [ -s "$stage/ledger" ]
stage_wait 20 stage_link_is_up
is "every job that was accepted before kill -9 ends" stage_wait 30 all_ended
is "and its notification arrived" show_lost
is "a kill sends at most a window again" [ "$(n_extra)" -le "$window" ]

load $third $((2 * third - 1)) &
loader=$!
sleep 0.3
restart_bearerbox TERM
wait $loader
is "after a restart of bearerbox all jobs are taken" stage_wait 40 all_taken
is "and each notification arrives" all_arrived

load $((2 * third)) $((n_jobs - 1)) &
loader=$!
sleep 0.2
restart_bearerbox KILL
wait $loader
stage_wait 40 stage_link_is_up
is "after bearerbox was killed all jobs are taken" stage_wait 60 all_taken
is "what came while bearerbox was away was accepted" \
	[ "$(sort -u "$stage/ledger" | wc -l)" -ge $((2 * third)) ]
is "dmboxd still ends in order" stage_stop dmboxd
tap_end
