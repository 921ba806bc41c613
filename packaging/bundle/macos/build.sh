#!/bin/sh
# Build Affectograph.app on macOS. Written after the documentation of PyInstaller and Apple, and untried. The spec holds
# the texts that macOS shows before it gives the camera and the microphone. Signing is left to the owner:
#   codesign --deep --force --options runtime --entitlements packaging/bundle/macos/entitlements.plist \
#       --sign "Developer ID Application: NAME" dist/Affectograph.app
#   xcrun notarytool submit dist/Affectograph.zip --keychain-profile PROFILE --wait && xcrun stapler staple dist/Affectograph.app
set -eu
cd "$(dirname "$0")/../../.."
flavour=${FLAVOUR:-plain}
venv=build/bundle-venv-$flavour
mkdir -p build dist
python3 packaging/bundle/requirements.py "$flavour" >build/bundle-requirements.txt
[ -x "$venv/bin/python" ] || python3 -m venv "$venv"
"$venv/bin/python" -m pip install --quiet -c packaging/bundle/constraints.txt -c packaging/constraints.txt \
    -r build/bundle-requirements.txt pyinstaller
"$venv/bin/python" -m pip install --quiet --no-deps --force-reinstall .
FLAVOUR=$flavour "$venv/bin/python" -m PyInstaller --noconfirm --distpath dist --workpath build/work \
    packaging/bundle/affectograph.spec
"$venv/bin/python" packaging/notices.py dist/affectograph
cp dist/affectograph/THIRD-PARTY-NOTICES.txt dist/Affectograph.app/Contents/Resources/
dist/Affectograph.app/Contents/MacOS/affectograph selftest
