#!/usr/bin/env bash
# Every check of the project, on a fresh clone too: bash tests/run.sh [PYTEST ARGUMENTS]
#
# Installs the locked test environment into .venv and Debian's chromium if there is no browser (one to two minutes,
# the first time only), then runs ruff, mypy and pytest; stops at the first that fails. pytest's summary comes last.
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."

bash containers/venv.sh test

# The tests look at report.html as a reader sees it; tests/workflows/conftest.py looks for the same names.
browser_found() {
  local name
  for name in ${CHROMIUM:+"$CHROMIUM"} chromium google-chrome chromium-browser; do
    if command -v "$name" >/dev/null; then return 0; fi
  done
  return 1
}
if ! browser_found; then
  bash containers/debian.sh chromium fonts-liberation || {
    echo 'error: the tests need a browser: install chromium (on Ubuntu: google-chrome), or set CHROMIUM to one' >&2
    exit 1
  }
fi

python=.venv/bin/python
"$python" -m ruff check .
"$python" -m ruff format --check .
"$python" -m mypy
exec "$python" -m pytest -n auto --dist loadgroup "$@"
