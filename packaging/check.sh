#!/bin/sh
# What `make check` runs: everything of `make test` but the tests that open a window, start a process or take long.
exec "$(dirname "$0")/test.sh" -m "not window and not process and not slow" "$@"
