# SPDX-License-Identifier: Apache-2.0
# fleet.sh - ./demo --fleet: twenty devices are updated, many of them fail
#
# Sourced by ./demo. All that happens (events of the devices, of the DM server,
# and the jobs of dmboxd) goes as lines of JSON into one jq, fleet.jq, which
# makes a row a device of them, shows the rows, and knows when all is over.
#
#	fleet [--json]	all of it; the exit status is that of the demo

# What is wrong with a device is its package, or a fault of the emulator: see
# "Misbehaviour" in dmbox-emulator(1). Faults begin when all have accounts.
# How each shall end is a version, the code of a result, the state of its job,
# or silent. Devices of DM 1.1.2 are of the model "old", those of 1.2 "new".
#
# device | DM | client | package | ends | what is wrong
fleet_table() {
	cat <<-END
	dev01 | 1.1.2 | windows-mobile-5 | fw-old.bin | 2.0 |
	dev02 | 1.2 | windows-mobile-6 | fw-new.bin | 2.0 |
	dev03 | 1.2 | libdmclient | fw-new.bin | 2.0 | off 5000 1x
	dev04 | 1.2 | aosp | fw-new.bin | expired | out-of-reach
	dev05 | 1.2 | samsung | fw-new.bin | 2.0 | forgets-nonce 1x
	dev06 | 1.2 | buteo | fw-new.bin | expired | forgets-credential
	dev07 | 1.2 | gecko | fw-new.bin | 401 | user-no
	dev08 | 1.1.2 | windows-mobile-5 | fw-old.bin | 2.0 | user-late 4000
	dev09 | 1.2 | windows-mobile-6 | fw-new.bin | 402 | corrupted
	dev10 | 1.2 | mediatek | broken.bin | 402 |
	dev11 | 1.1.2 | windows-mobile-5 | fw-new.bin | 403 |
	dev12 | 1.2 | spreadtrum | fw-new.bin | 501 | no-space
	dev13 | 1.2 | libsynthesis | fw-new.bin | 2.0 | battery 40 1x
	dev14 | 1.1.2 | windows-mobile-5 | fw-old.bin | 2.0 | network-lost 60 1x
	dev15 | 1.2 | libdmclient | fw-new.bin | 500 | http-status 503
	dev16 | 1.2 | windows-mobile-6 | fw-new.bin | 451 | result 451
	dev17 | 1.2 | symbian | fw-new.bin | 2.0 | report-twice
	dev18 | 1.2 | aosp | fw-new.bin | 2.0 | report-never
	dev19 | 1.2 | samsung | fw-new.bin | expired | ignores
	dev20 | 1.1.2 | generic | fw-old.bin | failed | RINVDSTADR
	END
}

# The devices as fleet.jq wants them, an object a line.
fleet_devices() {
	fleet_table | jq -Rc '[splits(" *[|] *")] | {
		device: .[0],
		number: "+4917000002\(.[0][3:])",
		"dm-version": .[1],
		client: .[2],
		package: .[3],
		ends: .[4],
		wrong: .[5],
		firmware: "1.0"
	} | if .wrong == "" and .ends != "2.0" then
		.wrong = "gets \(.package)"
	else . end'
}

# fleet_each FORMAT: a line of text a device
fleet_each() {
	jq -r "$1" "$stage/fleet.json"
}

# What the emulator and the DM server know of them.
fleet_write() {
	local device json

	fleet_devices >"$stage/fleet.json"
	fleet_each '"device \"\(.number)\" {
		dm-version = \"\(."dm-version")\"
		quirks = \"\(.client)\"
		imsi = \"'"$imsi"'\"
		pin = \"'"$pin"'\"
		firmware = \"\(.firmware)\"
		dev-id = \"IMEI:\(.number)\"
		model = \"\(if ."dm-version" == "1.2" then "new" else "old" end)\"
		confirms = true
		retry-ms = 500
		restart-ms = 2000
		server-url = \"bootstrap\"
	}"' >"$stage/fleet.conf"
	while read -r device json; do
		stage_dm_device "$device" "$json"
	done < <(fleet_each '"\(.device) \({
		msisdn: .number, "dm-version", imsi: "'"$imsi"'",
		quirks: .client, "dev-id": "IMEI:\(.number)"
	} + if .client | startswith("windows-mobile") then
		{ profile: .client, sec: "USERNETWPIN", pin: "'"$pin"'" }
	else
		{ profile: "generic", sec: "NETWPIN" }
	end)"')
}

fleet_packages() {
	local name

	mkdir -p "$stage/packages"
	for name in old new; do
		printf 'dmbox-firmware 2.0 %s\n%s\n' $name "$(seq 100000)" \
			>"$stage/packages/fw-$name.bin"
	done
	seq 1000 >"$stage/packages/broken.bin"
}

# --------------------------------- what happens -------------------------------

# What a program writes, as it comes.
fleet_follow() {
	touch "$stage/$1.out"
	tail -n +1 -f --pid=$$ "$stage/$1.out"
}

# fleet_read PROGRAM SOURCE: its events
fleet_read() {
	fleet_follow "$1" | jq -Rc --unbuffered "fromjson? | .source = \"$2\"" \
		1>&"$fleet_in" 2>/dev/null &
}

# Each job that has changed, as it is now.
fleet_read_jobs() {
	local job

	stage_start watch "$stage_bin/dmbox" watch --after 0 --json
	fleet_follow watch | jq -Rr --unbuffered 'fromjson? | .job' |
		while read -r job; do
			build/dmbox job get "$job" --json
		done 2>/dev/null | jq -c --unbuffered '.source = "job"' \
			1>&"$fleet_in" 2>/dev/null &
}

# Since the start, five times a second; bash keeps COLUMNS and LINES.
fleet_clock() {
	local start=${EPOCHREALTIME/[.,]/}

	while sleep 0.2; do
		printf '{"source":"clock","ms":%d,"columns":%d,"lines":%d}\n' \
			$(((${EPOCHREALTIME/[.,]/} - start) / 1000)) \
			"${COLUMNS:-80}" "${LINES:-25}" || break
	done 1>&"$fleet_in" 2>/dev/null
}

# fleet_phase TEXT [LAST]: the last one is over when the devices have come out
fleet_phase() {
	jq -nc --arg phase "$1" --argjson last "${2-false}" \
		'{ source: "stage", $phase, $last }' 1>&"$fleet_in"
}

# ---------------------------------- the screen --------------------------------

# fleet_how [--json]: a table where it can be drawn
fleet_how() {
	fleet_show=lines
	if [ "${1-}" = --json ]; then
		fleet_show=json
	elif [ -t 1 ] && [ "${TERM:-dumb}" != dumb ]; then
		fleet_show=table
	fi
}

# The cursor is hidden, and the terminal cuts lines that are too long for it.
fleet_screen() {
	local color=yes

	[ -z "${NO_COLOR-}" ] || color=no
	[ "$fleet_show" != table ] || printf '\033[?25l\033[?7l'
	exec {fleet_in}> >(exec jq -nj --unbuffered --arg show "$fleet_show" \
		--arg color $color --slurpfile devices "$stage/fleet.json" \
		-f demos/fleet.jq 1>&"$fleet_out")
	fleet_pid=$!
	stage_others+=("$fleet_pid")
	fleet_clock &
}

# Ctrl-C may come where standard output is led elsewhere.
fleet_end() {
	[ "$fleet_show" != table ] || printf '\033[?25h\033[?7h' 1>&"$fleet_out"
	stage_end
}

fleet_fail() {
	kill "$fleet_pid"
	fail "$@"
}

# The last line of the build's log, as long as that goes on.
fleet_build_log() {
	while sleep 0.2 && kill -0 $$; do
		printf '\r%s\033[K' "$(tail -n 1 build/build.log |
			cut -c "1-$((${COLUMNS:-80} - 1))")"
	done 2>/dev/null
}

fleet_build() {
	local progress

	say "Building."
	if [ "$fleet_show" = table ]; then
		fleet_build_log &
		progress=$!
		disown $progress
		trap 'kill $progress 2>/dev/null; printf "\r\033[K"' EXIT
	fi
	build build "dmboxd dmbox dmbox-emulator dm-server"
	if [ -n "${progress-}" ]; then
		trap - EXIT
		kill $progress
		printf '\r\033[K'
	fi
}

# --------------------------------- all of it ----------------------------------

fleet_start() {
	stage_certificate || fleet_fail "the certificate of the DM server"
	fleet_phase "Starting the emulator: an SMSC, and the devices"
	mkfifo "$stage/control"
	fleet_read emulator device
	stage_emulator "$stage/fleet.conf" --ca-file "$stage/cert.pem" \
		--control "$stage/control" || fleet_fail "the emulator"
	fleet_phase "Starting Kannel's bearerbox"
	stage_bearerbox || fleet_fail "bearerbox"
	fleet_phase "Starting dmboxd"
	stage_dmboxd "attempt-first-s = 2" "attempt-factor = 1" \
		"attempts-max = 100" "expires-s = 8" || fleet_fail "dmboxd"
	stage_wait 60 stage_link_is_up || fleet_fail "the link to bearerbox"
	fleet_read_jobs
}

# All that were bootstrapped have taken it, and their first session is over.
fleet_has_accounts() {
	[ "$(jq -r 'select(.event == "session.ended").device' \
		"$stage/dm_server.out" | sort -u | wc -l)" = "$fleet_n" ]
}

fleet_bootstrap() {
	fleet_phase "Bootstrapping $fleet_n devices over the air"
	fleet_read dm_server dm-server
	stage_dm_server "certificate = \"$stage/cert.pem\"" \
		"private-key = \"$stage/key.pem\"" "wakes-max = 2" \
		"retry-s = 1" "result-within-s = 8" ||
		fleet_fail "the DM server"
	stage_wait 30 fleet_has_accounts || fleet_fail "the bootstraps"
}

# The commands for the emulator that bring the faults of the table.
fleet_faults() {
	fleet_each '.number as $number | .wrong |
		select(. != "" and (startswith("gets") | not)) |
		splits(", *") | "fault \($number) \(.)"'
}

fleet_has_faults() {
	[ "$(stage_events 'select(.event == "control.done")' | wc -l)" = "$1" ]
}

fleet_update() {
	local device package

	fleet_phase "The operator orders the update of all to 2.0"
	fleet_faults >"$stage/control"
	stage_wait 10 fleet_has_faults "$(fleet_faults | wc -l)" ||
		fleet_fail "the faults"
	while read -r device package; do
		build/dm-server -c "$stage/dm-server.conf" --update "$device" \
			--package "$package" --version 2.0 >/dev/null ||
			fleet_fail "--update $device"
	done < <(fleet_each '"\(.device) \(.package)"')
	fleet_phase "Updating" true
}

fleet() {
	fleet_how "$@"
	exec {fleet_out}>&1
	[ "$fleet_show" != json ] || exec >&2
	packages_install
	fleet_build
	stage_begin build .
	trap fleet_end EXIT
	fleet_write
	fleet_packages
	fleet_n=$(wc -l <"$stage/fleet.json")
	fleet_screen
	fleet_start
	fleet_bootstrap
	fleet_update
	wait "$fleet_pid"
}
