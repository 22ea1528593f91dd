#!/usr/bin/env bash
# A PulseAudio server without a sound card, with a microphone and a call to listen to.
#
#   tests/device/start_sound.sh DIRECTORY          start it, print the environment that finds it
#   tests/device/start_sound.sh DIRECTORY --stop   stop it
#   eval "$(tests/device/start_sound.sh /tmp/sound)"    for trying things by hand
#
# What is played into the sink manager_mic comes out of the source manager_headset, the default
# microphone; what is played into the sink call_audio, the default output, comes out of its monitor.
# The directory's path must be short: a Unix socket stands in it.
set -euo pipefail

directory=${1:?which directory?}
export PULSE_SERVER="unix:$directory/socket" PULSE_RUNTIME_PATH="$directory" \
  PULSE_STATE_PATH="$directory" PULSE_COOKIE="$directory/cookie"

is_running() {
  local status
  [ -s "$directory/pid" ] && status=$(cat "/proc/$(cat "$directory/pid")/status" 2>/dev/null) &&
    grep -q '^Name:.pulseaudio' <<<"$status" && ! grep -q '^State:.Z' <<<"$status"
}

if [ "${2:-}" = --stop ]; then
  if is_running; then
    kill -KILL "$(cat "$directory/pid")" # it may be frozen, and has nothing to save
    for _ in $(seq 50); do is_running || break; sleep 0.1; done
  fi
  rm -f "$directory/pid" "$directory/socket"
  exit 0
fi

mkdir -p -m 700 "$directory"
# norewinds keeps a null sink's latency at 50 ms; with its usual 2 s the first sound comes 1 s late.
cat >"$directory/modules" <<EOF
load-module module-native-protocol-unix socket=$directory/socket auth-anonymous=1
load-module module-null-sink sink_name=manager_mic rate=48000 channels=1 norewinds=1
load-module module-null-sink sink_name=call_audio rate=48000 channels=2 norewinds=1
load-module module-remap-source source_name=manager_headset master=manager_mic.monitor channels=1
set-default-sink call_audio
set-default-source manager_headset
EOF

if ! is_running; then
  rm -f "$directory/socket"
  # A server that kept the caller's output open would hang the caller's $(…).
  setsid pulseaudio --daemonize=no --use-pid-file=no --system=false --exit-idle-time=-1 \
    --realtime=no --high-priority=no --disable-shm=yes --log-target="file:$directory/log" \
    -n -F "$directory/modules" </dev/null >/dev/null 2>&1 &
  echo $! >"$directory/pid"
fi
for _ in $(seq 100); do
  # Answering is not enough: the modules load one after the other.
  if timeout 2 pactl list short sources 2>/dev/null | grep -q manager_headset; then
    echo "export PULSE_SERVER=$PULSE_SERVER PULSE_RUNTIME_PATH=$directory" \
      "PULSE_STATE_PATH=$directory PULSE_COOKIE=$PULSE_COOKIE"
    exit 0
  fi
  sleep 0.1
done
echo "The sound server did not start; see $directory/log" >&2
exit 1
