# jabberd2.sh - a private jabberd2 on loopback; to be sourced after tap.sh.
#
#   jabberd2_start DIR    files in DIR; sets c2s_port, ca
#   jabberd2_user USER PASSWORD      at jbd.test
#   jabberd2_stop

# Debian's files, with folders, ports and the host of this test.
jabberd2_config() {
    local name
    for name in router router-users router-filter sm c2s; do
        sed -e "s|/etc/jabberd2|$live|; s|/var/lib/jabberd2/sqlite.db|$live/db|" \
            -e "s|/var/run/jabberd2|$live|; s|/var/log/jabberd2|$live|" \
            -e "s|<ip>0.0.0.0</ip>|<ip>127.0.0.1</ip>|" \
            -e "s|<port>5347</port>|<port>$router_port</port>|" \
            -e "s|<port>5222</port>|<port>$c2s_port</port>|" \
            -e "s|<ssl-port>.*</ssl-port>||" \
            -e "s|<id>localhost.localdomain</id>|<id>jbd.test</id>|" \
            -e "s|<id register-enable='mu'>localhost.localdomain</id>|<id pemfile='$live/jbd.pem'>jbd.test</id>|" \
            "/etc/jabberd2/$name.xml" >"$live/$name.xml" || return 1
    done
    cp -r /etc/jabberd2/templates "$live/templates"
}

jabberd2_sql() { # jabberd2_sql STATEMENTS
    /usr/bin/python3 - "$live/db" "$1" <<'PY'
import sqlite3, sys
with sqlite3.connect(sys.argv[1]) as db:
    db.executescript(sys.argv[2])
PY
}

jabberd2_start() {
    live=$1
    mkdir -p "$live"
    read -r c2s_port router_port <<EOP
$(free_ports 2)
EOP
    authority "$live/certs" && leaf jbd.test "DNS:jbd.test" || return 1
    cat "$certs/jbd.test.crt" "$certs/jbd.test.key" >"$live/jbd.pem"
    jabberd2_config || return 1
    jabberd2_sql "$(zcat /usr/share/doc/jabberd2/db-setup.sqlite.gz)" || return 1
    jabberd2-router -c "$live/router.xml" -D >"$live/router.out" 2>&1 &
    jabberd2_pids=$!
    wait_port "$router_port" $jabberd2_pids || return 1
    jabberd2-sm -c "$live/sm.xml" -D >"$live/sm.out" 2>&1 &
    jabberd2_pids="$jabberd2_pids $!"
    jabberd2-c2s -c "$live/c2s.xml" -D >"$live/c2s.out" 2>&1 &
    jabberd2_pids="$jabberd2_pids $!"
    wait_port "$c2s_port" $! && return 0
    tail -20 "$live"/*.out "$live"/*.log >&2
    return 1
}

# Without a row in both tables the server does not answer the request to bind.
jabberd2_user() {
    jabberd2_sql "INSERT INTO authreg (username, realm, password)
                  VALUES ('$1', 'jbd.test', '$2');
                  INSERT INTO active (\"collection-owner\", time)
                  VALUES ('$1@jbd.test', 1);"
}

jabberd2_stop() {
    [ -n "${jabberd2_pids:-}" ] && kill $jabberd2_pids 2>/dev/null &&
        wait $jabberd2_pids 2>/dev/null
    jabberd2_pids=
}
