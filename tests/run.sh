#!/usr/bin/env bash
# Every check of the project, on a fresh clone too: bash tests/run.sh [PYTEST ARGUMENTS]
#
# Installs the locked test environment into .venv and, where they are missing, what the tests run for real: Debian's
# chromium, R, aligners, SLURM and podman, MultiQC and Nextflow (some five minutes, the first time only). Then runs
# ruff, mypy and pytest; stops at the first that fails. pytest's summary comes last.
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."

# needs WHAT 'PROGRAM...' PACKAGE...: installs Debian's packages where one of the programs is missing
needs() {
  local what=$1 programs=$2 name
  shift 2
  for name in $programs; do
    # Daemons are in a folder that only root looks into.
    PATH="$PATH:/usr/sbin" command -v "$name" >/dev/null && continue
    bash containers/debian.sh "$@" || {
      printf 'error: the tests need %s: install what corresponds to Debian'"'"'s %s\n' "$what" "$*" >&2
      exit 1
    }
    return
  done
}

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
needs aligners 'STAR hisat2 hisat2-build minimap2 samtools' rna-star hisat2 minimap2 samtools
# The pipeline is run on a real SLURM of one node (containers/slurm.sh), and in its image, which buildah makes
# (tests/built_image.py).
needs SLURM 'sbatch slurmctld slurmd munged' slurm-wlm munge
needs podman 'podman buildah runc debootstrap' podman buildah runc debootstrap

# MultiQC shows our content, Nextflow runs the pipeline; the tests find both by the same scripts.
bash containers/multiqc.sh >/dev/null || {
  echo 'error: the tests need MultiQC, which containers/multiqc.sh installs' >&2
  exit 1
}
bash containers/nextflow.sh >/dev/null || {
  echo 'error: the tests need Nextflow, which containers/nextflow.sh installs from Maven Central' >&2
  exit 1
}

python=.venv/bin/python
"$python" -m ruff check .
"$python" -m ruff format --check .
"$python" -m mypy
exec "$python" -m pytest -n auto --dist loadgroup "$@"
