/* line.c - the server's side of a connection, with TLS or without. */

#include "line.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void give_up(struct line *line)
{
    line_close(line);
    pthread_exit(NULL);
}

void line_flush(struct line *line)
{
    for (size_t at = 0; at < line->waiting;) {
        ssize_t done =
            send(line->fd, line->out + at, line->waiting - at, MSG_NOSIGNAL);

        if (done <= 0) {
            line->waiting = 0;
            give_up(line);
        }
        at += (size_t)done;
    }
    line->waiting = 0;
}

static void store(struct line *line, const char *bytes, size_t n)
{
    if (line->waiting + n > sizeof(line->out))
        line_flush(line);
    memcpy(line->out + line->waiting, bytes, n);
    line->waiting += n;
    if (line->waiting >= LINE_ROOM)
        line_flush(line);
}

/* Records gather, so that the client may read many at a time. */
static ssize_t push(gnutls_transport_ptr_t at, const void *bytes, size_t n)
{
    store(at, bytes, n);
    return (ssize_t)n;
}

static ssize_t pull(gnutls_transport_ptr_t at, void *bytes, size_t n)
{
    struct line *line = at;

    line_flush(line);
    return recv(line->fd, bytes, n, 0);
}

void line_send(struct line *line, const char *bytes, size_t n)
{
    while (n > 0) {
        size_t piece = n < line->record ? n : line->record;

        if (!line->tls)
            store(line, bytes, piece);
        else if (gnutls_record_send(line->tls, bytes, piece) < 0)
            give_up(line);
        bytes += piece;
        n -= piece;
    }
}

void line_say(struct line *line, const char *text)
{
    line_send(line, text, strlen(text));
    line_flush(line);
}

void line_read(struct line *line)
{
    size_t n = strlen(line->seen);
    size_t room = sizeof(line->seen) - n - 1;
    ssize_t got = line->tls
                      ? gnutls_record_recv(line->tls, line->seen + n, room)
                      : recv(line->fd, line->seen + n, room, 0);

    if (got <= 0)
        give_up(line);
    line->seen[n + (size_t)got] = '\0';
}

void line_await(struct line *line, const char *text)
{
    char *at;

    while (!(at = strstr(line->seen, text)))
        line_read(line);
    at += strlen(text);
    memmove(line->seen, at, strlen(at) + 1);
}

void line_begin_tls(struct line *line,
                    gnutls_certificate_credentials_t credentials)
{
    int rc;

    gnutls_init(&line->tls, GNUTLS_SERVER);
    gnutls_set_default_priority(line->tls);
    gnutls_credentials_set(line->tls, GNUTLS_CRD_CERTIFICATE, credentials);
    gnutls_transport_set_ptr(line->tls, line);
    gnutls_transport_set_push_function(line->tls, push);
    gnutls_transport_set_pull_function(line->tls, pull);
    do
        rc = gnutls_handshake(line->tls);
    while (rc < 0 && !gnutls_error_is_fatal(rc));
    if (rc < 0)
        give_up(line);
    line_flush(line);
    line->seen[0] = '\0';
}

void line_close(struct line *line)
{
    if (line->tls)
        gnutls_deinit(line->tls);
    close(line->fd);
    free(line);
}
