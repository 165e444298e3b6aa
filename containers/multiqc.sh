#!/usr/bin/env bash
# Installs MultiQC for the tests, in an environment of its own, and prints its path: bash containers/multiqc.sh
#
# Exactly the packages of containers/multiqc.lock, each checked by its hash, into the user's cache ($XDG_CACHE_HOME or
# ~/.cache), 1.1 GB. Takes the Python of .venv. Two minutes the first time, nothing after that.
set -euo pipefail

fail() {
  printf 'error: %s\n' "$1" >&2
  exit 1
}

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
python=$here/../.venv/bin/python
"$python" --version >/dev/null 2>&1 || fail 'MultiQC takes the Python of .venv; run: bash containers/venv.sh test'
# One folder for each content of these files and Python, so that clones of the project share what is alike.
key=$({ cat "$here/multiqc.lock" "$here/multiqc.sh" && "$python" --version; } | sha256sum | cut -c 1-12)
folder=${XDG_CACHE_HOME:-$HOME/.cache}/kmt2a/multiqc-$key
launcher=$folder/multiqc

if [ -x "$launcher" ]; then
  printf '%s\n' "$launcher"
  exit
fi

echo 'installing containers/multiqc.lock (about two minutes)' >&2
mkdir -p "$(dirname "$folder")"
new=$(mktemp -d "$folder.XXXXXX")
trap 'rm -rf "$new"' EXIT
chmod 755 "$new"
"$python" -m venv "$new" || fail "$python -m venv failed (its reason is above)"
"$new/bin/python" -m pip install --quiet --no-input --disable-pip-version-check --only-binary :all: \
  --require-hashes -r "$here/multiqc.lock" </dev/null >&2 ||
  fail 'pip could not install MultiQC (its reason is above); the package index has to be reachable'

# By the interpreter's place, since the environment is moved below.
cat >"$new/multiqc" <<'LAUNCHER'
#!/usr/bin/env bash
export MULTIQC_NO_VERSION_CHECK=true
exec "$(dirname -- "$(readlink -f -- "$0")")/bin/python" -m multiqc "$@"
LAUNCHER
chmod +x "$new/multiqc"
"$new/multiqc" --version >"$new/log" 2>&1 || fail "MultiQC does not start: $(tail -n 1 "$new/log")"
rm "$new/log"
# Whoever was faster has put the same there.
mv -T "$new" "$folder" 2>/dev/null || [ -x "$launcher" ] || fail "cannot move MultiQC to $folder"
printf '%s\n' "$launcher"
