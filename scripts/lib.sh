# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# What ./run and ./test share: colours, progress, packages, builds. To be sourced; the caller sets `root` and, for what
# runs quietly, `log_dir`.

if [[ -t 1 && -z ${NO_COLOR:-} && ${TERM:-} != dumb ]]; then
    bold=$'\e[1m' dim=$'\e[2m' red=$'\e[31m' green=$'\e[32m' yellow=$'\e[33m' plain=$'\e[0m'
else
    bold='' dim='' red='' green='' yellow='' plain=''
fi
assume_yes=${CI:+1}

die() { printf '%s\n' "${red}error${plain} $*" >&2; exit 1; }

# The processors that this process may use.
cores() { nproc 2>/dev/null || echo 2; }

# quietly NAME COMMAND...: runs the command with its output in $log_dir/NAME.log; on a terminal the last thing it said
# is shown while it runs. When it fails, the end of its output is shown.
quietly() {
    local log=$log_dir/$1.log status=0 pid line
    shift
    mkdir -p "$log_dir"
    if [[ -t 1 && ${TERM:-} != dumb ]]; then
        "$@" >"$log" 2>&1 </dev/null &
        pid=$!
        # A background process of a script does not hear Ctrl-C.
        trap 'kill "$pid" 2>/dev/null; printf "\r\e[K"; exit 130' INT
        while kill -0 "$pid" 2>/dev/null; do
            line=$(tail -n 1 "$log" 2>/dev/null | tr -d '\r\t' | cut -c "1-$(($(tput cols 2>/dev/null || echo 80) - 4))")
            printf '\r\e[K    %s' "${dim}${line}${plain}"
            sleep 0.2
        done
        printf '\r\e[K'
        trap - INT
        wait "$pid" || status=$?
    else
        "$@" >"$log" 2>&1 </dev/null || status=$?
    fi
    if ((status)); then
        tail -n 60 "$log" >&2
        printf '%s\n' "${dim}(all of it: ${log#"$root"/})${plain}" >&2
    fi
    return "$status"
}

# missing_packages PACKAGE...: prints those that are not installed. Node.js and npm may come from elsewhere.
missing_packages() {
    command -v dpkg-query >/dev/null || return 0
    local installed package
    installed=$(dpkg-query -W -f '${db:Status-Abbrev}${Package}\n' "$@" 2>/dev/null | sed -n 's/^ii *//p') || true
    for package in "$@"; do
        [[ $'\n'$installed$'\n' == *$'\n'$package$'\n'* ]] && continue
        case $package in
            nodejs) command -v node >/dev/null && continue ;;
            npm | python3 | git) command -v "$package" >/dev/null && continue ;;
        esac
        echo "$package"
    done
}

# install_packages PACKAGE...: by apt, as root or through sudo. Asks first on a terminal.
install_packages() {
    local sudo=() options=() answer
    command -v apt-get >/dev/null || die "these are missing and there is no apt to bring them: $*"
    if ((EUID != 0)); then
        command -v sudo >/dev/null || die "please run as root: apt-get install $*"
        sudo=(sudo)
    fi
    if [[ -z $assume_yes && -t 0 && -t 1 ]]; then
        printf '%s\n' "    needed from Debian: ${bold}$*${plain}"
        read -r -p "    install them now? [Y/n] " answer
        [[ -z $answer || $answer == [yYjJ]* ]] || die "nothing was installed; by hand: apt-get install $*"
        ((${#sudo[@]} == 0)) || sudo -v
    else
        # Where nobody is asked, the system was made for this work: no waiting for the disk after each file. On a
        # person's own machine dpkg stays as careful as it is.
        options=(-o Dpkg::Options::=--force-unsafe-io)
    fi
    # A server that we install for tests must not become one of the system.
    if [[ " $* " == *" postgresql-"* && ! -e /etc/postgresql-common/createcluster.conf ]]; then
        "${sudo[@]}" mkdir -p /etc/postgresql-common
        echo 'create_main_cluster = false' | "${sudo[@]}" tee /etc/postgresql-common/createcluster.conf >/dev/null
    fi
    quietly apt-update "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -q ||
        printf '%s\n' "    ${yellow}apt-get update failed; going on with the old lists${plain}" >&2
    quietly apt-install "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive sh -c "$install_quietly" sh ${options[@]+"${options[@]}"} "$@" ||
        die "apt could not install: $*"
}
# Database servers among the packages must not become services of this system: the tests start their own.
# shellcheck disable=SC2016 # the inner shell's variables
install_quietly='
policy=/usr/sbin/policy-rc.d
if [ ! -e $policy ]; then
    trap "rm -f $policy" EXIT INT TERM
    printf "#!/bin/sh\nexit 101\n" >$policy && chmod +x $policy
fi
apt-get install -y -q --no-install-recommends "$@"'

# configure PRESET [force]: makes build/PRESET unless it is there. A tree that belongs to another folder is made anew.
configure() {
    local tree=$root/build/$1
    if [[ -f $tree/CMakeCache.txt ]] && ! grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$root" "$tree/CMakeCache.txt"; then
        rm -rf "$tree"
    fi
    [[ -f $tree/build.ninja && ${2:-} != force ]] && return
    (cd "$root" && quietly "configure-$1" cmake --preset "$1")
}

# build PRESET TARGET...: with ninja, quietly.
build() {
    local preset=$1
    shift
    quietly "build-$preset" env NINJA_STATUS='[%f/%t] ' ninja -C "$root/build/$preset" -j "$(cores)" "$@"
}

# seconds_since EPOCHREALTIME: with one decimal.
seconds_since() {
    local tenths=$(((${EPOCHREALTIME/[.,]/} - ${1/[.,]/}) / 100000))
    echo "$((tenths / 10)).$((tenths % 10))"
}
