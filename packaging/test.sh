#!/bin/sh
# What `make test` runs: lint, types, import contracts, tests. The first that fails ends it.
set -eu
cd "$(dirname "$0")/.."
bin=.venv/bin
echo "ruff …" && $bin/ruff check --quiet .
echo "mypy …" && $bin/mypy --no-error-summary
said=$(mktemp)
trap 'rm -f "$said"' EXIT
echo "import contracts …" && $bin/lint-imports --no-cache >"$said" 2>&1 || {
    cat "$said"
    exit 1
}
rm -f "$said"
# One thread a process: the workers already fill the cores.
export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 MKL_NUM_THREADS=1
export QT_QPA_PLATFORM="${QT_QPA_PLATFORM:-offscreen}"
exec $bin/python -m pytest -q -n "${PYTEST_WORKERS:-2}" --dist loadfile "$@"
