#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# demos/fleet.jq, which shows the fleet of ./demo --fleet, fed with what was
# recorded of a run; and whether the scripts of the demo can be read at all.
srcdir=${srcdir:-.}
. "$srcdir/tests/tap.sh"

dir=$(mktemp -d "${TMPDIR:-/tmp}/dmbox.XXXXXX")
trap 'rm -rf "$dir"' EXIT
cp "$srcdir/tests/fleet/devices.jsonl" "$dir/devices"
cp "$srcdir/tests/fleet/events.jsonl" "$dir/events"

# show HOW [COLOR]: writes to out; its status is that of fleet.jq
show() {
	jq -nj --slurpfile devices "$dir/devices" --arg show "$1" \
		--arg color "${2-no}" -f "$srcdir/demos/fleet.jq" \
		<"$dir/events" >"$dir/out" 2>"$dir/err"
}

# rows FIELD...: of show json, a line each
rows() {
	jq -r --args '[.[$ARGS.positional[]] | tostring] | join(" | ")' "$@" \
		<"$dir/out"
}

same() {
	diff "$dir/want" - >"$dir/diff" || {
		sed 's/^/# /' "$dir/diff"
		return 1
	}
}

for script in demo demos/fleet.sh tests/stage.sh build-aux/setup.sh; do
	is "bash can read $script" bash -n "$srcdir/$script"
done

# ----------------------------------- rows -----------------------------------

is "all is over when each device has come out as it should" show json
cat "$srcdir/tests/fleet/rows" >"$dir/want"
is "the rows are those of the run" same < <(rows device outcome attempt step)

# ---------------------------------- lines -----------------------------------

is "the same as lines" show lines
is "without a terminal's sequences" sh -c "! grep -q '$(printf '\033')' \
	'$dir/out'"
has() {
	grep -qF -- "$1" "$dir/out"
}
is "a line a step" has "(windows-mobile-5, DM 1.1.2): done 2.0"
is "and one where a download goes on" has ": resumes at 40 %"
is "and one an attempt" has "pushed (attempt 2)"
is "the end says how many were updated" has "devices have been updated"
is "and why one was not" has ": 402 the package is corrupted"

# ---------------------------------- table -----------------------------------

is "the same as a table" show table
frames() {
	grep -c '^.*device *client' "$dir/out"
}
clocks() {
	grep -c '"source":"clock"' "$dir/events"
}
is "drawn with each clock, but not more often" [ "$(frames)" -le "$(clocks)" ]
is "each over the one before" has "$(printf '\033[9Adevice')"
is "without colours" sh -c "! grep -q '$(printf '\033')\[3[0-9]m' '$dir/out'"
is "no line is longer than the terminal" sh -c "! sed \
	's/$(printf '\033')\[[?]*[0-9]*[A-Za-z]//g' '$dir/out' |
	grep -q '.\{81\}'"
show table yes
is "or with" has "$(printf '\033[32mdone 2.0')"
sed -i 's/"lines":[0-9]*/"lines":5/' "$dir/events"
show table
is "a table is not higher than the terminal" has "$(printf '\033[4Adevice')"

# Ctrl-C comes at any time: also where a command's output is led elsewhere.
interrupted() {
	# shellcheck disable=SC2016 # the inner bash's own
	bash -c '. "$1/demos/fleet.sh"
		stage_end() { :; }
		fleet_show=table
		exec {fleet_out}>&1
		fleet_end >/dev/null' - "$srcdir" >"$dir/out"
}
is "whenever it ends" interrupted
is "the terminal gets its cursor back" has "$(printf '\033[?25h')"

# ---------------------------------- order -----------------------------------

# job ID SECOND STATE REACHED: of 1970
job() {
	printf '{"source":"job","device":"dev01","method":"notify",'
	printf '"job":"%s","created":"1970-01-01T00:00:%02d.000Z",' "$1" "$2"
	printf '"state":"%s","reached":"%s","attempt":1}\n' "$3" "$4"
}

# comes SECOND: the device, to a session
comes() {
	printf '{"source":"device","device":"dev01","event":"session.started",'
	printf '"initiator":"server","time":"1970-01-01T00:00:%02d.500Z"}\n' \
		"$1"
}

# step: the last one of dev01, when time is over
step() {
	{
		cat
		echo '{"source":"stage","phase":"","last":true}'
		echo '{"source":"clock","ms":120000,"columns":80,"lines":25}'
	} >"$dir/events"
	show json
	[ "$(rows device step | head -n 1)" = "dev01 | $1" ]
}

is "a job is waiting, pushed, delivered" step delivered \
	< <(job 1 1 waiting none; job 1 1 pushed taken; job 1 1 pushed delivered)
is "its word is too late when the device has come" step "in session" \
	< <(comes 2; job 1 1 pushed delivered)
is "a new job begins anew" step pushed \
	< <(comes 2; job 1 1 "done" session; job 2 3 pushed taken)
is "but not if the device has come since" step "in session" \
	< <(comes 2; job 1 1 "done" session; comes 4; job 2 3 pushed taken)
is "an old job says nothing more" step pushed \
	< <(job 2 3 pushed taken; job 1 1 pushed delivered)
cp "$srcdir/tests/fleet/events.jsonl" "$dir/events"

# ----------------------------------- ends -----------------------------------

sed -i '1s/"ends":"[^"]*"/"ends":"402"/' "$dir/devices"
show lines
is "a device that came out otherwise makes the exit status 1" [ $? = 1 ]
is "and is named" has "This is wrong: dev01 has come out with 2.0"
tap_end
