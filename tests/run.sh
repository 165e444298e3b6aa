#!/usr/bin/env bash
# Every check of the project, on a fresh clone too: bash tests/run.sh [PYTEST ARGUMENTS]
#
# Installs the locked test environment into .venv, and where they are missing Debian's chromium, R and aligners, and
# Nextflow (some four minutes, the first time only), then runs ruff, mypy and pytest; stops at the first that fails.
# pytest's summary comes last.
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

# R makes the reference of the statistics again; tests/data/survival_reference/make_reference.R needs no more.
r_found() {
  Rscript --vanilla -e 'find.package(c("survival", "cmprsk", "jsonlite"))' >/dev/null 2>&1
}
if ! r_found; then
  bash containers/debian.sh r-base-core r-cran-survival r-cran-cmprsk r-cran-jsonlite || {
    echo 'error: the tests need R with its packages survival, cmprsk and jsonlite' >&2
    exit 1
  }
fi

# Aligners map simulated reads (tests/aligned.py): their files are read as they write them.
aligners_found() {
  local name
  for name in STAR hisat2 hisat2-build minimap2 samtools; do
    command -v "$name" >/dev/null || return 1
  done
}
if ! aligners_found; then
  bash containers/debian.sh rna-star hisat2 minimap2 samtools || {
    echo 'error: the tests need STAR, HISAT2, minimap2 and samtools' >&2
    exit 1
  }
fi

# MultiQC shows our content; the tests find it by the same script.
bash containers/multiqc.sh >/dev/null || {
  echo 'error: the tests need MultiQC, which containers/multiqc.sh installs' >&2
  exit 1
}

# Nextflow runs the pipeline; tests/nextflow finds it by the same script.
bash containers/nextflow.sh >/dev/null || {
  echo 'error: the tests need Nextflow, which containers/nextflow.sh installs from Maven Central' >&2
  exit 1
}

python=.venv/bin/python
"$python" -m ruff check .
"$python" -m ruff format --check .
"$python" -m mypy
exec "$python" -m pytest -n auto --dist loadgroup "$@"
