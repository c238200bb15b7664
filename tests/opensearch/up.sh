#!/usr/bin/env bash
# Starts a real OpenSearch cluster on this machine: up.sh FOLDER [NODES=3] [BASE_PORT=9200]; HTTP at BASE_PORT+1 and on,
# transport at BASE_PORT+101 and on. A FOLDER that was used before keeps its data, NODES and BASE_PORT.
# FOLDER gets the data, logs (logN.txt) and process ids (pidN); `kill -9 $(cat FOLDER/pid2)` loses node 2, `up.sh FOLDER`
# brings it back, `down.sh FOLDER` ends all. Snapshots go to FOLDER/snapshots.
# Needs Maven and a JDK of Java 21 or newer: JAVA_HOME, else the newest under /usr/lib/jvm. Ends with 2 where they are not
# to be had, with 1 where the cluster does not come up.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
folder=$1
mkdir -p "$folder/snapshots"; folder=$(cd "$folder" && pwd)
nodes=${2:-$(cat "$folder/nodes" 2>/dev/null || echo 3)}
port=${3:-$(cat "$folder/port" 2>/dev/null || echo 9200)}
echo "$nodes" >"$folder/nodes"; echo "$port" >"$folder/port"

# A source file is run, which takes a compiler.
is_new_enough() {
  local version
  version=$("$1/bin/javac" -version 2>&1) || return 1
  version=${version#javac }
  [ "${version%%[.-]*}" -ge 21 ] 2>/dev/null
}
java=
for home in "${JAVA_HOME:-}" $(ls -d /usr/lib/jvm/*/ 2>/dev/null | sort -rV); do
  if [ -n "$home" ] && is_new_enough "$home"; then java=$home/bin/java; break; fi
done
[ -n "$java" ] || { echo "no JDK of Java 21 or newer is there" >&2; exit 2; }

if [ ! -s "$folder/classpath" ]; then
  command -v mvn >/dev/null || { echo "no Maven is there" >&2; exit 2; }
  mvn -q -B -f "$here/pom.xml" dependency:build-classpath -Dmdep.outputFile="$folder/classpath" >"$folder/maven.txt" 2>&1 ||
    { echo "Maven has no OpenSearch; see $folder/maven.txt" >&2; exit 2; }
fi

for n in $(seq "$nodes"); do
  # The id may be another process's by now.
  if [ -f "$folder/pid$n" ] && ps -o args= -p "$(cat "$folder/pid$n")" | grep -qF "Node.java $folder $n "; then continue; fi
  nohup "$java" -Xms512m -Xmx512m -cp "$(cat "$folder/classpath")" "$here/Node.java" "$folder" "$n" "$nodes" "$port" \
    >>"$folder/log$n.txt" 2>&1 </dev/null &
  echo $! >"$folder/pid$n"
done
health="http://127.0.0.1:$((port + 1))/_cluster/health?wait_for_nodes=$nodes&wait_for_status=green&timeout=2s"
for _ in $(seq 180); do
  if curl -s -m 3 "$health" | grep -q '"status":"green"'; then echo "green: $nodes nodes"; exit 0; fi
  sleep 1
done
echo "not green after some minutes; see $folder/log*.txt" >&2
exit 1
