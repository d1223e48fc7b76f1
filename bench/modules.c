/* modules.c - what a message costs that does not concern the modules in use.
 *
 * usage: modules PORT COUNT MODULES     microseconds of CPU per stanza, and
 *                                       allocations per stanza
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include <xmpp/xmpp.h>

#include "count.h"
#include "xep/many_modules.h"

#define WARM 1000 /* stanzas before counting begins */

static struct {
    long seen;
    double cpu;
    unsigned long allocations;
} run;

static double cpu_now(void)
{
    struct rusage u;

    getrusage(RUSAGE_SELF, &u);
    return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1e6 +
           (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec);
}

static int on_message(xmpp_conn_t *conn, xmpp_stanza_t *stanza, void *userdata)
{
    const char *id = xmpp_stanza_get_id(stanza);

    (void)userdata;
    if (++run.seen == WARM) {
        run.cpu = cpu_now();
        run.allocations = count_allocations;
    }
    if (strcmp(id, "end") == 0) {
        printf("%.4f %.4f\n", (cpu_now() - run.cpu) / (double)(run.seen - WARM),
               (double)(count_allocations - run.allocations) /
                   (double)(run.seen - WARM));
        xmpp_disconnect(conn);
    }
    return 1;
}

static void on_conn(xmpp_conn_t *conn, xmpp_conn_event_t event, int error,
                    xmpp_stream_error_t *stream_error, void *userdata)
{
    (void)error;
    (void)stream_error;
    if (event == XMPP_CONN_CONNECT)
        xmpp_send_take(conn, xmpp_presence_new(userdata));
    else
        xmpp_stop(userdata);
}

int main(int argc, char **argv)
{
    xmpp_ctx_t *ctx = xmpp_ctx_new(NULL, NULL);
    xmpp_conn_t *conn = xmpp_conn_new(ctx);

    if (argc != 4 || atoi(argv[3]) > MANY_MODULES_MOST)
        return 2;
    for (int i = 0; i < atoi(argv[3]); i++)
        if (xmpp_conn_use(conn, many_modules_at((unsigned)i)))
            return 2;
    xmpp_conn_set_flags(conn, XMPP_CONN_FLAG_DISABLE_TLS);
    xmpp_conn_set_jid(conn, "example.org");
    xmpp_handler_add(conn, on_message, NULL, "message", NULL, NULL);
    if (xmpp_connect_client(conn, "127.0.0.1", (unsigned short)atoi(argv[1]),
                            on_conn, ctx))
        return 2;
    xmpp_run(ctx);
    xmpp_conn_release(conn);
    xmpp_ctx_free(ctx);
    return run.seen > WARM ? 0 : 1;
}
