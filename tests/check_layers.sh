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

# room: the rooms whose headers it may include
layers='
wap: wap
notif: wap notif
bootstrap: wap bootstrap
syncml: wap notif bootstrap syncml
gateway: wap notif bootstrap gateway
cli: wap notif bootstrap gateway cli
emulator: wap notif bootstrap syncml emulator
examples: wap notif bootstrap syncml examples
'

# Rooms without I/O, clock, random, threads or sockets, and all that they may
# include from outside besides the libraries below.
pure_rooms='wap notif bootstrap syncml'
pure_files='attempt box_msg box_sms box_uuid breaker decode decode_bootstrap
	device device_json dissect event fields fumo job lint_json new_account notify
	provision rate request route_config rpc session submit verdict'	# of gateway/
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
gateway/api.*: event2/* jansson.h
gateway/box_link.*: event2/*
gateway/dial.*: event2/*
gateway/housekeeping.*: event2/*
gateway/main.c: event2/* jansson.h
gateway/route.h: event2/*
gateway/route_console.c: event2/*
gateway/sender.*: event2/*
gateway/decode.*: jansson.h
gateway/dissect.*: jansson.h
gateway/device_json.*: jansson.h
gateway/fields.*: jansson.h
gateway/event.*: jansson.h
gateway/job_json.*: jansson.h
gateway/lint_json.*: jansson.h
gateway/new_account.*: jansson.h
gateway/decode_bootstrap.*: jansson.h
gateway/method_*.c: jansson.h
gateway/request_key.*: jansson.h
gateway/rpc.*: jansson.h
gateway/subscribe.c: jansson.h
gateway/config.*: confuse.h
gateway/store_db.*: sqlite3.h
gateway/store_sqlite.c: sqlite3.h
gateway/box_msg.*: gw/* gwlib/*
cli/*: jansson.h
emulator/*: event2/* jansson.h
emulator/dm_http.c: openssl/*
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
emulator/smpp*: gw/* gwlib/*
'
all_libraries='openssl/* wbxml/* wbxml.h libxml/* event2/* jansson.h confuse.h
	sqlite3.h gw/* gwlib/* libpq-fe.h expat.h'

rooms=$(echo "$layers" | sed -n 's/:.*//p')

# files TREE ROOM...: the C files of some rooms, as room/file
files() {
	(cd "$1" && shift && for room; do
		[ ! -d "$room" ] || find "$room" -name '*.[ch]'
	done | sort)
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
		may=$(echo "$layers" | sed -n "s,^${file%%/*}: ,,p")
		for header in $(includes "$1" "$file" | sed -n 's/"//gp'); do
			matches "$header" $all_libraries ||
				matches "${header%%/*}" $may ||
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

# Of gateway/ and the example DM server only some files are pure.
files_pure() {
	files "$1" $pure_rooms
	for name in $pure_files; do
		(cd "$1" && ls "gateway/$name.c" "gateway/$name.h" 2>/dev/null)
	done
	for name in session steps; do
		(cd "$1" && ls "examples/dm-server/$name.c" \
			"examples/dm-server/$name.h" 2>/dev/null)
	done
}

check_pure() {
	for file in $(files_pure "$1"); do
		for header in $(includes "$1" "$file" | sed -n 's/[<>]//gp'); do
			matches "$header" $pure_headers $all_libraries ||
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
	put gateway/box_msg.c '# include "gw/msg.h"'
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
	finds check_rooms emulator/x.c '	# include "gateway/b.h" /**/' &&
	finds check_rooms wap/x.c '#include "err.h"' &&
	finds check_own_header wap/hash.c '#include <stddef.h>' \
		'#include "wap/hash.h"' &&
	finds check_own_header wap/hash.c 'int x;' &&
	finds check_pure wap/x.c '#include <time.h>' &&
	finds check_pure notif/x.h '#include <sys/socket.h>' &&
	finds check_pure bootstrap/x.c '#include <pthread.h>' &&
	finds check_pure gateway/job.c '#include <unistd.h>' &&
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
