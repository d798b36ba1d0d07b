# SPDX-License-Identifier: Apache-2.0
# setup.sh - what ./check and ./demo share: packages and builds
#
# Sourced by bash, in the top folder of the source tree.

say() {
	printf '%s\n' "$*"
}

die() {
	printf '%s\n' "$*" >&2
	exit 1
}

as_root() {
	if [ "$(id -u)" -eq 0 ]; then
		"$@"
	elif command -v sudo >/dev/null; then
		sudo "$@"
	else
		die "This needs root: run it as root, or install sudo."
	fi
}

# The packages of the list that are not installed.
packages_missing() {
	local package

	for package in $(sed 's/#.*//' build-aux/packages); do
		dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null |
			grep -qx installed || printf '%s ' "$package"
	done
}

# Debian starts a service when it is installed. Kannel's would take ports that
# may be in use, so policy-rc.d forbids it for the time of the installation.
policy=/usr/sbin/policy-rc.d

services_forbid() {
	if [ -e $policy ] || [ -L $policy ]; then
		as_root mv $policy $policy.dmbox-saved
	fi
	printf '#!/bin/sh\nexit 101\n' | as_root tee $policy >/dev/null
	as_root chmod 755 $policy
}

services_restore() {
	as_root rm -f $policy
	if [ -e $policy.dmbox-saved ] || [ -L $policy.dmbox-saved ]; then
		as_root mv $policy.dmbox-saved $policy
	fi
}

apt_install() {
	as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq &&
	as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq \
		--no-install-recommends "$@"
}

packages_install() {
	local missing log status=0

	missing=$(packages_missing)
	if [ -z "$missing" ]; then
		say "Packages: all there."
		return
	fi
	command -v apt-get >/dev/null ||
		die "These Debian packages are missing: $missing"
	say "Packages: installing $missing"
	log=$(mktemp)
	services_forbid
	trap services_restore EXIT
	# shellcheck disable=SC2086 # one word a package
	apt_install $missing >"$log" 2>&1 || status=$?
	services_restore
	trap - EXIT
	if [ "$status" -ne 0 ]; then
		tail -n 20 "$log" >&2
		die "The packages could not be installed: see $log"
	fi
	rm -f "$log"
}

# Makes ./configure where it is missing or old.
bootstrap() {
	local file

	for file in configure.ac Makefile.am; do
		if [ ! -e Makefile.in ] || [ ! -e configure ] ||
		   [ $file -nt Makefile.in ]; then
			autoreconf -fi >build-aux/autoreconf.log 2>&1 ||
				die "autoreconf failed:" \
				    "see build-aux/autoreconf.log"
			return
		fi
	done
}

# build DIR "make target..." [configure argument...]
build() {
	local dir=$1 targets=$2 log
	shift 2

	mkdir -p "$dir"
	log=$PWD/$dir/build.log
	bootstrap
	if ! (cd "$dir" && { [ -e Makefile ] && [ Makefile -nt "$OLDPWD/configure" ] ||
			"$OLDPWD/configure" "$@"; } &&
		# shellcheck disable=SC2086 # one word a target
		make -j"$(nproc)" $targets) >"$log" 2>&1; then
		grep -E 'error|warning|missing:' "$log" | head -n 20 >&2
		die "The build failed: see $log"
	fi
}
