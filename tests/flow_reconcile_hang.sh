#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Bearerbox, the SMSC and the connection to them stand still: nothing breaks,
# nothing answers. No job waits longer than that lasts.
. "${srcdir:-.}/tests/stage.sh"
. "${srcdir:-.}/tests/tap.sh"
. "${srcdir:-.}/tests/reconcile.sh"

window=10

# admin COMMAND: of bearerbox; it answers nobody who half closes
admin() {
	exec 3<>"/dev/tcp/127.0.0.1/$admin_port"
	printf 'GET /%s?password=change-me HTTP/1.0\r\n\r\n' "$1" >&3
	timeout 10 cat <&3 >"$stage/out"
	exec 3>&-
	is "bearerbox obeys: $1" grep -q '^HTTP/1.0 200 ' "$stage/out"
}

# n_left: connections that dmboxd gave up because nobody answered
n_left() {
	grep -c 'bearerbox does not acknowledge' "$stage/dmboxd.out"
}

left_more_than() {
	[ "$(n_left)" -gt "$1" ]
}

# stands_still TEXT BEGIN END: submits 30 jobs in between
stands_still() {
	local text=$1 before=$(n_left) extra=$(n_extra)

	$2
	submit 30
	is "$text: dmboxd notices" stage_wait 30 left_more_than $((before + 1))
	$3
	ends_well "$text"
	# A window before the first time, a segment for each time later, and
	# what was reported to a connection that had been left.
	is "$text: next to nothing is sent twice" [ $(($(n_extra) - extra)) \
		-le $((window + window / 2 + $(n_left) - before)) ]
}

stop_bearerbox() {
	kill -STOP "${stage_pids[bearerbox]}"
}

continue_bearerbox() {
	kill -CONT "${stage_pids[bearerbox]}"
}

suspend() {
	admin suspend
}

resume() {
	admin resume
}

# One process for each connection through the tunnel.
tunnel_stops() {
	tunnels=($(pgrep -P "${stage_pids[tunnel]}"))
	stage_others+=("${tunnels[@]}")
	kill -STOP "${tunnels[@]}"
}

stage_begin . "${srcdir:-.}"
devices 400
stage_emulator && stage_bearerbox || exit 1
options=("attempt-first-s = 6" "attempt-factor = 1" "attempts-max = 50")
ack_timeout=2
stage_dmboxd "${options[@]}" || exit 1
stage_wait 60 stage_link_is_up || exit 1
watch_due

stands_still "bearerbox is stopped" stop_bearerbox continue_bearerbox
stands_still "bearerbox is suspended" suspend resume

# What the SMSC reports meanwhile, bearerbox refuses, and nobody sends again.
admin isolate
submit 20
is "an isolated bearerbox takes messages" stage_wait 20 all_pushed
admin resume
ends_well "bearerbox was isolated"

kill -STOP "${stage_pids[emulator]}"
submit 20
is "bearerbox takes what the SMSC does not" stage_wait 20 all_pushed
kill -CONT "${stage_pids[emulator]}"
ends_well "the SMSC stood still"

# The connection alone hangs. Bearerbox thinks that it has two boxes of our name
# then, and gives half of the reports to the other one, while that lives.
tunnel_port=$(stage_port)
stage_start tunnel socat "TCP-LISTEN:$tunnel_port,bind=127.0.0.1,fork" \
	"TCP:127.0.0.1:$box_port"
stage_stop dmboxd
box_port=$tunnel_port
stage_dmboxd "${options[@]}" || exit 1
stage_wait 60 stage_link_is_up || exit 1
submit 5
ends_well "through a tunnel"
tunnel_stops
submit 20
is "the connection hangs: the next one brings all" stage_wait 40 all_arrived
kill -KILL "${tunnels[@]}"
ends_well "the connection hangs"

is "no job ever waited long" never_late 30
is "dmboxd ends in order" stage_stop dmboxd
stage_stop tunnel
tap_end
