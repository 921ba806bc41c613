#!/bin/sh
# What `make test-postgres` runs: the tests that need a PostgreSQL server, on one that is started for them and thrown away.
# Arguments go to pytest. AFFECTOGRAPH_POSTGRES, where it is set already, names a server of your own to use instead.
set -eu
cd "$(dirname "$0")/.."

find_server() { # print the folder of the newest server's programs
    if command -v initdb >/dev/null 2>&1 && command -v pg_ctl >/dev/null 2>&1; then
        dirname "$(command -v pg_ctl)"
        return
    fi
    # Debian keeps them off the PATH, one folder a version.
    found=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -t / -k 5 -n | tail -n 1)
    [ -n "$found" ] && [ -x "$found/initdb" ] && echo "$found"
}

run_tests() {
    unset PYTHONDONTWRITEBYTECODE
    export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 MKL_NUM_THREADS=1 QT_QPA_PLATFORM="${QT_QPA_PLATFORM:-offscreen}"
    .venv/bin/python -m pytest -q -m postgres "$@"
}

if [ -n "${AFFECTOGRAPH_POSTGRES:-}" ]; then
    run_tests "$@"
    exit
fi

programs=$(find_server) || programs=""
if [ -z "$programs" ]; then
    if ! command -v apt-get >/dev/null 2>&1; then
        echo "No PostgreSQL server is installed. Install one with your system's package manager, then call make again." >&2
        exit 1
    elif [ "$(id -u)" -ne 0 ]; then
        echo "No PostgreSQL server is installed. Type this, then call make again:" >&2
        echo "    sudo apt-get install postgresql" >&2
        exit 1
    fi
    echo "Installing PostgreSQL …"
    apt-get update -qq >/dev/null
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postgresql >/dev/null
    programs=$(find_server)
fi

folder=$(mktemp -d)
server() { # run one of the server's programs; it refuses to be root
    if [ "$(id -u)" -eq 0 ]; then
        (cd "$folder" && setpriv --reuid=nobody --regid="$(id -gn nobody)" --clear-groups "$programs/$@")
    else
        "$programs/$@"
    fi
}
finish() {
    server pg_ctl -D "$folder/data" -m immediate -w stop >/dev/null 2>&1 || true
    rm -rf "$folder"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
if [ "$(id -u)" -eq 0 ]; then
    chown nobody "$folder"
fi
server initdb -D "$folder/data" -U tester -A trust -E UTF8 --locale=C >/dev/null
# A socket in the folder and no port: nothing of the machine's own servers is touched, and nobody else gets in.
server pg_ctl -D "$folder/data" -l "$folder/log" -w -o "-c listen_addresses='' -k '$folder' -c fsync=off" start >/dev/null || {
    cat "$folder/log" >&2
    exit 1
}
export AFFECTOGRAPH_POSTGRES="postgresql://tester@/postgres?host=$folder"
export PATH="$PATH:$programs" # some tests start servers of their own, and kill them
echo "$("$programs/postgres" --version) in $folder …"
run_tests "$@"
