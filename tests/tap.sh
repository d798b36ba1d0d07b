# SPDX-License-Identifier: Apache-2.0
# tap.sh - TAP lines for tests in shell; sourced by bash
#
#	is "what it should do" COMMAND...	passes if the command succeeds
#	tap_end					the plan; the exit status

tap_n=0
tap_failed=0

is() {
	local name=$1
	shift

	tap_n=$((tap_n + 1))
	if "$@"; then
		echo "ok $tap_n - $name"
	else
		echo "not ok $tap_n - $name"
		echo "# failed: $*"
		tap_failed=1
	fi
}

tap_end() {
	echo "1..$tap_n"
	exit $tap_failed
}
