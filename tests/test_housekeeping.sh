#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# test_housekeeping.sh - dmboxd removes what is old, and copies its queue
#
# There is no bearerbox. Run in the build folder. Prints TAP.

set -u
srcdir=${srcdir:-.}
. "$srcdir/tests/alone.sh"

# notify SERVER-ID [OPTION...]: prints the job
notify() {
	./dmbox notify --json --to +491701234567 --password pw --nonce AAAA \
		--server-id "$@" | jq -r .job
}

n_jobs() { ./dmbox job list --json --limit 1000 | jq '.jobs | length'; }

# -------------------------------- backup --------------------------------

configure
start
first=$(notify srv1)
second=$(notify srv2 --vendor-hex "$(printf 'ab%.0s' $(seq 300))")
is "it copies its queue" exits 0 ./dmbox backup "$dir/copy.db"
size() {
	[ "$(cat "$dir/out")" = \
		"$dir/copy.db: $(stat -c %s "$dir/copy.db") octets" ]
}
is "and says where to, and how much" size
mode() { [ "$(stat -c %a "$dir/copy.db")" = 600 ]; }
is "the copy is for its owner" mode
is "it is not overwritten" exits 64 ./dmbox backup "$dir/copy.db"
is "and that is said" says "$dir/copy.db: there is one"
here() { (cd "$dir" && exits 0 "$OLDPWD/dmbox" backup here.db); }
is "a path may be relative" here
is "to where the client is" test -s "$dir/here.db"
relative() {
	echo '{"jsonrpc":"2.0","id":1,"method":"server.backup","params":' \
		'{"file":"x.db"}}' | socat -t 10 - "UNIX-CONNECT:$dir/s" |
		jq -e '.error.code == -32602' >/dev/null
}
is "but not in a request" relative
is "a folder that is not there is refused" \
	exits 64 ./dmbox backup "$dir/none/copy.db"
other_user() {
	[ "$(id -u)" = 0 ] || return 0		# nobody else is to be had
	chmod 755 "$dir" && chmod 666 "$dir/s"
	exits 64 setpriv --reuid 65534 --regid 65534 --clear-groups \
		./dmbox backup "$dir/theirs.db" && says 'uid 65534' &&
		[ ! -e "$dir/theirs.db" ]
}
is "it is not for everybody" other_user
third=$(notify srv3)
stop

rm "$dir"/q.db*
cp "$dir/copy.db" "$dir/q.db"
chmod 600 "$dir/q.db"
is "a dmboxd starts with the copy" start
same_jobs() { [ "$(n_jobs)" = 2 ]; }
is "in which the jobs are that were there" same_jobs
whole() {
	[ "$(./dmbox job get "$second" --json |
		jq -c '[.state, (.parts | length)]')" = '["waiting",3]' ]
}
is "with their segments" whole
unknown() { exits 1 ./dmbox job get "$third"; }
is "and no later one" unknown
events() {
	[ "$(timeout 1 ./dmbox watch --after 0 --json | jq -r .job |
		tr '\n' ' ')" = "$first $second " ]
}
is "and their events" events
is "which can be cancelled" exits 0 ./dmbox job cancel "$first"
stop

# ------------------------------ what is old ------------------------------

configure 'jobs-keep-s = 2' 'events-keep-s = 1'
start
gone() { exits 1 ./dmbox job get "$first" >/dev/null; }
is "an ended job is removed when it is old enough" within 80 gone
waits() {
	[ "$(./dmbox job get "$second" --json | jq -r .state)" = waiting ]
}
is "one that has not ended is not" waits
timeout 2 ./dmbox watch --after 0 >"$dir/out" 2>"$dir/err"
is "events are, too" [ ! -s "$dir/out" ]
is "which is said" says 'events are lost: 0 is not kept any more'
stop
tap_end
