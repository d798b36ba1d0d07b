#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# test_dmboxd.sh - dmboxd as a program: start, stop, bad input, kill -9
#
# There is no bearerbox: jobs stay in the queue. Run in the build folder.
# Prints TAP.

set -u
srcdir=${srcdir:-.}
. "$srcdir/tests/alone.sh"
# ask LINE...: sends lines, prints the answers
ask() {
	printf '%s\n' "$@" | socat -t 10 - "UNIX-CONNECT:$dir/s" |
		tee -a "$dir/answers"
}

# notify ID MEMBERS [TO]: a request as a line
notify() {
	echo '{"jsonrpc":"2.0","id":'"$1"',"method":"notify","params":{' \
		'"to":"'"${3-+491701234567}"'","server-id":"srv"'"$2"'}}'
}
key=',"password":"pw","nonce":"AAAA"'

# ---------------------------- configuration ----------------------------

configure
is "a good configuration is ok" exits 0 ./dmboxd -c "$conf" --check-config
ok() { grep -qx "$conf: ok" "$dir/out"; }
is "and is said to be" ok

# bad TEXT LINE...: refused with status 78 and these words
bad() {
	local text=$1
	shift

	configure "$@"
	exits 78 ./dmboxd -c "$conf" --check-config && says "$text"
}
is "an unknown key is refused, with its line" \
	bad "line 7: no such option 'sendr'" 'sendr = 1'
is "port 70000 is refused: line, what came, what is allowed" \
	bad 'line 8: port: 70000, allowed: 1 to 65535' 'bearerbox {' \
	'port = 70000 }'
echo "socket = $dir/s" >"$conf"
is "a missing sender is refused" exits 78 ./dmboxd -c "$conf" --check-config
is "and the message says why it is needed" \
	says 'sender: missing, allowed: a number or name of 1 to 20 octets'
is "a missing file is refused" exits 78 ./dmboxd -c "$dir/none"
is "and the message names it" says "$dir/none: No such file"
is "no configuration is a mistake in the usage" exits 64 ./dmboxd -f
is "so is an unknown option" exits 64 ./dmboxd -c "$conf" --daemon
configure 'store = /nonexistent/q.db'
is "a store that cannot be made ends it with 1" exits 1 ./dmboxd -c "$conf" -f
is "and the message names it" says '/nonexistent/q.db'

# ---------------------------- start and stop ----------------------------

configure
is "it starts" start
mode() { [ "$(stat -c %a "$dir/$1")" = "$2" ]; }
is "the socket is for owner and group" mode s 660
is "the database is for its owner" mode q.db 600
is "SIGTERM ends it with 0" stop TERM 0
no_socket() { [ ! -e "$dir/s" ]; }
is "and removes the socket" no_socket
is "it starts again" start
is "SIGINT ends it with 0" stop INT 0
start
stop KILL 137
is "after kill -9 it takes its old socket" start

configure "socket = $dir/s2"
is "a second one on the same store is refused" exits 1 ./dmboxd -c "$conf" -f
is "and told why" says 'is in use by another dmboxd'
configure "store = $dir/q2.db"
is "a second one on the same socket is refused" exits 1 ./dmboxd -c "$conf" -f
is "and told why" says 'is in use by another dmboxd'
is "the first one does not care" answers
configure

mv "$dir/log" "$dir/log.1"
kill -HUP "$pid"
reopened() { grep -q 'log.reopened' "$dir/log" 2>/dev/null; }
is "SIGHUP opens the log again after a move" within 50 reopened
is "and ends nothing" answers
stop TERM 0

configure "pid-file = $dir/pid"
is "without -f it goes into the background" exits 0 ./dmboxd -c "$conf"
pid=$(cat "$dir/pid")
is "where it answers at once" answers
is "its pid file tells its pid" kill -0 "$pid"
is "a second one fails before it goes there" exits 1 ./dmboxd -c "$conf"
is "with a message" says 'is in use by another dmboxd'
is "and leaves the pid file of the first" test -s "$dir/pid"
kill -TERM "$pid"
is "SIGTERM ends it" within 100 gone "$pid"
pid=
is "and the pid file is gone" test ! -e "$dir/pid"

# ------------------------------ bad input ------------------------------

configure
start

# refuses CODE FIELD LINE: the answer has this code and names this field
refuses() {
	local got

	got=$(ask "$3" | jq -r '"\(.error.code) \(.error.data.field)"')
	[ "$got" = "$1 $2" ] || { echo "# $got"; false; }
}
is "malformed JSON is refused" refuses -32700 line '{"jsonrpc":'
is "an unknown method is refused" refuses -32601 method \
	'{"jsonrpc":"2.0","id":1,"method":"reboot"}'
is "an unknown field is refused" refuses -32602 nonse \
	"$(notify 1 ',"password":"pw","nonse":"AAAA"')"
is "a wrong type is refused" refuses -32602 expires-s \
	"$(notify 1 "$key"',"expires-s":"60"')"
is "a missing field is refused" refuses -32602 nonce \
	"$(notify 1 ',"password":"pw"')"
letters() {
	refuses -32602 to '{"jsonrpc":"2.0","id":1,"method":"notify",'\
'"params":{"to":"+49abc","server-id":"srv","password":"pw","nonce":"AAAA"}}'
}
is "an MSISDN with letters is refused" letters
latin1() {
	refuses -32700 line \
		"$(printf '{"jsonrpc":"2.0","id":1,"method":"caf\xe9"}')"
}
is "what is no UTF-8 is refused" latin1
bootstrap() {
	echo '{"jsonrpc":"2.0","id":1,"method":"bootstrap","params":{' \
		'"to":"+491701234567","sec":"USERPIN","pin":"1234",' \
		'"profile":"internet","until":"session"}}'
}
is "a bootstrap has no session to wait for" refuses -32602 until \
	"$(bootstrap)"
is "no job lives longer than is configured" refuses -32602 expires-s \
	"$(notify 1 "$key"',"expires-s":2592001')"
is "a job that is not there is not found" refuses -32001 job \
	'{"jsonrpc":"2.0","id":1,"method":"job.get","params":{"job":"9"}}'
long_line() {
	local got

	got=$({
		head -c 1200000 /dev/zero | tr '\0' x
		echo
		notify 2 "$key"',"dry-run":true'
	} | socat -t 10 - "UNIX-CONNECT:$dir/s" |
		jq -r '"\(.id) \(.error.code) \(.result.segments)"')
	[ "$got" = "null -32600 null
2 null 1" ]
}
is "after a line over the limit the connection is usable" long_line
empty() { [ "$(./dmbox job list --json | jq '.jobs | length')" = 0 ]; }
is "nothing of all that is in the queue" empty

# ------------------------------- secrets -------------------------------

pw=Tr0ub4dorPlanted
nonce=N0ncePlanted
hex=$(printf %s $nonce | od -An -tx1 | tr -d ' \n')
b64=$(printf %s $nonce | base64)
long=$(printf "$pw%.0s" {1..100})

plant() {
	ask "$(notify 1 ',"password":"'$pw'","nonce-text":"'$nonce'"')" \
	"$(notify 2 ',"password":"'$pw'","nonce-hex":"'"$hex"'"')" \
	"$(notify 3 ',"password":"'$pw'","nonce":"'"$b64"'","dry-run":true')" \
	"$(notify 4 ',"password":"'$pw'","nonce":"'"$b64"'","x":1')" \
	"$(notify 5 ',"password":"'$pw'","nonce":"'"$b64"'-"')" \
	"$(notify 6 ',"password":["'$pw'"],"nonce":{"a":"'"$b64"'"}')" \
	"$(notify 7 ',"password":"'"$long"'","nonce":"AA"')" \
	"$(notify 8 ',"password":"pw","nonce-hex":"'"$hex"'zz"')" \
	"$(notify 9 ',"credential":"'$pw'","nonce-text":"'$nonce'"')" \
	"$(notify 10 ',"password":"'$pw'","nonce":"'"$b64"'"') $pw" \
	'{"password":"'$pw'","password":"'$nonce'"}' \
	'{"jsonrpc":"2.0","method":"notify","params":{"password":"'$pw'"}}' \
	'{"jsonrpc":"2.0","id":1,"method":"notify","params":["'$pw'"]}' \
		>/dev/null
	[ "$(grep -c '"job"' "$dir/answers")" = 2 ]
}
: >"$dir/answers"
is "secrets are planted in good and bad requests" plant
clean() { ! grep -qaF -e $pw -e $nonce -e "$hex" -e "$b64" "$@"; }
is "none of them is in an answer" clean "$dir/answers"
stop TERM 0
is "none is in the log at level debug" clean "$dir/log" "$dir/dmboxd.err"
is "none is in the database" clean "$dir"/q.db*
masked() { ! grep -q 491701234567 "$dir/log"; }
is "and numbers in the log are masked" masked

# ---------------------------- a busy device ----------------------------

rm -f "$dir"/q.db*
configure "client me { uid = $(id -u) default-until = session }"
start

# gives FILTER ANSWER MEMBERS: jq of the answer to a notify with these members
gives() {
	local got

	got=$(ask "$(notify 1 "$key$3")" | jq -rc "$1")
	[ "$got" = "$2" ] || { echo "# $got"; false; }
}
is "a first notification is accepted" gives \
	'"\(.result.job) \(.result.joined)"' '1 null' ',"key":"a"'
is "a second one joins it" gives '"\(.result.job) \(.result.joined)"' \
	'1 true' ''
is "or is refused" gives '"\(.error.code) \(.error.data.job)"' '-32002 1' \
	',"on-busy":"refuse"'
is "or supersedes it" gives '"\(.result.job) \(.result.superseded)"' '2 1' \
	',"on-busy":"supersede","key":"b"'
is "the first one is cancelled and says why" \
	[ "$(./dmbox job get 1 --json | jq -r '.state + ": " + .reason')" = \
	"cancelled: superseded by job 2" ]
stop TERM 0
start
is "the same key gives the same answer, with what became of the job" gives \
	'.result | "\(.job) \(.joined) \(.state) \(.reached) \(.reason)"' \
	'1 null cancelled none superseded by job 2' ',"key":"a"'
is "the order of members does not matter" gives \
	'"\(.result.job) \(.result.joined)"' '2 null' \
	',"key":"b","on-busy":"supersede"'
is "for another request it is refused" gives \
	'"\(.error.code) \(.error.data.field)"' '-32602 key' \
	',"key":"a","expires-s":60'
is "until is the client's default" \
	[ "$(./dmbox job get 2 --json | jq -r .until)" = session ]
report() {
	echo '{"jsonrpc":"2.0","id":1,"method":"session.report","params":{' \
		"$1}}"
}
told() {
	local got

	got=$(ask "$(report "$1")" | jq -rc "$2")
	[ "$got" = "$3" ] || { echo "# $got"; false; }
}
device='"to":"491701234567","server-id":"srv"'
put='"device":"dev1","msisdn":"+491701234567","dev-id":"IMEI:1"'
ask '{"jsonrpc":"2.0","id":1,"method":"device.put","params":{'$put'}}' \
	>"$dir/put"
is "a device is registered" grep -q '"created":true' "$dir/put"
many='"reports":[{'$device',"event":"started"},'\
'{"job":"2","event":"ended","result":401},{"job":"1","event":"started"},'\
'{"job":"9","event":"started"},{"job":"2","event":"paused"},'\
'{"job":"2","to":"49170","event":"ended"},{"reports":[{}]},'\
'{"device":"dev1","event":"ended"},{"dev-id":"IMEI:1","event":"ended"},'\
'{"to":"dev1","event":"ended"},{"device":"dev2","event":"ended"},'\
'{"dev-id":"IMEI:2","event":"ended"},{"to":"dev2","event":"ended"},'\
'{"to":"dev1","device":"dev1","event":"ended"},'\
'{"job":"2","dev-id":"IMEI:1","event":"ended"},'\
'{"device":"12345","event":"ended"}]'
each='[.result.reports[] | .result.job // (.error.code | tostring)] | join(" ")'
is "reports of sessions are answered one by one" told "$many" "$each" \
	"2 2 -32002 -32001 -32602 -32602 -32602 2 2 2 -32001 -32001 -32001 \
-32602 -32602 -32602"
is "what was reported is kept" \
	[ "$(./dmbox job get 2 --json | jq -r '."result-text"')" = \
	"cancelled by the user" ]
is "a single one is answered with its job" told \
	'"job":"2","event":"ended","result":200' .result.result 200
is "by a registered device, too" told \
	'"dev-id":"IMEI:1","event":"ended"' .result.job 2
is "an unknown one is told" told '"dev-id":"IMEI:2","event":"ended"' \
	'"\(.error.code) \(.error.data.field)"' '-32001 dev-id'
is "one without event is refused" refuses -32602 event "$(report '"job":"2"')"
is "one without job or device is refused" refuses -32602 job \
	"$(report '"event":"ended"')"
is "only an end has a result" refuses -32602 event \
	"$(report '"job":"2","event":"started","result":200')"
is "reports stand alone" refuses -32602 reports \
	"$(report '"reports":[{"job":"2","event":"ended"}],"job":"2"')"
put='"device":"dev3","msisdn":"491701234569","quirks":"symbian",'\
'"server-id":"srv"'$key
ask '{"jsonrpc":"2.0","id":1,"method":"device.put","params":{'$put'}}' \
	>"$dir/put"
own() {
	ask '{"jsonrpc":"2.0","id":1,"method":"notify","params":{"to":"dev3"'"$1}}" |
		jq -r '.error.data.field'
}
is "what a client would take for a repeat is not for a session" \
	[ "$(own "$key")" = until ]
is "nor with a session id that stays" [ "$(own ',"session-id":7')" = until ]
is "with another one each time it is" [ "$(own '')" = null ]
is "the secret of the keys is for its owner" mode q.db.key 600
stop TERM 0

# ------------------------- repeated bootstraps -------------------------

configure "profiles = $srcdir/conf/profiles"
start
# provisions MORE: a bootstrap of dev4 with a new account and a PIN
provisions() {
	ask '{"jsonrpc":"2.0","id":1,"method":"bootstrap","params":{'\
'"to":"dev4","sec":"USERPINMAC","profile":"generic","fields":{"name":"x",'\
'"addr":"https://dm.example.com/dm"},"create-account":true'"$1}}"
}
put='"device":"dev4","msisdn":"491701234570","server-id":"srv"'
ask '{"jsonrpc":"2.0","id":1,"method":"device.put","params":{'$put'}}' \
	>"$dir/put"
provisions ',"key":"new"' >"$dir/created"
# again FILTER: it is repeated, and what FILTER takes of the answer is the same
again() {
	provisions ',"key":"new"' >"$dir/again"
	[ "$(jq -c "$1" "$dir/again")" = "$(jq -c "$1" "$dir/created")" ] &&
		jq -e .result.job "$dir/again" >/dev/null
}
secrets='.result | .job, .account, ."out-of-band-pin"'
is "a bootstrap has an account and a PIN" jq -e '.result |
	(.account | length) >= 5 and ."out-of-band-pin"' "$dir/created"
is "the same key gives the same ones, and findings" again '.result | del(.reached)'
is "the account is for one request" \
	[ "$(provisions '' | jq .error.code)" = -32002 ]
./dmbox device delete dev4 >/dev/null
is "when its device is deleted the same key gives the same" again "$secrets"
is "but another request none" \
	[ "$(provisions ',"key":"new","force":true' |
		jq -c '[.error.code, .error.data.field]')" = '[-32001,"to"]' ]
is "and without a key there is no job" \
	[ "$(provisions '' | jq .error.code)" = -32001 ]
is "nor in a dry run" [ "$(provisions ',"key":"new","dry-run":true' |
	jq .error.code)" = -32001 ]
./dmbox job cancel "$(jq -r .result.job "$dir/created")" >/dev/null
is "when it has ended the job alone is told" again .result.job
is "and no secret" jq -e '.result | has("account") or has("out-of-band-pin") |
	not' "$dir/again"
stop TERM 0
configure

# ------------------------------- kill -9 -------------------------------

rm -f "$dir"/q.db*
start
for ((i = 1; i <= 20000; i++)); do
	notify $i "$key" "+4917$((100000 + i))"
done >"$dir/requests"

# How many answers has the client written down?
n_answers() { [ "$(wc -l <"$dir/ledger")" -ge "$1" ]; }
: >"$dir/ledger"
socat -t 30 - "UNIX-CONNECT:$dir/s" <"$dir/requests" >"$dir/ledger" \
	2>/dev/null &
others=$!
is "it accepts jobs" within 300 n_answers 1000
is "it is killed in the middle of it" stop KILL 137
wait $others 2>/dev/null
others=
# The last answer may be cut.
grep -a '"id":[0-9]*}$' "$dir/ledger" | jq -r '.result.job' | sort \
	>"$dir/answered"
midst() { ! grep -q '"id":20000}' "$dir/ledger"; }
is "before it was through" midst
is "it starts again" start

list_all() {
	local after=0 page

	while [ "$after" != null ]; do
		page=$(./dmbox job list --json --limit 1000 --after "$after")
		jq -r '.jobs[].job' <<<"$page"
		after=$(jq -r .after <<<"$page")
	done
}
list_all | sort >"$dir/stored"
all_there() {
	[ "$(wc -l <"$dir/answered")" -ge 1000 ] &&
	[ -z "$(comm -23 "$dir/answered" "$dir/stored")" ]
}
is "every job that was answered is there" all_there
whole() {
	./dmbox job get "$(tail -n1 "$dir/answered")" --json |
		jq -e '.state == "waiting" and (.parts | length) == 1' \
		>/dev/null
}
is "with its segments" whole
counts() {
	[ "$(./dmbox status --json | jq .jobs.waiting)" = \
		"$(wc -l <"$dir/stored")" ]
}
is "and the status counts them" counts
is "SIGTERM ends it with 0" stop TERM 0
sane() { ! grep -E 'ERROR: |runtime error' "$dir/dmboxd.err"; }
is "no sanitizer complained" sane

tap_end
