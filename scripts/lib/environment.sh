# Sourced by scripts/up, scripts/test and scripts/check: finds Python and Node, and brings .venv and
# frontend/node_modules to what the lock files say. Each step is skipped when its inputs have not changed.
# Callers set -euo pipefail and may be started from any directory.

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
VENV="$ROOT/.venv"
UV_VERSION="0.13.9"

say() { printf '%s\n' "$*" >&2; }
die() { say "error: $*"; exit 1; }

# The newest supported interpreter, or a sentence that says what to install.
find_python() {
  local name
  for name in ${FLOWFORGE_PYTHON:-} python3.12 python3.11 python3 python; do
    if command -v "$name" >/dev/null 2>&1 &&
       "$name" -c 'import sys; sys.exit(not ((3, 11) <= sys.version_info[:2] < (3, 13)))' 2>/dev/null; then
      command -v "$name"
      return
    fi
  done
  die "Python 3.11 or 3.12 is needed and was not found on PATH (set FLOWFORGE_PYTHON to choose one)."
}

check_node() {
  command -v node >/dev/null 2>&1 || die "Node 20 or newer is needed and was not found on PATH."
  command -v npm >/dev/null 2>&1 || die "npm is needed and was not found on PATH."
  node -e 'process.exit(Number(process.versions.node.split(".")[0]) >= 20 ? 0 : 1)' ||
    die "Node 20 or newer is needed; this is $(node --version)."
}

# fingerprint FILE… — one hash over the contents of files and of every file git would list below folders.
fingerprint() {
  find "$@" \( -name node_modules -o -name dist \) -prune -o -type f -print0 2>/dev/null |
    LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -d' ' -f1
}

# once STAMP FINGERPRINT COMMAND… — runs the command unless the stamp already holds the fingerprint.
once() {
  local stamp="$1" print="$2"
  shift 2
  if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$print" ]; then return 0; fi
  rm -f "$stamp"
  "$@"
  printf '%s' "$print" >"$stamp"
}

install_python_packages() {
  local python="$1"
  say "Installing Python packages …"
  if [ ! -x "$VENV/bin/python" ]; then
    "$python" -m venv "$VENV" || die "could not make a virtual environment (on Debian: apt-get install python3-venv)."
  fi
  # uv installs the same locked files several times faster; pip does where uv cannot be had.
  if "$VENV/bin/python" -m pip install --quiet --disable-pip-version-check "uv==$UV_VERSION" 2>/dev/null &&
     VIRTUAL_ENV="$VENV" "$VENV/bin/uv" pip install --quiet --no-deps --require-hashes --compile-bytecode -r "$ROOT/requirements.lock"; then
    :
  else
    "$VENV/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r "$ROOT/requirements.lock"
  fi
  "$VENV/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --editable "$ROOT"
}

# Python side ready: $VENV holds the locked packages and the four import packages.
setup_python() {
  local python
  if [ -x "$VENV/bin/python" ]; then python="$VENV/bin/python"; else python="$(find_python)"; fi
  once "$VENV/.flowforge-installed" "$(fingerprint "$ROOT/requirements.lock" "$ROOT/pyproject.toml")" \
    install_python_packages "$python"
}

npm_install() {
  say "Installing web packages …"
  (cd "$ROOT/frontend" && npm ci --no-audit --no-fund --loglevel=error)
}

setup_web() {
  check_node
  once "$ROOT/frontend/node_modules/.flowforge-installed" "$(fingerprint "$ROOT/frontend/package-lock.json")" npm_install
}

build_web_now() {
  say "Building the web app …"
  (cd "$ROOT/frontend" && npm run --silent build)
}

# Web app built: frontend/dist matches the sources.
build_web() {
  setup_web
  once "$ROOT/frontend/dist/.flowforge-built" "$(fingerprint "$ROOT/frontend")" build_web_now
}
