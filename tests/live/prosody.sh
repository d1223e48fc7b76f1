# prosody.sh - a private Prosody on loopback; to be sourced after tap.sh.
#
#   prosody_start DIR    files in DIR; sets c2s_port, tls_port,
#                        tls12_port (direct, not above TLS 1.2), comp_port, ca;
#                        $prosody_hosts are more hosts, below example.test;
#                        $prosody_modules more modules, in quotes, each with a
#                        comma in front; $prosody_options and $prosody_more
#                        more lines, for all hosts and for hosts of their own;
#                        $prosody_port the port of clients, else any;
#                        $prosody_names more names for the certificate, each
#                        with a comma in front ("DNS:..."); $prosody_interfaces
#                        where it listens for clients, in quotes
#   prosody_user USER HOST PASSWORD
#   prosody_stop

prosody_plugins=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

prosody_config() {
    local root="" interfaces='"127.0.0.1", "::1"'
    interfaces=${prosody_interfaces:-$interfaces}
    [ "$(id -u)" = 0 ] && root="run_as_root = true"
    cat <<LUA
local base = "$live"
data_path = base .. "/data"
certificates = base .. "/certs"
pidfile = base .. "/prosody.pid"
$root
interfaces = { $interfaces }; local_interfaces = { "127.0.0.1" }
c2s_ports = { $c2s_port }
c2s_direct_tls_ports = { $tls_port, $tls12_port }
c2s_direct_tls_ssl = { [$tls12_port] = { protocol = "tlsv1_2" } }
plugin_paths = { "$prosody_plugins" }
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
smacks_hibernation_time = 300
modules_enabled = { "roster", "saslauth", "tls", "disco", "posix", "ping", "version", "smacks", "new_parser"${prosody_modules:-} }
${prosody_options:-}
VirtualHost "localhost"
VirtualHost "sha256.localhost"
  authentication = "internal_hashed"; password_hash = "SHA-256"; default_iteration_count = 100000
VirtualHost "plain.localhost"
  authentication = "internal_plain"
VirtualHost "anon.localhost"
  authentication = "anonymous"
Component "comp.localhost"
  component_secret = "s3cret"
LUA
    for host in ${prosody_hosts:-}; do
        echo "VirtualHost \"$host.example.test\""
    done
    echo "${prosody_more:-}"
}

prosody_start() {
    live=$1
    mkdir -p "$live/data" "$live/certs"
    read -r c2s_port tls_port comp_port tls12_port <<EOP
$(free_ports 4)
EOP
    c2s_port=${prosody_port:-$c2s_port}
    authority "$live/certs"
    local host names="DNS:localhost,DNS:sha256.localhost"
    names="$names,DNS:plain.localhost,DNS:anon.localhost"
    for host in ${prosody_hosts:-}; do
        names="$names,DNS:$host.example.test"
    done
    leaf localhost "$names${prosody_names:-}" || return 1
    prosody_config >"$live/prosody.cfg.lua"
    prosody --config "$live/prosody.cfg.lua" -F >"$live/prosody.out" 2>&1 &
    prosody_pid=$!
    wait_port "$c2s_port" $prosody_pid && return 0
    tail -20 "$live/prosody.out" "$live/prosody.log" >&2
    return 1
}

prosody_user() {
    quietly prosodyctl --config "$live/prosody.cfg.lua" register "$1" "$2" "$3"
}

prosody_stop() {
    [ -n "${prosody_pid:-}" ] && kill "$prosody_pid" 2>/dev/null &&
        wait "$prosody_pid" 2>/dev/null
    prosody_pid=
}
