#!/usr/bin/env bash
# Installs what the tests need beyond Swift: servers and clients that others wrote.
#
#   .venv                      python-socketio with its engines, hdrhistogram and more, pinned in
#                              scripts/test-requirements.txt
#   .venv-flock                a real Flock server, pinned in scripts/flock-requirements.txt; needs Python 3.12 or later
#   nodejs, node-ws            Debian packages; any node that is on the PATH will do
#   nginx, haproxy, openssl    Debian packages; none of them is left running or enabled as a service
#   chromium                   Debian package: a real browser, without a window
#   prometheus                 Debian package, with promtool; not left running either
#   .cache/socket.io.min.js    the official JavaScript client 4.8.1, as the wheel of nicegui carries it
#
# Needs Python 3 and, for what is missing, apt-get as root or with sudo. Runs as often as you like: it says nothing and
# asks nobody where everything is there already.
set -euo pipefail
cd "$(dirname "$0")/.."

readonly REQUIREMENTS=scripts/test-requirements.txt
readonly FLOCK_REQUIREMENTS=scripts/flock-requirements.txt
readonly CLIENT=.cache/socket.io.min.js
readonly CLIENT_WHEEL=nicegui==3.18.0
readonly CLIENT_PATH=nicegui/static/socket.io.min.js
readonly CLIENT_SHA256=b0e735814f8dcfecd6cdb8a7ce95a297a7e1e5f2727a29e6f5901801d52fa0c5

say() { echo "install-test-needs: $*" >&2; }

fail() {
    say "error: $*"
    exit 1
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        fail "'$*' has to run as root, and there is no sudo; run it yourself, then run this again."
    fi
}

# Prints the Debian packages that are missing.
missing_packages() {
    python3 -c 'import ensurepip, venv' 2>/dev/null || has_python_packages || echo python3-venv
    has_node || echo nodejs
    has_ws || echo node-ws
    local tool
    for tool in nginx haproxy openssl chromium prometheus; do has_tool "$tool" || echo "$tool"; done
}

# Each argument is a Debian package.
apt_install() {
    command -v apt-get >/dev/null || fail "there is no apt-get here; install $* in this system's own way."
    say "installing the Debian packages $*"
    as_root apt-get update -qq || say "apt-get update failed; trying with the package lists that are there"
    forbid_services
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null ||
        fail "apt-get could not install $*; see its message above."
    allow_services
    disable_services "$@"
}

# Debian starts what it installs, unless this file says no. Where there is one already, its word stands.
readonly POLICY=/usr/sbin/policy-rc.d

forbid_services() {
    [ ! -e "$POLICY" ] || return 0
    trap allow_services EXIT
    printf '#!/bin/sh\n# install-test-needs\nexit 101\n' | as_root tee "$POLICY" >/dev/null
    as_root chmod 755 "$POLICY"
}

allow_services() {
    if grep -qs '^# install-test-needs$' "$POLICY"; then as_root rm -f "$POLICY"; fi
}

# Nor shall they start when the machine does.
disable_services() {
    command -v systemctl >/dev/null || return 0
    local package
    for package in "$@"; do
        case $package in
        nginx | haproxy | prometheus) as_root systemctl disable --quiet "$package" || say "could not disable $package" ;;
        esac
    done
}

# Debian keeps servers in /usr/sbin, which is not on everybody's PATH.
has_tool() { PATH="$PATH:/usr/sbin" command -v "$1" >/dev/null; }

has_node() { command -v node >/dev/null; }

has_ws() { NODE_PATH=/usr/share/nodejs node -e 'require("ws")' >/dev/null 2>&1; }

has_client() {
    [ -f "$CLIENT" ] && [ "$(checksum "$CLIENT")" = "$CLIENT_SHA256" ]
}

checksum() {
    python3 -c 'import hashlib, sys; print(hashlib.sha256(open(sys.argv[1], "rb").read()).hexdigest())' "$1"
}

# The copy of the requirements inside says that they were installed to the end.
has_python_packages() {
    cmp -s "$REQUIREMENTS" .venv/installed.txt && .venv/bin/python -c 'import socketio' 2>/dev/null
}

install_python_packages() {
    say "installing the Python packages of $REQUIREMENTS into .venv"
    rm -rf .venv
    python3 -m venv .venv || fail "python3 -m venv .venv failed; see its message above."
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --requirement "$REQUIREMENTS" ||
        fail "pip could not install $REQUIREMENTS; does this machine reach PyPI?"
    cp "$REQUIREMENTS" .venv/installed.txt
}

# The first Python on the PATH, or of pyenv's, that Flock runs on.
flock_python() {
    local python
    for python in python3.12 python3.13 python3 "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.1[2-9]*/bin/python3; do
        if "$python" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 12))' 2>/dev/null; then
            echo "$python"
            return
        fi
    done
}

has_flock() {
    cmp -s "$FLOCK_REQUIREMENTS" .venv-flock/installed.txt && [ -x .venv-flock/bin/python ]
}

# The list is complete and fits together, so pip need not look; it is large, so nothing is compiled that may not be used.
install_flock() {
    local python
    python=$(flock_python)
    if [ -z "$python" ]; then
        say "there is no Python 3.12, so Flock is not installed; its tests will say so"
        return
    fi
    say "installing the Python packages of $FLOCK_REQUIREMENTS into .venv-flock"
    rm -rf .venv-flock
    "$python" -m venv .venv-flock || fail "$python -m venv .venv-flock failed; see its message above."
    .venv-flock/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-compile \
        --requirement "$FLOCK_REQUIREMENTS" ||
        fail "pip could not install $FLOCK_REQUIREMENTS; does this machine reach PyPI?"
    cp "$FLOCK_REQUIREMENTS" .venv-flock/installed.txt
}

install_client() {
    say "unpacking the official JavaScript client into $CLIENT"
    local folder
    folder=$(mktemp -d)
    trap 'rm -rf "$folder"' RETURN
    .venv/bin/python -m pip download --quiet --disable-pip-version-check --no-deps --dest "$folder" "$CLIENT_WHEEL" ||
        fail "pip could not download $CLIENT_WHEEL; does this machine reach PyPI?"
    mkdir -p .cache
    python3 -m zipfile --extract "$folder"/nicegui-*.whl "$folder" ||
        fail "the wheel of $CLIENT_WHEEL could not be unpacked."
    mv "$folder/$CLIENT_PATH" "$CLIENT"
    has_client || fail "$CLIENT is not the file that was expected; see CLIENT_SHA256 in this script."
}

command -v python3 >/dev/null || fail "there is no python3; install Python 3.10 or later."
mapfile -t missing < <(missing_packages)
[ "${#missing[@]}" -eq 0 ] || apt_install "${missing[@]}"
has_node && has_ws || fail "node does not find the package ws; expected in /usr/share/nodejs."
has_python_packages || install_python_packages
has_client || install_client
has_flock || install_flock
