#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Bearerbox is killed while it has messages that the SMSC has not, and owes
# reports on others: with and without a store, with its delivery reports in
# memory and in SQLite. Whatever it forgets, every job ends well.
. "${srcdir:-.}/tests/stage.sh"
. "${srcdir:-.}/tests/tap.sh"
. "${srcdir:-.}/tests/reconcile.sh"

# The durable configuration has all of it; what shall not last is taken out.
configure() {
	local store=$1 dlr=$2 conf=$stage/bearerbox.conf

	stage_bearerbox_conf "$stage_src/conf/bearerbox-durable.conf"
	[ "$store" = file ] || sed -i '/^store-/d' "$conf"
	[ "$dlr" = sqlite3 ] ||
		sed -i -e 's/^dlr-storage = .*/dlr-storage = internal/' \
			-e '/^group = sqlite3-connection/,$d' "$conf"
	# So few may be with the SMSC: the others wait in bearerbox.
	sed -i 's/^max-pending-submits = .*/max-pending-submits = 5/' "$conf"
	rm -f "$stage/store.dat"* "$stage/dlr.db"
	sqlite3 "$stage/dlr.db" <"$stage_src/conf/dlr-sqlite.sql"
}

restart_bearerbox() {
	stage_stop bearerbox "$1" 2>/dev/null	# bash would say "Killed"
	stage_bearerbox_start && stage_wait 60 stage_link_is_up || exit 1
}

# Ten jobs whose reports are owed, and fifteen that the SMSC does not take.
break_bearerbox() {
	submit 10
	stage_wait 20 all_arrived
	kill -STOP "${stage_pids[emulator]}"
	submit 15
	is "$1: bearerbox takes what it cannot send" stage_wait 20 all_pushed
	stage_stop bearerbox KILL 2>/dev/null
	kill -CONT "${stage_pids[emulator]}"
	stage_bearerbox_start || exit 1
	ends_well "$1"
}

stage_begin . "${srcdir:-.}"
PATH=$PATH:/usr/sbin
admin_port=$(stage_port)
box_port=$(stage_port)
devices 200 'receipt-delay-ms = 1500'
sed 's/+4917/+4918/; s/receipt-delay-ms.*/receipt = "none"/; /^}/q' \
	"$stage/devices.conf" >"$stage/silent"
cat "$stage/silent" >>"$stage/devices.conf"
stage_emulator || exit 1
configure none internal
stage_bearerbox_start || exit 1
stage_dmboxd "attempt-first-s = 4" "attempt-factor = 1" "attempts-max = 50" ||
	exit 1
stage_wait 60 stage_link_is_up || exit 1
watch_due
silent=$("$stage_bin/dmbox" notify --json --to +491800000000 --password srvpwd \
	--server-id com.example.dms --nonce-hex $nonce --expires-s 20 |
	jq -r .job)

break_bearerbox "no store, reports in memory"
configure file internal
restart_bearerbox KILL
break_bearerbox "store, reports in memory"
configure none sqlite3
restart_bearerbox KILL
break_bearerbox "no store, reports in SQLite"
configure file sqlite3
restart_bearerbox KILL
break_bearerbox "store, reports in SQLite"

submit 20
restart_bearerbox TERM
ends_well "bearerbox ends in order and comes back"
submit 20
stage_stop emulator KILL 2>/dev/null
stage_emulator || exit 1
is "the SMSC dies, and its reports with it: every job is done in the end" \
	all_done_soon
silent_has_expired() {
	"$stage_bin/dmbox" job get "$silent" --json | jq -e '.attempt > 1 and
		.state == "expired" and .reached == "taken"'
}
is "what is never reported on is sent again, until it expires" \
	stage_wait 30 silent_has_expired
is "no job ever waited long" never_late 20

# Reports on jobs that nobody knows any more: the queue is another one.
n_unknown() {
	grep -c 'report.unknown' "$stage/dmboxd.out"
}
reported() {
	[ "$(stage_events 'select(.event == "receipt.sent")' | wc -l)" -ge "$1" ]
}
n=$(stage_events 'select(.event == "receipt.sent")' | wc -l)
submit 10
stage_wait 20 all_pushed
stage_stop dmboxd KILL 2>/dev/null
rm -f "$stage"/dmbox.db*
stage_dmboxd_start || exit 1
stage_wait 30 reported $((n + 10))
sleep 2
n=$(n_unknown)
is "reports for unknown keys come" [ "$n" -gt 0 ]
stage_stop dmboxd
is "dmboxd ends in order" [ "$stage_status" = 0 ]
stage_dmboxd_start || exit 1
stage_wait 60 stage_link_is_up
sleep 2
is "they were acknowledged: bearerbox does not bring them again" \
	[ "$(n_unknown)" = "$n" ]
stage_stop dmboxd
tap_end
