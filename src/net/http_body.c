/* http_body.c - the content of an HTTP response (RFC 9112 section 6), gathered
 * within a limit. */

#include "net/http_body.h"

#include "base/code.h"

#define TOO_LONG "its answer is too long"
#define MALFORMED "the chunks of its answer are malformed"

/* ---- where it ends ----------------------------------------------- */

static const char *take_length(struct http_body *body, const struct http *http)
{
    unsigned long n;

    if (http_count(http, "Content-Length") > 1 ||
        !str_number(http_field(http, "Content-Length"), 1000000000, &n))
        return "its answer has no valid Content-Length";
    if (n > HTTP_BODY_MOST)
        return TOO_LONG;
    body->state = n ? BODY_COUNTED : BODY_DONE;
    body->left = n;
    return NULL;
}

/* A length beside chunks is how requests are smuggled (section 6.3). No other
 * coding was asked for. */
static const char *read_framing(struct http_body *body, const struct http *http)
{
    bool has_length = http_field(http, "Content-Length").s != NULL;
    struct str transfer = http_field(http, "Transfer-Encoding");
    struct str content = http_field(http, "Content-Encoding");

    if (content.n && !str_eq_nocase(content, STR("identity")))
        return "its answer is compressed, which was not asked for";
    if (!transfer.s && has_length)
        return take_length(body, http);
    if (!transfer.s)
        body->state = BODY_OPEN;
    else if (has_length || http_count(http, "Transfer-Encoding") > 1 ||
             !str_eq_nocase(transfer, STR("chunked")))
        return "its answer has a transfer coding that is not supported";
    return NULL;
}

const char *http_body_init(struct http_body *body, const struct env *env,
                           const struct http *http)
{
    *body = (struct http_body){.state = BODY_SIZE};
    buf_init(&body->bytes, env, HTTP_BODY_MOST);
    return read_framing(body, http);
}

/* ---- lines between chunks ---------------------------------------- */

/* In hex; a ';' begins extensions, which are ignored (section 7.1.1). The limit
 * of the content keeps the number small. */
static const char *take_size(struct http_body *body, struct str line)
{
    size_t n = 0, i = 0;

    for (; i < line.n && hex_value(line.s[i]) >= 0; i++) {
        n = n << 4 | (size_t)hex_value(line.s[i]);
        if (n > HTTP_BODY_MOST)
            return TOO_LONG;
    }
    if (!i || (i < line.n && !strchr("; \t", line.s[i])))
        return MALFORMED;
    body->left = n;
    body->state = n ? BODY_CHUNK : BODY_TRAILER;
    return NULL;
}

static const char *take_body_line(struct http_body *body, struct str line)
{
    switch (body->state) {
    case BODY_SIZE:
        return take_size(body, line);
    case BODY_CHUNK_END:
        body->state = BODY_SIZE;
        return line.n ? MALFORMED : NULL;
    default:
        if (!line.n)
            body->state = BODY_DONE;
        return NULL;
    }
}

/* One byte of a line, which CRLF ends. */
static const char *add_to_line(struct http_body *body, char c)
{
    size_t n = body->line_n;

    if (n && body->line[n - 1] == '\r') {
        body->line_n = 0;
        if (c != '\n' || ++body->lines > HTTP_CHUNKS_MOST)
            return MALFORMED;
        return take_body_line(body, str_n(body->line, n - 1));
    }
    if (n == sizeof(body->line) || c == '\n' || c == '\0')
        return MALFORMED;
    body->line[body->line_n++] = c;
    return NULL;
}

/* ---- bytes ------------------------------------------------------- */

/* So many of them are content. */
static size_t content_span(const struct http_body *body, size_t n)
{
    if (body->state == BODY_OPEN)
        return n;
    return n < body->left ? n : body->left;
}

static void after_content(struct http_body *body, size_t n)
{
    if (body->state == BODY_OPEN)
        return;
    body->left -= n;
    if (!body->left)
        body->state = body->state == BODY_CHUNK ? BODY_CHUNK_END : BODY_DONE;
}

static bool is_at_content(const struct http_body *body)
{
    return body->state == BODY_COUNTED || body->state == BODY_OPEN ||
           body->state == BODY_CHUNK;
}

static int http_body_end(struct http_body *body, const char **ret_why)
{
    if (body->state == BODY_OPEN)
        body->state = BODY_DONE;
    if (body->state == BODY_DONE)
        return 1;
    *ret_why = "it closed the connection in the middle of its answer";
    return PIPE_FAIL;
}

int http_body_feed(struct http_body *body, const char *bytes, size_t n,
                   const char **ret_why)
{
    *ret_why = NULL;
    if (!n)
        return http_body_end(body, ret_why);
    while (n && body->state != BODY_DONE && !*ret_why) {
        size_t taken = 1;

        if (is_at_content(body)) {
            taken = content_span(body, n);
            if (buf_size(&body->bytes) + taken > HTTP_BODY_MOST)
                *ret_why = TOO_LONG;
            else
                buf_put(&body->bytes, bytes, taken);
            if (body->bytes.failed)
                return PIPE_FAIL;
            after_content(body, taken);
        } else {
            *ret_why = add_to_line(body, *bytes);
        }
        bytes += taken;
        n -= taken;
    }
    return *ret_why ? PIPE_FAIL : body->state == BODY_DONE;
}

void http_body_free(struct http_body *body)
{
    buf_free(&body->bytes);
}
