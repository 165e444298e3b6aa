#!/usr/bin/env bash
# Installs Nextflow for the tests, from Maven Central, and prints its launcher's path: bash containers/nextflow.sh
#
# For tests and continuous integration only, which use no network afterwards: whoever runs the pipeline installs
# Nextflow as its documentation says. Goes into the user's cache ($XDG_CACHE_HOME or ~/.cache), 45 MB. Brings Debian's
# Java and Maven where they are missing. A minute the first time, nothing after that.
set -euo pipefail

fail() {
  printf 'error: %s\n' "$1" >&2
  exit 1
}

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
pom=$here/nextflow.pom.xml
# One folder for each content of these two files, so that clones of the project share what is alike.
key=$(cat "$pom" "$here/nextflow.sh" | sha256sum | cut -c 1-12)
folder=${XDG_CACHE_HOME:-$HOME/.cache}/kmt2a/nextflow-$key
launcher=$folder/nextflow

if [ -x "$launcher" ]; then
  printf '%s\n' "$launcher"
  exit
fi

java_found() {
  local version
  version=$(java -version 2>&1 | sed -n 's/.* version "\([0-9]*\).*/\1/p')
  [ "${version:-0}" -ge 17 ]
}
missing=()
java_found || missing+=(openjdk-17-jre-headless)
command -v mvn >/dev/null || missing+=(maven)
if [ "${#missing[@]}" -gt 0 ]; then
  bash "$here/debian.sh" "${missing[@]}" >&2 || fail 'Nextflow needs Java of at least 17, and Maven to fetch it'
  java_found || fail "Nextflow needs Java of at least 17; 'java -version' tells of an older one"
fi

echo 'fetching Nextflow from Maven Central (a minute)' >&2
mkdir -p "$(dirname "$folder")"
new=$(mktemp -d "$folder.XXXXXX")
trap 'rm -rf "$new"' EXIT
mvn -q -B -f "$pom" dependency:copy-dependencies \
  -DincludeScope=runtime -DoutputDirectory="$new/jars" >"$new/log" 2>&1 ||
  fail "Maven could not fetch Nextflow: $(grep -m 1 ERROR "$new/log")"
chmod 755 "$new"

# What Nextflow's own launcher gives to Java, and no network: neither plugins nor a look for a newer version.
cat >"$new/nextflow" <<'LAUNCHER'
#!/usr/bin/env bash
export NXF_OFFLINE=true NXF_DISABLE_CHECK_LATEST=true NXF_PLUGINS_DEFAULT=false NXF_ANSI_LOG=false
opens=()
for package in java.lang java.io java.nio java.net java.util java.util.concurrent.locks java.util.concurrent.atomic \
  java.nio.file.spi sun.nio.ch sun.nio.fs sun.net.www.protocol.http sun.net.www.protocol.https \
  sun.net.www.protocol.ftp sun.net.www.protocol.file jdk.internal.misc jdk.internal.vm java.util.regex; do
  opens+=("--add-opens=java.base/$package=ALL-UNNAMED")
done
exec java -Dfile.encoding=UTF-8 -Djava.awt.headless=true -XX:+TieredCompilation -XX:TieredStopAtLevel=1 \
  "${opens[@]}" -cp "$(dirname -- "$(readlink -f -- "$0")")/jars/*" nextflow.cli.Launcher "$@"
LAUNCHER
chmod +x "$new/nextflow"
"$new/nextflow" -version >"$new/log" 2>&1 || fail "Nextflow does not start: $(tail -n 1 "$new/log")"
rm "$new/log"
# Whoever was faster has put the same there.
mv -T "$new" "$folder" 2>/dev/null || [ -x "$launcher" ] || fail "cannot move Nextflow to $folder"
printf '%s\n' "$launcher"
