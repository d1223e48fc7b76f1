/* http_body.h - the content of an HTTP response (RFC 9112 section 6), gathered
 * within a limit. */

#ifndef NET_HTTP_BODY_H
#define NET_HTTP_BODY_H

#include "base/buf.h"
#include "net/http.h"

#define HTTP_BODY_MOST 65536  /* bytes of the content */
#define HTTP_CHUNK_MOST 256   /* bytes of a line between two chunks */
#define HTTP_CHUNKS_MOST 4096 /* such lines, trailer fields included */

/* Where its end is: after so many bytes, by chunks, or where the peer closes.
 * Invariant: `line` and `left` are of what is being read. */
struct http_body {
    enum {
        BODY_COUNTED,   /* `left` bytes */
        BODY_OPEN,      /* all until the end of the connection */
        BODY_SIZE,      /* the line in front of a chunk */
        BODY_CHUNK,     /* `left` bytes of it */
        BODY_CHUNK_END, /* the line break behind it */
        BODY_TRAILER,   /* lines behind the last chunk; an empty one ends it */
        BODY_DONE
    } state;
    size_t left;
    char line[HTTP_CHUNK_MOST];
    size_t line_n;
    unsigned lines;
    struct buf bytes; /* the content so far */
};

/* The content of this response to a GET, whose head is complete. NULL, or a
 * sentence fragment: why it is refused. http_body_free() in both cases. */
const char *http_body_init(struct http_body *body, const struct env *env,
                           const struct http *http);

/* What came next; `n` 0: nothing came, the connection ended. 1: the content is
 * complete, and what follows it is ignored; 0: more has to come; PIPE_FAIL, and
 * *ret_why is a sentence fragment, or NULL when memory is out. */
int http_body_feed(struct http_body *body, const char *bytes, size_t n,
                   const char **ret_why);

void http_body_free(struct http_body *body);

#endif
