#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Notifications from dmbox to an emulated device, through a real bearerbox.
. "${srcdir:-.}/tests/stage.sh"
. "${srcdir:-.}/tests/tap.sh"

nonce=101112131415161718191a1b1c1d1e1f
finals="EXPIRED DELETED UNDELIV REJECTD UNKNOWN"

stage_begin . "${srcdir:-.}"
{
	cat <<-END
	device "+491700000112" {
		dm-version = "1.1.2"
		server-id = "com.example.dms"
		password = "srvpwd"
		nonce-hex = "$nonce"
	}
	device "+491700000120" {
		dm-version = "1.2"
		server-id = "com.example.dms"
		password = "srvpwd"
		nonce-hex = "$nonce"
	}
	END
	i=0
	for final in $finals; do
		i=$((i + 1))
		cat <<-END
		device "+49170000020$i" {
			dm-version = "1.2"
			server-id = "com.example.dms"
			password = "srvpwd"
			nonce-hex = "$nonce"
			receipt = "$final"
		}
		END
	done
} >"$stage/devices.conf"

notify() {
	"$stage_bin/dmbox" notify --json --server-id com.example.dms \
		--password srvpwd --nonce-hex $nonce "$@" | jq -r .job
}

# until_job JOB: waits for its end and prints it
until_job() {
	timeout 15 "$stage_bin/dmbox" job watch "$1" --json | tail -n 1
}

# job_is JOB JQ-CONDITION
job_is() {
	until_job "$1" | jq -e "$2" >/dev/null || {
		until_job "$1"
		return 1
	}
}

verified() {
	stage_wait 5 stage_has_event ".device == \"$1\" and
		.event == \"notification.verified\" and $2"
}

refused() {
	stage_wait 5 stage_has_event ".device == \"$1\" and
		.event == \"notification.refused\""
}

# told_of JOB: its events begin with its acceptance and end with done
told_of() {
	local kinds

	kinds=$(timeout 2 "$stage_bin/dmbox" watch --json --after 0 \
		--job "$1" | jq -r .event | tr '\n' ' ')
	[[ $kinds == "job.accepted "*"job.done " ]] || {
		echo "# $kinds"
		return 1
	}
}

# dmboxd is there before bearerbox and the SMSC: the order does not matter.
admin_port=$(stage_port)
box_port=$(stage_port)
stage_dmboxd "attempts-max = 1" || exit 1
first=$(notify --to +491700000120 --session-id 0x0142 --ui-mode background)
is "a job waits while bearerbox is not there" \
	[ "$("$stage_bin/dmbox" job get "$first" --json | jq -r .state)" = waiting ]
stage_emulator || exit 1
stage_bearerbox_conf "$stage_src/conf/bearerbox.conf"
PATH=$PATH:/usr/sbin
stage_bearerbox_start || exit 1
is "dmboxd finds a bearerbox that starts later" \
	stage_wait 60 stage_link_is_up
is "the job that waited is delivered" \
	job_is "$first" '.state == "done" and .reached == "delivered"'
is "a DM 1.2 device verifies it" \
	verified +491700000120 '."session-id" == 322 and ."ui-mode" == "background"'

job=$(notify --to 491700000112 --dm-version 1.1.2 --initiator client \
	--ui-mode user-interaction)
is "a DM 1.1.2 device verifies it; the + is not needed" \
	verified +491700000112 '.initiator == "client"'
is "its job is done" job_is "$job" '.state == "done"'
is "and its events tell so" told_of "$job"

job=$(notify --to +491700000120 --session-id 7 \
	--vendor-hex "$(printf 'ab%.0s' $(seq 300))")
is "a message of three segments is delivered whole" \
	job_is "$job" '.state == "done" and ."segments-delivered" == 3'
is "the device puts it together" \
	verified +491700000120 '."session-id" == 7'
job=$(notify --to +491700000120 --session-id 8 --concat 16 --dcs 0xf5 \
	--vendor-hex "$(printf 'cd%.0s' $(seq 200))")
is "16 bit references and class 1 work, too" \
	verified +491700000120 '."session-id" == 8'

job=$("$stage_bin/dmbox" notify --json --server-id com.example.dms \
	--password wrong --nonce-hex $nonce --to +491700000112 | jq -r .job)
is "a wrong password is delivered" job_is "$job" '.state == "done"'
is "and refused by the device" refused +491700000112

job=$(notify --to +491700000120 --until taken)
is "until taken: done when bearerbox has it" \
	job_is "$job" '.state == "done" and .reached == "taken"'

i=0
for final in $finals; do
	i=$((i + 1))
	job=$(notify --to "+49170000020$i")
	is "a report of $final is the end of the last attempt" \
		job_is "$job" '.state == "failed" and
			(.reason | contains("'"$final"'"))'
done
job=$(notify --to +491799999999)
is "a number that nobody has makes the job fail" \
	job_is "$job" '.state == "failed"'
job=$(notify --to +491700000120 --smsc-id nowhere --until taken)
is "another smsc-id is only a hint to bearerbox" \
	job_is "$job" '.state == "done"'

stage_stop bearerbox
job=$(notify --to +491700000120 --expires-s 1)
is "a job that cannot be sent in time expires" \
	job_is "$job" '.state == "expired" and .reached == "none"'
job=$(notify --to +491700000120)
is "a waiting job is cancelled" \
	"$stage_bin/dmbox" job cancel "$job" --json
is "a cancelled job stays so" job_is "$job" '.state == "cancelled"'

stage_stop dmboxd
is "SIGTERM ends dmboxd with 0" [ "$stage_status" = 0 ]
is "no password or nonce is in the log or the queue" \
	sh -c "! grep -aqiE 'srvpwd|$nonce' '$stage/dmboxd.out' '$stage'/dmbox.db*"
tap_end
