#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# check_layers.sh - do files include only what their room may?
#
# Prints TAP. First it tries itself on a small good tree and on bad ones, then
# it reads the rooms of the source tree ($srcdir, or the working directory).
# Extend the three tables; the first word of a line is always the user.

set -uf
LC_ALL=C
export LC_ALL

messages='wap notif bootstrap'
told="$messages gateway/job gateway/request gateway/json"
emulator='emulator emulator/smsc emulator/fault emulator/dm'
edges='gateway/box gateway/store gateway/send gateway/api'

# room: the rooms whose headers it may include; what is below a room and not
# here belongs to it
layers="
wap: wap
notif: wap notif
bootstrap: wap bootstrap
syncml: $messages syncml
gateway/job: wap gateway/job
gateway/request: $messages gateway/job gateway/request
gateway/json: $told
gateway/box: wap gateway gateway/job gateway/box
gateway/store: $told gateway gateway/store
gateway/send: $told gateway gateway/box gateway/store gateway/send
gateway/api: $told gateway $edges
gateway: $told gateway $edges
cli: $told gateway cli
emulator/smsc: wap $emulator
emulator/fault: wap $emulator
emulator/dm: $messages syncml $emulator
emulator: $messages syncml $emulator
examples: $messages syncml examples
"

# Rooms without I/O, clock, random, threads or sockets, and all that they may
# include from outside besides the libraries below.
pure_rooms='wap notif bootstrap syncml gateway/job gateway/request gateway/json'
pure_files='gateway/box/box_msg gateway/box/box_sms gateway/box/box_uuid
	gateway/box/verdict
	emulator/device emulator/proof emulator/reach
	emulator/dm/dm_act emulator/dm/dm_client emulator/dm/dm_dialog
	emulator/dm/dm_fit emulator/dm/dm_fumo emulator/dm/dm_package
	emulator/dm/dm_range emulator/dm/dm_session emulator/dm/dm_tree
	emulator/dm/dm_tree_rows emulator/dm/dm_user
	emulator/fault/chance emulator/fault/fault_kind emulator/fault/pattern
	examples/dm-server/result examples/dm-server/session
	examples/dm-server/steps'
pure_headers='assert.h ctype.h inttypes.h limits.h stdalign.h stdarg.h
	stdbool.h
	stddef.h stdint.h stdio.h stdlib.h string.h strings.h'
pure_forbids='f?printf|v?fprintf|vprintf|puts|fputs|fopen|fclose|fread|fwrite'
pure_forbids="$pure_forbids|fgets|perror|scanf|time|rand|random|getenv|system"

# file or pattern: outside headers that it may include. Headers that match none
# of the patterns here are no library, and free to all but pure rooms.
libraries='
wap/hash.c: openssl/*
wap/syncml_wbxml.c: wbxml/* wbxml.h
bootstrap/xml.c: libxml/*
gateway/api/*: event2/* jansson.h
gateway/box/box_link.*: event2/*
gateway/box/box_msg.*: gw/* gwlib/*
gateway/box/dial.*: event2/*
gateway/config.*: confuse.h
gateway/json/*: jansson.h
gateway/json/time_text.c: time.h
gateway/main.c: event2/* jansson.h
gateway/request/fields.*: jansson.h
gateway/request/new_account.*: jansson.h
gateway/send/*: event2/*
gateway/store/housekeeping.*: event2/*
gateway/store/store_db.*: sqlite3.h
gateway/store/store_sqlite.c: sqlite3.h
cli/*: jansson.h
emulator/*: event2/* jansson.h
emulator/dm/dm_http.c: openssl/*
examples/dm-server/contact.c: event2/* jansson.h
examples/dm-server/config.c: confuse.h
examples/dm-server/device.*: jansson.h
examples/dm-server/dm.c: event2/*
examples/dm-server/dmbox_client.*: jansson.h
examples/dm-server/events.*: jansson.h
examples/dm-server/file.*: jansson.h
examples/dm-server/json_text.h: jansson.h
examples/dm-server/jsonrpc.*: event2/* jansson.h
examples/dm-server/main.c: event2/*
examples/dm-server/orders.c: event2/*
examples/dm-server/say.c: jansson.h
examples/dm-server/server.c: event2/*
examples/dm-server/status.c: jansson.h
examples/dm-server/tls.c: event2/* openssl/*
examples/dm-server/update.*: jansson.h
examples/dm-server/web.c: event2/*
emulator/config*: confuse.h
emulator/smsc/smpp*: gw/* gwlib/*
'
all_libraries='openssl/* wbxml/* wbxml.h libxml/* event2/* jansson.h confuse.h
	sqlite3.h gw/* gwlib/* libpq-fe.h expat.h'

rooms=$(echo "$layers" | sed -n 's/:.*//p')

# room_of FILE: the nearest folder that is a room
room_of() {
	room=${1%/*}
	while ! matches "$room" $rooms && [ "$room" != "${room%/*}" ]; do
		room=${room%/*}
	done
	echo "$room"
}

# files TREE ROOM...: the C files of some rooms, as room/file
files() {
	(cd "$1" && shift && for room; do
		[ ! -d "$room" ] || find "$room" -name '*.[ch]'
	done | sort -u)
}

# includes TREE FILE: one header a line, with its quotes or angles
includes() {
	sed -e 's/^[[:space:]]*#[[:space:]]*include[[:space:]]*//' \
		-e t -e d "$1/$2" | sed -n 's/^\(["<][^">]*[">]\).*/\1/p'
}

# matches TEXT PATTERN...: does one shell pattern match?
matches() {
	text=$1
	shift
	for pattern; do
		case $text in $pattern) return 0 ;; esac
	done
	return 1
}

# may_use FILE HEADER: does the table of libraries allow it?
may_use() {
	echo "$libraries" | while IFS=: read -r user headers; do
		[ -n "$user" ] && matches "$1" $user &&
			matches "$2" $headers && echo yes
	done | grep -q yes
}

# Each check_ prints what is wrong in a tree; nothing: all is well.

check_rooms() {
	for file in $(files "$1" $rooms); do
		may=$(echo "$layers" | sed -n "s,^$(room_of "$file"): ,,p")
		for header in $(includes "$1" "$file" | sed -n 's/"//gp'); do
			matches "$header" $all_libraries ||
				matches "$(room_of "$header")" $may ||
				echo "$file: may not include $header"
		done
	done
}

check_own_header() {
	for file in $(files "$1" $rooms); do
		own=${file%.c}.h
		[ "$own" != "$file" ] && [ -f "$1/$own" ] || continue
		[ "$(includes "$1" "$file" | head -n 1)" = "\"$own\"" ] ||
			echo "$file: does not include $own first"
	done
}

# Of some rooms only some files are pure.
files_pure() {
	files "$1" $pure_rooms
	for name in $pure_files; do
		(cd "$1" && ls "$name.c" "$name.h" 2>/dev/null)
	done
}

check_pure() {
	for file in $(files_pure "$1"); do
		for header in $(includes "$1" "$file" | sed -n 's/[<>]//gp'); do
			matches "$header" $pure_headers $all_libraries ||
				may_use "$file" "$header" ||
				echo "$file: is pure, may not include $header"
		done
		grep -nE "(^|[^[:alnum:]_>.])($pure_forbids)[[:space:]]*\(" \
			"$1/$file" | sed "s|^|$file: is pure, but calls: line |"
	done
}

check_libraries() {
	for file in $(files "$1" $rooms); do
		for header in $(includes "$1" "$file" | tr -d '<>"'); do
			matches "$header" $all_libraries || continue
			may_use "$file" "$header" ||
				echo "$file: may not include library $header"
		done
	done
}

checks='check_rooms check_own_header check_pure check_libraries'

# ------------------------------- self-test -------------------------------

scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT

# put FILE LINE...: a file of the scratch tree
put() {
	mkdir -p "$scratch/${1%/*}"
	path=$scratch/$1
	shift
	printf '%s\n' "$@" >"$path"
}

good_tree() {
	rm -rf "$scratch/wap" "$scratch/notif" "$scratch/bootstrap" \
		"$scratch/gateway" "$scratch/cli" "$scratch/emulator"
	put wap/hash.h '#include <stddef.h>'
	put wap/hash.c '#include "wap/hash.h"' '#include <openssl/evp.h>' \
		'snprintf(a, b, "c"); x->time(1); x.time(1); my_time(2);'
	put notif/a.c '#include "wap/hash.h"'
	put gateway/b.h '#include <time.h>' '#include "notif/a.h"'
	put gateway/main.c '#include "gateway/b.h"' '#include <event2/event.h>'
	put gateway/box/box_msg.c '# include "gw/msg.h"'
	put gateway/log.c 'printf("x");'
	put cli/main.c '#include "gateway/b.h"'
}

# finds CHECK FILE LINE...: is the check's answer about the file?
finds() {
	check=$1
	bad=$2
	shift
	good_tree
	put "$@"
	case $($check "$scratch") in *"$bad: "*) return 0 ;; esac
	echo "# $check overlooks $*"
	return 1
}

finds_all() {
	finds check_rooms wap/x.c '#include "notif/a.h"' &&
	finds check_rooms notif/x.c '#include "bootstrap/a.h"' &&
	finds check_rooms bootstrap/x.h '#include "notif/a.h"' &&
	finds check_rooms gateway/x.c '#include "cli/a.h"' &&
	finds check_rooms gateway/job/x.c '#include "gateway/b.h"' &&
	finds check_rooms gateway/job/x.h '#include "gateway/box/a.h"' &&
	finds check_rooms emulator/x.c '	# include "gateway/b.h" /**/' &&
	finds check_rooms wap/x.c '#include "err.h"' &&
	finds check_own_header wap/hash.c '#include <stddef.h>' \
		'#include "wap/hash.h"' &&
	finds check_own_header wap/hash.c 'int x;' &&
	finds check_pure wap/x.c '#include <time.h>' &&
	finds check_pure notif/x.h '#include <sys/socket.h>' &&
	finds check_pure bootstrap/x.c '#include <pthread.h>' &&
	finds check_pure gateway/job/x.c '#include <unistd.h>' &&
	finds check_pure wap/x.c '	printf("x");' &&
	finds check_pure wap/x.c 'int a = time(NULL);' &&
	finds check_libraries wap/x.c '#include <openssl/evp.h>' &&
	finds check_libraries notif/x.c '#include <jansson.h>' &&
	finds check_libraries gateway/x.c '#include <sqlite3.h>' &&
	finds check_libraries gateway/x.c '#include "gwlib/gwlib.h"' &&
	finds check_libraries wap/x.h '#include <event2/event.h>'
}

passes_good_tree() {
	good_tree
	for check in $checks; do
		$check "$scratch"
	done | sed 's/^/# /' | { ! grep .; }
}

# --------------------------------- TAP ---------------------------------

n=0
failed=0

# result STATUS NAME
result() {
	n=$((n + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $n - $2"
	else
		echo "not ok $n - $2"
		failed=1
	fi
}

# clean CHECK NAME: the check finds nothing in the source tree
clean() {
	$1 "${srcdir:-.}" | sed 's/^/# /' | { ! grep .; }
	result $? "$2"
}

echo "1..7"
passes_good_tree
result $? "the checks pass a good tree"
finds_all
result $? "the checks find what is wrong in bad trees"
[ -n "$(files "${srcdir:-.}" wap)" ]
result $? "there are files to look at"
clean check_rooms "rooms include only what stands left of them"
clean check_own_header "each .c includes its own header first"
clean check_pure "pure rooms have no I/O, clock, thread or socket"
clean check_libraries "outside libraries stay in the files that may use them"
exit $failed
