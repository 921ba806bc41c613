#!/bin/sh
# What `make check` runs: everything of `make test` but the tests that open a window, start a process or take long.
# These never wait, so that one worker a core is enough: each one imports the whole program before its first test.
PYTEST_WORKERS="${PYTEST_WORKERS:-$(nproc 2>/dev/null || getconf _NPROCESSORS_ONLN)}"
export PYTEST_WORKERS
# Plain assertions save a fifth of the time in a clone that has run no test; what fails runs once more, with its values.
exec "$(dirname "$0")/test.sh" -m "not window and not process and not slow and not costly" --assert=plain "$@"
