#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# A fleet of emulated devices in one process is updated by the example DM server,
# through dmboxd and a real bearerbox: every job ends, memory is bounded, and no
# device waits for ever. Prints what it took.
#
#	FLEET=10000 tests/flow_fleet.sh
. "${srcdir:-.}/tests/stage.sh"
. "${srcdir:-.}/tests/tap.sh"

n=${FLEET-200}
first=491700000000
connections=50
patience_s=$((60 + n / 10))
log_level=warn

# Of each process at its peak, in KiB: what it has with no device at all, and
# what each device, its session and its job may add. doc/performance.md has what
# was measured. A build with sanitizers needs more.
emulator_kib=$((30000 + 8 * n))
dmboxd_kib=$((30000 + 3 * n))
dm_server_kib=$((20000 + 5 * n))
grep -q -- '-fsanitize' Makefile &&
	emulator_kib= dmboxd_kib= dm_server_kib=

# First come, first served: a device may be overtaken by those that have a turn
# already, and begin in the same moment.
overtaken_max=$connections

# The three sides of an account, each in its own words.
devices() {
	cat <<-END
	device "+$first" {
		count = $n
		server-id = "com.example.dms"
		password = "srv-%n"
		nonce-text = "nonce-%n"
		server-url = "http://127.0.0.1:$dm_port/dm"
		user-password = "dev-%n"
	}
	END
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

dmbox() {
	"$stage_bin/dmbox" "$@"
}

begun_s=$(date +%s)
took() {
	local now_s

	now_s=$(date +%s)
	echo "# $1: $((now_s - begun_s)) s"
	begun_s=$now_s
}

# peak NAME: KiB, at most so much of the memory of a process was resident
peak() {
	awk '$1 == "VmHWM:" { print $2 }' "/proc/${stage_pids[$1]}/status"
}
at_most() {
	local kib

	kib=$(peak "$1")
	echo "# $1: $kib KiB, allowed: ${2:-any}"
	[ "$kib" -le "${2:-$kib}" ]
}

# count NAME TEXT: lines of its output that have the text
count() {
	grep -cF -- "$2" "$stage/$1.out"
}
has_all() {
	[ "$(count "$1" "$2")" -ge "$n" ]
}

# progress COMMAND...: until it succeeds, within a time that grows with the fleet
progress() {
	stage_wait $patience_s "$@" || {
		dmbox status | sed 's/^/# /'
		tail -n 5 "$stage/dm_server.out" "$stage/emulator.out" |
			sed 's/^/# /'
		echo 'Bail out!'
		exit 1
	}
}

import() {
	dmbox device import "$stage/fleet.csv" >"$stage/out" 2>&1 ||
		{ tail -n 5 "$stage/out" | sed 's/^/# /'; false; }
}

all_ended() {
	dmbox status --json |
		jq -e '.jobs | .waiting + .sending + .pushed == 0'
}

# All jobs of dmboxd, one a line, page after page.
jobs() {
	local last=

	while :; do
		dmbox job list --limit 1000 ${last:+--after "$last"} --json \
			>"$stage/page"
		jq -c '.jobs[]' "$stage/page"
		last=$(jq -r '.jobs[-1].job // empty' "$stage/page")
		[ -n "$last" ] || break
	done
}

# One job of each device, and its session's result, as dmboxd tells them.
one_job_each() {
	jobs >"$stage/jobs"
	jq -se --argjson n "$n" 'length == $n and
		all(.method == "notify" and .state == "done" and
			.reached == "session") and
		(map(.device) | unique | length) == $n' "$stage/jobs" >/dev/null ||
		{ jq -c '[.method, .state, .reached]' "$stage/jobs" | sort |
			uniq -c | sed 's/^/# /'; false; }
}
one_result_each() {
	jq -se --argjson n "$n" 'map(select(.event == "session.ended" and
		.result == 200).device) |
		length == $n and (unique | length) == $n' "$stage/watch.out" >/dev/null
}

# In the order in which things happen: how far behind its place a device's first
# session begins, and the longest time from wake-up to it.
waits() {
	stage_events 'select(.event == "notification.verified" or
		.event == "session.started") | [.event, .device,
		(.time | capture("(?<h>..):(?<m>..):(?<s>[0-9.]+)Z") |
		3600 * (.h | tonumber) + 60 * (.m | tonumber) +
		(.s | tonumber))] | @tsv' -r | awk -F '\t' '
		$1 == "notification.verified" && !($2 in woken) {
			woken[$2] = ++n_woken; at[$2] = $3
		}
		$1 == "session.started" && !($2 in begun) {
			begun[$2] = ++n_begun
			if (n_begun - woken[$2] > overtaken)
				overtaken = n_begun - woken[$2]
			if ($3 - at[$2] > longest)
				longest = $3 - at[$2]
		}
		END { print overtaken + 0, longest + 0 }'
}

# --------------------------------- the stage ---------------------------------

stage_begin . "${srcdir:-.}"
dm_port=$(stage_port)
devices >"$stage/devices.conf"
registry >"$stage/fleet.csv"
accounts >"$stage/fleet.jsonl"
mkdir "$stage/packages"
{ echo 'dmbox-firmware 2.0'; head -c 20000 /dev/zero; } \
	>"$stage/packages/fw-2.0.bin"
stage_emulator "" --connections $connections && stage_bearerbox &&
	stage_dmboxd || exit 1
stage_wait 60 stage_link_is_up || exit 1
echo "# emulator at rest: $(peak emulator) KiB"
took "$n devices, start"
is "a fleet is imported" import
took "import"
stage_start watch "$stage_bin/dmbox" watch --after 0 --json
stage_dm_server "fleet = \"$stage/fleet.jsonl\"" || exit 1
took "start of the DM server"

# --------------------------------- the update --------------------------------

"$stage_bin/dm-server" -c "$stage/dm-server.conf" --update all \
	--package fw-2.0.bin --version 2.0 >/dev/null || exit 1
is "all are ordered" progress has_all dm_server '"order.taken"'
took "orders"
is "all are woken" progress has_all emulator '"notification.verified"'
took "wake-up"
is "all are updated" progress has_all dm_server '"update.done"'
took "sessions, downloads and results"
is "every job ends" progress all_ended
is "well" progress has_all watch '"result":200'
took "the last jobs"

is "one a device" one_job_each
is "with one result" one_result_each
is "every device says that it has the new version" [ "$(count dm_server \
	"its firmware is 2.0")" = $n ]
is "each package was fetched once" [ "$(count emulator \
	'"download.done"')" = $n ]
is "no session has failed" [ "$(count emulator '"outcome":"failed"')" = 0 ]
is "nor broken off" [ "$(count dm_server '"session.broken"')" = 0 ]
read -r overtaken longest <<<"$(waits)"
echo "# overtaken by $overtaken, the longest wait for a session: $longest s"
is "no device waits while others that came later are served" \
	[ "$overtaken" -le $overtaken_max ]
is "the emulator's memory is bounded" at_most emulator "$emulator_kib"
is "dmboxd's memory is bounded" at_most dmboxd "$dmboxd_kib"
is "the DM server's memory is bounded" at_most dm_server "$dm_server_kib"
tap_end
