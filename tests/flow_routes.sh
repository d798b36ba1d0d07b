#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The ways to emulators beside bearerbox, which is not there at all.
. "${srcdir:-.}/tests/stage.sh"
. "${srcdir:-.}/tests/tap.sh"

server=com.example.dms
nonce=101112131415161718191a1b1c1d1e1f
vendor=$(printf 'ab%.0s' $(seq 300))	# three segments

stage_begin . "${srcdir:-.}"
dmbox=$stage_bin/dmbox
udp_port=$(stage_port)
console_port=$(stage_port)
cat >"$stage/devices.conf" <<-END
device "+491700000120" {
	dm-version = "1.2"
	server-id = "$server"
	password = "srvpwd"
	nonce-hex = "$nonce"
	imsi = "262011234567890"
}
END

# A console of an Android emulator: its token is in right-token, and what it is
# given goes to pdus.
cat >"$stage/console" <<-'END'
#!/bin/bash
printf 'Android Console: Authentication required\r\n'
printf "Android Console: type 'auth <auth_token>' to authenticate\r\nOK\r\n"
while IFS= read -r line; do
	line=${line%$'\r'}
	case $line in
	"auth $(<right-token)") printf 'Welcome\r\nOK\r\n' ;;
	"sms pdu "*) echo "${line#sms pdu }" >>pdus; printf 'OK\r\n' ;;
	*) printf 'KO: %s\r\n' "${line%% *} is wrong" ;;
	esac
done
END
chmod +x "$stage/console"
echo right >"$stage/right-token"

# emulator [OPTION...]: what stands behind the route lab
emulator() {
	: >"$stage/emulator.out"
	stage_start emulator "$stage_bin/dmbox-emulator" --udp "$udp_port" \
		--json "$@"
	stage_wait 10 stage_has_event '.event == "udp.listening"'
}

console() {
	stage_start console socat \
		"TCP-LISTEN:$console_port,bind=127.0.0.1,reuseaddr,fork" \
		EXEC:./console
}

notify() {
	"$dmbox" notify --json --to +491700000120 --server-id $server \
		--password srvpwd --nonce-hex $nonce --on-busy supersede "$@" |
		jq -r .job
}

# job_is JOB JQ-CONDITION: now
job_is() {
	"$dmbox" job get "$1" --json | jq -e "$2" >/dev/null
}

# becomes JOB JQ-CONDITION: within a while
becomes() {
	stage_wait 30 job_is "$@" || {
		"$dmbox" job get "$1" --json
		return 1
	}
}

told() {
	stage_wait 10 stage_has_event "$1" || {
		cat "$stage/emulator.out"
		return 1
	}
}

# refused TEXT OPTION...
refused() {
	local text=$1
	shift

	notify "$@" 2>"$stage/err" >/dev/null
	grep -qF -- "$text" "$stage/err"
}

# decodes HEX... the message of some segments, or PDUs, is verified
decodes() {
	"$dmbox" decode --server-id $server --password srvpwd \
		--nonce-hex $nonce "$@" >"$stage/decoded" || {
		cat "$stage/decoded"
		return 1
	}
}

box_port=$(stage_port)
stage_dmboxd "
route \"lab\" {
	kind = \"udp\"
	port = $udp_port
}
route \"avd\" {
	kind = \"android-console\"
	port = $console_port
	token-file = \"$stage/token\"
}
route \"hex\" {
	kind = \"file\"
	file = \"$stage/segments\"
}
route \"look\" {
	kind = \"pcap\"
	file = \"$stage/push.pcap\"
}" || exit 1

is "an unknown route is refused with those there are" \
	refused 'allowed: bearerbox, lab, avd, hex, look' --route nowhere
is "so is what a route cannot tell" \
	refused 'allowed: taken or session' --route lab --until delivered
box=$("$dmbox" notify --json --to +491700000199 --server-id $server \
	--password srvpwd --nonce-hex $nonce | jq -r .job)

# ---------------------------------- udp ----------------------------------

job=$(notify --route lab --session-id 0x0142 --vendor-hex "$vendor")
is "a job waits while nobody listens" \
	becomes "$job" '.state == "waiting" and .route == "lab" and
		(.reason | contains("Connection refused")) and .until == "taken"'
emulator || exit 1
is "it is tried again" becomes "$job" '.state == "done" and
	.reached == "taken" and ."segments-taken" == 3 and .attempt == 1'
is "an emulator on its own says what it is" \
	told '.event == "notification.received" and ."session-id" == 322 and
		."server-id" == "com.example.dms" and ."vendor-octets" == 300'
"$dmbox" bootstrap --to +491700000120 --route lab --profile generic \
	--set name=Example --set addr=https://dms.example.com/dm \
	--set server-id=$server --set client-name=c --set client-password=pwd1 \
	--set server-password=pwd2 --sec NETWPIN \
	--imsi 262011234567890 >/dev/null 2>"$stage/err" || cat "$stage/err"
is "a bootstrap, too, without its secrets" \
	told '.event == "bootstrap.received" and .sec == "NETWPIN" and
		.addr == "https://dms.example.com/dm"'
no_secrets() {
	! grep -E 'pwd1|pwd2' "$stage/emulator.out"
}
is "which it does not show" no_secrets
printf 'no push' | socat - "UDP:127.0.0.1:$udp_port"
is "and what is no push" told '.event == "push.refused"'

stage_stop emulator
emulator -c devices.conf || exit 1
"$dmbox" device put dev1 --msisdn +491700000120 --server-id $server \
	--password srvpwd --nonce-hex $nonce --route lab >/dev/null
job=$("$dmbox" notify --to dev1 --json --until session \
	--session-id 0x0143 --on-busy supersede | jq -r .job)
is "a device verifies what came by its route" \
	told '.event == "notification.verified" and
		.device == "+491700000120" and ."session-id" == 323'
is "and is waited for" becomes "$job" '.state == "pushed" and
	.route == "lab" and .reached == "taken"'
"$dmbox" session report --job "$job" --event started >/dev/null
is "until its session is reported" becomes "$job" '.state == "done" and
	.reached == "session"'
"$dmbox" bootstrap --to dev1 --profile generic --set name=Example \
	--set addr=https://dms.example.com/dm --set server-id=other.example \
	--set client-name=c --set client-password=pwd1 \
	--set server-password=pwd2 --sec NETWPIN --imsi 262011234567890 \
	>/dev/null 2>"$stage/err" || cat "$stage/err"
is "a bootstrap is applied" told '.event == "bootstrap.applied" and
	."server-id" == "other.example"'

# -------------------------------- console --------------------------------

console
echo wrong >"$stage/token"
job=$(notify --route avd --vendor-hex "$vendor")
is "a wrong token is told, not shown" \
	becomes "$job" '.state == "waiting" and
		(.reason | endswith("KO: auth is wrong"))'
cp "$stage/right-token" "$stage/token"
is "a console that takes an SMS delivers it" \
	becomes "$job" '.state == "done" and .reached == "delivered" and
		."segments-delivered" == 3'
is "the PDUs are the notification" decodes --as pdu $(<"$stage/pdus")

# --------------------------------- files ---------------------------------

job=$(notify --route hex --vendor-hex "$vendor")
is "segments are written to a file" becomes "$job" '.state == "done"'
is "they are the notification" decodes --as sms $(<"$stage/segments")
job=$(notify --route look)
is "a packet is written to a capture" becomes "$job" '.state == "done"'
job=$(notify --route look --vendor-hex "$vendor")
is "and another one" becomes "$job" '.state == "done"'
wireshark() {
	[ "$(tshark -r "$stage/push.pcap" -T fields -e wsp.pdu_type \
		-e wsp.header.x_wap_application_id -e udp.dstport 2>/dev/null |
		grep -c '0x06.*syncml.dm.*2948')" -eq 2 ]
}
if command -v tshark >/dev/null; then
	is "Wireshark shows both as WSP pushes" wireshark
fi

is "a job for bearerbox has waited for it alone" \
	job_is "$box" '.state == "waiting" and .tries == 0'
tap_end
