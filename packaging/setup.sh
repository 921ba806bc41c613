#!/bin/sh
# Make the virtual environment .venv in the clone and install Affectograph, training and tests into it, from pinned versions.
set -eu
cd "$(dirname "$0")/.."

python=""
for candidate in "${PYTHON:-}" python3 python3.14 python3.13 python3.12 python3.11; do
    if [ -n "$candidate" ] && command -v "$candidate" >/dev/null 2>&1 &&
        "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
        python=$candidate
        break
    fi
done
if [ -z "$python" ]; then
    echo "Affectograph needs Python 3.11 or newer. On Debian or Ubuntu: sudo apt-get install python3 python3-venv" >&2
    exit 1
fi
if ! "$python" -c 'import venv, ensurepip' 2>/dev/null; then
    echo "Python's venv module is missing. Type: sudo apt-get install python3-venv" >&2
    exit 1
fi

packaging/system_libraries.sh

[ -x .venv/bin/python ] && .venv/bin/python -c '' 2>/dev/null || "$python" -m venv --clear .venv
echo "Installing Affectograph into .venv (a few minutes the first time) …"
.venv/bin/python -m pip install --quiet --disable-pip-version-check --constraint packaging/constraints.txt --editable '.[train,dev]'
