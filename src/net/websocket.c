/* websocket.c - WebSocket as a stage of a pipe (RFC 6455). */

#include "net/websocket.h"

#include <stdio.h>

#include "base/quote.h"
#include "net/http.h"
#include "net/poll.h"
#include "net/websocket_frame.h"

#define RAW 4096       /* bytes read from below at once */
#define PIECE 16384    /* bytes taken of a write */
#define FRAGMENT 16384 /* a longer message leaves in several frames */
/* What one reading can become. It grows only where the content has words of its
 * own: the 16384 bytes of an <open/> may be characters of six when escaped. */
#define IN_SIZE 131072
#define OUT_SIZE (SIZE_MAX / 4) /* only we write there */

/* `raw` is all read before more is fetched. Nothing is taken of a write while
 * something waits in `out`; `payload` is what was taken and has no frame yet.
 * Of several pings only the last is answered (section 5.5.3), so they cannot
 * make us hold more than one. */
struct websocket {
    struct stage stage;
    const struct env *env;
    struct websocket_content *content; /* borrowed */
    bool is_up;
    struct http http; /* the answer to the upgrade, and what came with it */
    char accept[WEBSOCKET_ACCEPT_SIZE];
    char protocol[16];

    struct frame frame;
    bool in_message, begins; /* `begins`: nothing of it was read yet */
    char raw[RAW];
    size_t raw_start, raw_end;
    struct buf in;
    char control[FRAME_CONTROL_MOST]; /* of the control frame in work */
    size_t control_n;
    bool is_closed; /* by the peer, with `code` */
    bool is_broken; /* a failure, when everything before it was read */
    unsigned code;

    struct buf out, payload;
    bool is_begun; /* a frame of the message in work left */
    char pong[FRAME_CONTROL_MOST];
    size_t pong_n;
    bool pong_due, has_ended;
    unsigned close_with; /* why we end it; 0: normally */
};

static struct websocket *websocket_of(struct stage *stage)
{
    return (struct websocket *)stage;
}

/* ---- failures ---------------------------------------------------- */

static int lack_room(struct websocket *ws)
{
    fault_set(ws->stage.fault, XMPP_LAYER_APP, XMPP_EMEM, NULL);
    ws->is_broken = true;
    return PIPE_FAIL;
}

/* The peer hears it when the pipe is closed. */
static int fail_websocket(struct websocket *ws, unsigned close_with,
                          const char *why)
{
    ws->close_with = close_with;
    ws->is_broken = true;
    fault_set(ws->stage.fault, XMPP_LAYER_WEBSOCKET, XMPP_EPROTO,
              "in the WebSocket: %s", why);
    return PIPE_FAIL;
}

/* ---- the upgrade ------------------------------------------------- */

static int websocket_progress(struct stage *stage)
{
    struct websocket *ws = websocket_of(stage);
    const char *why = NULL;
    int rc;

    if (ws->is_up)
        return 0;
    rc = pipe_send_below(stage, &ws->out);
    if (rc == 0)
        rc = http_read(&ws->http, stage->below, &why);
    if (rc == PIPE_EOF)
        why = "it closed the connection without an answer";
    if (rc && !why)
        return rc;
    if (!websocket_agrees(&ws->http, ws->accept, ws->protocol, why,
                          stage->fault))
        return PIPE_FAIL;
    if (!http_left(&ws->http))
        http_free(&ws->http);
    ws->is_up = true;
    return 0;
}

/* ---- control frames ---------------------------------------------- */

/* Its payload stays in `control`: nothing is read behind it. */
static int on_close(struct websocket *ws, struct str payload)
{
    if (payload.n == 1)
        return fail_websocket(ws, CLOSE_PROTOCOL, "half a code of its end");
    if (payload.n)
        ws->code = (unsigned)(unsigned char)payload.s[0] << 8 |
                   (unsigned char)payload.s[1];
    if (payload.n && !frame_is_close_code(ws->code))
        return fail_websocket(ws, CLOSE_PROTOCOL, "a code that is not valid");
    if (payload.n && !str_is_utf8(str_n(payload.s + 2, payload.n - 2)))
        return fail_websocket(ws, CLOSE_ENCODING, "a reason that is not UTF-8");
    ws->is_closed = true;
    ws->close_with = ws->code;
    return 0;
}

/* The peer's end, when everything before it was read. */
static int report_close(struct websocket *ws)
{
    struct quote said;

    if (ws->code == CLOSE_NONE || ws->code == CLOSE_NORMAL ||
        ws->code == CLOSE_AWAY)
        return PIPE_EOF;
    fault_set(ws->stage.fault, XMPP_LAYER_WEBSOCKET, XMPP_EEOF, "code %u: %s",
              ws->code,
              quote(&said, str_n(ws->control + 2, ws->control_n - 2)));
    return PIPE_FAIL;
}

static int on_control(struct websocket *ws)
{
    struct str payload = str_n(ws->control, ws->control_n);

    if (ws->frame.opcode == FRAME_CLOSE)
        return on_close(ws, payload);
    if (ws->frame.opcode == FRAME_PING) {
        memcpy(ws->pong, payload.s, payload.n);
        ws->pong_n = payload.n;
        ws->pong_due = true;
    }
    return 0;
}

/* ---- in ---------------------------------------------------------- */

static int on_frame(struct websocket *ws)
{
    unsigned opcode = ws->frame.opcode;

    ws->control_n = 0;
    if (opcode == FRAME_CLOSE || opcode == FRAME_PING || opcode == FRAME_PONG)
        return 0;
    if (opcode == FRAME_BINARY)
        return fail_websocket(ws, CLOSE_TYPE, "a binary message");
    if (opcode != FRAME_TEXT && opcode != FRAME_MORE)
        return fail_websocket(ws, CLOSE_PROTOCOL, "a frame of unknown kind");
    if (ws->in_message != (opcode == FRAME_MORE))
        return fail_websocket(ws, CLOSE_PROTOCOL,
                              ws->in_message
                                  ? "a message inside of another"
                                  : "the rest of a message without its begin");
    if (!ws->in_message)
        ws->begins = true;
    ws->in_message = true;
    return 0;
}

/* A piece of the payload; `ends`: the last of its message. */
static int on_data(struct websocket *ws, struct str piece, bool ends)
{
    const char *why = NULL;
    int rc =
        ws->content->get(ws->content, piece, ws->begins, ends, &ws->in, &why);

    ws->begins = false;
    ws->in_message = !ends;
    if (rc == XMPP_EMEM || ws->in.failed)
        return lack_room(ws);
    return rc ? fail_websocket(ws, CLOSE_PROTOCOL, why) : 0;
}

static int on_payload(struct websocket *ws, struct str piece)
{
    bool is_whole = ws->frame.left == 0;
    int rc = 0;

    if (!frame_is_control(&ws->frame)) {
        rc = on_data(ws, piece, is_whole && ws->frame.is_last);
    } else {
        memcpy(ws->control + ws->control_n, piece.s, piece.n);
        ws->control_n += piece.n;
        if (is_whole)
            rc = on_control(ws);
    }
    if (is_whole)
        ws->frame = (struct frame){.head_n = 0};
    return rc;
}

/* Read what is in `raw`. Behind the peer's end nothing counts. */
static int unpack_raw(struct websocket *ws)
{
    int rc = 0;

    while (rc == 0 && !ws->is_closed && ws->raw_start < ws->raw_end) {
        struct str rest =
            str_n(ws->raw + ws->raw_start, ws->raw_end - ws->raw_start);
        const char *why = NULL;
        size_t used;

        if (!ws->frame.is_open) {
            ws->raw_start += frame_read(&ws->frame, rest.s, rest.n, &why);
            if (why)
                return fail_websocket(ws, CLOSE_PROTOCOL, why);
            if (!ws->frame.is_open)
                continue;
            rc = on_frame(ws);
            if (rc == 0 && ws->frame.left == 0)
                rc = on_payload(ws, STR(""));
            continue;
        }
        used = rest.n < ws->frame.left ? rest.n : (size_t)ws->frame.left;
        ws->raw_start += used;
        ws->frame.left -= used;
        rc = on_payload(ws, str_n(rest.s, used));
    }
    return rc;
}

static ssize_t fetch_some(struct websocket *ws)
{
    struct stage *below = ws->stage.below;
    ssize_t n = (ssize_t)http_take(&ws->http, ws->raw, RAW);

    if (n == 0)
        n = below->row->read(below, ws->raw, RAW);
    ws->raw_start = 0;
    ws->raw_end = n > 0 ? (size_t)n : 0;
    return n;
}

/* One reading from below, so that a peer that sends only pings does not keep
 * others from their turn. */
static int websocket_receive(struct websocket *ws)
{
    ssize_t n;

    if (ws->is_broken)
        return PIPE_FAIL;
    if (ws->is_closed)
        return report_close(ws);
    n = fetch_some(ws);
    if (n < 0)
        return (int)n;
    return unpack_raw(ws);
}

static ssize_t websocket_read(struct stage *stage, char *to, size_t n)
{
    struct websocket *ws = websocket_of(stage);
    int rc = buf_size(&ws->in) ? 0 : websocket_receive(ws);
    struct str bytes = buf_view(&ws->in);

    if (rc && !bytes.n)
        return rc;
    if (!bytes.n)
        return PIPE_AGAIN;
    n = n < bytes.n ? n : bytes.n;
    memcpy(to, bytes.s, n);
    buf_consume(&ws->in, n);
    return (ssize_t)n;
}

/* The end counts as input: it has to be read although the socket is silent. */
static bool websocket_pending(struct stage *stage)
{
    struct websocket *ws = websocket_of(stage);

    return buf_size(&ws->in) || ws->is_closed || ws->is_broken ||
           http_left(&ws->http) || stage->below->row->pending(stage->below);
}

/* ---- out --------------------------------------------------------- */

static int put_frame(struct websocket *ws, unsigned opcode, bool is_last,
                     struct str payload)
{
    if (!frame_write(&ws->out, opcode, is_last, payload)) {
        fault_set(ws->stage.fault, XMPP_LAYER_APP, XMPP_EINT,
                  "no random numbers for a mask");
        return PIPE_FAIL;
    }
    return ws->out.failed ? lack_room(ws) : 0;
}

/* A message that is nothing, such as the spaces between two elements, is not
 * sent. */
static int put_message(struct websocket *ws, bool ends)
{
    struct str payload = buf_view(&ws->payload);
    unsigned opcode = ws->is_begun ? FRAME_MORE : FRAME_TEXT;
    int rc;

    if (!payload.n && !ws->is_begun)
        return 0;
    rc = put_frame(ws, opcode, ends, payload);
    ws->is_begun = !ends;
    buf_clear(&ws->payload);
    return rc;
}

/* Before it is up only progress() sends, as the one below may not be up. */
static int websocket_flush(struct stage *stage)
{
    struct websocket *ws = websocket_of(stage);
    int rc = ws->is_up ? pipe_send_below(stage, &ws->out) : 0;

    if (rc == 0 && ws->pong_due && !ws->has_ended) {
        ws->pong_due = false;
        rc = put_frame(ws, FRAME_PONG, true, str_n(ws->pong, ws->pong_n));
        if (rc == 0)
            rc = pipe_send_below(stage, &ws->out);
    }
    return rc;
}

static int pack_bytes(struct websocket *ws, const char *from, size_t n)
{
    int rc = 0;

    while (n && rc == 0) {
        bool ends = false;
        size_t used =
            ws->content->put(ws->content, str_n(from, n), &ws->payload, &ends);

        from += used;
        n -= used;
        if (ws->payload.failed)
            rc = lack_room(ws);
        else if (ends || buf_size(&ws->payload) >= FRAGMENT)
            rc = put_message(ws, ends);
    }
    return rc;
}

static ssize_t websocket_write(struct stage *stage, const char *from, size_t n)
{
    struct websocket *ws = websocket_of(stage);
    int rc = websocket_flush(stage);

    if (rc)
        return rc;
    n = n > PIECE ? PIECE : n;
    rc = pack_bytes(ws, from, n);
    if (rc == 0 && !buf_size(&ws->payload) && frame_is_ping(str_n(from, n)))
        rc = put_frame(ws, FRAME_PING, true, STR(""));
    if (rc == 0)
        rc = websocket_flush(stage);
    return rc == PIPE_FAIL ? PIPE_FAIL : (ssize_t)n;
}

static unsigned websocket_wants(struct stage *stage, unsigned above)
{
    struct websocket *ws = websocket_of(stage);

    if (!ws->is_up)
        above = POLL_READ;
    if (buf_size(&ws->out) || (ws->pong_due && !ws->has_ended))
        above |= POLL_WRITE;
    return stage->below->row->wants(stage->below, above);
}

/* ---- life -------------------------------------------------------- */

/* The peer's end is not waited for: it comes behind that of the stream, and
 * nobody would read it (section 7.1.1 lets the server close TCP first). */
static int websocket_close(struct stage *stage)
{
    struct websocket *ws = websocket_of(stage);
    unsigned code = ws->close_with ? ws->close_with : CLOSE_NORMAL;
    const char payload[] = {(char)(code >> 8), (char)code};

    if (!ws->is_up)
        return 0;
    if (!ws->has_ended &&
        put_frame(ws, FRAME_CLOSE, true, str_n(payload, sizeof(payload))))
        return PIPE_FAIL;
    ws->has_ended = true;
    return pipe_send_below(stage, &ws->out);
}

static void websocket_free(struct stage *stage)
{
    struct websocket *ws = websocket_of(stage);

    http_free(&ws->http);
    buf_free(&ws->in);
    buf_wipe(&ws->out);
    buf_wipe(&ws->payload);
    env_free(ws->env, ws);
}

static const struct stage_row row = {
    .name = "websocket",
    .layer = XMPP_LAYER_WEBSOCKET,
    .progress = websocket_progress,
    .read = websocket_read,
    .write = websocket_write,
    .flush = websocket_flush,
    .wants = websocket_wants,
    .pending = websocket_pending,
    .close = websocket_close,
    .free = websocket_free,
};

struct stage *websocket_stage_new(const struct env *env, struct stage *below,
                                  const struct websocket_wanted *wanted,
                                  struct fault *fault)
{
    struct websocket *ws = env_zalloc(env, sizeof(*ws));
    bool good;

    if (!ws)
        return NULL;
    ws->stage = (struct stage){&row, below, fault};
    ws->env = env;
    ws->content = wanted->content;
    snprintf(ws->protocol, sizeof(ws->protocol), "%s", wanted->protocol);
    http_init(&ws->http, env);
    buf_init(&ws->in, env, IN_SIZE);
    buf_init(&ws->out, env, OUT_SIZE);
    buf_init(&ws->payload, env, OUT_SIZE);
    ws->out.is_secret = ws->payload.is_secret = true; /* passwords, too */
    good = websocket_request(wanted, &ws->out, ws->accept);
    if (!good)
        fault_set(fault, XMPP_LAYER_APP, XMPP_EINT,
                  "no random numbers for the WebSocket");
    if (good && !ws->out.failed)
        return &ws->stage;
    websocket_free(&ws->stage);
    return NULL;
}
