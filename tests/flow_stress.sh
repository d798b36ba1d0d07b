#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Everything at once: a small fleet is woken and updated while its devices lose
# their power, their network and their data, and meet all kinds of faults. When all
# is well again, none has got stuck. The seed says which commands come; what they
# meet is a matter of time.
#
#	SEED=7 ROUNDS=30 tests/flow_stress.sh
. "${srcdir:-.}/tests/stage.sh"
. "${srcdir:-.}/tests/tap.sh"

n=12
first=491700000500
seed=${SEED-1}
rounds=${ROUNDS-2}
RANDOM=$seed

# A session that breaks off may leave both sides with other nonces, for which
# there is but one resynchronisation a day: so these come in any case.
devices() {
	local i digits

	for ((i = 0; i < n; i++)); do
		digits=$((first + i))
		cat <<-END
		device "+$digits" {
			server-id = "com.example.dms"
			password = "srv-$digits"
			nonce-text = "nonce-$digits"
			server-url = "http://127.0.0.1:$dm_port/dm"
			user-password = "dev-$digits"
			confirms = $( ((i % 2)) && echo true || echo false)
			answers-after-ms = $((i % 3 * 20))
			retry-ms = 20
			restart-ms = 30
			quirks = "aosp"
			resync = false
		}
		END
	done
}
registry() {
	seq $first $((first + n - 1)) | awk '
		BEGIN { print "device,msisdn,server-id,password,nonce-text" }
		{ print "d" $1 ",+" $1 ",com.example.dms,srv-" $1 ",nonce-" $1 }'
}
accounts() {
	jq -nc --argjson first $first --argjson n $n 'range($n) |
		"\($first + .)" as $id | {
			device: "d\($id)", msisdn: "+\($id)", "dm-version": "1.2",
			"dev-id": "MSISDN:\($id)",
			account: {
				"client-name": "MSISDN:\($id)",
				"client-password": "dev-\($id)",
				"server-id": "com.example.dms",
				"server-password": "srv-\($id)",
				"server-nonce": ("nonce-\($id)" | @base64)
			}
		}'
}

# order VERSION: for all devices
order() {
	"$stage_bin/dm-server" -c "$stage/dm-server.conf" --update all \
		--package "fw-$1.bin" --version "$1" >/dev/null
}

# any WORD...: one of them, into $word
any() {
	local -i at=1+RANDOM%$#

	word=${!at}
}

# A device or several, into $word.
any_number() {
	any '*' "$((first + RANDOM % n))" "$((first + RANDOM % n))" \
		"*$((RANDOM % 10))"
}

any_command() {
	local number ms=$((RANDOM % 80))

	any_number
	number=$word
	any "off $number $ms" "off $number" "out-of-reach $number $ms" \
		"no-data $number $ms" "no-data $number" "on $number" "on $number" \
		"fault $number off $ms 30%" \
		"fault $number out-of-reach $ms 30%" \
		"fault $number no-data $ms 30%" "fault $number ignores 1x" \
		"fault $number breaks-off 30%" "fault $number dm-status 503 1x" \
		"fault $number battery $((RANDOM % 100)) 50%" \
		"fault $number network-lost $((RANDOM % 100))" \
		"fault $number http-status 503 50%" \
		"fault $number corrupted 1x" "fault $number no-space 1x" \
		"fault $number user-late $ms" "fault $number user-no 1x" \
		"fault $number user-never 1x" "fault $number install-fails 1x" \
		"fault $number report-twice" "fault $number report-late $ms" \
		"fault $number report-never 1x"
}

# So many rounds: all are to be updated, and then this and that happens to them,
# and at last their DM server forgets which sessions it is in.
disturb() {
	local i k

	for ((i = 0; i < $1; i++)); do
		order $((2 + i % 2)).0
		for ((k = 0; k < 40; k++)); do
			any_command
			echo "$word" >&3
			any 0 0.01 0.05 0.2
			sleep "$word"
		done
		any_number
		printf '%s\n' clear "on $word" >&3
		dm_server_restarts
	done
}
dm_server_restarts() {
	stage_stop dm_server
	stage_dm_server_start || exit 1
}
is_running() {
	kill -0 "${stage_pids[$1]}"
}

# Devices that are said to have this version.
with_version() {
	jq -r "select(.event == \"session.ended\" and
		(.text | endswith(\"its firmware is $1\"))) | .device" \
		"$stage/dm_server.out" | sort -u
}
all_have_version() {
	[ "$(with_version "$1" | wc -l)" = $n ]
}
come_to_version() {
	stage_wait 60 all_have_version "$1" && return
	echo "# SEED=$seed ROUNDS=$rounds, but for these:" $(with_version "$1")
	tail -n 30 "$stage/dm_server.out" "$stage/emulator.out" | sed 's/^/# /'
	return 1
}
all_is_well() {
	[ "$(stage_events 'select(.command == "on *")' | wc -l)" -gt 0 ]
}

stage_begin . "${srcdir:-.}"
dm_port=$(stage_port)
mkdir "$stage/packages" "$stage/state"
devices >"$stage/devices.conf"
registry >"$stage/fleet.csv"
accounts >"$stage/fleet.jsonl"
for version in 2.0 3.0 4.0; do
	{ echo "dmbox-firmware $version"; head -c 200000 /dev/zero; } \
		>"$stage/packages/fw-$version.bin"
done
stage_emulator "" --connections 3 --control control --state-dir state \
	--seed "$seed" && stage_bearerbox &&
	stage_dmboxd "expires-s = 3" "attempt-first-s = 1" \
		"attempt-factor = 1" || exit 1
stage_wait 60 stage_link_is_up || exit 1
"$stage_bin/dmbox" device import "$stage/fleet.csv" >/dev/null &&
	stage_dm_server "fleet = \"$stage/fleet.jsonl\"" "retry-s = 1" \
		"wakes-max = 100" || exit 1

exec 3<>"$stage/control"	# both: it goes on when nobody reads
disturb "$rounds"
is "the emulator still runs" is_running emulator
printf '%s\n' clear 'on *' >&3
stage_wait 20 all_is_well || exit 1
order 4.0
is "all are updated in the end" come_to_version 4.0
stage_stop emulator
is "the emulator ends well" [ "$stage_status" = 0 ]
tap_end
