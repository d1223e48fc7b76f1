/* line.h - the server's side of a connection, with TLS or without. */

#ifndef BENCH_LINE_H
#define BENCH_LINE_H

#include <gnutls/gnutls.h>
#include <stddef.h>

#define LINE_ROOM 65536

struct line {
    int fd;
    gnutls_session_t tls; /* or NULL */
    size_t record;        /* most bytes in a record */
    char seen[LINE_ROOM]; /* text that came and was not taken */
    char out[2 * LINE_ROOM];
    size_t waiting; /* bytes in `out`: records that are sent together */
};

/* Each of these ends the thread if the other side is gone. */
void line_send(struct line *line, const char *bytes, size_t n);
void line_say(struct line *line, const char *text);
void line_flush(struct line *line);

/* Read more; it stands at the end of `seen`. */
void line_read(struct line *line);

/* Read until the text has come, and take all up to its end. */
void line_await(struct line *line, const char *text);

void line_begin_tls(struct line *line,
                    gnutls_certificate_credentials_t credentials);
void line_close(struct line *line);

#endif
