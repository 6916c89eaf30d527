#!/usr/bin/env bash
# Installs what the tests need beyond Swift: servers and clients that others wrote.
#
#   .venv                      python-socketio with its engines, pinned in scripts/test-requirements.txt
#   nodejs, node-ws            Debian packages; any node that is on the PATH will do
#   .cache/socket.io.min.js    the official JavaScript client 4.8.1, as the wheel of nicegui carries it
#
# Needs Python 3 and, for what is missing, apt-get as root or with sudo. Runs as often as you like: it says nothing and
# asks nobody where everything is there already.
set -euo pipefail
cd "$(dirname "$0")/.."

readonly REQUIREMENTS=scripts/test-requirements.txt
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

# Each argument is a Debian package.
apt_install() {
    command -v apt-get >/dev/null || fail "there is no apt-get here; install $* in this system's own way."
    say "installing the Debian packages $*"
    as_root apt-get update -qq || say "apt-get update failed; trying with the package lists that are there"
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null ||
        fail "apt-get could not install $*; see its message above."
}

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
    python3 -c 'import ensurepip, venv' 2>/dev/null || apt_install python3-venv
    say "installing the Python packages of $REQUIREMENTS into .venv"
    rm -rf .venv
    python3 -m venv .venv || fail "python3 -m venv .venv failed; see its message above."
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --requirement "$REQUIREMENTS" ||
        fail "pip could not install $REQUIREMENTS; does this machine reach PyPI?"
    cp "$REQUIREMENTS" .venv/installed.txt
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
has_python_packages || install_python_packages
has_node || apt_install nodejs node-ws
has_ws || apt_install node-ws
has_node && has_ws || fail "node does not find the package ws; expected in /usr/share/nodejs."
has_client || install_client
