# proxies.sh - real proxies on loopback; to be sourced after tap.sh and alone.sh.
#
#   proxies_start PORT...  a SOCKS server (microsocks) at $socks_port, and an HTTP
#                          proxy (tinyproxy) at $http_port that connects to these
#                          ports; the user is "user", the password p@ss, and "pass"
#                          of the second, which knows letters only
#   dante_start            another SOCKS server at $dante_port, with the same user
#   proxies_stop
#
# Users of dante are those of the system: those files are the network's own, too.
proxies_pids=""

tinyproxy_config() {
    local port
    cat <<CONF
Port $http_port
Listen 127.0.0.1
Allow 127.0.0.1
Timeout 60
BasicAuth user pass
CONF
    for port; do
        echo "ConnectPort $port"
    done
}

proxies_start() {
    read -r socks_port http_port <<EOP
$(free_ports 2)
EOP
    microsocks -i 127.0.0.1 -p "$socks_port" -u user -P p@ss \
        >"$dir/socks.log" 2>&1 &
    proxies_pids="$proxies_pids $!"
    wait_port "$socks_port" $! || return 1
    tinyproxy_config "$@" >"$dir/tinyproxy.conf"
    tinyproxy -d -c "$dir/tinyproxy.conf" >"$dir/http.log" 2>&1 &
    proxies_pids="$proxies_pids $!"
    wait_port "$http_port" $!
}

dante_config() {
    cat <<CONF
logoutput: $dir/dante.log
internal: 127.0.0.1 port = $dante_port
external: 127.0.0.1
clientmethod: none
socksmethod: username
user.privileged: root
user.unprivileged: nobody
client pass { from: 127.0.0.0/8 to: 0.0.0.0/0 }
socks pass { from: 127.0.0.0/8 to: 0.0.0.0/0 protocol: tcp }
CONF
}

dante_users() {
    cp /etc/passwd "$dir/passwd" && cp /etc/shadow "$dir/shadow" || return 1
    echo "user:x:4711:65534::/nonexistent:/usr/sbin/nologin" >>"$dir/passwd"
    echo "user:$(openssl passwd -6 p@ss):19000::::::" >>"$dir/shadow"
    mount --bind "$dir/passwd" /etc/passwd &&
        mount --bind "$dir/shadow" /etc/shadow
}

dante_start() {
    read -r dante_port <<EOP
$(free_ports 1)
EOP
    dante_users || return 1
    dante_config >"$dir/dante.conf"
    danted -f "$dir/dante.conf" >"$dir/dante.out" 2>&1 &
    proxies_pids="$proxies_pids $!"
    wait_port "$dante_port" $!
}

proxies_stop() {
    local pid
    for pid in $proxies_pids; do
        kill "$pid" 2>/dev/null
    done
    proxies_pids=""
}
