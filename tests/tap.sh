# SPDX-License-Identifier: Apache-2.0
# tap.sh - TAP lines for tests in shell; sourced by bash
#
#	is "what it should do" COMMAND...	passes if the command succeeds
#	exits STATUS COMMAND...			it ends so; what it wrote is in
#						$dir/out and $dir/err
#	says TEXT				it stands in $dir/err
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

exits() {
	local want=$1
	shift

	[ "$(type -t "$1")" = function ] || set -- timeout 60 "$@"
	"$@" >"$dir/out" 2>"$dir/err" </dev/null
	local got=$?

	[ $got -eq "$want" ] && return
	echo "# $got: $*" | cut -c1-200
	sed 's/^/# /' "$dir/err"
	return 1
}

says() {
	grep -qF -- "$1" "$dir/err" ||
		{ sed 's/^/# said /' "$dir/err"; false; }
}

tap_end() {
	echo "1..$tap_n"
	exit $tap_failed
}
