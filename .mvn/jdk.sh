# Sourced by ./mvnw and ./weir: sets JAVA_HOME to a JDK 25 (or newer), wherever this machine keeps one, although its
# default java may be older. WEIR_JAVA_HOME wins; then JAVA_HOME; then the java on the PATH; then the usual folders.
weir_java_major() { # JAVA_HOME: its major version, from the release file that every JDK has
  [ -x "$1/bin/javac" ] && sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release" 2>/dev/null
}
weir_find_jdk() {
  weir_path_java=$(command -v java 2>/dev/null) && weir_path_java=$(readlink -f "$weir_path_java" 2>/dev/null) || weir_path_java=
  weir_best=0 weir_best_home=
  for weir_home in "${WEIR_JAVA_HOME:-}" "${JAVA_HOME:-}" "${weir_path_java%/bin/java}" \
    /usr/lib/jvm/* /opt/java/* /opt/jdk* "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* "$HOME"/.local/share/mise/installs/java/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home; do
    [ -n "$weir_home" ] && [ -d "$weir_home" ] || continue
    weir_major=$(weir_java_major "$weir_home")
    [ "${weir_major:-0}" -ge 25 ] && { JAVA_HOME=$weir_home; export JAVA_HOME; return 0; }
    [ "${weir_major:-0}" -gt "$weir_best" ] && { weir_best=$weir_major; weir_best_home=$weir_home; }
  done
  if [ "$weir_best" -gt 0 ]; then
    echo "Weir needs a JDK 25 and found only JDK $weir_best ($weir_best_home). Install one (Eclipse Temurin 25, say) or set JAVA_HOME to it." >&2
  else
    echo "Weir needs a JDK 25 and found none. Install one (Eclipse Temurin 25, say) or set JAVA_HOME to it." >&2
  fi
  return 1
}
