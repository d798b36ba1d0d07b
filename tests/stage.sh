# SPDX-License-Identifier: Apache-2.0
# stage.sh - a real bearerbox, an emulator and dmboxd on loopback
#
# Sourced by bash: by ./demo and the flow tests. Everything lives in a folder
# of its own below $TMPDIR; every program is ended by its pid.
#
#	stage_begin BIN SRC	BIN: where the programs are; SRC: source tree
#	stage_emulator FILE [OPTION...]	the devices; options for later starts, too
#	stage_bearerbox [durable]
#	stage_dmboxd [OPTION...]	more options of its configuration
#	stage_dm_device NAME JSON	a device that the DM server shall know
#	stage_dm_server [OPTION...]	the example DM server
#	stage_stop NAME [SIGNAL]	end one of them; start it again by name
#	stage_end		at exit; ends what stands in stage_others, too

declare -A stage_pids
stage_emulator_options=()
stage_others=()			# pids

stage_begin() {
	stage_bin=$(cd "$1" && pwd)
	stage_src=$(cd "$2" && pwd)
	stage=$(mktemp -d "${TMPDIR:-/tmp}/dmbox.XXXXXX")
	export DMBOX_SOCKET=$stage/dmbox.sock
	export DMBOX_PROFILES=$stage_src/conf/profiles
	trap stage_end EXIT
	trap 'exit 130' INT TERM
}

stage_end() {
	local name

	[ ${#stage_others[@]} -eq 0 ] ||
		kill -KILL "${stage_others[@]}" 2>/dev/null
	for name in dm_server dmboxd bearerbox emulator "${!stage_pids[@]}"; do
		stage_stop "$name" TERM
	done
	rm -rf "$stage"
}

# Starts a program in the stage's folder; its output goes to NAME.out.
stage_start() {
	local name=$1
	shift

	(cd "$stage" && exec "$@" >>"$name.out" 2>&1) &
	stage_pids[$name]=$!
}

# Waits up to 10 s for it to end, then kills it.
stage_stop() {
	local pid=${stage_pids[$1]-} i

	[ -n "$pid" ] || return 0
	kill -"${2-TERM}" "$pid" 2>/dev/null
	for ((i = 0; i < 200; i++)); do
		kill -0 "$pid" 2>/dev/null || break
		sleep 0.05
	done
	kill -KILL "$pid" 2>/dev/null
	wait "$pid" 2>/dev/null
	stage_status=$?
	unset "stage_pids[$1]"
}

# stage_wait SECONDS COMMAND...: until the command succeeds
stage_wait() {
	local i tenths=$(($1 * 10))
	shift

	for ((i = 0; i < tenths; i++)); do
		"$@" >/dev/null 2>&1 && return 0
		sleep 0.1
	done
	echo "gave up waiting for: $*" >&2
	return 1
}

# A port that nobody listens on just now, below those that Linux gives to clients.
stage_port() {
	local port

	while :; do
		port=$((12000 + RANDOM % 20000))
		(exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || break
	done
	echo "$port"
}

# Events of the emulator so far, one JSON object a line.
stage_events() {
	grep '^{' "$stage/emulator.out" | jq -c "$@"
}

stage_has_event() {
	[ -n "$(stage_events "select($1)" 2>/dev/null)" ]
}

stage_emulator() {
	[ -n "${1-}" ] && cp "$1" "$stage/devices.conf"
	[ $# -le 1 ] || stage_emulator_options=("${@:2}")
	stage_start emulator "$stage_bin/dmbox-emulator" -c devices.conf \
		--smpp-port "${smpp_port-0}" --json \
		"${stage_emulator_options[@]}"
	stage_wait 10 stage_has_event '.event == "listening"' || return 1
	smpp_port=$(stage_events 'select(.event == "listening") | .port' |
		tail -n 1)
}

stage_bearerbox_conf() {
	sed -e "s/13000/$admin_port/; s/13001/$box_port/" \
		-e "s/2775/$smpp_port/" "$1" >"$stage/bearerbox.conf"
	if [ "${2-}" = durable ]; then
		sqlite3 "$stage/dlr.db" <"$stage_src/conf/dlr-sqlite.sql"
	fi
}

stage_bearerbox_starts() {
	grep -c 'MAIN: Start-up done' "$stage/bearerbox.log"
}

stage_bearerbox_start() {
	local n

	n=$(stage_bearerbox_starts 2>/dev/null)
	stage_start bearerbox bearerbox -v 4 bearerbox.conf
	stage_wait 20 stage_bearerbox_started_after "${n:-0}"
}

stage_bearerbox_started_after() {
	[ "$(stage_bearerbox_starts)" -gt "$1" ]
}

stage_bearerbox() {
	PATH=$PATH:/usr/sbin
	admin_port=$(stage_port)
	box_port=$(stage_port)
	stage_bearerbox_conf \
		"$stage_src/conf/bearerbox${1:+-$1}.conf" "${1-}" || return 1
	stage_bearerbox_start &&
		stage_wait 20 stage_has_event '.event == "bound"'
}

stage_dmboxd_conf() {
	printf '%s\n' "$@" >"$stage/dmbox.conf"
	cat >>"$stage/dmbox.conf" <<-END
	socket = "$stage/dmbox.sock"
	store = "$stage/dmbox.db"
	sender = "12345"
	log-level = ${log_level-debug}
	profiles = "$stage_src/conf/profiles"
	bearerbox {
		port = $box_port
		window = ${window-100}
		ack-timeout-s = ${ack_timeout-60}
	}
	END
}

stage_dmboxd_start() {
	stage_start dmboxd "$stage_bin/dmboxd" -f -c dmbox.conf
	stage_wait 10 "$stage_bin/dmbox" status
}

stage_dmboxd() {
	stage_dmboxd_conf "$@"
	stage_dmboxd_start
}

stage_link_is_up() {
	[ "$("$stage_bin/dmbox" status --json | jq -r .bearerbox.link)" = up ]
}

# The example DM server has $stage/dm for its data, $stage/packages for the
# packages, and says what happens as JSON in $stage/dm_server.out.

stage_dm_device() {
	mkdir -p "$stage/dm/devices"
	echo "$2" >"$stage/dm/devices/$1.json"
}

# A certificate that nobody else knows: devices are given $stage/cert.pem.
stage_certificate() {
	openssl req -x509 -newkey rsa:2048 -nodes -days 2 \
		-subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1 \
		-keyout "$stage/key.pem" -out "$stage/cert.pem" 2>/dev/null
}

# The same port after a restart: it stands in the accounts of devices.
stage_dm_server_conf() {
	: "${dm_port:=$(stage_port)}"
	mkdir -p "$stage/dm/devices" "$stage/packages"
	printf '%s\n' "$@" >"$stage/dm-server.conf"
	cat >>"$stage/dm-server.conf" <<-END
	server-id = "com.example.dms"
	port = $dm_port
	data = "$stage/dm"
	packages = "$stage/packages"
	dmbox-socket = "$stage/dmbox.sock"
	END
}

stage_dm_server_says() {
	[ -n "$(jq -c "select($1)" "$stage/dm_server.out" 2>/dev/null)" ]
}

stage_dm_server_start() {
	: >"$stage/dm_server.out"
	stage_start dm_server "$stage_bin/dm-server" -c dm-server.conf --json
	stage_wait 10 stage_dm_server_says '.event == "listening"' || return 1
	dm_url=$(jq -r 'select(.event == "listening").text | split(" ")[-1]' \
		"$stage/dm_server.out")
}

stage_dm_server() {
	stage_dm_server_conf "$@"
	stage_dm_server_start
}
