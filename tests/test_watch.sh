#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# test_watch.sh - dmbox watch, while dmboxd is stopped, killed and started
#
# There is no bearerbox: jobs are accepted, cancelled and expire. Run in the
# build folder. Prints TAP.

set -u
srcdir=${srcdir:-.}
. "$srcdir/tests/alone.sh"

configure
# ask METHOD PARAMS...: a request each; prints the jobs of the answers
ask() {
	local method=$1 n=0
	shift

	for params; do
		echo '{"jsonrpc":"2.0","id":'$((++n))',' \
			'"method":"'"$method"'","params":{'"$params"'}}'
	done | socat -t 10 - "UNIX-CONNECT:$dir/s" 2>/dev/null |
		jq -r 'select(.result) | .result.job'
}

to='"to":"+491701234567","password":"pw","nonce":"AAAA"'
other='"to":"+491701234568","server-id":"srv","password":"pw","nonce":"AAAA"'

# load FIRST LAST FILE: jobs for servers of these numbers, one after the other,
# since one server's would be joined; those that were accepted to FILE
load() {
	local i

	for ((i = $1; i <= $2; i++)); do
		ask notify "$to"',"server-id":"srv'"$i"'"' >>"$3"
		sleep 0.02
	done
}

# events [FILTER]: of those that were seen
events() { jq -c "${1:-.}" "$dir/seen"; }

last_cursor() {
	echo '{"jsonrpc":"2.0","id":1,"method":"event.subscribe"}' |
		socat -t 10 - "UNIX-CONNECT:$dir/s" | jq .result.cursor
}

seen_all() { [ "$(tail -n 1 "$dir/seen" | jq .cursor)" = "$(last_cursor)" ]; }

# --------------------------- without a dmboxd ---------------------------

is "without a dmboxd it ends with 69" exits 69 ./dmbox watch
is "and says why" says "socket: $dir/s"
is "a wrong option ends it with 64" exits 64 ./dmbox watch --status done
is "so does an argument" exits 64 ./dmbox watch 17

# ------------------------------ following ------------------------------

start
./dmbox watch --json --after 0 >"$dir/seen" 2>"$dir/watch.err" &
others=$!
load 1 20 "$dir/accepted"
is "it tells of every job" within 100 seen_all
ids() { events 'select(.event == "job.accepted") | .job' | tr -d '"'; }
same() { diff <(ids) "$dir/accepted" | sed 's/^/# /' | { ! grep .; }; }
is "each as it was accepted" same

# Two stops and a kill under load.
load 21 80 "$dir/accepted" &
loader=$!
sleep 0.4
stop TERM
start
sleep 0.4
stop KILL
start
sleep 0.4
stop TERM
sleep 1.5
start
wait "$loader"
load 81 85 "$dir/accepted"
is "it finds a dmboxd that was started again" within 100 seen_all
lost() { comm -13 <(ids | sort) <(sort "$dir/accepted"); }
none_lost() { [ -z "$(lost)" ] || { lost | sed 's/^/# lost /'; false; }; }
is "and has missed no job that was accepted" none_lost
in_order() { diff <(events .cursor) <(events .cursor | sort -nu) >/dev/null; }
is "they came in their order, each once" in_order
whole() { diff <(events .cursor) <(seq "$(last_cursor)") >/dev/null; }
is "and none is missing" whole
is "it said that the connection broke" \
	grep -q 'dmboxd closed the connection' "$dir/watch.err"
is "and that it is there again" grep -q 'connected again' "$dir/watch.err"

# What happened while nobody watched.
kill $others
wait $others 2>/dev/null
cursor=$(events .cursor | tail -n 1)
job=$(ask notify "$other")
ask job.cancel '"job":"'"$job"'"' >/dev/null
expiring=$(ask notify "$to"',"server-id":"srv","expires-s":1')
./dmbox watch --json --after "$cursor" >"$dir/seen" 2>"$dir/watch.err" &
others=$!
is "one that was away goes on from its cursor" within 100 seen_all
job_events() { events "select(.job == \"$1\") | .event" | tr '\n' ' '; }
is "a cancelled job is told of" \
	[ "$(job_events "$job")" = '"job.accepted" "job.cancelled" ' ]
expired() { [ "$(job_events "$expiring")" = '"job.accepted" "job.expired" ' ]; }
is "and one that expires" within 50 expired

# ------------------------------- filters -------------------------------

# sees LINES OPTION...: so many lines and no more
sees() {
	local n=$1 i
	shift

	: >"$dir/filtered"
	./dmbox watch --after 0 "$@" >"$dir/filtered" &
	local pid=$!
	for ((i = 0; i < 50; i++)); do
		[ "$(grep -c . "$dir/filtered")" -ge "$n" ] && break
		sleep 0.1
	done
	kill "$pid"
	wait "$pid" 2>/dev/null
	[ "$(grep -c . "$dir/filtered")" -eq "$n" ] ||
		{ sed 's/^/# /' "$dir/filtered"; false; }
}
is "it can look at one job" sees 2 --job "$job"
line='^[0-9]+ +20[0-9-]+T[0-9:.]+Z job.cancelled +'$job
line=$line' +\+491701234568 +srv +none +0'
is "and prints a line an event" grep -qE "$line" "$dir/filtered"
is "at one device" sees 2 --to 491701234568
is "at states" sees 2 --state cancelled --state expired
is "at all of this together" sees 1 --job "$job" --state cancelled
is "a state that there is not is refused" \
	exits 64 ./dmbox watch --state cancel
is "and told what there is" says 'expired or cancelled'
timeout 2 ./dmbox watch --json --after 99999 >"$dir/all" 2>"$dir/err"
is "a cursor that was never reached begins with the oldest event" \
	[ "$(jq .cursor "$dir/all" | head -n 1)" = 1 ]
is "and says so" says 'events are lost: 99999 has not been reached; it goes on behind 0'

# Another queue in the same place: its cursors mean something else.
stop TERM
rm "$dir"/q.db*
start
: >"$dir/accepted"
load 86 90 "$dir/accepted"
is "another queue is told of from its beginning" within 100 seen_all
is "which it says" grep -q 'events are lost: .*; it goes on behind 0' \
	"$dir/watch.err"
is "and misses none of its jobs" none_lost
kill $others
wait $others 2>/dev/null
others=
stop TERM
tap_end
