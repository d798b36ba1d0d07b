#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What becomes of a job when its device fails: is off or out of reach, has
# forgotten what it needs, or has a user who does not want to.
. "${srcdir:-.}/tests/stage.sh"
. "${srcdir:-.}/tests/jobs.sh"
. "${srcdir:-.}/tests/tap.sh"

nonce=101112131415161718191a1b1c1d1e1f
imsi=310150123456789
n_devices=0
declare -A number

# device NAME FAULT...: one that comes, and whose DM server the emulator plays
device() {
	local fault

	n_devices=$((n_devices + 1))
	number[$1]=+4917000$((2000 + n_devices))
	cat <<-END
	device "${number[$1]}" {
		server-id = "com.example.dms"
		password = "srvpwd"
		nonce-hex = "$nonce"
		comes-after = 1
		result = 200
	END
	for fault in "${@:2}"; do
		echo "fault('$fault')"
	done
	echo "}"
}

# client NAME [OPTION]: one that talks to the example DM server
client() {
	n_devices=$((n_devices + 1))
	number[$1]=+4917000$((2000 + n_devices))
	cat <<-END
	device "${number[$1]}" {
		imsi = "$imsi"
		pin = "4711"
		dev-id = "IMEI:$n_devices"
		server-url = "bootstrap"
		${2-}
	}
	END
	stage_dm_device "$1" "{\"msisdn\":\"${number[$1]}\",
		\"dm-version\":\"1.2\", \"quirks\":\"generic\",
		\"profile\":\"generic\", \"imsi\":\"$imsi\", \"sec\":\"USERNETWPIN\",
		\"dev-id\":\"IMEI:$n_devices\", \"pin\":\"4711\"}"
}

# send NAME [OPTION...]: a notification that is to lead to a session
send() {
	job[$1]=$(dmbox notify --to "${number[$1]}" --until session \
		--server-id com.example.dms --password srvpwd \
		--nonce-hex $nonce "${@:2}" | jq -r .job)
}

# wake NAME [OPTION...]: the same to a registered device
wake() {
	job[$1]=$(dmbox notify --to "$1" --until session "${@:2}" |
		jq -r .job)
}

# was NAME EVENT...: what happened to its job, in this order and no more; but
# for what reports of the SMSC say, which come before or behind the others
was() {
	[ "$(jq -r "select(.job == \"${job[$1]}\").event" "$stage/events" |
		grep -vE 'job.(delivered|waiting)' | uniq | tr '\n' ' ')" = "${*:2} " ]
}

# comes_at_last NAME CONDITION: its job leads to a session
comes_at_last() {
	becomes "$1" '.state == "done" and .reached == "session" and '"$2" &&
		stage_wait 10 was "$1" job.accepted job.pushed session.started \
			job.done session.ended
}

# expires NAME REACHED REASON: without one, and says why, as this regular
# expression has it
expires() {
	becomes "$1" ".state == \"expired\" and .reached == \"$2\" and
		(.reason | test(\"$3\"))" &&
		stage_wait 10 was "$1" job.accepted job.pushed job.expired
}

# happens NAME EVENT [CONDITION]: to the device, within some seconds
happens() {
	stage_wait 20 stage_has_event ".device == \"${number[$1]}\" and
		.event == \"$2\" and (${3-true})"
}

n_events() {
	stage_events "select(.device == \"${number[$1]}\" and
		.event == \"$2\")" | wc -l
}

stage_begin . "${srcdir:-.}"
{
	device off "off 1000 1x"
	device off_longer "off 9000 1x"
	device off_for_ever
	device out_of_reach "out-of-reach 1000 1x"
	device credential forgets-credential
	device ignores ignores
	device ignores_once "ignores 1x"
	device no_data "no-data 1000 1x"
	client forgetful
	client no "fault('user-no')"
	client never "fault('user-never')"
	client late "fault('user-late 1000')"
} >"$stage/devices.conf"
stage_emulator "" --control "$stage/control" --report-to "$DMBOX_SOCKET" &&
	stage_bearerbox && stage_dmboxd "attempt-first-s = 5" \
	"attempt-factor = 1" "attempts-max = 50" || exit 1
stage_wait 60 stage_link_is_up || exit 1
stage_dm_server || exit 1
"$stage_bin/dmbox" watch --json --after 0 >"$stage/events" 2>/dev/null &
watch=$!
stage_others=($watch)
for name in forgetful no never late; do
	is "$name gets its account" happens $name session.ended
done
tell "off ${number[off_for_ever]}"
tell "fault ${number[forgetful]} forgets-nonce 1x"

# All are sent before anything is waited for: so their attempts pass at the same
# time.
for name in off off_longer out_of_reach ignores_once no_data; do
	send $name
done
for name in off_for_ever credential ignores; do
	send $name --expires-s 6
done
wake forgetful --expires-s 6
for name in no never; do
	wake $name --ui-mode user-interaction --expires-s 6
done
wake late --ui-mode user-interaction

# ---------------------------- the SMS does not come ----------------------------

for name in off out_of_reach; do
	is "an SMS for a device that is $name waits" happens $name sms.waits
	is "the device comes when it is back ($name)" \
		comes_at_last $name '.attempt == 1 and .result == 200'
done
is "an SMS that waits too long expires" \
	happens off_longer receipt.sent '.state == "EXPIRED"'
is "and another attempt brings the device" comes_at_last off_longer \
	'.attempt >= 2 and .result == 200'
is "which did not get all" [ "$(n_events off_longer sms.received)" -lt \
	"$(n_events off_longer sms.waits)" ]
is "a device that is off for ever lets its job expire" \
	expires off_for_ever taken "the device is off|stat:EXPIRED"
is "and got nothing" [ "$(n_events off_for_ever sms.received)" = 0 ]

# ------------------------ it comes, and leads to nothing -----------------------

is "a device that has lost the credential refuses" happens credential \
	notification.refused '.reason == "digest does not verify"'
is "and its job expires as delivered" expires credential delivered \
	"refused it [(]nonce or password[)]"
is "so does one that is ignored" expires ignores delivered \
	"delivered, and no session came"
is "which was verified each time" [ "$(n_events ignores fault.hit)" = \
	"$(n_events ignores notification.verified)" ]
is "and led to no session" [ "$(n_events ignores session.started)" = 0 ]
is "what is ignored once comes with the next attempt" \
	comes_at_last ignores_once '.attempt >= 2 and .result == 200'
is "a session without data fails" happens no_data session.ended \
	'.outcome == "failed" and .reason == "no data connection"'
is "and begins with the next attempt" \
	comes_at_last no_data '.attempt >= 2 and .result == 200'

is "a device that has lost the nonce refuses" happens forgetful \
	notification.refused '.reason == "digest does not verify"'
is "and its job expires, too" expires forgetful delivered \
	"refused it [(]nonce or password[)]"
wake forgetful --resync
is "a resynchronisation brings it back" \
	comes_at_last forgetful '.attempt == 1'
is "by the default nonce" happens forgetful notification.verified \
	'.nonce == "default"'
knows_the_next() {
	[ "$(jq -r '."server-nonce"' "$stage/dm/state/forgetful.json")" = \
		"$("$stage_bin/dmbox" device export --show-secrets \
		--format jsonl | jq -r 'select(.device == "forgetful").nonce')" ]
}
is "dmboxd has the nonce of that session" stage_wait 10 knows_the_next
# Until it is over a notification does not count: the second session of this
# device, the first was that of its bootstrap.
is_over() {
	[ "$(n_events forgetful session.ended)" -ge 2 ]
}
is "which is over" stage_wait 10 is_over
wake forgetful
is "with which it comes as before" comes_at_last forgetful '.attempt == 1'

# ---------------------------------- its user ----------------------------------

for name in no never; do
	is "a user who says $name begins no session" \
		happens $name session.declined ".user == \"$name\""
	is "and his job expires ($name)" expires $name delivered \
		"delivered, and no session came"
	is "without a session ($name)" \
		[ "$(n_events $name session.started)" = 1 ]
done
is "one who thinks first comes late" comes_at_last late '.attempt == 1'
is "because he has said yes" happens late session.started \
	'."ui-mode" == "user-interaction"'
kill $watch && wait $watch 2>/dev/null
stage_others=()
stage_stop dmboxd
is "SIGTERM ends dmboxd with 0" [ "$stage_status" = 0 ]
tap_end
