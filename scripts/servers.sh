#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Private database servers for tests and examples: own data, a free port on 127.0.0.1 and a socket, no system service.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
home=${KIN_SERVERS:-$root/build/servers}

usage() {
    cat <<'TEXT'
usage: scripts/servers.sh start SERVER [--durable] [--until PID]   starts it unless it runs, and prints its URL
       scripts/servers.sh url SERVER                   prints the URL of one that runs
       scripts/servers.sh crash SERVER                 kills it, as a fault of its own would
       scripts/servers.sh resume SERVER                starts one that crashed again, with its data, on its port
       scripts/servers.sh stop [SERVER...]             stops it and removes its data (else: all)
       scripts/servers.sh with SERVER COMMAND...       runs the command with a new server and KIN_TEST_URL set, then stops it

SERVER is postgresql or mariadb. With --until, the server is stopped when the process PID has ended, however it ended.
With --durable, what was committed survives a crash of the server (not one of the machine); without, it is faster.
KIN_SERVERS=DIR keeps what is known about the servers elsewhere than in build/servers.
TEXT
}
die() { printf '%s\n' "error $*" >&2; exit 1; }

# A port on which nobody listens now.
free_port() {
    python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# as_server COMMAND...: as a user without rights where we are root, which servers refuse to run as.
as_server() {
    if ((EUID != 0)); then "$@"; else runuser -u "$server_user" -- env -u TMPDIR "$@"; fi # root's may be closed to it
}

# new_data SERVER: a fresh folder for its data, that its user can reach; $home/SERVER/data says where.
new_data() {
    local parent=${TMPDIR:-/tmp} user
    server_user=$(id -un)
    if ((EUID == 0)); then
        for user in "$@" nobody; do
            if id "$user" >/dev/null 2>&1; then server_user=$user; break; fi
        done
        as_server test -x "$parent" || parent=/tmp
    fi
    data=$(mktemp -d "$parent/kin_$what.XXXXXX") # a short path: a socket's may have 107 bytes
    chown "$server_user" "$data"
    printf '%s\n' "$data" >"$home/$what/data"
    printf '%s\n' "$server_user" >"$home/$what/user"
}

known_data() {
    [[ -f $home/$what/data ]] || return 1
    data=$(<"$home/$what/data") server_user=$(<"$home/$what/user")
    [[ -d $data ]]
}

# kill_all PID...: ends the processes and waits until they have.
kill_all() {
    local pid
    kill -9 "$@" 2>/dev/null || true # some may have ended by themselves
    for pid; do
        # One that its new parent has not taken notice of yet is gone all the same.
        while kill -0 "$pid" 2>/dev/null && [[ $(ps -o stat= -p "$pid") != Z* ]]; do sleep 0.02; done
    done
}

# ---- PostgreSQL ----

postgresql_programs() {
    local programs
    programs=$(find /usr/lib/postgresql -mindepth 2 -maxdepth 2 -name bin 2>/dev/null | sort -V | tail -n 1)
    [[ -n $programs ]] || programs=$(dirname "$(command -v pg_ctl || true)")
    [[ -x $programs/initdb ]] || die "there is no PostgreSQL server; install postgresql-15"
    echo "$programs"
}

postgresql_runs() { as_server "$(postgresql_programs)/pg_ctl" -D "$data/data" status >/dev/null 2>&1; }

postgresql_start() {
    local programs port
    programs=$(postgresql_programs)
    new_data postgres
    as_server "$programs/initdb" -D "$data/data" -U kin -A trust -E UTF8 --locale=C.UTF-8 --no-sync \
        >"$home/$what/initdb.log" 2>&1 || { tail -n 20 "$home/$what/initdb.log" >&2; die "initdb failed"; }
    # Tests of passwords log in as "guarded"; for the rest a password would cost more than what it guards.
    as_server sh -c "{ echo 'host all guarded 127.0.0.1/32 scram-sha-256'; cat '$data/data/pg_hba.conf'; } >'$data/hba' && cp '$data/hba' '$data/data/pg_hba.conf'"
    for _ in 1 2 3; do # somebody else may take the port in between
        port=$(free_port)
        cat >"$data/kin.conf" <<TEXT
listen_addresses = '127.0.0.1'
port = $port
unix_socket_directories = '$data'
max_connections = 200
fsync = off
synchronous_commit = $durable
full_page_writes = $durable
deadlock_timeout = 100ms
timezone = 'UTC'
TEXT
        as_server sh -c "cat '$data/kin.conf' >>'$data/data/postgresql.conf'"
        if postgresql_resume; then
            "$programs/createdb" -h 127.0.0.1 -p "$port" -U kin kin || die "createdb failed"
            printf 'postgresql://kin@127.0.0.1:%s/kin\n' "$port" >"$home/$what/url"
            return
        fi
    done
    tail -n 20 "$data/server.log" >&2
    die "the PostgreSQL server did not start"
}

postgresql_resume() {
    as_server "$(postgresql_programs)/pg_ctl" -D "$data/data" -l "$data/server.log" -w -s start </dev/null >/dev/null 2>&1
}

postgresql_crash() {
    local server children
    server=$(head -n 1 "$data/data/postmaster.pid")
    kill -STOP "$server" 2>/dev/null || true # from here on it has no more children
    children=$(pgrep -P "$server" || true)
    kill_all "$server" $children
    as_server rm -f "$data/data/postmaster.pid" "$data"/.s.PGSQL.*.lock # to the next one a zombie lives
}

postgresql_stop() {
    as_server "$(postgresql_programs)/pg_ctl" -D "$data/data" -m immediate -w -s stop >/dev/null 2>&1 || true
}

# ---- MariaDB ----

mariadb_runs() { [[ -S $data/socket ]] && mariadb_ask 'SELECT 1' >/dev/null 2>&1; }

mariadb_ask() { as_server mariadb --no-defaults -uroot -S "$data/socket" -N -e "$1"; }

mariadb_program() { command -v mariadbd || echo /usr/sbin/mariadbd; }

# A certificate for the name 127.1, an old way to write 127.0.0.1 that every system finds an address for.
mariadb_certificate() {
    command -v openssl >/dev/null || return 0
    as_server openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=127.1 \
        -addext subjectAltName=DNS:127.1 -keyout "$data/key.pem" -out "$data/cert.pem" >/dev/null 2>&1 || return 0
    printf '%s\n' --ssl-cert="$data/cert.pem" --ssl-key="$data/key.pem" --ssl-ca="$data/cert.pem"
}

mariadb_start() {
    local port certificate
    [[ -x $(mariadb_program) ]] || die "there is no MariaDB server; install mariadb-server"
    # Every CREATE TABLE waits for the disk several times, and a test has a database of its own.
    if [[ -w /dev/shm ]] && (($(df --output=avail -k /dev/shm | tail -n 1) > 1000000)); then
        TMPDIR=/dev/shm new_data mysql
    else
        new_data mysql
    fi
    # At its start a server removes all temporary tables that it finds in this folder, those of other servers too.
    as_server mkdir "$data/tmp"
    as_server mariadb-install-db --no-defaults --datadir="$data/data" --tmpdir="$data/tmp" --skip-test-db \
        --auth-root-authentication-method=normal --skip-name-resolve >"$home/$what/install.log" 2>&1 </dev/null ||
        { head -n 20 "$home/$what/install.log" >&2; rm -rf "$data"; die "mariadb-install-db failed"; }
    mapfile -t certificate < <(mariadb_certificate)
    for _ in 1 2 3; do # somebody else may take the port in between
        port=$(free_port)
        printf '%s\n' --no-defaults --datadir="$data/data" --tmpdir="$data/tmp" --socket="$data/socket" --pid-file="$data/pid" \
            --log-error="$data/server.log" --bind-address=127.0.0.1 --port="$port" --skip-name-resolve --skip-log-bin \
            --performance-schema=OFF --max-connections=200 --innodb-buffer-pool-size=128M \
            --innodb-flush-log-at-trx-commit="$([[ $durable == on ]] && echo 2 || echo 0)" --innodb-doublewrite="$durable" \
            --character-set-server=utf8mb4 --collation-server=utf8mb4_nopad_bin "${certificate[@]}" >"$data/arguments"
        if mariadb_resume; then
            mariadb_ask "CREATE DATABASE kin; CREATE USER kin@'127.0.0.1' IDENTIFIED BY 'kin';
                GRANT ALL ON *.* TO kin@'127.0.0.1' WITH GRANT OPTION" || die "the MariaDB server took no user"
            printf 'mariadb://kin:kin@127.0.0.1:%s/kin\n' "$port" >"$home/$what/url"
            return
        fi
    done
    tail -n 20 "$data/server.log" >&2
    die "the MariaDB server did not start"
}

mariadb_resume() {
    local arguments
    mapfile -t arguments <"$data/arguments"
    as_server setsid "$(mariadb_program)" "${arguments[@]}" </dev/null >/dev/null 2>&1 &
    mariadb_answers $!
}

# mariadb_answers PID: waits until it does, or has ended.
mariadb_answers() {
    local tries
    for ((tries = 0; tries < 300; ++tries)); do
        mariadb_runs && return
        kill -0 "$1" 2>/dev/null || return 1
        sleep 0.05
    done
    return 1
}

mariadb_crash() {
    local pid
    pid=$(cat "$data/pid" 2>/dev/null) || return 0
    kill_all "$pid"
}

mariadb_stop() { mariadb_crash; } # its data goes with it

# ---- all of them ----

servers=(postgresql mariadb)
durable=off

start() {
    local until=
    what=$1
    shift
    while (($#)); do
        case $1 in
            --durable) durable=on ;;
            --until) until=$2; shift ;;
            *) usage >&2; exit 2 ;;
        esac
        shift
    done
    mkdir -p "$home/$what"
    if ! { known_data && "${what}_runs"; }; then "${what}_start"; fi
    if [[ -n $until ]]; then
        KIN_SERVERS=$home setsid "${BASH_SOURCE[0]}" watch "$what" "$until" </dev/null >/dev/null 2>&1 &
    fi
    cat "$home/$what/url"
}

stop() {
    what=$1
    if known_data; then
        "${what}_stop"
        rm -rf "$data"
    fi
    rm -rf "${home:?}/$what"
}

watch() {
    while kill -0 "$2" 2>/dev/null; do sleep 1; done
    stop "$1"
}

known_server() { [[ " ${servers[*]} " == *" ${1:-} "* ]] || { usage >&2; die "there is no server '${1:-}'"; }; }

command=${1:-}
shift || true
case $command in
    start) known_server "$@"; start "$@" ;;
    crash | resume)
        known_server "$@"
        what=$1
        known_data || die "no $1 was started here"
        "${what}_$command" || { tail -n 20 "$data/server.log" >&2; die "the $1 server did not start"; } ;;
    url) known_server "$@"; cat "$home/$1/url" 2>/dev/null || die "no $1 was started here" ;;
    stop)
        (($#)) || set -- "${servers[@]}"
        for one; do known_server "$one"; stop "$one"; done ;;
    with)
        known_server "$@"
        one=$1
        shift
        home=$(mktemp -d) # one of its own: what runs already stays as it is
        url=$(start "$one" --until $$)
        status=0
        KIN_TEST_URL=$url "$@" || status=$?
        stop "$one"
        rm -rf "$home"
        exit "$status" ;;
    watch) watch "$@" ;;
    *) usage >&2; exit 2 ;;
esac
