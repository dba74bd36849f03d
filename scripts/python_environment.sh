# Sourced by ./run and ./test, in the project's folder: makes .venv hold exactly what a lock file names.
#
#   prepare_python_environment requirements.txt        what the running system needs
#   prepare_python_environment requirements-dev.txt    the same, and what tests and checks need
#
# Each lock file leaves its checksum in .venv, so that a second start installs nothing. The development lock holds
# everything of the other one: installing it satisfies both, and whoever calls first, neither takes away from the other.

fail() {
  echo "$(basename "$0"): $*" >&2
  exit 1
}

_find_python() {
  local name
  for name in python3 python3.13 python3.12 python3.11; do
    if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      echo "$name"
      return
    fi
  done
  fail "Python 3.11 or newer is needed; none of python3, python3.13, python3.12, python3.11 is it."
}

_make_venv() {
  local python
  .venv/bin/python -c 'import sys, pip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && return
  python=$(_find_python)
  "$python" -c 'import venv, ensurepip' 2>/dev/null ||
    fail "$python has no venv module: install it (Debian, Ubuntu: apt-get install python3-venv)."
  echo "Making the Python environment in .venv ($("$python" --version))" >&2
  "$python" -m venv --clear .venv || fail "$python could not make .venv."
}

_checksum() { .venv/bin/python -c 'import hashlib, sys; print(hashlib.sha256(open(sys.argv[1], "rb").read()).hexdigest())' "$1"; }

_install() { # install|sync LOCK
  local verb=$1 lock=$2 uv=.venv/bin/uv
  # uv is three times as quick. Where it cannot be had, or cannot reach the index (it reads no pip settings), pip does it.
  if { [ -x $uv ] || .venv/bin/python -m pip install --quiet --require-hashes -r scripts/uv.txt; } &&
    UV_PYTHON_DOWNLOADS=never $uv pip "$verb" --quiet --require-hashes --python .venv/bin/python \
      $([ "$verb" = sync ] || echo -r) "$lock"; then
    return
  fi
  echo "uv did not do it; trying pip, which takes longer." >&2
  .venv/bin/python -m pip install --quiet --require-hashes -r "$lock"
}

prepare_python_environment() {
  local lock=$1 run dev
  # Two starts at once (./run in one window, ./test in the other) take turns.
  exec 9<requirements.txt
  if command -v flock >/dev/null; then flock 9; fi
  _make_venv
  run=$(_checksum requirements.txt)
  dev=$run-$(_checksum requirements-dev.txt)
  if [ "$lock" = requirements.txt ]; then
    if [ "$(cat .venv/installed-run 2>/dev/null)" != "$run" ]; then
      echo "Installing $lock" >&2
      rm -f .venv/installed-dev
      _install install "$lock" || fail "$lock could not be installed."
      echo "$run" >.venv/installed-run
    fi
  elif [ "$(cat .venv/installed-dev 2>/dev/null)" != "$dev" ]; then
    echo "Installing $lock" >&2
    _install sync "$lock" || fail "$lock could not be installed."
    echo "$run" >.venv/installed-run
    echo "$dev" >.venv/installed-dev
  fi
  exec 9>&-
}
