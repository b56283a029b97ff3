#!/bin/sh
# Makes a service's ahead-of-time cache (JEP 483, 514, 515) of classes and profiles: MODULE_FOLDER JAVA_HOME. Maven calls it
# when the service is packaged; the service starts, answers for itself, and ends, and the JVM writes down what it needed.
# The cache is named after the JDK, the only one that can use it. It is a matter of speed alone: where none can be made, this
# says so and the build goes on.
set -u
app=$1/target/quarkus-app java_home=$2
version=$(sed -n 's/^JAVA_RUNTIME_VERSION="\(.*\)"$/\1/p' "$java_home/release")
rm -f "$app"/app-*.aot
cache=$app/app-$version.aot log=$1/target/aot.log
config=
[ ! -f "$1/src/main/aot/train.yaml" ] || config="--config=$1/src/main/aot/train.yaml"
"$java_home/bin/java" "@$1/src/main/jvm/jvm.options" -Djdk.reflect.useNativeAccessorOnly=true -XX:AOTCacheOutput="$cache" \
  -jar "$app/quarkus-run.jar" --train ${config:+"$config"} "--data=$1/target/aot-data" </dev/null >"$log" 2>&1
[ -s "$cache" ] || echo "no ahead-of-time cache for $1, which will start more slowly: see $log"
exit 0
