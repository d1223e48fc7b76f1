/* tls_alerts.c - a server that goes away says why first, and that is what is
 * told: not that it did not take what we were about to say. */

#include <sys/socket.h>
#include <unistd.h>

#include "net/tls_pair.h"
#include "net/poll.h"

static struct certmaker certmaker;
static struct tls_pair *eager; /* its server answers between our writes */
static gnutls_alert_description_t alert;

/* The server looks at what has come; it gives up with an alert, and closes. */
static void serve(struct tls_pair *b)
{
    if (b->fd < 0)
        return;
    b->server_said = gnutls_handshake(b->server);
    if (b->server_said < 0 && gnutls_error_is_fatal(b->server_said)) {
        gnutls_alert_send(b->server, GNUTLS_AL_FATAL, alert);
        close(b->fd);
        b->fd = -1;
    }
}

ssize_t __real_send(int fd, const void *from, size_t n, int flags);
ssize_t __wrap_send(int fd, const void *from, size_t n, int flags);
ssize_t __wrap_send(int fd, const void *from, size_t n, int flags)
{
    ssize_t sent = __real_send(fd, from, n, flags);

    if (eager)
        serve(eager);
    return sent;
}

static int shake(struct tls_pair *b)
{
    int rc = PIPE_AGAIN;

    for (int i = 0; i < ROUNDS && rc == PIPE_AGAIN; i++) {
        rc = pipe_progress(&b->pipe);
        if (eager)
            serve(b);
    }
    return rc;
}

static void names(struct tls_pair *b, const char *says, const char *what)
{
    char byte;
    int rc;

    eager = b;
    rc = shake(b);
    eager = NULL;
    if (rc == 0) /* in TLS 1.3 we are through before the server is */
        rc = (int)tls_pair_read(b, &byte);
    is_int(rc, PIPE_FAIL, "%s: it fails", what);
    is_int(b->fault.layer, XMPP_LAYER_TLS, "%s: in TLS", what);
    is_int(b->fault.code, XMPP_ETLS, "%s: as a handshake", what);
    is_str(b->fault.detail, says, "%s: the alert is named", what);
    tls_pair_close(b, what);
}

#define NONE_SET " (it requested a client certificate; none is set)"

/* Our certificate is demanded, and there is none. */
static void demanded(bool tcp, const char *priority,
                     gnutls_alert_description_t by, const char *says)
{
    struct tls_pair b;

    tls_pair_init(&b, &certmaker);
    b.demands = true;
    b.tcp = tcp;
    b.priority = priority;
    alert = by;
    tls_pair_open(&b, &certmaker);
    names(&b, says, priority ? priority : "TLS 1.3");
}

/* The socket itself: what was said before the end is read to it, and only then
 * it fails; at once where there is nothing, or nobody who wants to read. */
static void last_words(bool tcp, bool said, bool wanted)
{
    char what[60], byte = 0;
    ssize_t n = 1, got = 0;
    struct tls_pair b;

    snprintf(what, sizeof(what), "%s, %s, %s", tcp ? "TCP" : "a pair",
             said ? "said why" : "silent", wanted ? "heard" : "not heard");
    tls_pair_init(&b, &certmaker);
    b.tcp = tcp;
    tls_pair_open(&b, &certmaker);
    if (said && send(b.fd, "why", 3, 0) != 3)
        bail("nothing can be said");
    close(b.fd);
    b.fd = -1;
    for (int i = 0; i < ROUNDS && n > 0; i++)
        n = b.pipe.top->below->row->write(b.pipe.top->below, "x", 1);
    is_int(n, said ? PIPE_AGAIN : PIPE_FAIL, "%s: it is not taken", what);
    is_int(fault_is_set(&b.fault), !said, "%s: told or not yet", what);
    b.pipe.top->below->row->wants(b.pipe.top->below, wanted ? POLL_READ : 0);
    while (said && wanted &&
           (n = b.pipe.top->below->row->read(b.pipe.top->below, &byte, 1)) > 0)
        got += n;
    if (!wanted)
        n = b.pipe.top->below->row->write(b.pipe.top->below, "x", 1);
    is_int(n, PIPE_FAIL, "%s: then it is over", what);
    is_int(got, said && wanted ? 3 : 0, "%s: what was said", what);
    is_int(b.fault.code, XMPP_ELOST, "%s: and lost", what);
    tls_pair_close(&b, what);
}

int main(void)
{
    certmaker_open(&certmaker);
    certmaker_files(&certmaker, &(struct cert_spec){.dns = {"example.org"}},
                    "good");
    for (int tcp = 0; tcp < 2; tcp++) {
        demanded(tcp, "NORMAL:-VERS-ALL:+VERS-TLS1.2",
                 GNUTLS_A_HANDSHAKE_FAILURE,
                 "the server sent an alert: Handshake failed" NONE_SET);
        demanded(tcp, NULL, GNUTLS_A_CERTIFICATE_REQUIRED,
                 "the server sent an alert: Certificate is required" NONE_SET);
        for (int how = 0; how < 4; how++)
            last_words(tcp, how & 1, how & 2);
    }
    certmaker_close(&certmaker);
    return done_testing();
}
