/* extensions_queries.c - ping, version, time and last activity, both ways. */

#include "live/extensions.h"

#ifdef XMPP_HAVE_PING
#include <xmpp/xep/ping.h>

static void ping(struct us *us)
{
    struct outcome o = {0};

    is_int(xmpp_conn_use(us->conn, &xmpp_mod_ping), 0, "ping in use");
    us_ends(us, &o, xmpp_ping(us->conn, NULL, on_outcome, &o), 0, NULL,
            "our server answers a ping");
    us_ends(us, &o, xmpp_ping(us->conn, us->peer, on_outcome, &o), 0, NULL,
            "the counterpart answers a ping");
    us_ends(us, &o, xmpp_ping(us->conn, "nobody.invalid", on_outcome, &o),
            XMPP_ESTANZA, NULL, "nobody does not");
    is_str(us_order(us, "ping"), "ok", "we answer its ping");
}
#endif

#ifdef XMPP_HAVE_VERSION
#include <xmpp/xep/version.h>

static void version(struct us *us)
{
    struct outcome o = {0};
    xmpp_software_t own;

    is_int(xmpp_conn_use(us->conn, &xmpp_mod_version), 0, "version in use");
    is_str(us_order(us, "version"), "error service-unavailable",
           "our version is nobody's business at first");
    XMPP_INIT(xmpp_software, own);
    own.name = "us";
    own.version = "7";
    is_int(xmpp_software_set(us->conn, &own), 0, "then it is");
    is_str(us_order(us, "version"), "us 7 ", "and the counterpart gets it");
    us_ends(us, &o, xmpp_software_get(us->conn, us->peer, on_outcome, &o), 0,
            "name: \"counterpart\", version: \"1.0\"", "we get its version");
    us_ends(us, &o, xmpp_software_get(us->conn, us->domain, on_outcome, &o), 0,
            "name: ", "and that of the server");
}
#endif

#ifdef XMPP_HAVE_TIME
#include <xmpp/xep/time.h>

static void time_there(struct us *us)
{
    struct outcome o = {0};

    is_int(xmpp_conn_use(us->conn, &xmpp_mod_time), 0, "time in use");
    us_ends(us, &o, xmpp_entity_time_get(us->conn, us->domain, on_outcome, &o),
            0, "utc: 20", "the server knows the time");
    ok(strncmp(us_order(us, "time"), "20", 2) == 0, "and so do we: %s",
       us->answer);
}
#endif

#ifdef XMPP_HAVE_LAST
#include <xmpp/xep/last.h>

static void last(struct us *us)
{
    struct outcome o = {0};

    is_int(xmpp_conn_use(us->conn, &xmpp_mod_last), 0, "last activity in use");
    us_ends(us, &o, xmpp_last_get(us->conn, us->domain, on_outcome, &o), 0,
            "seconds: ", "the server is up for some time");
    ok(strncmp(us_order(us, "last"), "error ", 6) == 0,
       "a stranger does not learn when we were active: %s", us->answer);
}
#endif

/* Among contacts. */
void test_idleness(struct us *us)
{
#if defined(XMPP_HAVE_LAST) && defined(XMPP_HAVE_SUBSCRIPTION)
    struct outcome o = {0};

    us_ends(us, &o, xmpp_last_get(us->conn, us->peer, on_outcome, &o), 0,
            "seconds: ", "a contact says when it was active");
    is_int(xmpp_last_set_idle(us->conn, 4000), 0, "we are idle");
    ok(atoi(us_order(us, "last")) >= 4000, "which the contact learns: %s",
       us->answer);
#endif
    (void)us;
}

void test_queries(struct us *us)
{
#ifdef XMPP_HAVE_PING
    ping(us);
#endif
#ifdef XMPP_HAVE_VERSION
    version(us);
#endif
#ifdef XMPP_HAVE_TIME
    time_there(us);
#endif
#ifdef XMPP_HAVE_LAST
    last(us);
#endif
    (void)us;
}
