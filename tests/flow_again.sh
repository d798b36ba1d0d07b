#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Updates whose devices do not do their part: the example DM server wakes them
# again, and each ends in a state that the operator can read.
. "${srcdir:-.}/tests/stage.sh"
. "${srcdir:-.}/tests/tap.sh"

# device NUMBER DM-VERSION IMSI DEV-ID FIELD...: a device that comes by itself
device() {
	cat <<-END
	device "$1" {
		dm-version = "$2"
		imsi = "$3"
		dev-id = "$4"
		firmware = "1.0"
		server-url = "bootstrap"
		$5
	}
	END
}

# dm_device NAME NUMBER DM-VERSION IMSI DEV-ID
dm_device() {
	stage_dm_device "$1" "{\"msisdn\":\"$2\", \"dm-version\":\"$3\",
		\"imsi\":\"$4\", \"dev-id\":\"$5\", \"profile\":\"generic\"}"
}

devices() {
	device +491700000130 1.2 310150123456130 IMEI:130
	device +491700000131 1.2 310150123456131 IMEI:131
	device +491700000132 1.2 310150123456132 IMEI:132 'resync = false'
	device +491700000133 1.2 310150123456133 IMEI:133
}

dm_server() {
	"$stage_bin/dm-server" -c "$stage/dm-server.conf" "$@"
}

says() {
	stage_wait 40 stage_dm_server_says \
		".device == \"$1\" and .event == \"$2\" and (${3-true})" || {
		sed 's/^/# /' "$stage/dm_server.out"
		tail -n 20 "$stage/emulator.out" | sed 's/^/# /'
		false
	}
}

# stands DEVICE CONDITION: in the table for the operator
stands() {
	dm_server --status --json >"$stage/status"
	jq -se ".[] | select(.device == \"$1\") | $2" "$stage/status" \
		>/dev/null || {
		sed 's/^/# /' "$stage/status"
		false
	}
}

# another_nonce DEVICE: dmboxd signs with one that the device does not know
another_nonce() {
	jq '."server-nonce" = "bm90IHRoaXMgb25lIQ=="' \
		"$stage/dm/state/$1.json" >"$stage/changed"
	cp "$stage/changed" "$stage/dm/state/$1.json"
}

stage_begin . "${srcdir:-.}"
devices >"$stage/devices.conf"
mkfifo "$stage/control"
stage_emulator "" --control "$stage/control" && stage_bearerbox && stage_dmboxd "expires-s = 3" \
	"attempt-first-s = 1" "attempt-factor = 1" "attempts-max = 50" ||
	exit 1
stage_wait 60 stage_link_is_up || exit 1
mkdir "$stage/packages"
echo 'dmbox-firmware 2.0' >"$stage/packages/fw-2.0.bin"
dm_device lost +491700000130 1.2 310150123456130 IMEI:130
dm_device off +491700000131 1.2 310150123456131 IMEI:131
dm_device deaf +491700000132 1.2 310150123456132 IMEI:132
dm_device cut +491700000133 1.2 310150123456133 IMEI:133
stage_dm_server "wakes-max = 2" "retry-s = 1" "result-within-s = 2" \
	"message-within-s = 3" || exit 1
for device in lost off deaf cut; do
	is "$device has its account" says $device session.ended
done

# Nobody has lost anything so far, but dmboxd, one device its network, and
# another its connection in the next session.
stage_stop dm_server
another_nonce lost
another_nonce deaf
echo out-of-reach +491700000131 >"$stage/control"
echo fault +491700000133 breaks-off 1x >"$stage/control"
stage_wait 10 stage_has_event '.event == "device.out-of-reach"' || exit 1
stage_dm_server_start || exit 1
dm_server --update all --package fw-2.0.bin --version 2.0 >/dev/null

is "a device that does not come is woken by the default nonce" \
	says lost update.again '.text | contains("default nonce")'
is "and comes" says lost session.started '.text | contains("woken by")'
is "and is updated" says lost update.done '.text | contains("result 200")'
is "all of it" says lost session.ended '.text | contains("firmware is 2.0")'
is "which the operator sees" stands lost '.step == "done" and
	.firmware == "2.0" and .result == 200 and .wakes == 2 and
	(.words | contains("succeeded"))'
is "a session without another message has broken off" says cut session.broken
is "its device is woken again, and updated" says cut update.done \
	'.text | contains("result 200")'
is "the second time" stands cut '.step == "done" and .wakes == 2'
is "one that does not take that either is given up" says deaf update.failed \
	'.text | contains("bootstrap it anew?")'
is "which the operator sees, too" stands deaf '.step == "failed" and
	(.words | contains("no session came"))'
is "so is one that is never reached" says off update.failed \
	'.text | contains("it was woken 2 times")'
is "with what the network said of it" stands off '.step == "failed" and
	(.words | test("^[0-9]+ attempts?, (not delivered by the network|" +
	"no delivery report came)"))'

table() {
	dm_server --status >"$stage/table"
	grep -qE '^device +firmware +update +to +result +wakes +words$' \
		"$stage/table" &&
		grep -qE '^lost +2.0 +done +2.0 +200 +2 +says that' \
		"$stage/table" &&
		[ "$(grep -c . "$stage/table")" = 5 ] || {
		sed 's/^/# /' "$stage/table"
		false
	}
}
is "there is a table for him" table
is "only one thing can be wanted" eval '! dm_server --status --bootstrap all \
	2>/dev/null'
stage_stop dm_server
is "SIGTERM ends the DM server with 0" [ "$stage_status" = 0 ]
tap_end
