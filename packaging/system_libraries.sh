#!/bin/sh
# See to the shared libraries that Qt's wheels expect from the system: install them when root, else say what to type.
# They are looked up by their soname, because package names differ between Debian and Ubuntu releases.
set -eu
[ "$(uname -s)" = Linux ] || exit 0

known=$(PATH="$PATH:/sbin:/usr/sbin" ldconfig -p)
missing=""
need() { # need SONAME PACKAGE
    case "$known" in *"$1 "*) ;; *) missing="$missing $2" ;; esac
}
need libGL.so.1 libgl1
need libEGL.so.1 libegl1
need libglib-2.0.so.0 libglib2.0-0
need libdbus-1.so.3 libdbus-1-3
need libfontconfig.so.1 libfontconfig1
need libxkbcommon.so.0 libxkbcommon0
need libxcb-cursor.so.0 libxcb-cursor0
need libxcb-icccm.so.4 libxcb-icccm4
need libxcb-keysyms.so.1 libxcb-keysyms1
need libxcb-shape.so.0 libxcb-shape0
need libxkbcommon-x11.so.0 libxkbcommon-x11-0
need libpulse.so.0 libpulse0
need libXrandr.so.2 libxrandr2
need libwayland-cursor.so.0 libwayland-cursor0
need libwayland-egl.so.1 libwayland-egl1
[ -n "$missing" ] || exit 0

if ! command -v apt-get >/dev/null 2>&1; then
    echo "These libraries are missing (Debian's package names):$missing" >&2
    echo "Install them with your system's package manager, then call make again." >&2
    exit 1
fi
if [ "$(id -u)" -eq 0 ]; then
    echo "Installing system libraries:$missing"
    apt-get update -qq >/dev/null
    # shellcheck disable=SC2086  # the list is meant to be split
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
else
    echo "System libraries are missing. Type this, then call make again:" >&2
    echo "    sudo apt-get install$missing" >&2
    exit 1
fi
