# ejabberd.sh - a private ejabberd on loopback; to be sourced after
# alone.sh and tap.sh.
#
#   ejabberd_start DIR   files in DIR; sets c2s_port, tls_port, tls12_port (not
#                        above TLS 1.2), cert_port (asks
#                        for a client certificate), comp_port, http_port, ca
#                        $ejabberd_modules are more lines of its modules,
#                        $ejabberd_listen of what it listens for; with
#                        $ejabberd_sql its modules may have "db_type: sql"
#   ejabberd_user USER PASSWORD      at ejd.test
#   ejabberd_stop
# It runs as nobody: without epmd, without a cookie, on loopback only.

ejabberd_config() {
    cat <<YML
loglevel: info
log_rotate_count: 0
hosts: [ "ejd.test" ]
certfiles: [ "$live/etc/ejd.pem" ]
ca_file: "$live/etc/ca.pem"
c2s_cafile: "$live/etc/ca.pem"
auth_method: [ mnesia ]
auth_password_format: plain
${ejabberd_sql:+sql_type: sqlite
sql_database: "$live/spool/base.sqlite"}
disable_sasl_mechanisms: [ "X-OAUTH2" ]
listen:
  - { port: $c2s_port, ip: "127.0.0.1", module: ejabberd_c2s, starttls: true, starttls_required: true, zlib: true, backlog: 300 }
  - { port: $tls_port, ip: "127.0.0.1", module: ejabberd_c2s, tls: true }
  - { port: $cert_port, ip: "127.0.0.1", module: ejabberd_c2s, starttls: true, starttls_required: true, tls_verify: true }
  - { port: $tls12_port, ip: "127.0.0.1", module: ejabberd_c2s, starttls: true, starttls_required: true, protocol_options: [ no_sslv3, no_tlsv1, no_tlsv1_1, no_tlsv1_3 ] }
  - { port: $clear_port, ip: "127.0.0.1", module: ejabberd_c2s, starttls: false }
  - { port: $comp_port, ip: "127.0.0.1", module: ejabberd_service, access: all, hosts: { "comp.ejd.test": { password: "compsecret" } } }
  - { port: $http_port, ip: "127.0.0.1", module: ejabberd_http, request_handlers: { /api: mod_http_api } }
${ejabberd_listen:-}
acl: { loopback: { ip: [ 127.0.0.0/8 ] } }
api_permissions: { "tests": { who: { ip: 127.0.0.1/8 }, what: "*" } }
modules:
  mod_admin_extra: {}
  mod_disco: {}
  mod_http_api: {}
  mod_ping: {}
  mod_roster: { versioning: true }
  mod_offline: {}
  mod_time: {}
  mod_version: {}
${ejabberd_modules:-}
YML
}

ejabberd_run() {
    local as=""
    is_real_root && as="setpriv --reuid=65534 --regid=65534 --clear-groups"
    (cd "$live/spool" && exec env HOME="$live/spool" \
        EJABBERD_CONFIG_PATH="$live/etc/ejabberd.yml" \
        EJABBERD_LOG_PATH="$live/log/ejabberd.log" \
        ERL_LIBS="$(dirname "$(dirname "$(dpkg -L ejabberd | grep '/ebin/ejabberd.app$')")" | xargs dirname)" \
        ERL_CRASH_DUMP=/dev/null ERL_MAX_PORTS=1024 ERL_MAX_ETS_TABLES=1400 \
        $as erl +K true +P 32768 +Q 1024 +S 1:1 +sbwt none \
        -mnesia dir "\"$live/spool\"" -s ejabberd -noinput) \
        >"$live/log/out" 2>&1 &
    ejabberd_pid=$!
}

ejabberd_base() { # ejabberd_base FILE: an empty database
    python3 - "$1" "$(dpkg -L ejabberd | grep -m1 '/sql/lite.sql$')" <<'PY'
import sqlite3, sys
sqlite3.connect(sys.argv[1]).executescript(open(sys.argv[2]).read())
PY
}

ejabberd_call() { # ejabberd_call COMMAND JSON
    python3 - "$http_port" "$1" "$2" <<'PY'
import sys, urllib.request
port, command, text = sys.argv[1:]
urllib.request.urlopen(urllib.request.Request(
    f"http://127.0.0.1:{port}/api/{command}", text.encode(),
    {"Content-Type": "application/json"}), timeout=10).read()
PY
}

ejabberd_start() {
    live=$1
    mkdir -p "$live/etc" "$live/spool" "$live/log"
    read -r c2s_port tls_port cert_port clear_port comp_port http_port tls12_port <<EOP
$(free_ports 7)
EOP
    authority "$live/certs" && leaf ejd.test "DNS:ejd.test" || return 1
    cp "$ca" "$live/etc/ca.pem"
    cat "$certs/ejd.test.crt" "$certs/ejd.test.key" >"$live/etc/ejd.pem"
    ejabberd_config >"$live/etc/ejabberd.yml"
    [ -z "${ejabberd_sql:-}" ] || ejabberd_base "$live/spool/base.sqlite" || return 1
    if is_real_root; then
        chmod 755 "$live"
        chown -R 65534:65534 "$live/etc" "$live/spool" "$live/log"
    fi
    ejabberd_run
    local i
    for i in $(seq 600); do
        ejabberd_call status '{}' 2>/dev/null && return 0
        kill -0 "$ejabberd_pid" 2>/dev/null || break
        sleep 0.1
    done
    tail -20 "$live/log/out" "$live/log/ejabberd.log" >&2
    return 1
}

ejabberd_user() {
    ejabberd_call register "{\"user\":\"$1\",\"host\":\"ejd.test\",\"password\":\"$2\"}"
}

ejabberd_stop() {
    [ -n "${ejabberd_pid:-}" ] && kill "$ejabberd_pid" 2>/dev/null &&
        wait "$ejabberd_pid" 2>/dev/null
    ejabberd_pid=
}
