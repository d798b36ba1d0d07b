#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# check_docs.sh - holds manuals, README and example configuration against the
# programs and the tables in the source
#
# Runs in the build folder; srcdir is the source tree. Prints TAP.

srcdir=$(cd "${srcdir:-.}" && pwd) || exit 1
LC_ALL=C
PATH=$PWD:$PATH
DMBOX_PROFILES=$srcdir/conf/profiles
export LC_ALL PATH DMBOX_PROFILES
unset DMBOX_SOCKET

tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT

n=0
failed=0

# result STATUS NAME: reads what went wrong from $tmp/why
result() {
	n=$((n + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $n - $2"
	else
		failed=1
		echo "not ok $n - $2"
		sed 's/^/# /' "$tmp/why"
	fi
}

skip() {
	n=$((n + 1))
	echo "ok $n - $1 # SKIP $2"
}

# Succeeds if $tmp/why is empty and $1, a list, is not: a list that went missing
# means that this test no longer finds what it looks for.
nothing_wrong() {
	[ -s "$1" ] || echo "found nothing to look for" >>"$tmp/why"
	[ ! -s "$tmp/why" ]
}

# --------------------------------- manuals ---------------------------------

# entries MACRO PAGE [SECTION...]: the names that stand in .It MACRO lines, one
# a line; of .Ss sections, separated by '|', or of all
entries() {
	awk -v macro="$1" -v sections="$3" '
	/^\.S[sh] / { here = "|" substr($0, 5) "|" }
	/^\.It / && (sections == "" || index("|" sections "|", here)) {
		gsub(/\\/, "")
		on = 0
		for (i = 2; i <= NF; i++) {
			if ($i == macro)
				on = 1
			else if ($i ~ /^[A-Z][a-z]$/)
				on = 0
			else if (on && $i != "," && $i != "|")
				print $i
		}
	}' "$2"
}

# entry_text MACRO NAME PAGE: one entry with its text
entry_text() {
	awk -v head="^\\.It $1 $2\$" '
	/^\.(It|El|Ss|Sh)/ { on = 0 }
	$0 ~ head { on = 1 }
	on' "$3"
}

# missing FILE LIST WHAT: complains of the lines of FILE that LIST lacks
missing() {
	while read -r name; do
		grep -Fqx -e "$name" "$2" || echo "$3: $name" >>"$tmp/why"
	done <"$1"
}

check_lint() {
	for page in "$srcdir"/man/*.[1-8]; do
		name="${page##*/} is clean mdoc"
		if ! command -v mandoc >/dev/null; then
			skip "$name" "mandoc is missing"
			continue
		fi
		mandoc -Tlint -Wwarning "$page" >"$tmp/why" 2>/dev/null
		result $? "$name"
	done
}

# --------------------------------- options ---------------------------------

# The options that a program's --help lists, as "-name"
options_of() {
	"$@" --help </dev/null 2>&1 |
		sed -n 's/^  *\(-., \)*-\(-[a-z][-a-z0-9]*\).*/\2/p' | sort -u
}

# check_options PAGE SECTIONS PROGRAM...
check_options() {
	page=$srcdir/man/$1
	sections=$2
	shift 2
	: >"$tmp/why"
	options_of "$@" >"$tmp/options"
	entries Fl "$page" "$sections" >"$tmp/entries"
	missing "$tmp/options" "$tmp/entries" "not in ${page##*/}"
	nothing_wrong "$tmp/options"
	result $? "${page##*/} has every option of $*"
	cat "$tmp/options" >>"$tmp/all_options"
}

check_all_options() {
	online='Options of commands for dmboxd'
	sent="Options of notify and bootstrap|$online"
	encoded='Options of encode'
	transport='Transport options'
	key='Key of a notification'
	signature='Key of a bootstrap'
	notify="encode notify|$key|$transport"
	bootstrap="encode bootstrap|$signature|$transport"

	check_options dmboxd.8 '' dmboxd
	: >"$tmp/all_options"
	check_options dmbox.1 "$notify|$encoded" dmbox encode notify
	check_options dmbox.1 "$bootstrap|$encoded" dmbox encode bootstrap
	check_options dmbox.1 "decode|$key|$signature" dmbox decode
	check_options dmbox.1 "verify|$key" dmbox verify
	check_options dmbox.1 lint dmbox lint
	check_options dmbox.1 profile dmbox profile
	check_options dmbox.1 "$notify|notify|$sent" dmbox notify
	check_options dmbox.1 "$bootstrap|bootstrap|$sent" dmbox bootstrap
	check_options dmbox.1 "job|$online" dmbox job list
	check_options dmbox.1 "session|$online" dmbox session report
	check_options dmbox.1 "watch|$online" dmbox watch
	for command in 'job get' 'job watch' 'job cancel' status backup; do
		# shellcheck disable=SC2086 # two words
		check_options dmbox.1 "$online" dmbox $command
	done
	for command in put get delete list import export; do
		check_options dmbox.1 "device|$key|$online" \
			dmbox device $command
	done
	check_options dmbox.1 "nonce|device|$key|$online" dmbox nonce put

	: >"$tmp/why"
	entries Fl "$srcdir/man/dmbox.1" | sort -u >"$tmp/entries"
	missing "$tmp/entries" "$tmp/all_options" "no command has it"
	nothing_wrong "$tmp/entries"
	result $? "dmbox.1 has no option that does not exist"

	if [ -x ./dmbox-emulator ] && [ -s "$srcdir/man/dmbox-emulator.1" ]; then
		check_options dmbox-emulator.1 '' dmbox-emulator
	else
		skip "dmbox-emulator.1 has every option of dmbox-emulator" \
			"dmbox-emulator is not built"
	fi
}

check_commands() {
	: >"$tmp/why"
	dmbox --help | sed -n 's/^  \([a-z]*\)  *[a-z].*/\1/p' >"$tmp/commands"
	sed -n 's/^\.Ss \([a-z]*\).*/\1/p' "$srcdir/man/dmbox.1" >"$tmp/entries"
	missing "$tmp/commands" "$tmp/entries" "no section"
	nothing_wrong "$tmp/commands"
	result $? "dmbox.1 has every command of dmbox"
}

# ------------------------------ configuration ------------------------------

# value EXPRESSION: a number of the source, with its macros resolved
value() {
	text=$1
	while name=$(echo "$text" | grep -o '[A-Z][A-Z_0-9]*'); do
		name=$(echo "$name" | head -n 1)
		macro=$(sed -n "s/^#define ${name}[ 	]\\{1,\\}\\([^/]*\\).*/(\\1)/p" \
			"$srcdir"/*/*.h "$srcdir"/*/*/*.h | head -n 1 | tr -d '\t ')
		[ "$macro" ] || return 1
		text=$(echo "$text" | sed "s/$name/$macro/g")
	done
	# shellcheck disable=SC2004 # an expression, not a number
	echo $(($text))
}

check_config() {
	page=$srcdir/man/dmbox.conf.5
	example=$srcdir/conf/dmbox.conf

	: >"$tmp/why"
	sed -n 's/^	CFG_[A-Z]*("\([-a-z]*\)".*/\1/p' \
		"$srcdir/gateway/config.c" | grep -vx -e bearerbox -e client \
		-e route >"$tmp/keys"
	entries Ic "$page" >"$tmp/entries"
	missing "$tmp/keys" "$tmp/entries" "not in dmbox.conf.5"
	missing "$tmp/entries" "$tmp/keys" "not in the program"
	sed -n 's/^[	# ]*\([-a-z]*\) = .*/\1/p' "$example" >"$tmp/entries"
	missing "$tmp/keys" "$tmp/entries" "not in conf/dmbox.conf"
	nothing_wrong "$tmp/keys"
	result $? "every configuration option is documented, and no other"

	: >"$tmp/why"
	sed -n 's/^	{ "\([-a-z]*\)", \(.*\), \(.*\) },$/\1;\2;\3/p' \
		"$srcdir/gateway/config.c" >"$tmp/ranges"
	while IFS=';' read -r key min max; do
		range="$(value "$min") to $(value "$max")"
		entry_text Ic "$key" "$page" | grep -Fqw "$range" ||
			echo "$key: not $range in dmbox.conf.5" >>"$tmp/why"
		# The comment before the option
		awk -v key="^[\t# ]*$key = " '
		$0 ~ key { print text }
		/^[\t ]*#/ && !/ = / { text = text " " $0; next }
		{ text = "" }' "$example" | tr -d '#\t' | tr -s ' ' |
			grep -Fqw "$range" ||
			echo "$key: not $range in conf/dmbox.conf" >>"$tmp/why"
	done <"$tmp/ranges"
	nothing_wrong "$tmp/ranges"
	result $? "every range of the configuration is documented"

	dmboxd --check-config -c "$example" >"$tmp/why" 2>&1
	result $? "conf/dmbox.conf passes dmboxd --check-config"

	: >"$tmp/why"
	awk '/^\.Sh EXAMPLES/ { examples = 1 }
	/^\.Ed/ { on = 0 }
	on { print >file }
	/^\.Bd/ && examples { on = 1; file = dir "/example" ++n ".conf" }' \
		dir="$tmp" "$page"
	for example in "$tmp"/example*.conf; do
		dmboxd --check-config -c "$example" >"$tmp/said" 2>&1 ||
			cat "$tmp/said" "$example" >>"$tmp/why"
	done
	[ ! -s "$tmp/why" ]
	result $? "the examples of dmbox.conf.5 pass dmboxd --check-config"
}

# ----------------------------------- API -----------------------------------

# parameters TABLE: the names in a table of request.c, those of the
# groups in it (macros) where these stand
parameters() {
	awk -v table="request_$1_fields\\[\\] = \\{" '
	/^#define [A-Z]+_FIELDS/ { group = $2; sub(/\(.*/, "", group) }
	$0 ~ table { on = 1 }
	match($0, /^\t([A-Z]+\(|\{ )"[-a-z0-9]+"/) && (on || group) {
		name = substr($0, RSTART, RLENGTH)
		gsub(/.*[({] ?"|"/, "", name)
		if (group)
			groups[group] = groups[group] name "\n"
		else
			print name
	}
	(on || group) && match($0, /^\t[A-Z]+_FIELDS/) {
		names = groups[substr($0, 2, RLENGTH - 1)]
		if (group)
			groups[group] = groups[group] names
		else
			printf "%s", names
	}
	!/\\$/ { group = "" }
	/^\tEND/ { on = 0 }' "$srcdir/gateway/request/request.c"
}

# check_method METHOD TABLE [SECTION...]
check_method() {
	: >"$tmp/why"
	parameters "$2" >"$tmp/parameters"
	entries Cm "$srcdir/man/dmbox-api.7" "$1${3:+|$3}" >"$tmp/entries"
	missing "$tmp/parameters" "$tmp/entries" "not in dmbox-api.7"
	missing "$tmp/entries" "$tmp/parameters" "not in the program"
	nothing_wrong "$tmp/parameters"
	result $? "dmbox-api.7 has every parameter of $1, and no other"
}

# check_members SOURCE WHAT: the members that a file of gateway/ writes
check_members() {
	: >"$tmp/why"
	grep -oE 'set(_[a-z]+)*\([a-z]+, "[-a-z0-9]+"' "$srcdir/gateway/$1" |
		sed 's/.*"\(.*\)"/\1/' | sort -u >"$tmp/members"
	entries Ql "$srcdir/man/dmbox-api.7" >"$tmp/entries"
	missing "$tmp/members" "$tmp/entries" "not in dmbox-api.7"
	nothing_wrong "$tmp/members"
	result $? "dmbox-api.7 has every member of $2"
}

check_api() {
	page=$srcdir/man/dmbox-api.7

	: >"$tmp/why"
	sed -n 's/^	{ "\([a-z.]*\)", [a-z_]* },$/\1/p' \
		"$srcdir/gateway/api/methods.c" >"$tmp/methods"
	sed -n 's/^\.Ss //p' "$page" >"$tmp/entries"
	missing "$tmp/methods" "$tmp/entries" "not in dmbox-api.7"
	nothing_wrong "$tmp/methods"
	result $? "dmbox-api.7 has every method"

	send='Whom, and how long|Transport'
	key='Key of a notification'
	signature='Key of a bootstrap'
	check_method notify notify "$key|$send"
	check_method bootstrap bootstrap "$signature|$send"
	check_method decode decode "$key|$signature"
	check_method job.get job
	check_method job.cancel job
	check_method job.list job_list
	check_method session.report session
	check_method event.subscribe event_subscribe
	check_method device.put device_put "$key"
	check_method device.get device
	check_method device.delete device device.get
	check_method device.list device_list
	check_method nonce.put nonce_put
	check_method server.backup backup

	: >"$tmp/why"
	sed -n 's/^	RPC_[A-Z_]* = \(-[0-9]*\),$/\1/p' \
		"$srcdir/gateway/json/rpc.h" >"$tmp/codes"
	entries Sy "$page" >"$tmp/entries"
	missing "$tmp/codes" "$tmp/entries" "not in dmbox-api.7"
	missing "$tmp/entries" "$tmp/codes" "not in the program"
	nothing_wrong "$tmp/codes"
	result $? "dmbox-api.7 has every error code, and no other"

	check_members json/job_json.c 'a job'
	check_members json/event.c 'an event'
	check_members api/method_bootstrap.c 'what bootstrap answers'
	check_members json/device_json.c 'a device'

	: >"$tmp/why"
	sed -n '/ kind_names\[EVENT_KINDS\]/,/^};/s/.* = "\(.*\)".*/\1/p' \
		"$srcdir/gateway/json/event.c" >"$tmp/kinds"
	entries Ql "$page" 'Kinds of events' >"$tmp/entries"
	missing "$tmp/kinds" "$tmp/entries" "not in dmbox-api.7"
	missing "$tmp/entries" "$tmp/kinds" "not in the program"
	nothing_wrong "$tmp/kinds"
	result $? "dmbox-api.7 has every kind of event, and no other"

	: >"$tmp/why"
	sed -n '/ state_names\[JOB_STATES\]/,/^};/s/.* = "\([a-z]*\)".*/\1/p' \
		"$srcdir/gateway/job/job.c" >"$tmp/states"
	entries Ql "$page" States >"$tmp/entries"
	missing "$tmp/states" "$tmp/entries" "not in dmbox-api.7"
	nothing_wrong "$tmp/states"
	result $? "dmbox-api.7 has every state of a job"
}

# -------------------------------- examples --------------------------------

# Literal blocks of a manual's EXAMPLES, or of a Markdown file
literal_of() {
	case $1 in
	*.md)
		awk '/^```/ { on = !on; print "$ "; next } on' "$1"
		;;
	*)
		awk '/^\.Sh/ { examples = /EXAMPLES/ }
		/^\.Ed/ { on = 0; print "$ " }
		on { gsub(/\\e/, "\\"); gsub(/\\-/, "-"); print }
		/^\.Bd -literal/ { on = examples }' "$1"
		;;
	esac
}

# Examples that work offline, and files that they need, made with cat
runnable='^[$] (cat >|dmbox (encode|decode|verify|lint|profile|quirks) )'

# Sorts the runnable examples of standard input into $tmp/ex/N.sh and N.out. A
# command ends with the first line that does not end in \ or |, or with the END
# of its input; what follows up to the next one is its output. "..." in a
# command: not to be run.
split_examples() {
	awk '
	/^\$ / {
		command = $0 " " ~ runnable && $0 !~ / \.\.\.( |$)/
		begun = 0
		input = 0
		if (command)
			file = sprintf("%s/%03d", dir, ++n)
	}
	command && !begun {
		sub(/^\$ /, "")
		print >(file ".sh")
		if (/<<.END.$/)
			input = 1
		begun = input ? $0 == "END" : !/[\\|]$/
		printf "" >(file ".out")
		next
	}
	command { print >(file ".out") }' runnable="$runnable" dir="$tmp/ex"
}

# Trailing blanks do not count: a manual cannot hold them.
trim() {
	sed 's/[ 	]*$//'
}

# All examples of a page run in one folder, in their order.
check_examples() {
	rm -rf "$tmp/ex" "$tmp/run"
	mkdir "$tmp/ex" "$tmp/run"
	literal_of "$1" | split_examples
	: >"$tmp/why"
	for script in "$tmp"/ex/*.sh; do
		[ -e "$script" ] || continue
		trim <"${script%.sh}.out" >"$tmp/expected"
		(cd "$tmp/run" && sh "$script") 2>&1 </dev/null |
			trim >"$tmp/got"
		cmp -s "$tmp/expected" "$tmp/got" && continue
		{
			cat "$script"
			diff "$tmp/expected" "$tmp/got"
		} >>"$tmp/why"
	done
	find "$tmp/ex" -name '*.sh' >"$tmp/list"
	nothing_wrong "$tmp/list"
	result $? "the $(grep -c . "$tmp/list") examples of ${1##*/} print what it says"
}

check_lint
check_all_options
check_commands
check_config
check_api
check_examples "$srcdir/man/dmbox.1"
check_examples "$srcdir/README.md"
for page in "$srcdir"/man/dmbox-profile.5 "$srcdir"/doc/*.md; do
	[ -e "$page" ] && literal_of "$page" | grep -Eq "$runnable" &&
		check_examples "$page"
done
echo "1..$n"
exit $failed
