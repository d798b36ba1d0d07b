#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# ledger_check.jq, which judges the kill loop, finds what may not be.
. "${srcdir:-.}/tests/tap.sh"

dir=$(mktemp -d "${TMPDIR:-/tmp}/dmbox.XXXXXX")
trap 'rm -rf "$dir"' EXIT

# answer REQUEST JOB SESSION SENT ANSWERED [ON-BUSY]
answer() {
	jq -nc '{ request: $ARGS.positional[0], client: "0", device: "d",
		job: $ARGS.positional[1],
		"session-id": ($ARGS.positional[2] | tonumber),
		sent: ($ARGS.positional[3] | tonumber),
		answered: ($ARGS.positional[4] | tonumber),
		"on-busy": ($ARGS.positional[5] // "join") }' --args "$@"
}

# arrival SESSION SECONDS [EVENT]: of 1970
arrival() {
	printf '{"event":"%s","device":"d","session-id":%d,' \
		"${3-notification.verified}" "$1"
	printf '"time":"1970-01-01T00:00:%02d.500Z"}\n' "$2"
}

# finds NAME [N]: that list has N jobs, all others none
finds() {
	jq -n --slurpfile answers "$dir/answers" --slurpfile kills "$dir/kills" \
		--slurpfile events "$dir/events" \
		-f "${srcdir:-.}/tests/ledger_check.jq" >"$dir/found"
	jq -e "(map_values(select(type == \"array\") | length)) as \$n |
		[\$n | to_entries[] | select(.value > 0) |
		 [.key, .value]] == $1" "$dir/found" >/dev/null || {
		sed 's/^/# /' "$dir/found"
		return 1
	}
}

# Two jobs of a device, one after the other, and a kill in between.
{ answer 1 1 7 1000 1010; answer 2 2 8 5000 5010; } >"$dir/answers"
{ arrival 7 2; arrival 8 6; } >"$dir/events"
echo 3000 >"$dir/kills"
is "two jobs that arrived are all right" finds '[]'
counts() {
	jq -e '.jobs == 2 and .arrived == 2 and .extra == 0 and .kills == 1' \
		"$dir/found" >/dev/null
}
is "each is counted" counts
arrival 7 4 >>"$dir/events"
is "so is one that came twice, with a kill in between" finds '[]'
arrival 7 5 >>"$dir/events"
is "a kill explains no third time" finds '[["unexplained", 1]]'
echo 4800 >>"$dir/kills"
is "a second kill does" finds '[]'
echo 9000 >"$dir/kills"
is "one that comes later does not" finds '[["unexplained", 2]]'

arrival 8 6 >"$dir/events"
is "what never arrived is lost" finds '[["lost", 1]]'
{ answer 1 1 7 1000 1010; answer 2 2 8 5000 5010 supersede; } >"$dir/answers"
is "unless it was superseded" finds '[]'
{ arrival 8 6; arrival 7 7; } >"$dir/events"
is "which may also arrive late" finds '[]'
{ answer 1 1 7 1000 1010; answer 2 2 8 5000 5010; } >"$dir/answers"
is "any other job has to arrive before the next one" \
	finds '[["in_flight", 1]]'
{ arrival 7 5; arrival 8 6; } >"$dir/events"
is "even before the next one is accepted" finds '[["in_flight", 1]]'

{ arrival 7 2; arrival 8 6; } >"$dir/events"
answer 1 3 9 1000 1010 supersede >>"$dir/answers"
arrival 9 8 >>"$dir/events"
is "a request gets one job, however often it is asked" \
	finds '[["two_jobs", 1]]'
{ answer 1 1 7 1000 1010; answer 2 2 8 5000 5010; } >"$dir/answers"
{ arrival 7 2; arrival 8 6; arrival 8 7 notification.refused; } >"$dir/events"
is "what a device refuses is found" finds '[["refused", 1]]'
arrival 7 2 >"$dir/events"
arrival 8 6 >>"$dir/events"
echo '{"request":"3","device":"d","error":"queue: full"}' >>"$dir/answers"
is "and so is an error" finds '[["errors", 1]]'
tap_end
