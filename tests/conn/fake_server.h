/* fake_server.h - a server on loopback that follows a script, in a thread. */

#ifndef TESTS_CONN_FAKE_SERVER_H
#define TESTS_CONN_FAKE_SERVER_H

/* A script is a list of lines ending with NULL:
 *   "C text"  read on until this text has come; what came before is dropped
 *   "S text"  say it; %id% stands for the id that was read last
 *   "X hex"   say these bytes
 *   "hangup"  close the connection
 *   "reset"   close it so that the other side sees an error
 *   "accept"  close it and wait for the next one
 *   "tls P"   a TLS handshake with P.crt and P.key
 *   "notls P" the same, and it has to fail
 *   "eof"     wait until the client closes
 *   "deaf"    read nothing, until the next one comes
 *   "slow N"  from here on pause for N milliseconds in front of each read
 * After the last line the connection is closed. */
struct fake_server;

struct fake_server *fake_server_start(const char *const *script);

/* Where it listens, on 127.0.0.1. */
unsigned short fake_server_port(const struct fake_server *peer);

/* Connect and go away: should nobody else have come, it need not wait. */
void fake_server_visit(const struct fake_server *peer);

/* It may not have been reached, and waits for somebody: come, and go. */
void fake_server_poke(const struct fake_server *peer);

/* Wait for its end and free it. NULL when all went as the script says, else
 * what did not: static. */
const char *fake_server_join(struct fake_server *peer);

/* A port on loopback where nobody listens. */
unsigned short fake_server_no_port(void);

/* ---- parts of scripts -------------------------------------------- */

#define PEER_HEADER                                                            \
    "<?xml version='1.0'?><stream:stream xmlns='jabber:client' "               \
    "xmlns:stream='http://etherx.jabber.org/streams' id='s1' "                 \
    "from='example.org' version='1.0'>"

/* As far as a TLS handshake, for which "tls P" has to follow. */
#define PEER_TO_TLS                                                            \
    "C <stream:stream", "C >",                                                 \
        "S " PEER_HEADER "<stream:features>"                                   \
        "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/>"        \
        "</starttls></stream:features>",                                       \
        "C <starttls", "C />",                                                 \
        "S <proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"

#define PEER_SASL                                                              \
    "<stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>"   \
    "<mechanism>ANONYMOUS</mechanism></mechanisms></stream:features>"

#define PEER_BIND                                                              \
    "<stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>"        \
    "</stream:features>"

/* An anonymous login without TLS, as guest@example.org/r. */
#define PEER_LOGIN                                                             \
    "C <stream:stream", "C >", "S " PEER_HEADER PEER_SASL, "C ANONYMOUS",      \
        "C >", "S <success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>",        \
        "C <stream:stream", "C >", "S " PEER_HEADER PEER_BIND, "C </iq>",      \
        "S <iq type='result' id='%id%'><bind "                                 \
        "xmlns='urn:ietf:params:xml:ns:xmpp-bind'>"                            \
        "<jid>guest@example.org/r</jid></bind></iq>"

#define PEER_CLOSE "C </stream:stream>", "S </stream:stream>", "eof"

#endif
