#!/usr/bin/env bash
# Installs into an image that is being built: bash install.sh debian|packages|kmt2a TREE
#
# Steps of containers/Dockerfile and containers/apptainer.def, run as root inside; TREE holds the project. Wheels come
# from TREE/containers/wheelhouse where there is one, else from the index of pip's own variables.
set -euo pipefail

step=${1-} tree=${2-}
own=/opt/kmt2a build=/opt/kmt2a-build
export DEBIAN_FRONTEND=noninteractive PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_NO_COMPILE=1 \
  PIP_ROOT_USER_ACTION=ignore PYTHONDONTWRITEBYTECODE=1
# The same where the image runs, or what is compiled here would not be found there.
export NUMBA_CPU_NAME=generic NUMBA_CACHE_LOCATOR_CLASSES=fusion_caller.reads.compiling.BesideSource

# A base that already holds the packages needs no network.
debian() {
  if dpkg --status "$@" >/dev/null 2>&1; then return; fi
  apt-get update -q
  apt-get install -y -q --no-install-recommends "$@"
  rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/log/apt /var/log/dpkg.log
}

into_own() { "$build/bin/pip" --python "$own/bin/python" install -q --no-index --no-deps --no-warn-script-location "$@"; }

# Never held against the source, since copies of an image may change the times of its files.
bytecode() { "$own/bin/python" -m compileall -q -j 0 --invalidation-mode unchecked-hash "$@"; }

case $step in
  debian)
    # Nextflow measures its tasks with ps.
    debian python3 procps
    id kmt2a >/dev/null 2>&1 || useradd --uid 1000 --create-home --shell /bin/bash kmt2a
    ;;
  packages)
    debian python3-venv
    if [ -d "$tree/containers/wheelhouse" ]; then
      export PIP_NO_INDEX=1 PIP_FIND_LINKS=$tree/containers/wheelhouse
    fi
    python3 -m venv "$build"
    python3 -m venv --without-pip "$own"
    "$build/bin/pip" install -q --require-hashes -r "$tree/containers/build.lock"
    "$build/bin/pip" wheel -q --require-hashes --no-deps --no-build-isolation --wheel-dir "$build/wheels" \
      -r "$tree/containers/runtime.lock"
    into_own "$build"/wheels/*.whl
    rm -r "$build/wheels"
    # The packages' own tests, 130 MB.
    find "$own" -depth -type d -name tests -exec rm -r {} +
    bytecode "$own/lib"
    ;;
  kmt2a)
    # Laid out apart, as what is copied above the packages.
    "$build/bin/pip" wheel -q --no-index --no-deps --no-build-isolation --wheel-dir "$build/wheels" "$tree"
    into_own --root "$build/laid" "$build"/wheels/kmt2a-*.whl
    site=$(echo "$build/laid$own"/lib/python3*/site-packages)
    # numba knows a source by its time, of which the layers of an image keep the nearest whole second.
    find "$site" -exec touch -d 2020-01-01T00:00:00Z {} +
    mkdir "$build/compiled"
    PYTHONPATH=$site "$own/bin/python" "$tree/containers/compile_ahead.py" "$build/compiled" >/dev/null
    bytecode -s "$build/laid" -p / "$site"
    ;;
  *) echo 'usage: bash install.sh debian|packages|kmt2a TREE' >&2; exit 2 ;;
esac
