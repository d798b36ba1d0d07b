#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Devices are pushed again until their session has started.
. "${srcdir:-.}/tests/stage.sh"
. "${srcdir:-.}/tests/jobs.sh"
. "${srcdir:-.}/tests/tap.sh"

nonce=101112131415161718191a1b1c1d1e1f
on=+491700000120
off=+491700000121
third=+491700000122	# comes after the third push
swapping=+491700000123	# swaps the octets of its session id
client=+491700000124	# begins a session of its own
late=+491700000125	# comes four seconds later
update=org.openmobilealliance.dm.firmwareupdate.update

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
	devices_that_come >>"$stage/devices.conf"
}

# device NUMBER FIELD...: one that comes to its DM server by itself
device() {
	printf 'device "%s" {\n' "$1"
	printf 'server-id = "com.example.dms"\npassword = "srvpwd"\n'
	printf 'nonce-hex = "%s"\n' $nonce
	printf '%s\n' "${@:2}" '}'
}

devices_that_come() {
	device $third 'comes-after = 3' 'comes-delay-ms = 50' \
		'session-lasts-ms = 200' 'result = 200' "alert-type = '$update'"
	device $swapping 'comes-after = 1' 'quirks = "libdmclient"'
	device $client 'comes-after = 2'
	device $late 'comes-after = 1' 'comes-delay-ms = 4000'
}

notify() {
	dmbox notify --server-id com.example.dms --password srvpwd \
		--nonce-hex $nonce "$@" | jq -r .job
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
stage_emulator "" --report-to "$stage/dmbox.sock" && stage_bearerbox &&
	stage_dmboxd "attempt-first-s = 1" "attempt-factor = 1" \
		"attempts-max = 50" || exit 1
stage_wait 60 stage_link_is_up || exit 1

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
is "and has brought no result so far" job_is "$job" \
	'."result-text" == "none so far: its session has not ended"'
is "and that is its end" job_is "$job" '.state == "done" and
	.reached == "session" and (."session-started" | length) > 0'
n=$(n_verified $on)
sleep 3
is "it is left in peace" [ "$(n_verified $on)" -le $((n + 1)) ]
is "the result comes later, in another session" \
	dmbox session report --to $on --event ended --session-id 1 \
	--result 200 --alert-type $update
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
	jq -se 'any(.[]; .event == "session.ended" and .result == 200 and
		."result-text" == "success" and ."session-id")' \
		<"$stage/events" >/dev/null
}
is "its events tell all of it" events_tell_all
unknown() {
	! dmbox session report --to $off --event started 2>"$stage/err" &&
		grep -q 'no job of this device' "$stage/err"
}
is "a report that nobody waits for is refused" unknown
job=$(notify --to $on --until session)
becomes "$job" '.reached == "delivered"' || exit 1
dmbox job cancel "$job" >/dev/null
is "who cancels a job is told" job_is "$job" \
	".reason == \"cancelled by client $(id -u)\""
job=$(notify --to $on --until session --expires-s 2)
is "a device that gets it and does not come, either" becomes "$job" \
	'.state == "expired" and (.reason | test("^[0-9]+ attempts?, " +
	"delivered, and no session came: the device is off the data"))'
is "its event says the same" [ "$(timeout 3 "$stage_bin/dmbox" watch \
	--after 0 --job "$job" --json | jq -r 'select(.event == "job.expired") |
	.reason')" = "$(dmbox job get "$job" | jq -r .reason)" ]
job=$(notify --to $off --expires-s 2)
is "one that never gets it, with the last report" becomes "$job" \
	'.state == "expired" and (.reason | test("^[0-9]+ attempts?, not " +
	"delivered by the network [(]last report: .*UNDELIV"))'

# n_counted DEVICE: notifications that brought it nearer to its session
n_counted() {
	stage_events "select(.device == \"$1\" and .counted > 0)" | wc -l
}

counted_times() {
	[ "$(n_counted "$1")" -ge "$2" ]
}

# session DEVICE EVENT: what the emulator did last
session() {
	stage_events "select(.device == \"$1\" and .event == \"$2\")" |
		tail -n 1
}

session_is() {
	session "$1" "$2" | jq -e "$3" >/dev/null
}

# id_of JOB: the session id of its notification
id_of() {
	dmbox job get "$1" | jq '."session-id"'
}

job=$(notify --to $third --until session)
is "a device comes after the third push, and the loop closes by itself" \
	becomes "$job" '.state == "done" and .reached == "session"'
is "it was pushed three times before" [ "$(n_counted $third)" = 3 ]
is "the device opened the session that the notification named" \
	session_is $third session.started ".\"session-id\" == $(id_of "$job")"
is "how its update went comes at the end of its session" becomes "$job" \
	'.result == 200 and ."result-text" == "success" and
	(."session-ended" | length) > 0'
job=$(notify --to $swapping --until session)
is "a session id with its octets swapped is known again" \
	becomes "$job" '.state == "done" and .reached == "session"'
id=$(id_of "$job")
is "they were swapped" session_is $swapping session.started \
	".\"session-id\" == $((id % 256 * 256 + id / 256))"
job=$(notify --to $client --until session --initiator client)
is "a session that the client began itself ends the pushing, too" \
	becomes "$job" '.state == "done" and .reached == "session"'
is "it had an id of its own" session_is $client session.started \
	".\"session-id\" == 1"
n_pushes() {
	echo $(($(n_verified $third) + $(n_verified $swapping) +
		$(n_verified $client)))
}
n=$(n_pushes)
sleep 3
is "none of them is pushed any more" [ "$(n_pushes)" -le $((n + 3)) ]

job=$(notify --to $late --until session)
is "a device is on its way" stage_wait 15 counted_times $late 1
stage_stop dmboxd
is "when dmboxd is away, its DM server says so" stage_wait 20 \
	stage_has_event '.event == "dmboxd.away"'
stage_dmboxd_start || exit 1
is "and reports the session when dmboxd is back" \
	becomes "$job" '.state == "done" and .reached == "session"'
job=$(notify --to $late --until session)
is "it is on its way again" stage_wait 15 counted_times $late 2
dmbox job cancel "$job" >/dev/null
is "a report that comes too late is refused" stage_wait 20 \
	stage_has_event ".event == \"report.refused\" and
	.device == \"$late\" and .code == -32002"
stage_wait 60 stage_link_is_up || exit 1

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
