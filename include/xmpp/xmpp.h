/* xmpp.h - libxmpp, the XMPP client library.
 *
 * Conventions that hold in every header:
 *
 * Life.       xmpp_ctx_new() -> xmpp_conn_new() -> settings ->
 *             xmpp_connect_client() -> xmpp_run(). The library calls your
 *             functions only from inside xmpp_run(), xmpp_run_once() and
 *             xmpp_ctx_process(). The few exceptions, such as
 *             xmpp_conn_release(), say so.
 * Ownership.  Owned: you free it, with the function named. Borrowed: you may
 *             read it, but keep it no longer than stated. Taken: it belongs to
 *             the library from the moment of the call, even if the call fails.
 * Results.    int: 0 is success, a positive number is success that says more,
 *             such as a count, a negative number is an XMPP_E code
 *             (xmpp_strerror()). Pointer: NULL if there is nothing to return
 *             or no memory. Outputs (ret_...) are not touched on failure.
 * NULL.       Every function accepts NULL for a context, a connection, a
 *             stanza or another object. It then does nothing and returns NULL
 *             or 0 (xmpp_conn_is_disconnected() returns 1), or XMPP_EINVOP if
 *             its result reports success or failure.
 * Callbacks.  A callback may do anything, except the log handler (ctx.h). It
 *             may even release the connection it was called for, which stays
 *             valid until the callback returns.
 * Strings.    UTF-8, NUL-terminated unless a length comes with them. The set
 *             functions copy their arguments. If a set function without a
 *             result runs out of memory, the next connect call returns
 *             XMPP_EMEM and names that function.
 * Time.       Milliseconds, on a clock that never jumps.
 * Threads.    A context, its connections and its stanzas belong to one thread
 *             at a time. Only xmpp_ctx_post(), xmpp_ctx_wakeup(), xmpp_stop()
 *             and xmpp_ctx_finish() may be called from another thread or from
 *             a signal handler. To send from another thread, post a function
 *             that sends.
 * Signals.    The library changes no signal handler and never causes SIGPIPE.
 * Blocking.   No function waits, except xmpp_run() and xmpp_run_once().
 * Extensions. Each has a header of its own, <xmpp/xep/NAME.h>, which this one
 *             does not include. A library may be built without some of them:
 *             <xmpp/have.h> then lacks the macro XMPP_HAVE_NAME.
 * Failures.   xmpp_conn_get_failure() explains why a connection ended;
 *             xmpp_ctx_get_last_error() explains why a call was refused.
 */

#ifndef XMPP_XMPP_H
#define XMPP_XMPP_H

#include <xmpp/types.h>
#include <xmpp/version.h>
#include <xmpp/ns.h>
#include <xmpp/error.h>
#include <xmpp/ctx.h>
#include <xmpp/time.h>
#include <xmpp/jid.h>
#include <xmpp/precis.h>
#include <xmpp/dict.h>
#include <xmpp/list.h>
#include <xmpp/digest.h>
#include <xmpp/uri.h>
#include <xmpp/stanza.h>
#include <xmpp/build.h>
#include <xmpp/payload.h>
#include <xmpp/option.h>
#include <xmpp/tls.h>
#include <xmpp/transport.h>
#include <xmpp/conn.h>
#include <xmpp/reconnect.h>
#include <xmpp/login.h>
#include <xmpp/fast.h>
#include <xmpp/queue.h>
#include <xmpp/dial.h>
#include <xmpp/send.h>
#include <xmpp/result.h>
#include <xmpp/sm.h>
#include <xmpp/store.h>
#include <xmpp/model.h>
#include <xmpp/handler.h>
#include <xmpp/slot.h>
#include <xmpp/use.h>
#include <xmpp/module.h>

#endif /* XMPP_XMPP_H */
