#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# A device for each client of doc/clients.md: it is sent what it takes, comes in
# its own way, and its job is done. What it would refuse is not sent.
. "${srcdir:-.}/tests/stage.sh"
. "${srcdir:-.}/tests/jobs.sh"
. "${srcdir:-.}/tests/tap.sh"

nonce=101112131415161718191a1b1c1d1e1f
pin=4711
declare -A number

# number_of NAME: the number of a device, another one for each
number_of() {
	: "${number[$1]:=+4917000003$((10 + ${#number[@]}))}"
}

# device NAME CLIENT FIELD...: with an account, told to dmboxd by the emulator
device() {
	number_of "$1"
	printf 'device "%s" {\nquirks = "%s"\n' "${number[$1]}" "$2"
	printf 'server-id = "com.example.dms"\ncomes-after = 1\n'
	printf '%s\n' "${@:3}" '}'
}

# real NAME CLIENT: without one; the DM server bootstraps it
real() {
	number_of "$1"
	cat <<-END
	device "${number[$1]}" {
		quirks = "$2"
		pin = "$pin"
		imsi = "310150123456789"
		dev-id = "IMEI:$1"
		server-url = "bootstrap"
	}
	END
}

# wake NAME CLIENT OPTION...: asks for a session, does not wait for it
wake() {
	job[$1]=$(dmbox notify --to "${number[$1]}" --until session \
		--server-id com.example.dms --quirks "$2" "${@:3}" |
		jq -r .job)
}

# event NAME EVENT CONDITION: the device has said so
event() {
	stage_has_event ".device == \"${number[$1]}\" and
		.event == \"$2\" and ($3)"
}

# comes NAME [CONDITION]: its job is done by its session, and the condition goes
# for the notification's event
comes() {
	stage_wait 20 job_is "${job[$1]:-0}" \
		'.state == "done" and .reached == "session"' &&
		event "$1" notification.verified "${2-.nonce == null}" || {
		stage_events "select(.device == \"${number[$1]}\")" |
			sed 's/^/# /'
		false
	}
}

# has_id NAME CONDITION: of the session that the device opened
has_id() {
	event "$1" session.started ".\"session-id\" | $2"
}

id_of() {
	dmbox job get "${job[$1]}" | jq '."session-id"'
}

# refuses CLIENT OPTION...: before anything is sent, and says for whom
refuses() {
	dmbox notify --to +491700000399 --quirks "$1" "${@:2}" \
		2>"$stage/err" >/dev/null
	[ $? -eq 64 ] && grep -q "a $1 client" "$stage/err"
}

key=(--password srvpwd --nonce-hex $nonce)
has_key=('password = "srvpwd"' "nonce-hex = \"$nonce\"")
alike=(generic windows-mobile-6 aosp samsung libdmclient buteo mediatek
	spreadtrum gecko)
real=(aosp samsung symbian libdmclient buteo mediatek)

stage_begin . "${srcdir:-.}"
{
	for client in "${alike[@]}" symbian; do
		device $client $client "${has_key[@]}"
	done
	device windows-mobile-5 windows-mobile-5 "${has_key[@]}" \
		'dm-version = "1.1.2"'
	device libsynthesis libsynthesis 'password = ""' 'nonce-hex = "6100ff"'
	device aosp-user aosp "${has_key[@]}"
	device aosp-text aosp 'password = "srvpwd"' \
		'nonce-text = "server nonce"'
	device aosp-12 aosp "${has_key[@]}"
	device samsung-off samsung "${has_key[@]}" 'resync = false'
	device symbian-other symbian "${has_key[@]}"
	device text generic 'password = "srvpwd"' 'nonce-as = "text"' \
		'nonce-text = "server nonce"'
	for client in "${real[@]}"; do
		real dm-$client $client
	done
} >"$stage/devices.conf"
stage_emulator "" --report-to "$stage/dmbox.sock" --control "$stage/ctl" &&
	stage_bearerbox &&
	stage_dmboxd || exit 1
for client in "${real[@]}"; do
	number_of dm-$client
	stage_dm_device dm-$client "{\"msisdn\":\"${number[dm-$client]}\",
		\"dev-id\":\"IMEI:dm-$client\", \"dm-version\":\"1.2\",
		\"quirks\":\"$client\",
		\"sec\":\"USERPIN\", \"pin\":\"$pin\"}"
done
mkdir -p "$stage/packages"
echo 'dmbox-firmware 2.0' >"$stage/packages/fw-2.0.bin"
stage_wait 60 stage_link_is_up || exit 1
stage_dm_server || { cat "$stage/dm_server.out"; exit 1; }

# ---------------------------- all are woken at once ---------------------------

for client in "${alike[@]}" windows-mobile-5; do
	wake $client $client "${key[@]}"
done
wake libsynthesis libsynthesis --password '' --nonce-hex 6100ff
wake aosp-user aosp "${key[@]}" --initiator client
wake aosp-text aosp --password srvpwd --nonce-text c2VydmVyIG5vbmNl
wake aosp-12 aosp "${key[@]}" --version-field 12
wake samsung-off samsung --password srvpwd --nonce-text wrong
wake text generic --password srvpwd --nonce-text c2VydmVyIG5vbmNl
# Symbian's wants another session id each time: that needs a registered device.
cat >"$stage/symbian.jsonl" <<-END
{"device":"symbian", "msisdn":"${number[symbian]}", "quirks":"symbian",
 "server-id":"com.example.dms", "password":"srvpwd", "nonce-hex":"$nonce"}
{"device":"symbian-other", "msisdn":"${number[symbian-other]}",
 "quirks":"symbian", "server-id":"com.example.dms", "password":"other",
 "nonce-hex":""}
END
tr '\n' ' ' <"$stage/symbian.jsonl" | sed 's/} *{/}\n{/' >"$stage/two.jsonl"
dmbox device import "$stage/two.jsonl" >/dev/null
for name in symbian symbian-other; do
	job[$name]=$(dmbox notify --to $name --until session | jq -r .job)
done

for client in "${alike[@]}" windows-mobile-5 symbian; do
	is "a $client device comes" comes $client
	is "with the session id of its notification" \
		has_id $client ". == $(id_of $client)"
done
is "libdmclient was given an id whose octets are the same" \
	[ $(($(id_of libdmclient) % 257)) -eq 0 ]
is "libsynthesis comes: nonce cut at 00, no colon" comes libsynthesis
is "an AOSP user's session has an id of its own" comes aosp-user
is "which is 1" has_id aosp-user '. == 1'
is "AOSP takes the nonce as text, too" comes aosp-text '.nonce == "text"'
is "and any version field" comes aosp-12 '."version-field" == 12'
is "Samsung's without resynchronisation takes any digest" \
	comes samsung-off '.nonce == "none"'
is "Symbian's takes any digest" comes symbian-other '.nonce == "none"'
is "a device that hashes the text comes" comes text '.nonce == "text"'

# ------------------------- what none of them would take -----------------------

long=$(printf '%0128d' 0)
is "AOSP: a server-id of 24 octets" refuses aosp --server-id "${long:0:24}" \
	"${key[@]}"
is "AOSP: a nonce of 51 octets" refuses aosp --server-id x \
	--password srvpwd --nonce-text "${long:0:51}"
is "Samsung: a server-id of 128 octets" refuses samsung --server-id "$long" \
	"${key[@]}"
is "libdmclient: version field 12" refuses libdmclient --server-id x \
	"${key[@]}" --version-field 12
is "buteo: a vendor body" refuses buteo --server-id x "${key[@]}" \
	--vendor-hex 00
is "buteo: a server-id that is not ASCII" refuses buteo --server-id 'é' \
	"${key[@]}"
is "buteo: version field 10" refuses buteo --server-id x "${key[@]}" \
	--version-field 10
is "libsynthesis: version field 13" eval '! dmbox notify --to 491700000399 \
	--quirks libsynthesis --server-id x "${key[@]}" --version-field 13 \
	2>/dev/null'
is "Symbian, unregistered: until session" refuses symbian --server-id x \
	"${key[@]}" --until session

# ------------------------------ with a DM server ------------------------------

says() {
	stage_wait 30 stage_dm_server_says \
		".device == \"$1\" and .event == \"$2\" and (${3-true})" || {
		sed 's/^/# /' "$stage/dm_server.out"
		false
	}
}

last_job() {
	jq -r "select(.device == \"$1\" and .event == \"notify.sent\") |
		.text | capture(\"job (?<job>[0-9]+)\").job" \
		"$stage/dm_server.out" | tail -n 1
}

for client in "${real[@]}"; do
	is "dm-$client gets its account" says dm-$client job.done
done
"$stage_bin/dm-server" -c "$stage/dm-server.conf" --update all \
	--package fw-2.0.bin --version 2.0 >/dev/null
for client in "${real[@]}"; do
	is "dm-$client comes, woken" says dm-$client session.started \
		'.text | contains("woken by our notification")'
	is "dm-$client is updated" says dm-$client update.done \
		'.text | contains("result 200")'
	is "and its job knows" stage_wait 20 job_is "$(last_job dm-$client)" \
		'.state == "done" and .reached == "session" and .result == 200'
done

# Both sides begin anew with what the client takes the default nonce for.
for client in samsung libdmclient; do
	echo "fault ${number[dm-$client]} forgets-nonce 1x" >"$stage/ctl"
	stage_wait 10 stage_has_event ".event == \"control.done\" and
		(.command | contains(\"${number[dm-$client]}\"))"
	dmbox notify --to dm-$client --until session >/dev/null
	is "dm-$client has forgotten its nonce" stage_wait 20 \
		event dm-$client notification.refused \
		'.reason == "digest does not verify"'
	job[dm-$client]=$(dmbox notify --to dm-$client --until session \
		--on-busy supersede --resync | jq -r .job)
	is "and comes with the default nonce" \
		comes dm-$client '.nonce == "default"'
done

: >"$stage/dm_server.out"
job[dm-aosp]=$(dmbox notify --to dm-aosp --initiator client --until session |
	jq -r .job)
is "AOSP's user is woken" comes dm-aosp
is "and asks for an update" event dm-aosp session.started \
	'.initiator == "client" and (."alert-type" |
	. != null and endswith("firmwareupdate.userrequest"))'
is "which the DM server hears" says dm-aosp update.asked
is "and sees to later" says dm-aosp session.ended '.text |
	contains("firmware is 2.0")'

stage_stop dmboxd
is "SIGTERM ends dmboxd with 0" [ "$stage_status" = 0 ]
tap_end
