#!/bin/sh
# Build the program that needs no Python, as one folder: dist/affectograph (FLAVOUR=plain) or dist/affectograph-train
# (FLAVOUR=train, with PyTorch). It runs on Linux releases with this machine's glibc or a newer one.
# PYTHON names the interpreter; BUNDLE_VENV is where the environment that builds is kept; SYSTEM_LIBRARIES=1 bundles
# Qt's system libraries, too.
set -eu
cd "$(dirname "$0")/.."
flavour=${FLAVOUR:-plain}
venv=${BUNDLE_VENV:-build/bundle-venv-$flavour}
name=affectograph
[ "$flavour" = plain ] || name=affectograph-$flavour

wanted=build/bundle-$flavour-requirements.txt
mkdir -p build dist
"${PYTHON:-python3}" packaging/bundle/requirements.py "$flavour" >"$wanted"

[ -x "$venv/bin/python" ] || "${PYTHON:-python3}" -m venv "$venv"
pip="$venv/bin/python -m pip install --quiet --disable-pip-version-check"
# A pinned torch from PyPI would bring CUDA: a CPU build must be at hand, see packaging/bundle/README.md.
$pip -c packaging/bundle/constraints.txt -c packaging/constraints.txt -r "$wanted" pyinstaller
$pip --no-deps --force-reinstall .

FLAVOUR=$flavour "$venv/bin/python" -m PyInstaller --noconfirm --log-level WARN \
    --distpath "build/bundle-$flavour" --workpath "build/bundle-$flavour/work" packaging/bundle/affectograph.spec
# The wheels' libraries come without symbols; those of an interpreter that was built here have them.
case "$(uname -s)" in
Linux) strip --strip-unneeded "build/bundle-$flavour/affectograph/_internal"/libpython3* \
    "build/bundle-$flavour/affectograph/_internal"/python3.*/lib-dynload/*.so ;;
esac
"$venv/bin/python" packaging/notices.py "build/bundle-$flavour/affectograph"
rm -rf "dist/$name"
mv "build/bundle-$flavour/affectograph" "dist/$name"
du -sm "dist/$name" | { read -r size _; echo "dist/$name: $size MB"; }
