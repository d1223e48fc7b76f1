/* xmpp.h - libxmpp, the XMPP client library.
 *
 * Conventions that hold everywhere:
 *
 * Life.       xmpp_ctx_new() -> xmpp_conn_new() -> settings ->
 *             xmpp_connect_client() -> xmpp_run(). Your functions are called
 *             from inside xmpp_run(), xmpp_run_once() and xmpp_ctx_process(),
 *             and nowhere else (but see xmpp_conn_release()).
 * Ownership.  Owned: yours; give it back with the function named. Borrowed:
 *             look, do not keep longer than stated. Taken: the library's from
 *             the moment of the call, even if the call fails.
 * Results.    int: 0 done, positive did something, negative an XMPP_E code
 *             (xmpp_strerror()). Pointer: NULL when there is none or memory
 *             is out. Outputs (ret_...) are untouched on failure.
 * NULL.       Every function accepts NULL for a context, a connection, a
 *             stanza or another object, and does nothing: it returns NULL, 0,
 *             or XMPP_EINVOP where a result says whether something was done.
 * Callbacks.  May do anything, including release the connection they are
 *             called for; it then stays valid until the callback returns.
 * Strings.    UTF-8, NUL-terminated. What is given to a set function is
 *             copied.
 * Time.       Milliseconds, on a clock that never jumps.
 * Threads.    A context, its connections and stanzas belong to one thread at
 *             a time. Only xmpp_ctx_wakeup(), xmpp_stop() and
 *             xmpp_ctx_finish() may be called from elsewhere, signal handlers
 *             included.
 * Signals.    None is touched; SIGPIPE cannot happen.
 * Blocking.   No function waits, except xmpp_run() and xmpp_run_once().
 * Failures.   xmpp_conn_get_failure() says why a connection ended.
 */

#ifndef XMPP_XMPP_H
#define XMPP_XMPP_H

#include <xmpp/types.h>
#include <xmpp/version.h>
#include <xmpp/ns.h>
#include <xmpp/error.h>
#include <xmpp/ctx.h>
#include <xmpp/jid.h>
#include <xmpp/precis.h>
#include <xmpp/uri.h>
#include <xmpp/stanza.h>
#include <xmpp/build.h>
#include <xmpp/option.h>
#include <xmpp/tls.h>
#include <xmpp/conn.h>
#include <xmpp/login.h>
#include <xmpp/fast.h>
#include <xmpp/queue.h>
#include <xmpp/send.h>
#include <xmpp/sm.h>
#include <xmpp/handler.h>

#endif /* XMPP_XMPP_H */
