#!/usr/bin/env bash
# From a fresh clone to a report, on the bundled example: bash workflows/demo.sh [OUTDIR]
#
# Installs into .venv (about a minute, the first time only), runs `kmt2a demo` and says where the report is.
# OUTDIR is demo-results in the current folder unless another is given. Under three minutes in all.
set -euo pipefail

case ${1-} in
  -*) echo 'usage: bash workflows/demo.sh [OUTDIR]' >&2; exit 2 ;;
esac
[ $# -le 1 ] || { echo 'usage: bash workflows/demo.sh [OUTDIR]' >&2; exit 2; }
root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
outdir=${1:-demo-results}

bash "$root/containers/venv.sh" runtime
"$root/.venv/bin/kmt2a" demo -o "$outdir"
printf 'The report: %s\n' "$(cd -- "$outdir" && pwd)/report.html"
