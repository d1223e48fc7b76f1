# prosody.sh - a private Prosody on loopback; to be sourced.
#
#   prosody_start DIR    files in DIR; sets c2s_port, tls_port, comp_port, ca
#   prosody_user USER HOST PASSWORD
#   prosody_stop

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

# leaf NAME DAYS-OFFSET ALT-NAMES: a certificate of our own authority.
leaf() {
    local dir=$live/certs name=$1 alt=$2 dates=${3:-}
    printf '[req]\ndistinguished_name=dn\n[dn]\n[v3]\nsubjectAltName=%s\nbasicConstraints=CA:FALSE\n' \
        "$alt" >"$dir/$name.cnf"
    openssl req -newkey rsa:2048 -nodes -subj "/CN=$name" \
        -keyout "$dir/$name.key" -out "$dir/$name.csr" 2>/dev/null &&
        openssl x509 -req -in "$dir/$name.csr" -CA "$dir/ca.crt" \
            -CAkey "$dir/ca.key" -CAcreateserial ${dates:--days 30} \
            -extfile "$dir/$name.cnf" -extensions v3 \
            -out "$dir/$name.crt" 2>/dev/null
}

prosody_config() {
    local root=""
    [ "$(id -u)" = 0 ] && root="run_as_root = true"
    cat <<LUA
local base = "$live"
data_path = base .. "/data"
certificates = base .. "/certs"
pidfile = base .. "/prosody.pid"
$root
interfaces = { "127.0.0.1", "::1" }; local_interfaces = { "127.0.0.1" }
c2s_ports = { $c2s_port }
c2s_direct_tls_ports = { $tls_port }
component_ports = { $comp_port }; component_interfaces = { "127.0.0.1" }
http_ports = { }; https_ports = { }; s2s_ports = { }
modules_disabled = { "s2s" }
ssl = { key = base .. "/certs/localhost.key", certificate = base .. "/certs/localhost.crt" }
c2s_require_encryption = true
allow_unencrypted_plain_auth = false
authentication = "internal_hashed"
storage = "internal"
log = { debug = base .. "/prosody.log" }
limits = { }
modules_enabled = { "roster", "saslauth", "tls", "disco", "posix", "ping", "version" }
VirtualHost "localhost"
VirtualHost "sha256.localhost"
  authentication = "internal_hashed"; password_hash = "SHA-256"
VirtualHost "plain.localhost"
  authentication = "internal_plain"
VirtualHost "anon.localhost"
  authentication = "anonymous"
Component "comp.localhost"
  component_secret = "s3cret"
LUA
}

prosody_start() {
    live=$1
    mkdir -p "$live/data" "$live/certs"
    read -r c2s_port tls_port comp_port <<EOP
$(free_ports 3)
EOP
    ca=$live/certs/ca.crt
    openssl req -x509 -newkey rsa:2048 -nodes -days 30 \
        -subj "/CN=throw-away authority" -keyout "$live/certs/ca.key" \
        -out "$ca" 2>/dev/null
    leaf localhost "DNS:localhost,DNS:sha256.localhost,DNS:plain.localhost,DNS:anon.localhost" ||
        return 1
    prosody_config >"$live/prosody.cfg.lua"
    prosody --config "$live/prosody.cfg.lua" -F >"$live/prosody.out" 2>&1 &
    prosody_pid=$!
    local i
    for i in $(seq 100); do
        (exec 3<>"/dev/tcp/127.0.0.1/$c2s_port") 2>/dev/null && return 0
        kill -0 "$prosody_pid" 2>/dev/null || break
        sleep 0.1
    done
    tail -20 "$live/prosody.out" "$live/prosody.log" >&2
    return 1
}

prosody_user() {
    prosodyctl --config "$live/prosody.cfg.lua" register "$1" "$2" "$3" \
        >>"$live/prosody.out" 2>&1
}

prosody_stop() {
    [ -n "${prosody_pid:-}" ] && kill "$prosody_pid" 2>/dev/null &&
        wait "$prosody_pid" 2>/dev/null
    prosody_pid=
}
