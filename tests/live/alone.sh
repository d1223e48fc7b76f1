# alone.sh - a network of the test's own, with nothing but a loopback, so that it
# does not matter what else runs on the machine; to be sourced first of all.
#
#   $alone=needed   the test is skipped where that cannot be had; else it is run
#                   on the machine's own loopback, at ports that are free there
#
# It has mounts of its own as well. Whoever is not root is root in there.

PATH=$PATH:/usr/sbin:/sbin
if [ "${LIBXMPP_ALONE:-}" != "$0" ]; then
    alone_as="-n -m"
    [ "$(id -u)" = 0 ] || alone_as="-r $alone_as"
    if unshare $alone_as ip link set lo up 2>/dev/null; then
        LIBXMPP_ALONE=$0 exec unshare $alone_as "$0" "$@"
    fi
    if [ "${alone:-}" = needed ]; then
        echo "ok 1 - ${0##*/} # SKIP this machine lets nobody make a network of his own"
        echo "1..1"
        exit 0
    fi
else
    ip link set lo up
fi

# Root outside as well, who may become somebody else?
is_real_root() {
    [ "$(id -u)" = 0 ] &&
        [ "$(awk 'NR == 1 { print $3 }' /proc/self/uid_map)" -gt 65534 ]
}
