# tap.sh - results of live tests, and throw-away certificates; to be sourced.
#
# $dir is a folder for files, $count and $failed the results so far.
count=0 failed=0

# Nothing of who runs it: neither language nor settings.
export LC_ALL=C.UTF-8 TZ=UTC HOME=$dir
export XDG_CONFIG_DIRS=$dir/none
unset XDG_CONFIG_HOME XDG_DATA_HOME XDG_CACHE_HOME XDG_RUNTIME_DIR

ok() { # ok GOOD NAME
    count=$((count + 1))
    if [ "$1" = 0 ]; then
        echo "ok $count - $2"
    else
        failed=$((failed + 1))
        echo "not ok $count - $2"
        sed 's/^/#  /' "$dir/out" "$dir/err" 2>/dev/null | tail -20
    fi
}

skip() { # skip NAME REASON
    count=$((count + 1))
    echo "ok $count - $1 # SKIP $2"
}

has_ipv6() { # has the loopback its address?
    grep -q '^0\{31\}1 ' /proc/net/if_inet6 2>/dev/null
}

# try NAME CODE PATTERN COMMAND...: the exit code, and a line of its output.
try() {
    local name=$1 code=$2 pattern=$3
    shift 3
    timeout 60 "$@" >"$dir/out" 2>"$dir/err"
    local got=$?
    [ "$got" = "$code" ] && grep -qE "$pattern" "$dir/out" "$dir/err"
    ok $? "$name (exit $got)"
}

# embed NAME COMMAND...: a program with results of its own, counted here.
# $embed_patience is for how many seconds it may run.
embed() {
    local name=$1 line
    shift
    timeout "${embed_patience:-300}" "$@" >"$dir/embedded" 2>"$dir/err"
    local got=$?
    : >"$dir/out"
    while IFS= read -r line; do
        case $line in
        "ok "* | "not ok "*)
            count=$((count + 1))
            [ "${line%%ok *}" = "" ] || failed=$((failed + 1))
            echo "${line%%ok *}ok $count - $name: ${line#*- }"
            ;;
        "#"*) echo "$line" ;;
        esac
    done <"$dir/embedded"
    ok $got "$name: ended well"
}

await() { # await FILE PATTERN
    local i
    for i in $(seq 600); do
        grep -qE "$2" "$1" && return 0
        sleep 0.1
    done
    return 1
}

# converse PATTERN LINE COMMAND...: tell it a line; it is left when it has shown
# something that fits.
converse() {
    local pattern=$1 line=$2 good pid
    shift 2
    rm -f "$dir/told" && mkfifo "$dir/told"
    : >"$dir/out" # what the program before has written is not looked at
    timeout 120 "$@" <"$dir/told" >"$dir/out" 2>"$dir/err" &
    pid=$!
    exec 9>"$dir/told"
    echo "$line" >&9
    await "$dir/out" "$pattern"
    good=$?
    exec 9>&-
    wait $pid && return $good
}

finish() {
    echo "1..$count"
    [ $failed = 0 ]
}

# free_ports N: that many ports on loopback where nobody listens now.
free_ports() {
    python3 - "$1" <<'PY'
import socket, sys
socks = []
for _ in range(int(sys.argv[1])):
    s = socket.socket()
    s.bind(("127.0.0.1", 0))
    socks.append(s)
print(*(s.getsockname()[1] for s in socks))
PY
}

# quietly COMMAND...: what it says is shown only if it fails.
quietly() {
    local said
    said=$("$@" 2>&1) && return
    printf '%s\nfailed: %s\n' "$said" "$*" >&2
    return 1
}

# authority DIR: an authority of our own, once per folder; sets ca.
authority() {
    certs=$1
    ca=$certs/ca.crt
    mkdir -p "$certs"
    [ -e "$ca" ] && return
    quietly openssl req -x509 -newkey rsa:2048 -nodes -days 30 \
        -subj "/CN=throw-away authority" -keyout "$certs/ca.key" -out "$ca"
}

# leaf NAME ALT-NAMES [EXTENSION...]: a certificate of that authority, and its
# key; no ALT-NAMES: a common name alone.
leaf() {
    local name=$1 alt=$2
    shift 2
    printf '[req]\ndistinguished_name=dn\n[dn]\n[v3]\nbasicConstraints=CA:FALSE\n%s\n' \
        "${alt:+subjectAltName=$alt}" >"$certs/$name.cnf"
    printf '%s\n' "$@" >>"$certs/$name.cnf"
    quietly openssl req -newkey rsa:2048 -nodes -subj "/CN=$name" \
        -keyout "$certs/$name.key" -out "$certs/$name.csr" &&
        quietly openssl x509 -req -in "$certs/$name.csr" -CA "$ca" \
            -CAkey "$certs/ca.key" -CAcreateserial -days 30 \
            -extfile "$certs/$name.cnf" -extensions v3 \
            -out "$certs/$name.crt"
}

# authority_config: what the authority keeps account by, for `openssl ca`.
authority_config() {
    [ -e "$certs/ca.cnf" ] && return
    printf '[ca]\ndefault_ca=d\n[d]\ndatabase=%s\nnew_certs_dir=%s\nrand_serial=yes\ndefault_md=sha256\npolicy=p\ncopy_extensions=copy\ndefault_crl_days=9\n[p]\ncommonName=supplied\n' \
        "$certs/db" "$certs" >"$certs/ca.cnf"
    : >"$certs/db"
}

# accountant ARGUMENT...: `openssl ca` as that authority.
accountant() {
    authority_config
    openssl ca -batch -config "$certs/ca.cnf" -cert "$ca" \
        -keyfile "$certs/ca.key" "$@" >>"$certs/log" 2>&1
}

# dated NAME ALT-NAMES FROM TO: a certificate that is valid between these times.
dated() {
    leaf "$1" "$2" &&
        accountant -in "$certs/$1.csr" -out "$certs/$1.crt" -startdate "$3" \
            -enddate "$4" -extfile "$certs/$1.cnf" -extensions v3 -notext
}

# wait_port PORT PID: until somebody listens there, or the process is gone.
wait_port() {
    local i
    for i in $(seq 600); do
        (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null && return 0
        kill -0 "$2" 2>/dev/null || return 1
        sleep 0.1
    done
    return 1
}
