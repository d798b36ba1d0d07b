#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Devices are pushed again until their session has started.
. "${srcdir:-.}/tests/stage.sh"
. "${srcdir:-.}/tests/tap.sh"

nonce=101112131415161718191a1b1c1d1e1f
on=+491700000120
off=+491700000121

# devices RECEIPT: one that is on, and one whose SMS end like that
devices() {
	local receipt=DELIVRD number

	for number in $on $off; do
		[ $number = $on ] || receipt=$1
		cat <<-END
		device "$number" {
			dm-version = "1.2"
			server-id = "com.example.dms"
			password = "srvpwd"
			nonce-hex = "$nonce"
			receipt = "$receipt"
		}
		END
	done >"$stage/devices.conf"
}

dmbox() {
	"$stage_bin/dmbox" "$@" --json
}

notify() {
	dmbox notify --server-id com.example.dms --password srvpwd \
		--nonce-hex $nonce "$@" | jq -r .job
}

# job_is JOB JQ-CONDITION: now
job_is() {
	dmbox job get "$1" | jq -e "$2" >/dev/null
}

# becomes JOB JQ-CONDITION: within some seconds
becomes() {
	stage_wait 15 job_is "$1" "$2" || {
		dmbox job get "$1"
		return 1
	}
}

# n_verified DEVICE: notifications that it got
n_verified() {
	stage_events "select(.device == \"$1\" and
		.event == \"notification.verified\")" | wc -l
}

verified_times() {
	[ "$(n_verified "$1")" -ge "$2" ]
}

ids_of() {
	stage_events -r "select(.device == \"$1\" and
		.event == \"notification.verified\") | .\"session-id\"" |
		sort -u | wc -l
}

stage_begin . "${srcdir:-.}"
devices UNDELIV
stage_emulator && stage_bearerbox &&
	stage_dmboxd "attempt-first-s = 1" "attempt-factor = 1" \
		"attempts-max = 50" || exit 1
stage_wait 20 stage_link_is_up || exit 1

job=$(notify --to $on --until session)
is "a device that does not come is pushed again" \
	stage_wait 15 verified_times $on 3
is "with the same session id" [ "$(ids_of $on)" = 1 ]
is "its job has reached delivered, and goes on" \
	becomes "$job" '.reached == "delivered" and .attempt >= 3'
again=$(notify --to $on --until session)
is "another request for it joins that job" [ "$again" = "$job" ]
session=$(dmbox job get "$job" | jq '."session-id"')
report() {
	dmbox session report --to $on --server-id com.example.dms \
		--session-id "$session" "$@" >/dev/null
}
is "its session is reported" report --event started
is "and that is its end" job_is "$job" '.state == "done" and
	.reached == "session" and (."session-started" | length) > 0'
n=$(n_verified $on)
sleep 3
is "it is left in peace" [ "$(n_verified $on)" -le $((n + 1)) ]
is "the result comes later, in another session" \
	dmbox session report --to $on --event ended --session-id 1 \
	--result 200 --alert-type org.openmobilealliance.dm.firmwareupdate.update
is "and is kept in words" job_is "$job" '.result == 200 and
	."result-text" == "success" and .state == "done"'
events_tell_all() {
	local event

	timeout 3 "$stage_bin/dmbox" watch --after 0 --job "$job" --json \
		>"$stage/events"
	for event in job.accepted job.pushed job.delivered session.started \
		job.done session.ended; do
		jq -se "any(.[]; .event == \"$event\")" <"$stage/events" \
			>/dev/null || return 1
	done
	jq -se 'any(.[]; .event == "session.ended" and .result == 200)' \
		<"$stage/events" >/dev/null
}
is "its events tell all of it" events_tell_all
unknown() {
	! dmbox session report --to $off --event started 2>"$stage/err" &&
		grep -q 'no job of this device' "$stage/err"
}
is "a report that nobody waits for is refused" unknown

job=$(notify --to $off)
is "a device that is off is tried again" becomes "$job" '.attempt >= 3'
is "and the job says why" becomes "$job" '.reason | contains("UNDELIV")'
devices DELIVRD
stage_stop emulator
stage_emulator || exit 1
is "when it is on the job is done" becomes "$job" '.state == "done" and
	.reached == "delivered"'
is "the device has got it" stage_wait 5 verified_times $off 1

devices UNDELIV
stage_stop emulator
stage_emulator || exit 1
boot=$(dmbox bootstrap --to $off --profile internet --sec USERPIN --pin 1234 \
	--set apn=internet 2>"$stage/err" | jq -r .job)
job=$(notify --to $off)
is "a notification waits for a bootstrap" becomes "$job" \
	".state == \"waiting\" and .reason == \"waits for bootstrap $boot\""
is "until that has ended" dmbox job cancel "$boot"
is "then it is sent" becomes "$job" '.attempt >= 1'

job=$(notify --to $on --until session --on-busy supersede)
next=$(notify --to $on --until taken --on-busy supersede)
is "a later one supersedes an earlier one" job_is "$job" \
	".state == \"cancelled\" and .reason == \"superseded by job $next\""
is "and is done itself" becomes "$next" '.state == "done"'

stage_stop dmboxd
is "SIGTERM ends dmboxd with 0" [ "$stage_status" = 0 ]
tap_end
