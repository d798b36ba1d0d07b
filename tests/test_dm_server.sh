#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The example DM server alone, without dmboxd and devices: its web site, its
# files and its orders.
. "${srcdir:-.}/tests/stage.sh"
. "${srcdir:-.}/tests/tap.sh"

stage_begin . "${srcdir:-.}"
mkdir "$stage/packages"
echo 'firmware' >"$stage/packages/fw-2.0.bin"
: >"$stage/packages/empty.bin"
echo secret >"$stage/packages/.hidden"

dm_server() {
	"$stage_bin/dm-server" -c "$stage/dm-server.conf" "$@"
}

# refuses STATUS TEXT OPTION...: it ends so, and says why
refuses() {
	local status=$1 text=$2 got
	shift 2

	timeout 10 "$stage_bin/dm-server" "$@" >"$stage/out" 2>"$stage/err"
	got=$?
	[ $got = "$status" ] && grep -qF -- "$text" "$stage/err" ||
		{ echo "# $got"; sed 's/^/# /' "$stage/err"; false; }
}

says() {
	stage_wait 10 stage_dm_server_says "$1" ||
		{ sed 's/^/# /' "$stage/dm_server.out"; false; }
}

start() {
	stage_dm_server_start || exit 1
}

# http METHOD PATH [TYPE [FILE]]: the answer goes to $stage/answer; $headers go
# with it, each with its line end
http() {
	local file=${4-/dev/null}

	{
		printf '%s %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n' \
			"$1" "$2"
		printf '%b' "${headers-}"
		printf 'Content-Type: %s\r\nContent-Length: %d\r\n\r\n' \
			"${3-text/plain}" "$(stat -c %s "$file")"
		cat "$file"
	} | timeout 20 socat -t 0.1 -,ignoreeof \
		"${peer-TCP:127.0.0.1:$dm_port}" >"$stage/answer" 2>/dev/null
}

# answers STATUS ...: as of http
answers() {
	local status=$1
	shift

	http "$@"
	head -n 1 "$stage/answer" | grep -q "^HTTP/1.1 $status " ||
		{ sed 's/^/# /' "$stage/answer"; false; }
}

has() {
	grep -qF -- "$1" "$stage/answer"
}

# --------------------------------- its start ---------------------------------

is "without a configuration it is not started" refuses 64 usage
stage_dm_server_conf
is "an update needs a package" refuses 64 usage -c "$stage/dm-server.conf" \
	--update all
stage_dm_server_conf 'colour = "red"'
is "an unknown option is refused" refuses 1 "no such option" \
	-c "$stage/dm-server.conf"
stage_dm_server_conf 'certificate = "x"'
is "so is half a key" refuses 1 "certificate: one of them" \
	-c "$stage/dm-server.conf"
stage_dm_server_conf 'certificate = "x"' 'private-key = "y"'
is "so is a certificate that is not there" refuses 1 "certificate: x, y" \
	-c "$stage/dm-server.conf"
stage_dm_server_conf "dmbox-socket = \"$(printf '%0108d' 1)\""
sed -i '$!b;/dmbox-socket/d' "$stage/dm-server.conf"
is "so is a socket with too long a name" refuses 1 \
	"dmbox-socket: 108 octets, allowed: 1 to 107 octets" \
	-c "$stage/dm-server.conf"
stage_dm_server_conf "message-within-s = 0"
is "so is no time for a message" refuses 1 "message-within-s: 0, allowed: 1" \
	-c "$stage/dm-server.conf"
stage_dm_server_conf
stage_dm_device dev1 '{"msisdn":"+491700000001","dm-version":"1.2","imsy":"1"}'
is "so is a device with a misspelt field" refuses 1 "imsy: device dev1" \
	-c "$stage/dm-server.conf"
stage_dm_device "dev 1" '{"msisdn":"+491700000001","dm-version":"1.2"}'
is "or with a name that dmboxd does not take" refuses 1 \
	"another name, of 5 octets" -c "$stage/dm-server.conf"
rm "$stage/dm/devices/dev 1.json"
stage_dm_device dev1 '{"msisdn":"+491700000001"}'
is "or without its DM version" refuses 1 "msisdn and dm-version" \
	-c "$stage/dm-server.conf"
stage_dm_device dev1 '{"msisdn":"+491700000001","dm-version":"1.2",
	"dev-id":"IMEI:1"}'
stage_dm_device dev2 '{"msisdn":"+491700000002","dm-version":"1.1.2"}'

# fleet LINE...: the devices of the fleet's file
fleet() {
	printf '%s\n' "$@" >"$stage/fleet.jsonl"
}
line='"msisdn":"+491700000003","dm-version":"1.2"'
stage_dm_server_conf "fleet = \"$stage/fleet.jsonl\""
is "so is a fleet that is not there" refuses 1 "fleet.jsonl: No such file" \
	-c "$stage/dm-server.conf"
fleet "{\"device\":\"dev3\",$line}" "x"
is "or no JSON" refuses 1 "fleet.jsonl: line 2" -c "$stage/dm-server.conf"
fleet "{$line}"
is "or has a device without a name" refuses 1 "device: another name, of 0" \
	-c "$stage/dm-server.conf"
fleet "{\"device\":\"dev3\",$line,\"imsy\":\"1\"}"
is "or with a misspelt field" refuses 1 "imsy: device dev3" \
	-c "$stage/dm-server.conf"
fleet "{\"device\":\"dev3\",$line,\"account\":{\"client-nonce\":\"!\"}}"
is "or with an account that is none" refuses 1 "account: device dev3" \
	-c "$stage/dm-server.conf"
fleet "{\"device\":\"dev2\",$line}"
is "or one that is there already" refuses 1 "fleet: device dev2 twice" \
	-c "$stage/dm-server.conf"
stage_dm_server_conf

# -------------------------------- its web site -------------------------------

# account: dev1 has the one of the conversations in dm_sessions/
account() {
	mkdir -p "$stage/dm/state"
	jq -n --arg client "$(printf dev1:devpwd | md5)" \
		--arg server "$(printf com.example.dms:srvpwd | md5)" \
		'{"client-credential":$client, "server-credential":$server,
		"client-nonce":"Y2xpZW50bm9uY2Ux",
		"server-nonce":"c2VydmVybm9uY2Ux",
		"update":"wanted", "number":7, "package":"fw-2.0.bin",
		"version":"2.0"}' \
		>"$stage/dm/state/dev1.json"
}
md5() {
	openssl md5 -binary | base64
}
account
start
is "a package is served" answers 200 GET /packages/fw-2.0.bin
is "as it is" [ "$(tail -n 1 "$stage/answer")" = firmware ]
is "with its size" has "Content-Length: 9"
is "and its digest" has "Digest: SHA-256=$(openssl dgst -sha256 -binary \
	"$stage/packages/fw-2.0.bin" | base64)"
etag() { sed -n 's/^ETag: //p' "$stage/answer" | tr -d '\r'; }
etag=$(etag)
# part TEXT RANGE [HEADER]: of "firmware\n" it sends this
part() {
	headers="Range: bytes=$2\\r\\n${3+$3\\r\\n}" \
		answers 206 GET /packages/fw-2.0.bin && has "$4" &&
		[ "$(tail -n 1 "$stage/answer")" = "$1" ] && [ "$(etag)" = "$etag" ]
}
all_of_it() {
	headers="Range: bytes=$1\\r\\n${2+$2\\r\\n}" \
		answers 200 GET /packages/fw-2.0.bin && has "Content-Length: 9"
}
is "what a device still needs is sent" part ware 4- '' 'bytes 4-8/9'
is "a part in the middle" part war 4-6 '' 'bytes 4-6/9'
is "its end" part are -4 '' 'bytes 5-8/9'
is "no more than there is" part firmware 0-99999999999999999999 '' 'bytes 0-8/9'
is "if it has not changed" part ware 4- "If-Range: $etag" 'bytes 4-8/9'
is "else all of it" all_of_it 4- 'If-Range: "another"'
is "all, where the range makes no sense" all_of_it 6-4
is "or there are two" all_of_it 0-1,4-5
beyond() {
	headers='Range: bytes=9-\r\n' answers 416 GET /packages/fw-2.0.bin &&
		has 'Content-Range: bytes */9'
}
is "nothing, where it is beyond the end" beyond
echo 'firmwarf' >"$stage/packages/next"
mv "$stage/packages/next" "$stage/packages/fw-2.0.bin"
is "another package of this name" answers 200 GET /packages/fw-2.0.bin
is "has another digest" [ "$(etag)" != "$etag" ]
is "and is not taken for the rest" all_of_it 4- "If-Range: $etag"
for path in /packages/none.bin /packages/empty.bin /packages/.hidden \
	/packages/../dm-server.conf /packages/%2e%2e/dm-server.conf \
	/packages/ / /data/devices/dev1.json; do
	is "$path is not" answers 404 GET $path
done
is "/dm is not read" answers 405 GET /dm
is "other types are not taken" answers 415 POST /dm text/xml
echo '<SyncML' >"$stage/broken"
is "nor nothing" answers 400 POST /dm application/vnd.syncml.dm+wbxml
is "nor what is no message" answers 400 POST /dm \
	application/vnd.syncml.dm+xml "$stage/broken"
is "the operator hears of it" says '.event == "message.refused"'
head -c 70000 /dev/zero >"$stage/large"
large() {
	http POST /dm application/vnd.syncml.dm+wbxml "$stage/large"
	! has ' 200 '
}
is "nor one that is too large" large
package1=${srcdir:-.}/tests/syncml/dm12-package1.xml
is "a stranger is answered" answers 200 POST /dm \
	application/vnd.syncml.dm+xml "$package1"
is "that we do not know him" has '<Data>401</Data>'
is "and not challenged" eval '! has Chal'
is "the operator hears of it, too" says '.event == "session.stranger"'
long=$(printf 'é%.0s' {1..400})
sed "s|<LocURI>IMEI:[^<]*|<LocURI>x$long|" "$package1" >"$stage/long"
is "one with a long name is answered, too" answers 200 POST /dm \
	application/vnd.syncml.dm+xml "$stage/long"
is "and told of, as far as it fits" says '.event == "session.stranger" and
	(.text | endswith("é")) and (.text | utf8bytelength) > 500'

# --------------------------------- a session ---------------------------------

xml=application/vnd.syncml.dm+xml
package() {	# N: what the device says in its Nth message
	awk -v n="$1" '/^device$/ { i++; on = 1; next } /^server$/ { on = 0 }
		on && i == n' "${srcdir:-.}/tests/dm_sessions/dm12-update"
}
package 1 >"$stage/package1"
package 2 >"$stage/package2"
answered() {
	answers 200 POST /dm $xml "$stage/package1" && has "<Data>$1</Data>"
}
is "a device that proves itself is welcome" answered 212
cp "$stage/answer" "$stage/opened"
is "in the encoding that it came in" has "Content-Type: $xml"
is "and asked what it has" has ./DevDetail/FwV
is "the operator hears who has woken it" says '.device == "dev1" and
	(.text | test("session 3F, woken by our notification"))'
nonce() { jq -r '."client-nonce"' "$stage/dm/state/dev1.json"; }
is "it gets another nonce" has "<NextNonce xmlns=\"syncml:metinf\">$(nonce)<"
is "which is kept" [ "$(nonce)" != Y2xpZW50bm9uY2Ux ]
is "so the same message a second time proves nothing" answered 401
is "and learns nothing" eval '! has ./DevDetail/FwV && ! has "<Cred>"'
is "the nonce stays as it is" eval '! has "$(nonce)"'
goes_on() {
	answers 200 POST "$(address "$stage/opened")" $xml "$stage/package2" &&
		has "<Data>$dm_url/packages/fw-2.0.bin</Data>"
}
address() { sed -n 's,.*<RespURI>http://[^/]*\([^<]*\).*,\1,p' "$1"; }
unguessed() {
	answers 200 POST "$1" $xml "$stage/package2" && has '<Data>407</Data>'
}
is "who only knows its id is not in the session" unguessed /dm
is "nor with the address of another one" unguessed "$(address "$stage/answer")"
sed 's|</SyncHdr>|<Meta><MaxMsgSize xmlns="syncml:metinf">99</MaxMsgSize>\
</Meta></SyncHdr>|' "$stage/package1" >"$stage/small"
small() {
	answers 200 POST /dm $xml "$stage/small" && has '<Data>1223</Data>'
}
is "nor can it, being too small for an answer, end a session" small
is "and the session that is open goes on" goes_on
package 2 | sed '/<Results>/,/<\/Results>/d; s|<Data>200</Data></Status>|\
<Data>404</Data></Status>|' >"$stage/package2"
stage_stop dm_server
account
jq '.update = "none"' "$stage/dm/state/dev1.json" >"$stage/state" &&
	cp "$stage/state" "$stage/dm/state/dev1.json"
start
answers 200 POST /dm $xml "$stage/package1"
cp "$stage/answer" "$stage/opened"
ends() {
	answers 200 POST "$(address "$stage/opened")" $xml "$stage/package2" &&
		says '.event == "session.ended" and
			(.text | contains("; it did not tell its firmware"))'
}
is "one that does not tell its firmware is told of so" ends
stage_stop dm_server
account
sed -i 's|</SyncHdr>|<Meta><MaxMsgSize xmlns="syncml:metinf">200</MaxMsgSize>\
</Meta></SyncHdr>|' "$stage/package1"
start
is "a device that cannot take the answer is told that it is over" answered 1223
is "so is the operator" says '.event == "session.too_large"'
is "and that the session has broken off" says '.event == "session.broken"'
stage_stop dm_server
account
package 1 | sed 's|<SessionID>[^<]*|<SessionID>12345678901234é|' \
	>"$stage/package1"
start
is "a session id that does not fit is cut between two characters" answered 212
reported() {	# it is alive when it has made its report of the session
	says '.event == "session.started" and
		(.text | contains("session 12345678901234,"))' &&
		answers 200 GET /packages/fw-2.0.bin
}
is "and can be reported to dmboxd" reported

# --------------------------------- its orders --------------------------------

is "a package that is not there is not ordered" refuses 1 \
	"no fw-3.0.bin" -c "$stage/dm-server.conf" --update all \
	--package fw-3.0.bin --version 3.0
is "nor for a device that is not there" refuses 1 "no device dev3" \
	-c "$stage/dm-server.conf" --update dev3 --package fw-2.0.bin \
	--version 2.0
for order in '{"package":"fw-2.0.bin"}' '{"package":"none","version":"2"}' \
	'{'; do
	: >"$stage/dm_server.out"
	echo "$order" >"$stage/dm/updates/dev1.json"
	is "the order $order is refused" says '.event == "order.refused"'
done
order_all() {
	dm_server --update all --package fw-2.0.bin --version 2.0 \
		>"$stage/out" && grep -q '^ordered for 2 devices$' "$stage/out"
}
is "an update is ordered for all" order_all
taken() {
	says '.device == "dev1" and .event == "order.taken"' &&
	says '.device == "dev2" and .event == "order.taken"'
}
is "both are taken" taken
is "and the files of the orders are gone" \
	[ -z "$(ls "$stage/dm/updates")" ]
wanted() {
	jq -e '.update == "wanted" and .version == "2.0" and .number > 0' \
		"$stage/dm/state/dev1.json" >/dev/null
}
is "the state says so" wanted
is "and is not for others" \
	[ "$(stat -c %a "$stage/dm/state/dev1.json")" = 600 ]
number() { jq .number "$stage/dm/state/dev1.json"; }
before=$(number)
stage_stop dm_server
is "SIGTERM ends it with 0" [ "$stage_status" = 0 ]
start
is "it is still wanted after a restart" wanted
is "by the same number" [ "$(number)" = "$before" ]
stage_stop dm_server

sed -i 's/^port = .*/port = 0/' "$stage/dm-server.conf"
start
peer=TCP:127.0.0.1:${dm_url##*:}
is "port 0 is any that is free" answers 200 GET /packages/fw-2.0.bin
stage_stop dm_server

# ------------------------------------ TLS ------------------------------------

stage_certificate
stage_dm_server_conf "certificate = \"$stage/cert.pem\"" \
	"private-key = \"$stage/key.pem\""
start
is "with a certificate its address is https" \
	[ "${dm_url%%:*}" = https ]
peer="OPENSSL:127.0.0.1:$dm_port,verify=0"
is "and it speaks TLS" answers 200 GET /packages/fw-2.0.bin
peer="OPENSSL:127.0.0.1:$dm_port,cafile=$stage/cert.pem,commonname=127.0.0.1"
is "with that certificate" answers 200 GET /packages/fw-2.0.bin
head -c 3000000 /dev/urandom >"$stage/packages/large.bin"
whole() {
	http GET /packages/large.bin
	tail -c 3000000 "$stage/answer" | cmp -s - "$stage/packages/large.bin"
}
is "a large package comes whole" whole
peer="TCP:127.0.0.1:$dm_port"
is "it speaks nothing else" \
	eval '! answers 200 GET /packages/fw-2.0.bin >/dev/null'
stage_stop dm_server

# -------------------------------- its bounds ---------------------------------

stage_dm_server_conf "connections = 0"
is "no connections at all are refused" refuses 1 "connections: 0" \
	-c "$stage/dm-server.conf"
stage_dm_server_conf "connections = 100000"
few() {
	(ulimit -n 1000 && refuses 1 "need 2000" -c "$stage/dm-server.conf")
}
is "so are more than there can be, each with a package" few
stage_dm_server_conf "connections = 3"
start
for i in 1 2 3; do
	exec {idle[i]}<>"/dev/tcp/127.0.0.1/$dm_port"
done
(exec {idle[1]}>&- {idle[2]}>&- {idle[3]}>&-
http GET /packages/fw-2.0.bin) &
request=$!
sleep 0.5
is "one connection too many waits" eval '! has HTTP'
exec {idle[2]}>&-
wait $request
is "until another one ends" has ' 200 '
stage_stop dm_server

# ---------------------------------- a fleet ----------------------------------

n=250
for i in $(seq $n); do
	printf '{"device":"f%d","msisdn":"+49171%07d","dm-version":"1.2",' $i $i
	printf '"account":{"client-name":"f%d","client-password":"p%d"}}\n' \
		$i $i
done >"$stage/fleet.jsonl"
stage_dm_server_conf "fleet = \"$stage/fleet.jsonl\""
start
fleet_ordered() {
	dm_server --update all --package fw-2.0.bin --version 2.0 \
		>"$stage/out" &&
		grep -q "^ordered for $((n + 2)) devices\$" "$stage/out"
}
is "an update is ordered for a fleet, too" fleet_ordered
fleet_taken() {
	stage_wait 20 [ ! -e "$stage/dm/updates/all.json" ] &&
		[ "$(jq -r .update "$stage"/dm/state/f*.json | grep -c wanted)" \
		= $n ]
}
is "by one file, which goes when all have it" fleet_taken
keeps() {
	jq -e '."client-credential" == $md5' "$stage/dm/state/f7.json" \
		--arg md5 "$(printf f7:p7 | md5)" >/dev/null
}
is "each has the account of its line" keeps
stage_stop dm_server
sed -i 's/"p7"/"p8"/' "$stage/fleet.jsonl"
start
dm_server --update f7 --package fw-2.0.bin --version 3.0 >/dev/null
is "one of them alone" says '.device == "f7" and
	(.text | contains("updated to 3.0"))'
is "and what its state says goes before its line" keeps
stage_stop dm_server

tap_end
