#!/usr/bin/env bash
# Installs Debian or Ubuntu packages: bash containers/debian.sh PACKAGE...
#
# Works as root, or with sudo; otherwise it ends with the one command that has to be run by someone who may.
# About a minute, most of it download.
set -euo pipefail

fail() {
  printf 'error: cannot install %s: %s\n' "$packages" "$1" >&2
  exit 1
}

packages=$*
[ -n "$packages" ] || { echo 'usage: bash containers/debian.sh PACKAGE...' >&2; exit 2; }
command -v apt-get >/dev/null || fail 'this machine has no apt-get; install what corresponds to it here by hand'

root=()
if [ "$(id -u)" -ne 0 ]; then
  by_hand="ask who may to run: apt-get install $packages"
  command -v sudo >/dev/null || fail "not root, and there is no sudo; $by_hand"
  # Without a terminal nobody can type a password: then sudo has to work without one.
  if [ -t 0 ]; then root=(sudo); else root=(sudo -n); fi
  "${root[@]}" true 2>/dev/null || fail "not root, and sudo refuses; $by_hand"
fi

log=$(mktemp)
trap 'rm -f "$log"' EXIT
apt() {
  "${root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get -y -q -o DPkg::Lock::Timeout=120 "$@" </dev/null >"$log" 2>&1
}

echo "installing $packages with apt-get" >&2
# A fresh machine has no package lists, and old lists name packages that are gone: then once more with new ones.
apt install --no-install-recommends "$@" ||
  { apt update && apt install --no-install-recommends "$@"; } ||
  fail "$(grep '^E:' "$log" | tail -n 1)"
