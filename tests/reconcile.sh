# SPDX-License-Identifier: Apache-2.0
# reconcile.sh - jobs while something breaks, and how they end
#
# Sourced after stage.sh and tap.sh by flow_reconcile*.sh. Each device gets one
# notification; whether it came is read from the emulator's events.
#
#	devices N LINE...	the devices of N submit()s, with these lines
#	submit N		a job each for N devices that have none yet
#	all_pushed, all_done	now
#	ends_well TEXT		two tests: they end, and each device got one
#	watch_due		from now on how late jobs are is written down
#	never_late SECONDS

nonce=101112131415161718191a1b1c1d1e1f
n_submitted=0

devices() {
	local i n=$1
	shift

	for ((i = 0; i < n; i++)); do
		printf 'device "+4917%08d" {\nserver-id = "com.example.dms"\n' $i
		printf 'password = "srvpwd"\nnonce-hex = "%s"\n' $nonce
		printf '%s\n' "$@" '}'
	done >"$stage/devices.conf"
}

requests() {
	local i

	for ((i = $1; i < $2; i++)); do
		printf '{"jsonrpc":"2.0","id":%d,"method":"notify","params":{' $i
		printf '"to":"+4917%08d","server-id":"com.example.dms",' $i
		printf '"password":"srvpwd","nonce-hex":"%s"}}\n' $nonce
	done
}

# n_accepted FROM TO
n_accepted() {
	requests "$1" "$2" | socat -t 5 - "UNIX-CONNECT:$DMBOX_SOCKET" |
		jq -r 'select(.result) | .id' | wc -l
}

submit() {
	local from=$n_submitted

	n_submitted=$((n_submitted + $1))
	[ "$(n_accepted "$from" $n_submitted)" = "$1" ] || {
		echo "Bail out! dmboxd did not accept $1 jobs"
		exit 1
	}
}

jobs_are() {
	"$stage_bin/dmbox" status --json | jq -e ".jobs | $1" >/dev/null
}

all_pushed() {
	jobs_are '.waiting + .sending == 0'
}

all_done() {
	jobs_are ".done == $n_submitted"
}

# Numbers of devices, once for each notification that came.
arrivals() {
	stage_events -r 'select(.event == "notification.verified") | .device |
		select(startswith("+4917"))'
}

n_arrived() {
	arrivals | sort -u | wc -l
}

n_extra() {
	echo $(($(arrivals | wc -l) - $(n_arrived)))
}

all_arrived() {
	[ "$(n_arrived)" = "$n_submitted" ]
}

# all_done_soon: or says what the jobs do instead
all_done_soon() {
	stage_wait 60 all_done || {
		"$stage_bin/dmbox" status --json | sed 's/^/# /'
		return 1
	}
}

ends_well() {
	is "$1: every job is done in the end" all_done_soon
	is "$1: each device got its notification" stage_wait 10 all_arrived
	echo "# sent more than once so far: $(n_extra)"
}

# What jobs wait for a link that is known to be down is not counted.
watch_due() {
	while sleep 0.5; do
		"$stage_bin/dmbox" status --json 2>"$stage/err" |
			jq 'select(.bearerbox.link == "up") | ."oldest-due-s"'
	done >"$stage/due" &
	stage_others=($!)
}

never_late() {
	kill "${stage_others[0]}"
	wait "${stage_others[0]}" 2>/dev/null
	stage_others=()
	jq -se "length > 10 and max < $1" "$stage/due" >/dev/null || {
		echo "# the longest wait: $(jq -s max "$stage/due") s"
		return 1
	}
}
