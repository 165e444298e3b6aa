#!/usr/bin/env bash
# Runs a command beside a SLURM of one node, this machine: bash containers/slurm.sh COMMAND [ARGUMENT]...
#
# For tests, and to try a pipeline before it goes to a cluster. Needs Debian's slurm-wlm and munge, but no rights and no
# file in /etc: configuration, state, key, sockets and logs lie in a folder of their own, the ports are free ones on
# loopback. COMMAND finds that SLURM by SLURM_CONF; `jobs.log` beside that file gets a line for each job that has ended.
# When COMMAND ends, jobs and daemons are ended and the folder is removed; the exit code is COMMAND's.
set -euo pipefail

fail() {
  printf 'error: %s\n' "$1" >&2
  exit 1
}

[ $# -gt 0 ] || { echo 'usage: bash containers/slurm.sh COMMAND [ARGUMENT]...' >&2; exit 2; }
# Debian keeps daemons out of the path of ordinary users.
export PATH="$PATH:/usr/sbin"
for name in munged mungekey slurmctld slurmd sbatch python3; do
  command -v "$name" >/dev/null || fail "$name not found; run: bash containers/debian.sh slurm-wlm munge python3"
done

# A short name: the path of a socket has at most 107 characters.
folder=$(mktemp -d "${TMPDIR:-/tmp}/slurm.XXXXXX")
export SLURM_CONF="$folder/slurm.conf"
user=$(id -un)
host=$(hostname -s)
running=()

no_jobs() { [ -z "$(squeue --noheader)" ]; }

within_30_seconds() {
  local _
  for _ in $(seq 150); do
    if "$@" >/dev/null 2>&1; then return; fi
    sleep 0.2
  done
  return 1
}

stop() {
  local pid
  # A daemon that is stopped leaves its jobs running, so they go first; before COMMAND there are none.
  if [ ${#running[@]} -eq 4 ] && ! no_jobs 2>/dev/null; then
    timeout 10 scancel --user="$user" 2>/dev/null || true
    within_30_seconds no_jobs || true
  fi
  for pid in "${running[@]}"; do kill "$pid" 2>/dev/null || true; done
  for pid in "${running[@]}"; do wait "$pid" 2>/dev/null || true; done
  rm -rf "$folder"
}
trap stop EXIT
trap 'exit 143' TERM
trap 'exit 130' INT

# Both sockets stay open until both numbers are known, so that they differ.
read -r port_of_controller port_of_node < <(python3 -c '
import socket
found = [socket.create_server(("127.0.0.1", 0)) for _ in range(2)]
print(*(one.getsockname()[1] for one in found))')

memory=$(awk '$1 == "MemTotal:" {print int($2 / 1024)}' /proc/meminfo)

# linuxproc and jobacct_gather/linux do without cgroups, which a container may not have: a job that takes more memory
# than it asked for is killed as on a cluster, though only when it is looked at, once a second.
cat >"$SLURM_CONF" <<END
ClusterName=kmt2a
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$port_of_controller
SlurmdPort=$port_of_node
CommunicationParameters=NoInAddrAny,NoCtldInAddrAny
SlurmUser=$user
SlurmdUser=$user
AuthType=auth/munge
AuthInfo=socket=$folder/munge.socket
CredType=cred/munge
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool
SlurmctldPidFile=$folder/slurmctld.pid
SlurmdPidFile=$folder/slurmd.pid
MailProg=/bin/true
MpiDefault=none
ReturnToService=2
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/linux
JobAcctGatherFrequency=1
JobAcctGatherParams=OverMemoryKill
JobCompType=jobcomp/filetxt
JobCompLoc=$folder/jobs.log
SchedulerType=sched/backfill
SchedulerParameters=batch_sched_delay=0,sched_min_interval=0,bf_interval=1
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU_Memory
KillWait=5
NodeName=$host NodeAddr=127.0.0.1 CPUs=$(nproc) RealMemory=$memory State=UNKNOWN
PartitionName=all Nodes=$host Default=YES MaxTime=INFINITE DefMemPerCPU=256 State=UP
END
mkdir "$folder/state" "$folder/spool"
mungekey --create --keyfile="$folder/munge.key"

# A session of its own, so that Ctrl-C reaches this script alone, which ends them in order.
start() {
  setsid "$@" >"$folder/$1.log" 2>&1 </dev/null &
  running+=($!)
}
ready() {
  within_30_seconds "$@" && return
  cat "$folder"/*.log >&2
  fail "SLURM does not answer to: $* (its logs are above)"
}
idle() { [ "$(sinfo --noheader --format=%T)" = idle ]; }

# --force: munged takes a private folder for a mistake.
start munged --foreground --force --socket="$folder/munge.socket" --key-file="$folder/munge.key" \
  --pid-file="$folder/munge.pid" --seed-file="$folder/munge.seed" --log-file="$folder/munged.log"
ready test -S "$folder/munge.socket"
start slurmctld -D
ready scontrol ping
start slurmd -D
ready idle

# In the background, since a shell looks at signals only between commands; its standard input stays this script's.
"$@" <&0 &
running=($! "${running[@]}")
wait $!
