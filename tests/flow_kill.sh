#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# dmboxd is killed again and again, at random moments, while several clients
# work: nothing that was accepted is lost, and next to nothing is sent twice.
# What was accepted stands in the clients' ledgers, what arrived in the
# emulator's; our own database is not asked.
#
#	KILLS=250 SEED=4711 tests/flow_kill.sh
. "${srcdir:-.}/tests/stage.sh"
. "${srcdir:-.}/tests/tap.sh"

n_kills=${KILLS-20}
seed=${SEED-$(date +%s)}
n_clients=4
n_devices=400
n_bootstraps=$((5 * n_kills))	# of each client, at most
window=20
life_max_ms=2500	# bearerbox takes one connection a second, no more

devices() {
	local i k

	for ((i = 0; i < n_devices; i++)); do
		printf 'device "+4917%08d" {\nserver-id = "com.example.dms"\n' $i
		printf 'password = "srvpwd"\n'
		printf 'nonce-hex = "101112131415161718191a1b1c1d1e1f"\n}\n'
	done
	for ((k = 0; k < n_clients; k++)); do
		for ((i = 0; i < n_bootstraps; i++)); do
			printf 'device "+4918%d%07d" {\npin = "1234"\n}\n' $k $i
		done
	done
}

clients_start() {
	local k

	for ((k = 0; k < n_clients; k++)); do
		tests/ledger_client $k $((seed + k)) $n_devices $n_bootstraps \
			"${PAUSE_MS-8}" >"$stage/ledger.$k" &
		stage_others[k]=$!
	done
}

# Each ends when all of its requests are answered.
clients_end() {
	local pid status=0

	kill -TERM "${stage_others[@]}"
	for pid in "${stage_others[@]}"; do
		wait "$pid" || status=1
	done
	stage_others=()
	return $status
}

now_ms() {
	date +%s%3N
}

# It is killed when it has lived for so many milliseconds, ready or not.
live_and_die() {
	stage_start dmboxd "$stage_bin/dmboxd" -f -c dmbox.conf
	sleep "$(printf '%d.%03d' $(($1 / 1000)) $(($1 % 1000)))"
	stage_stop dmboxd KILL 2>/dev/null	# bash would say "Killed"
	now_ms >>"$stage/kills"
}

all_ended() {
	"$stage_bin/dmbox" status --json |
		jq -e '.jobs | .waiting + .sending + .pushed == 0'
}

stage_begin . "${srcdir:-.}"
RANDOM=$((seed % 32768))
echo "# seed $seed"
devices >"$stage/devices.conf"
stage_emulator && stage_bearerbox && stage_dmboxd_conf || exit 1
: >"$stage/kills"
clients_start
for ((i = 0; i < n_kills; i++)); do
	live_and_die $((50 + RANDOM % (life_max_ms - 50)))
done
stage_dmboxd_start || exit 1
is "every request gets its answer in the end" clients_end
is "every job ends" stage_wait 60 all_ended

cat "$stage"/ledger.* >"$stage/answers"
stage_events 'select(.event | test("^(notification|bootstrap)"))' \
	>"$stage/events"
jq -n --slurpfile answers "$stage/answers" --slurpfile kills "$stage/kills" \
	--slurpfile events "$stage/events" \
	-f "$stage_src/tests/ledger_check.jq" >"$stage/found" || exit 1
jq -c '{ answers, jobs, bootstraps, superseded, arrived, extra, kills }' \
	"$stage/found" | sed 's/^/# /'

found() {
	jq -e "$1" "$stage/found" >/dev/null
}

# Lists the first of what may not be.
none() {
	found ".$1 == []" || {
		jq -c ".$1 | length, .[:5][]" "$stage/found" | sed 's/^/# /'
		return 1
	}
}

is "the load was one" found ".jobs > 20 * $n_kills and
	.bootstraps > $n_kills and .superseded > $n_kills"
is "each job that was accepted arrived" none lost
is "more than once only where dmboxd was killed, once a kill" none unexplained
is "in all less than a window a kill" found ".extra <= $window * .kills"
is "never two in flight for a device" none in_flight
is "a request that is repeated gets the same job" none two_jobs
is "what arrived was whole" none refused
is "nothing was refused without reason" none errors
is "dmboxd ends in order" stage_stop dmboxd
tap_end
