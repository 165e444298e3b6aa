#!/usr/bin/env bash
# Makes or updates .venv from a lock: bash containers/venv.sh runtime|test
#
# Finds a Python of at least 3.11 (or takes the one named by $PYTHON), installs exactly the packages of
# containers/<name>.lock, each checked by its hash, and this tree in editable mode. The first time takes about a
# minute; with nothing changed since, less than a second. Needs no activation: run .venv/bin/kmt2a.
set -euo pipefail

fail() {
  printf 'error: %s\n' "$1" >&2
  exit 1
}

kind=${1-}
case $kind in
  runtime | test) ;;
  *) echo 'usage: bash containers/venv.sh runtime|test' >&2; exit 2 ;;
esac
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."

new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }

# A name on the path may be a shim that runs nothing, so each candidate is tried.
find_python() {
  local candidate
  for candidate in ${PYTHON:+"$PYTHON"} python3 python3.13 python3.12 python3.11; do
    if new_enough "$candidate"; then
      printf '%s\n' "$candidate"
      return
    fi
    [ "$candidate" != "${PYTHON-}" ] || fail "PYTHON=$PYTHON is not a working Python of at least 3.11"
  done
  fail 'no Python of at least 3.11 found; run: sudo apt-get install python3 python3-venv, or set PYTHON to one'
}

# Changes whenever what is installed would change; the test environment holds everything of the runtime one.
wanted() {
  cat containers/build.lock "containers/$1.lock" pyproject.toml | sha256sum
}

installed() { [ "$(cat ".venv/.kmt2a-$1" 2>/dev/null)" = "$(wanted "$1")" ]; }

# Commands in a virtual environment hold its absolute path: one that was moved or copied is made again.
usable() {
  [ -x .venv/bin/python ] && new_enough .venv/bin/python &&
    .venv/bin/python -c 'import pip' 2>/dev/null &&
    { [ ! -e .venv/.kmt2a-root ] || [ "$(cat .venv/.kmt2a-root)" = "$PWD" ]; }
}

if usable; then
  if installed "$kind"; then exit; fi
else
  python=$(find_python)
  # Debian and Ubuntu keep ensurepip apart, in the package of the interpreter's own version.
  if ! "$python" -c 'import ensurepip; ensurepip.version()' 2>/dev/null; then
    version=$("$python" -c 'import sys; print("{}.{}".format(*sys.version_info))')
    bash containers/debian.sh "python$version-venv"
  fi
  echo "making .venv with $("$python" --version)" >&2
  "$python" -m venv --clear .venv || fail "$python -m venv .venv failed (its reason is above)"
fi

install() {
  # --no-build-isolation: what comes as source is built by the locked setuptools, not by whatever is newest today.
  .venv/bin/python -m pip install --quiet --no-input --disable-pip-version-check \
    --use-pep517 --no-build-isolation "$@" </dev/null ||
    fail 'pip could not install (its reason is above); the package index has to be reachable'
}

echo "installing containers/$kind.lock into .venv (about a minute)" >&2
rm -f .venv/.kmt2a-*
install --require-hashes -r containers/build.lock
install --require-hashes -r "containers/$kind.lock"
install --no-deps --editable .

# numba compiles at the first call and keeps it, which no user should wait for.
echo "compiling the screen of reads (some ten seconds)" >&2
compiled=$(mktemp -d)
.venv/bin/kmt2a detect workflows/example/cell_lines/reads/*.fastq.gz -o "$compiled/results" >/dev/null ||
  fail 'kmt2a could not read its own example (its reason is above)'
rm -r "$compiled"

printf '%s\n' "$PWD" >.venv/.kmt2a-root
[ "$kind" = runtime ] || wanted test >.venv/.kmt2a-test
wanted runtime >.venv/.kmt2a-runtime
