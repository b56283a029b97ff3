# Sourced by ./mvnw, ./weir and benchmarks, with and without set -e: sets JAVA_HOME to a JDK 25 (or newer), wherever this
# machine keeps one, although its default java may be older. WEIR_JAVA_HOME wins; then JAVA_HOME; then the java on the PATH;
# then the usual folders.
weir_java_major() { # JAVA_HOME: its major version, from the release file that every JDK has; nothing if it is no JDK
  if [ -x "$1/bin/javac" ] && [ -r "$1/release" ]; then
    sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release"
  fi
}
weir_find_jdk() {
  weir_path_java=$(command -v java 2>/dev/null || true)
  if [ -n "$weir_path_java" ]; then
    weir_path_java=$(readlink -f "$weir_path_java" 2>/dev/null || true)
  fi
  weir_best=0 weir_best_home=
  for weir_home in "${WEIR_JAVA_HOME:-}" "${JAVA_HOME:-}" "${weir_path_java%/bin/java}" \
    /usr/lib/jvm/* /opt/java/* /opt/jdk* "${HOME:-}"/.sdkman/candidates/java/* "${HOME:-}"/.jdks/* "${HOME:-}"/.local/share/mise/installs/java/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home; do
    if [ ! -d "$weir_home" ]; then continue; fi
    weir_major=$(weir_java_major "$weir_home")
    if [ "${weir_major:-0}" -ge 25 ]; then
      JAVA_HOME=$weir_home
      export JAVA_HOME
      return 0
    fi
    if [ "${weir_major:-0}" -gt "$weir_best" ]; then weir_best=$weir_major weir_best_home=$weir_home; fi
  done
  if [ "$weir_best" -gt 0 ]; then
    echo "Weir needs a JDK 25 and found only JDK $weir_best ($weir_best_home). Install one (Eclipse Temurin 25, say) or set JAVA_HOME to it." >&2
  else
    echo "Weir needs a JDK 25 and found none. Install one (Eclipse Temurin 25, say) or set JAVA_HOME to it." >&2
  fi
  return 1
}
