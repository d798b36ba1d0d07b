# SPDX-License-Identifier: Apache-2.0
# jobs.sh - what becomes of jobs, for flow tests; sourced by bash after stage.sh
#
# A job is told by its identifier, or by a name of the test's in ${job[NAME]}.
#
#	dmbox COMMAND...		answers in JSON
#	job_is JOB JQ-CONDITION
#	becomes JOB JQ-CONDITION	within a minute; else the job is shown
#	tell COMMAND...			to the emulator, by its pipe
#					$stage/control; waits until it has obeyed

declare -A job

dmbox() {
	"$stage_bin/dmbox" "$@" --json
}

job_is() {
	dmbox job get "${job[$1]-$1}" | jq -e "$2" >/dev/null
}

becomes() {
	stage_wait 60 job_is "$1" "$2" || {
		dmbox job get "${job[$1]-$1}" | sed 's/^/# /'
		return 1
	}
}

tell() {
	local n

	n=$(tell_done)
	echo "$*" >"$stage/control"
	stage_wait 20 tell_done_more_than "$n"
}

tell_done() {
	stage_events 'select(.event == "control.done")' | wc -l
}

tell_done_more_than() {
	[ "$(tell_done)" -gt "$1" ]
}
