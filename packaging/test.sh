#!/bin/sh
# What `make test` runs: lint, format, import contracts, types, tests. Arguments go to pytest.
set -eu
cd "$(dirname "$0")/.."
bin=.venv/bin
said=$(mktemp -d)
types=""
finish() {
    [ -z "$types" ] || kill "$types" 2>/dev/null || true
    rm -rf "$said"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# Where an image forbids Python to keep what it compiled, each of the tests' many processes would compile the program anew.
unset PYTHONDONTWRITEBYTECODE
$bin/python -m compileall -q app db benchmarks

echo "ruff …"
$bin/ruff check --quiet .
$bin/ruff format --quiet --check . || {
    echo "These files are not formatted; $bin/ruff format does it." >&2
    exit 1
}
echo "import contracts …"
$bin/lint-imports --no-cache >"$said/contracts" 2>&1 || {
    cat "$said/contracts"
    exit 1
}
# mypy works on one core for a minute where it has no cache, so the tests run beside it.
echo "mypy and tests …"
$bin/mypy --no-error-summary >"$said/types" 2>&1 &
types=$!
# One thread a process: the workers already fill the cores. There is one worker more than cores, as tests of the window
# wait now and then.
cores=$(nproc 2>/dev/null || getconf _NPROCESSORS_ONLN)
[ "$cores" -le 8 ] || cores=8 # each worker holds half a gigabyte
workers="${PYTEST_WORKERS:-$((cores + 1))}"
export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 MKL_NUM_THREADS=1
export QT_QPA_PLATFORM="${QT_QPA_PLATFORM:-offscreen}"
status=0
$bin/python -m pytest -q -o cache_dir="$said/cache" -n "$workers" --dist worksteal "$@" || status=$?
# A machine that other people use as well may stall for seconds. A few tests that failed run once more, one at a time:
# those that pass now are named, and only a test that fails again fails the whole.
failed="$said/cache/v/cache/lastfailed"
if [ "$status" -eq 1 ] && [ -f "$failed" ] && [ "$(grep -c '::' "$failed")" -le 5 ]; then
    echo "UNSTABLE: these tests failed beside others, and run again alone:"
    grep '::' "$failed"
    status=0
    $bin/python -m pytest -q -o cache_dir="$said/cache" --last-failed --last-failed-no-failures none || status=$?
fi
wait "$types" || {
    [ "$status" -ne 0 ] || status=1
    echo "mypy:"
    cat "$said/types"
}
types=""
exit "$status"
