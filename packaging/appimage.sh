#!/bin/sh
# Make an AppImage of a bundle, dist/Affectograph-x86_64.AppImage, if appimagetool is installed. Untried.
# Unlike the Debian package it brings Qt's system libraries with it.
set -eu
cd "$(dirname "$0")/.."
flavour=${FLAVOUR:-plain}
tool=${APPIMAGETOOL:-appimagetool}
if ! command -v "$tool" >/dev/null 2>&1; then
    echo "appimagetool is missing: get it from https://github.com/AppImage/appimagetool/releases, make it executable," >&2
    echo "and name it: APPIMAGETOOL=/path/to/appimagetool make appimage" >&2
    exit 1
fi
SYSTEM_LIBRARIES=1 FLAVOUR=$flavour packaging/bundle.sh
name=affectograph
[ "$flavour" = plain ] || name=affectograph-$flavour
tree=build/$name.AppDir
rm -rf "$tree"
mkdir -p "$tree/usr/share/applications" "$tree/usr/share/icons/hicolor/scalable/apps"
cp -a "dist/$name" "$tree/opt"
cp app/assets/affectograph.desktop "$tree/usr/share/applications/"
cp app/assets/affectograph.svg "$tree/usr/share/icons/hicolor/scalable/apps/"
cp app/assets/affectograph.desktop app/assets/affectograph.svg "$tree/"
ln -s opt/affectograph "$tree/AppRun"
ARCH=$(uname -m) "$tool" "$tree" "dist/Affectograph-$(uname -m).AppImage"
rm -rf "$tree"
