# knot.sh - a private name server on loopback; to be sourced after tap.sh.
#
#   knot_start DIR ZONE-FILE PORT     serves example.test; $knot_address, else
#                                     127.0.0.1, is where it listens as well
#   knot_stop

knot_start() {
    mkdir -p "$1/knot"
    cat >"$1/knot/conf" <<CONF
server:
  rundir: "$1/knot"
  listen: [ "127.0.0.1@$3"${knot_address:+, "$knot_address@$3"} ]
database:
  storage: "$1/knot/db"
zone:
  - domain: example.test
    file: "$2"
    zonefile-sync: -1
    journal-content: none
log:
  - target: stderr
    any: info
CONF
    knotd -c "$1/knot/conf" >"$1/knot/log" 2>&1 &
    knot_pid=$!
    wait_port "$3" $knot_pid
}

knot_stop() {
    [ -n "${knot_pid:-}" ] && kill "$knot_pid" 2>/dev/null &&
        wait "$knot_pid" 2>/dev/null
    knot_pid=
}
