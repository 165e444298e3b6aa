#!/usr/bin/env bash
# Builds the image: bash containers/image.sh [--base IMAGE|debootstrap] [--builder docker|buildah] [--tag NAME] [--archive FILE]
#
# Takes docker where its daemon answers, else buildah, with or without root. pip fetches the locked wheels here, by your
# own configuration of it, so that none runs inside; --base debootstrap makes the base of Debian's packages too (as
# root), and then nothing inside needs a network. Wheels and base are kept in ~/.cache/kmt2a, or XDG_CACHE_HOME: copy
# that folder to a machine without internet and run this there. --archive also writes the image for `docker load`.
set -euo pipefail

fail() {
  printf 'error: %s\n' "$1" >&2
  exit 1
}

usage() {
  echo 'usage: bash containers/image.sh [--base IMAGE|debootstrap] [--builder docker|buildah] [--tag NAME] [--archive FILE]' >&2
  exit 2
}

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
version=$(sed -n 's/^version = "\(.*\)"$/\1/p' "$root/pyproject.toml")
base='' builder='' tag=kmt2a:$version archive=''
while [ $# -gt 0 ]; do
  [ $# -ge 2 ] || usage
  case $1 in
    --base) base=$2 ;;
    --builder) builder=$2 ;;
    --tag) tag=$2 ;;
    --archive) archive=$2 ;;
    *) usage ;;
  esac
  shift 2
done
[ -z "$archive" ] || [ ! -e "$archive" ] || fail "$archive exists; remove it, or give --archive another name"

# What is made appears whole under its name or not at all.
cache=${XDG_CACHE_HOME:-$HOME/.cache}/kmt2a/image
mkdir -p "$cache"
scratch=$(mktemp -d "$cache/.partial-XXXXXX")
trap 'rm -rf -- "$scratch"' EXIT
keep() { mv -T -- "$1" "$2" 2>/dev/null || [ -e "$2" ] || fail "cannot write $2"; }

if [ -z "$builder" ]; then
  if docker info >/dev/null 2>&1; then builder=docker; else builder=buildah; fi
fi
case $builder in docker | buildah) ;; *) usage ;; esac
command -v "$builder" >/dev/null || fail "$builder not found; run: bash containers/debian.sh buildah"

machine=$(uname -m)
case $machine in arm64) machine=aarch64 ;; esac

# The image's Python and C library decide which wheels fit, not those of this machine.
wheelhouse=$cache/wheels-$machine-$(cd "$root/containers" && cat build.lock runtime.lock | sha256sum | cut -c1-16)
if [ ! -d "$wheelhouse" ]; then
  bash "$root/containers/venv.sh" runtime
  echo "fetching the wheels of containers/runtime.lock (some 200 MB)" >&2
  platforms=()
  for glibc in 2014 _2_17 _2_24 _2_26 _2_27 _2_28 _2_31 _2_34; do platforms+=(--platform "manylinux${glibc}_$machine"); done
  "$root/.venv/bin/python" -m pip download --quiet --no-input --disable-pip-version-check \
    --require-hashes --no-deps --no-build-isolation --implementation cp --python-version 3.11 \
    --abi cp311 --abi abi3 --abi none "${platforms[@]}" --dest "$scratch/wheels" \
    -r "$root/containers/build.lock" -r "$root/containers/runtime.lock" </dev/null ||
    fail 'pip could not fetch the wheels (its reason is above); the package index has to be reachable'
  keep "$scratch/wheels" "$wheelhouse"
fi

# Debian with what the image needs of it, without what nobody reads in a container.
bootstrap() {
  [ "$(id -u)" -eq 0 ] || fail 'debootstrap has to run as root; give --base a Debian 12 image instead'
  command -v debootstrap >/dev/null || fail 'debootstrap not found; run: bash containers/debian.sh debootstrap'
  echo 'making a base of Debian 12 with debootstrap (a minute)' >&2
  debootstrap --variant=minbase --include=python3,python3-venv,procps bookworm "$scratch/debian" \
    >"$scratch/log" 2>&1 || fail "debootstrap: $(tail -n 1 "$scratch/log")"
  rm -rf "$scratch"/debian/var/{lib/apt/lists,cache/apt,log}/* \
    "$scratch"/debian/usr/share/{man,info,locale,lintian}/*
  find "$scratch/debian/usr/share/doc" -type f ! -name copyright -delete
  tar -C "$scratch/debian" --numeric-owner -czf "$scratch/debian.tar.gz" .
  keep "$scratch/debian.tar.gz" "$1"
  rm -r "$scratch/debian"
}

arguments=()
if [ "$base" = debootstrap ]; then
  debian=$cache/debian-12-$machine.tar.gz
  [ -e "$debian" ] || bootstrap "$debian"
  base=localhost/kmt2a-base:debian-12-$(sha256sum "$debian" | cut -c1-16)
  if [ "$builder" = docker ]; then
    docker image inspect "$base" >/dev/null 2>&1 || docker import "$debian" "$base" >/dev/null
  elif ! buildah images "$base" >/dev/null 2>&1; then
    container=$(buildah from scratch)
    buildah add --quiet "$container" "$debian" / >/dev/null
    buildah commit --quiet --rm "$container" "$base" >/dev/null
  fi
fi
[ -z "$base" ] || arguments+=(--build-arg "BASE=$base")

# A copy in which every file is as old as the next, so that a fresh clone finds the layers of an older one.
context=$scratch/context
mkdir "$context"
tar -C "$root" --exclude=__pycache__ -c .dockerignore LICENSE README.md pyproject.toml fusion_caller outcomes workflows \
  containers/{Dockerfile,install.sh,compile_ahead.py,build.lock,runtime.lock} | tar -C "$context" -x
find "$context" -exec touch -h -d 2020-01-01T00:00:00Z {} +
cp -al -- "$wheelhouse" "$context/containers/wheelhouse" 2>/dev/null ||
  cp -a -- "$wheelhouse" "$context/containers/wheelhouse"

revision=$(git -C "$root" describe --always --dirty --abbrev=40 2>/dev/null || echo unknown)
arguments+=(--build-arg "VERSION=$version" --build-arg "REVISION=$revision" --tag "$tag"
  --file "$context/containers/Dockerfile")
echo "building $tag with $builder (a minute or two)" >&2
if [ "$builder" = docker ]; then
  docker build --quiet "${arguments[@]}" "$context" >/dev/null
else
  BUILDAH_LAYERS=${BUILDAH_LAYERS:-true} buildah bud --quiet --isolation "${BUILDAH_ISOLATION:-chroot}" --format docker \
    "${arguments[@]}" "$context" >/dev/null
fi || fail 'the image could not be built (the reason is above)'

if [ -n "$archive" ]; then
  if [ "$builder" = docker ]; then docker save --output "$scratch/image.tar" "$tag"
  else buildah push --quiet "$tag" "docker-archive:$scratch/image.tar:$tag"; fi
  mv -- "$scratch/image.tar" "$archive"
fi
printf '%s\n' "$tag"
