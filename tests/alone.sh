# SPDX-License-Identifier: Apache-2.0
# alone.sh - dmboxd without a bearerbox, for tests of it; sourced by bash
#
# Run in the build folder. Everything lives in $dir; $others are more process
# ids to end. Jobs stay in the queue.

. "$srcdir/tests/tap.sh"

dir=$(mktemp -d "${TMPDIR:-/tmp}/dmboxd.XXXXXX")
conf=$dir/dmbox.conf
export DMBOX_SOCKET=$dir/s
pid=			# of dmboxd
others=

cleanup() {
	[ -z "$others" ] || kill $others 2>/dev/null
	[ -z "$pid" ] || kill -KILL "$pid" 2>/dev/null
	wait 2>/dev/null
	rm -rf "$dir"
}
trap cleanup EXIT
trap 'exit 130' INT TERM

# configure LINE...: the usual configuration and more
configure() {
	printf '%s\n' "socket = $dir/s" "store = $dir/q.db" "sender = 12345" \
		"log-file = $dir/log" "log-level = debug" \
		'bearerbox { port = 1 }' "$@" >"$conf"
}

# within TENTHS COMMAND...: does it succeed in that time?
within() {
	local i n=$1
	shift

	for ((i = 0; i < n; i++)); do
		"$@" && return 0
		sleep 0.1
	done
	return 1
}

answers() { ./dmbox status >/dev/null 2>&1; }
gone() { ! kill -0 "$1" 2>/dev/null; }

start() {
	./dmboxd -c "$conf" -f 2>>"$dir/dmboxd.err" &
	pid=$!
	within 100 answers
}

# stop [SIGNAL [STATUS]]: it ends by the signal, with this status
stop() {
	local status

	kill -"${1-TERM}" "$pid"
	within 100 gone "$pid"
	wait "$pid" 2>/dev/null
	status=$?
	pid=
	[ $status -eq "${2-$status}" ]
}
