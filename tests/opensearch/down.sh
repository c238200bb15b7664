#!/usr/bin/env bash
# Ends the cluster that up.sh started in FOLDER: down.sh FOLDER. Its data stay.
set -euo pipefail
folder=$(cd "$1" && pwd)
# The id may be another process's by now.
is_node() { ps -o args= -p "$1" | grep -qF "Node.java $folder "; }
for signal in TERM KILL; do
  for file in "$folder"/pid*; do
    if [ -s "$file" ] && is_node "$(cat "$file")"; then kill -"$signal" "$(cat "$file")" || true; fi
  done
  for _ in $(seq 30); do
    left=0
    for file in "$folder"/pid*; do
      if [ -s "$file" ] && is_node "$(cat "$file")"; then left=1; fi
    done
    if [ "$left" = 0 ]; then rm -f "$folder"/pid*; exit 0; fi
    sleep 1
  done
done
echo "some nodes of $folder do not end" >&2
exit 1
