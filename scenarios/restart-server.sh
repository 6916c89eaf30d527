#!/bin/sh
# Kills the practice server of a run, and starts another one on its port two seconds later.
#
# `reprise run --allow-run` says which server (REPRISE_PRACTICE_PID), on which port (REPRISE_TARGET_PORT), and where the
# command itself is (REPRISE). The new server ends by itself, since no run waits for it.
set -eu

kill -9 "$REPRISE_PRACTICE_PID"
sleep 2
"$REPRISE" practice leflux --port "$REPRISE_TARGET_PORT" --for 2m </dev/null >/dev/null 2>&1 &
