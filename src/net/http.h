/* http.h - the head of an HTTP response (RFC 9112), as stages need it: they
 * request once and read one answer. */

#ifndef NET_HTTP_H
#define NET_HTTP_H

#include "base/buf.h"
#include "net/pipe.h"

#define HTTP_HEAD_MOST 16384 /* bytes of the head, interim ones included */
#define HTTP_INTERIM_MOST 8  /* responses 1xx before the final one */

/* `bytes` has the head while it is read; then the head up to `end`, and behind
 * that what came with it. The caller takes that by http_take(). */
struct http {
    struct buf bytes;
    size_t end; /* of the head, once it is complete */
    bool is_complete;
    unsigned status;
    unsigned interim; /* responses so far */
};

void http_init(struct http *http, const struct env *env);

/* Nobody reads it any more. */
void http_free(struct http *http);

/* Read until the head is complete: 0. PIPE_AGAIN, PIPE_EOF, PIPE_FAIL as the
 * stage below; PIPE_FAIL also for what is not HTTP or too long, and *ret_why is
 * a sentence fragment then, else NULL. */
int http_read(struct http *http, struct stage *below, const char **ret_why);

/* The words behind the status; may be empty. */
struct str http_reason(const struct http *http);

/* The value of the field with this name, without the spaces around it;
 * STR_NONE: there is none. With several fields of one name it is the first. */
struct str http_field(const struct http *http, const char *name);
unsigned http_count(const struct http *http, const char *name);

/* Whether a list of tokens has this one, in any case. */
bool http_list_has(struct str list, const char *token);

/* The same of all fields with this name, which are one list (RFC 9110 section
 * 5.3). */
bool http_has(const struct http *http, const char *name, const char *token);

/* Move bytes that came behind the head; how many. */
size_t http_take(struct http *http, char *to, size_t n);
size_t http_left(const struct http *http);

#endif
