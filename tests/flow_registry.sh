#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Registered devices: files of them, and messages that need their names only,
# to emulated devices, through a real bearerbox.
. "${srcdir:-.}/tests/stage.sh"
. "${srcdir:-.}/tests/tap.sh"

number=+491700000300
fresh=+491700000301
imsi=310150123456789
nonce=c2VydmVybm9uY2Ux		# "servernonce1"
next=bmV4dG5vbmNlMjIy		# "nextnonce222"

stage_begin . "${srcdir:-.}"
dir=$stage
cat >"$stage/devices.conf" <<END
device "$number" {
	dm-version = "1.2"
	server-id = "com.example.dms"
	password = "srvpwd"
	nonce-hex = "$(base64 -d <<<$nonce | od -An -tx1 | tr -d ' \n')"
}
device "$fresh" {
	dm-version = "1.2"
	imsi = "$imsi"
}
END

dmbox() { "$stage_bin/dmbox" "$@"; }

prints() { grep -qF -- "$1" "$dir/out" || { cat "$dir/out"; false; }; }

# is_device NAME JQ-CONDITION
is_device() { dmbox device get "$1" --json | jq -e "$2" >/dev/null; }

# ends JOB: how it ended
ends() { timeout 20 "$stage_bin/dmbox" job watch "$1" --json | tail -n 1 |
	jq -r .state; }

# told DEVICE EVENT CONDITION: the emulator's device says so
told() {
	stage_wait 10 stage_has_event ".device == \"$1\" and
		.event == \"$2\" and $3"
}

admin_port=$(stage_port)
box_port=$(stage_port)
stage_dmboxd || exit 1

# --------------------------------- files ---------------------------------

cat >"$stage/devices.csv" <<END
device,msisdn,imsi,dev-id,server-id,password,nonce,quirks
dev300,$number,,IMEI:300,com.example.dms,srvpwd,$nonce,samsung
"dev301",$fresh,$imsi,IMEI:301,com.example.dms,,,
short,12,,,,,,
dev302,+491700000302,,IMEI:300,,,,
dev303,+491700000303,,,"a ""server"", with commas",pw,"",
few,+491700000304
open,"+491700000305,,,,,,

dev306,+491700000306,,,,,,
END
is "an import with bad lines ends with 1" \
	exits 1 dmbox device import "$stage/devices.csv"
is "it imports the good ones" \
	prints '4 devices imported, 4 of them new; 4 lines refused'
is "a value that is wrong is told with its line" \
	says 'devices.csv:4: msisdn: 2 octets'
is "so is what another device has" \
	says 'devices.csv:5: dev-id: it is that of the device dev300'
is "so is a line with too few cells" says 'devices.csv:7: line: 2 cells'
is "and a quotation mark that is not closed" \
	says 'devices.csv:8: line: a quotation mark is not closed'
is "a cell in quotation marks is taken out of them" is_device dev303 \
	'."server-id" == "a \"server\", with commas" and ."has-nonce"'
is "an empty cell is no value" is_device dev306 \
	'."has-nonce" == false and has("server-id") == false'

printf '%s\n' '{"device":"dev306","dev-id":"IMEI:306"}' '{"device":' \
	'["dev307"]' '{"device":"dev308","msisdn":"12345","port":1}' \
	>"$stage/devices.jsonl"
is "JSON lines are imported, too" \
	exits 1 dmbox device import "$stage/devices.jsonl" --json
is "and counted" prints '{"imported":1,"created":0,"refused":3}'
is "what is no JSON is told" says 'devices.jsonl:2: line: no JSON'
is "so is an unknown field" says 'devices.jsonl:4: port: unknown field'
is "what is not given stays as it is" is_device dev306 \
	'.msisdn == "+491700000306" and ."dev-id" == "IMEI:306"'

is "a file without a head is refused" exits 64 dmbox device import - --format csv
echo 'device,telephone' >"$stage/unknown.csv"
is "an unknown column is refused" \
	exits 64 dmbox device import "$stage/unknown.csv"
is "by its name" says 'head: "telephone"'
is "a file without a known name needs a format" \
	exits 64 dmbox device import "$stage/dmbox.conf"

dmbox device export >"$stage/export.csv"
is "an export has a line for each device" \
	[ "$(wc -l <"$stage/export.csv")" = 5 ]
is "and no secrets" sh -c "! grep -qE '$nonce|$imsi|==' '$stage/export.csv'"
dmbox device export --show-secrets >"$stage/secrets.csv"
is "unless they are asked for" grep -q "$nonce" "$stage/secrets.csv"
is "which the log has" \
	grep -q 'device.secrets_read client=.* devices=4' "$stage/dmboxd.out"
round_trip() {
	for name in $(dmbox device list --json | jq -r '.devices[].device'); do
		dmbox device delete "$name" >/dev/null || return 1
	done
	dmbox device import "$stage/secrets.csv" >/dev/null &&
		dmbox device export --show-secrets |
		cmp - "$stage/secrets.csv"
}
is "an export is imported as it was" round_trip
dmbox device export --show-secrets --format jsonl >"$stage/secrets.jsonl"
is "so is one of JSON lines" \
	exits 0 dmbox device import "$stage/secrets.jsonl"

many() {
	echo device,msisdn,server-id,password,nonce
	for ((i = 0; i < 20000; i++)); do
		echo "many$i,+4916$((10000000 + i)),srv,pw$i,$nonce"
	done
}
many >"$stage/many.csv"
is "20000 devices are imported" exits 0 dmbox device import "$stage/many.csv"
is "all of them" prints '20000 devices imported, 20000 of them new; 0 lines'
is "pages have them all" \
	[ "$(dmbox device export | wc -l)" = 20005 ]

# ------------------------------- by name -------------------------------

# It waits for bearerbox, and meanwhile its device has another nonce.
dmbox nonce put dev300 --nonce $next >/dev/null
waits=$(dmbox notify --to dev300 --session-id 9 --json | jq -r .job)
dmbox nonce put dev300 --nonce $nonce >/dev/null

stage_emulator || exit 1
stage_bearerbox_conf "$stage_src/conf/bearerbox.conf"
PATH=$PATH:/usr/sbin
stage_bearerbox_start || exit 1
stage_wait 60 stage_link_is_up || exit 1

notifies() {
	job=$(dmbox notify --json "$@" | jq -r .job) && [ "$(ends "$job")" = done ]
}
is "a notification that waited is sent" [ "$(ends "$waits")" = done ]
named() {
	dmbox job get "$waits" --json |
		jq -e ".device == \"dev300\" and .to == \"$number\"" >/dev/null
}
is "its job has the device's name" named
is "by which jobs are listed" \
	[ "$(dmbox job list --device dev300 --json | jq -r '.jobs[].job')" = \
	"$waits" ]
events_named() {
	timeout 3 "$stage_bin/dmbox" watch --after 0 --device dev300 --json |
		jq -se 'length >= 3 and all(.[]; .device == "dev300")' >/dev/null
}
is "and which events have" events_named
is "a name that can be none is refused" exits 64 dmbox job list --device 12345
is "so it is of events" exits 64 dmbox watch --device 12345
is "made anew with the nonce that its device has now" \
	told $number notification.verified '."session-id" == 9'
is "which the log says" grep -q "job.rebuilt job=$waits " "$stage/dmboxd.out"
is "a notification needs the name only" notifies --to dev300 --session-id 1
is "the device verifies it" \
	told $number notification.verified '."session-id" == 1'
is "it is found by its number, too" \
	[ "$(dmbox device get --to $number --json | jq -r .device)" = dev300 ]
is "after a session there is another nonce" exits 0 dmbox session report \
	--dev-id IMEI:300 --event ended --nonce $next
is "but not of a number" exits 64 dmbox session report --to $number \
	--event ended --nonce $next
is "which signs from then on" notifies --to dev300 --session-id 2
is "so this device no longer verifies it" \
	told $number notification.refused true
job=$(dmbox notify --to dev300 --until session --json | jq -r .job)
is "a session is reported by DevId" exits 0 dmbox session report \
	--dev-id IMEI:300 --event started
is "which ends the job" prints "job                 $job"
is "its result by name" exits 0 dmbox session report --device dev300 \
	--event ended --result 200
is "of either kind" exits 0 dmbox session report --to dev300 --event ended
is "and is kept" prints 'result-text         success'
is "not of another device" exits 0 dmbox session report --to dev301 \
	--event started
is "which is told" prints 'reason              no job of this device fits it'
is "an unknown DevId is told" exits 1 dmbox session report --dev-id IMEI:0 \
	--event started
is "as such" says 'dev-id: there is no device "IMEI:0"'
is "what the request has goes first" \
	notifies --to dev300 --session-id 3 --nonce $nonce
is "and verifies" told $number notification.verified '."session-id" == 3'
is "an unknown name is refused" exits 1 dmbox notify --to nobody
is "with the reason" says 'to: there is no device "nobody"'
is "a device without a key is refused" exits 64 dmbox notify --to dev306
dry() {
	dmbox notify --to dev300 --dry-run --session-id 1 --json |
		jq -r .package0 >"$stage/dry"
	dmbox verify --server-id com.example.dms --password srvpwd \
		--nonce $next "$(cat "$stage/dry")" >/dev/null
}
is "a dry run shows what would be sent" dry

# --------------------------- resynchronisation ---------------------------

is "resync is for registered devices" exits 64 dmbox notify --resync \
	--to $number --server-id x --password y
is "and for clients that know it" \
	exits 64 dmbox notify --to dev300 --resync --quirks symbian
is "and not shown" exits 64 dmbox notify --to dev300 --resync --dry-run
is "it is sent" notifies --to dev300 --resync --session-id 4
is "once a day" exits 1 dmbox notify --to dev300 --resync
is "and says so" says 'resync: the last one was 0 minutes ago'
is "there is no other way to it" \
	exits 64 dmbox notify --to dev300 --nonce-hex 00000000
is "and the log has it" \
	grep -q 'notify.resync job=.* device=dev300' "$stage/dmboxd.out"

# ------------------------------ new accounts ------------------------------

create=(bootstrap --profile generic --set name=Example --json
	--set addr=https://dm.example.com/dm --create-account)
is "a new account is for registered devices" exits 64 \
	dmbox "${create[@]}" --to $fresh --sec NETWPIN --imsi $imsi
is "a device with a key has one" \
	exits 1 dmbox "${create[@]}" --to dev300 --sec USERPIN --pin 1
is "a device without one gets one, signed with its IMSI" \
	exits 0 dmbox "${create[@]}" --to dev301 --sec NETWPIN --key new301
cp "$dir/out" "$stage/created"
same_job() {
	exits 0 dmbox "${create[@]}" --to dev301 --sec NETWPIN --key new301 &&
		[ "$(jq .job "$dir/out")" = "$(jq .job "$stage/created")" ]
}
is "the same request again gets the same job" same_job
is "with another key it is refused" exits 1 \
	dmbox "${create[@]}" --to dev301 --sec NETWPIN --key other301
created() { jq -r ".account.\"$1\"" "$stage/created"; }
is "the answer has the account" [ "$(created client-name)" = dev301 ]
long_enough() { [[ $(created $1-password) =~ ^[-_A-Za-z0-9]{22}$ ]]; }
is "with a password of 128 bits for the client" long_enough client
is "and one for the server" long_enough server
is "its job ends well" \
	[ "$(ends "$(jq -r .job "$stage/created")")" = done ]
is "the device takes the account" told $fresh bootstrap.applied true
is "the registry has its key" is_device dev301 '."has-credential" and ."has-nonce"'
is "so a notification needs the name only" notifies --to dev301 --session-id 5
is "which the device verifies" \
	told $fresh notification.verified '."session-id" == 5'
is "a second one is refused" \
	exits 1 dmbox "${create[@]}" --to dev301 --sec NETWPIN
is "unless it shall replace the first" exits 0 dmbox "${create[@]}=anew" \
	--to dev301 --sec NETWPIN --key anew301
cp "$stage/out" "$stage/anew"
other_account() {
	[ "$(jq -r '.account."server-password"' "$stage/anew")" != \
		"$(created server-password)" ]
}
is "by other credentials" other_account
again_anew() {
	exits 0 dmbox "${create[@]}=anew" --to dev301 --sec NETWPIN \
		--key anew301 &&
		[ "$(jq .job "$stage/out")" = "$(jq .job "$stage/anew")" ]
}
is "the same request again is the same job" again_anew
is "which ends well" [ "$(ends "$(jq -r .job "$stage/anew")")" = done ]
is "and the notification is signed with the new key" \
	notifies --to dev301 --session-id 6
is "which the device verifies, too" \
	told $fresh notification.verified '."session-id" == 6'
is "anything else is no account" exits 64 dmbox "${create[@]}=again" \
	--to dev301 --sec NETWPIN
is "and told what there is" says 'create-account: "again", allowed: anew'

# -------------------------------- secrets --------------------------------

stage_stop dmboxd
is "SIGTERM ends dmboxd with 0" [ "$stage_status" = 0 ]
planted="srvpwd|$nonce|$next|$imsi|$(created client-password)"
planted="$planted|$(created server-password)|$(created server-nonce)"
is "no secret is in the log" \
	sh -c "! grep -aqE -e '$(sed 's/+/\\+/g' <<<"$planted")' '$stage/dmboxd.out'"
passwords="srvpwd|$(created client-password)|$(created server-password)"
is "and no password is in the database" \
	sh -c "! grep -aqE -e '$passwords' '$stage'/dmbox.db*"
tap_end
