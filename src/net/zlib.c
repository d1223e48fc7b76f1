/* zlib.c - a stage that compresses (XEP-0138). */

#include "net/zlib.h"

#ifdef HAVE_ZLIB

#include <limits.h>
#include <string.h>
#include <xmpp/error.h>
#define ZLIB_CONST
#include <zlib.h>

#include "base/buf.h"
#include "net/poll.h"

#define RAW 4096    /* bytes read from below at once */
#define PIECE 16384 /* bytes taken of a write */
#define HELD 65536  /* most bytes that wait; a piece never becomes more */
#define EMPTY 32    /* readings of one call that may inflate to nothing */
#define KEPT 16384  /* room for them that stays, so that a write needs none */

/* `raw` holds what was read and not yet inflated. `more`: inflating stopped for
 * lack of room, not of input, so there is more to be had without the socket. */
struct zlib {
    struct stage stage;
    const struct env *env;
    z_stream in, out;
    bool has_in, has_out;
    int mode; /* Z_SYNC_FLUSH, or Z_FULL_FLUSH: each write stands alone */
    struct buf wait;
    char raw[RAW];
    size_t raw_start, raw_end;
    bool more, is_over;
};

static struct zlib *zlib_of(struct stage *stage)
{
    return (struct zlib *)stage;
}

bool zlib_is_there(void)
{
    return true;
}

/* ---- memory ------------------------------------------------------ */

/* zlib, too, takes its memory from the application's allocator. */
static void *allocate(void *env, unsigned n, unsigned size)
{
    return size && n > UINT_MAX / size ? NULL
                                       : env_alloc(env, (size_t)n * size);
}

static void release(void *env, void *p)
{
    env_free(env, p);
}

static bool set_up_streams(struct zlib *z)
{
    z->in.zalloc = z->out.zalloc = allocate;
    z->in.zfree = z->out.zfree = release;
    z->in.opaque = z->out.opaque = (void *)(uintptr_t)z->env;
    z->has_in = inflateInit(&z->in) == Z_OK;
    z->has_out = deflateInit(&z->out, Z_DEFAULT_COMPRESSION) == Z_OK;
    return z->has_in && z->has_out;
}

/* ---- in ---------------------------------------------------------- */

static ssize_t fail_zlib(struct zlib *z, int rc)
{
    if (rc == Z_MEM_ERROR)
        fault_set(z->stage.fault, XMPP_LAYER_APP, XMPP_EMEM, NULL);
    else
        fault_set(z->stage.fault, XMPP_LAYER_STREAM, XMPP_EPROTO,
                  "what the server sent cannot be decompressed");
    return PIPE_FAIL;
}

static ssize_t fetch_raw(struct zlib *z)
{
    struct stage *below = z->stage.below;
    ssize_t n = below->row->read(below, z->raw, sizeof(z->raw));

    z->raw_start = 0;
    z->raw_end = n > 0 ? (size_t)n : 0;
    return n;
}

/* Inflate to `to` what there is; how many bytes that gave. */
static ssize_t unpack(struct zlib *z, char *to, size_t n)
{
    int rc;

    z->in.next_in = (const Bytef *)z->raw + z->raw_start;
    z->in.avail_in = (uInt)(z->raw_end - z->raw_start);
    z->in.next_out = (Bytef *)to;
    z->in.avail_out = (uInt)n;
    rc = inflate(&z->in, Z_SYNC_FLUSH);
    z->raw_start = z->raw_end - z->in.avail_in;
    z->more = z->in.avail_out == 0;
    z->is_over = rc == Z_STREAM_END;
    /* Z_BUF_ERROR: there was no input, or no room; it is not a failure */
    if (rc != Z_OK && rc != Z_BUF_ERROR && rc != Z_STREAM_END)
        return fail_zlib(z, rc);
    return (ssize_t)(n - z->in.avail_out);
}

/* Input may inflate to nothing, as an empty block does: then it reads on, but
 * not for as long as the peer likes. */
static ssize_t zlib_read(struct stage *stage, char *to, size_t n)
{
    struct zlib *z = zlib_of(stage);
    ssize_t got = 0;

    if (n > UINT_MAX)
        n = UINT_MAX;
    for (int i = 0; i < EMPTY && got == 0; i++) {
        if (z->is_over)
            return PIPE_EOF;
        if (!z->more && z->raw_start == z->raw_end) {
            ssize_t rc = fetch_raw(z);

            if (rc < 0)
                return rc;
        }
        got = unpack(z, to, n);
    }
    return got ? got : PIPE_AGAIN;
}

/* The end counts as input: it has to be read although the socket is silent. */
static bool zlib_pending(struct stage *stage)
{
    struct zlib *z = zlib_of(stage);

    return z->more || z->is_over || z->raw_start < z->raw_end ||
           stage->below->row->pending(stage->below);
}

/* ---- out --------------------------------------------------------- */

static int zlib_flush(struct stage *stage)
{
    struct zlib *z = zlib_of(stage);
    int rc = pipe_send_below(stage, &z->wait);

    if (rc == 0 && z->wait.cap > KEPT)
        buf_trim(&z->wait);
    return rc;
}

/* Deflate all of it into `wait`, and flush: the peer has to be able to read a
 * write without waiting for the next one. */
static int pack(struct zlib *z, const char *from, size_t n)
{
    z->out.next_in = (const Bytef *)from;
    z->out.avail_in = (uInt)n;
    do {
        char *to = buf_reserve(&z->wait, RAW);
        int rc;

        if (!to)
            return Z_MEM_ERROR;
        z->out.next_out = (Bytef *)to;
        z->out.avail_out = RAW;
        rc = deflate(&z->out, z->mode);
        if (rc != Z_OK && rc != Z_BUF_ERROR)
            return rc;
        buf_commit(&z->wait, RAW - z->out.avail_out);
    } while (z->out.avail_out == 0);
    return Z_OK;
}

/* Nothing is taken while something waits, so `wait` never has more than one
 * piece in it. */
static ssize_t zlib_write(struct stage *stage, const char *from, size_t n)
{
    struct zlib *z = zlib_of(stage);
    int rc = zlib_flush(stage);

    if (rc)
        return rc;
    if (n > PIECE)
        n = PIECE;
    if (pack(z, from, n) != Z_OK)
        return fail_zlib(z, Z_MEM_ERROR);
    return zlib_flush(stage) == PIPE_FAIL ? PIPE_FAIL : (ssize_t)n;
}

static unsigned zlib_wants(struct stage *stage, unsigned above)
{
    if (buf_size(&zlib_of(stage)->wait))
        above |= POLL_WRITE;
    return stage->below->row->wants(stage->below, above);
}

/* ---- life -------------------------------------------------------- */

static int zlib_progress(struct stage *stage)
{
    (void)stage;
    return 0;
}

static void zlib_free(struct stage *stage)
{
    struct zlib *z = zlib_of(stage);

    if (z->has_in)
        inflateEnd(&z->in);
    if (z->has_out)
        deflateEnd(&z->out);
    buf_wipe(&z->wait);
    env_free(z->env, z);
}

static const struct stage_row row = {
    .name = "zlib",
    .layer = XMPP_LAYER_STREAM,
    .progress = zlib_progress,
    .read = zlib_read,
    .write = zlib_write,
    .flush = zlib_flush,
    .wants = zlib_wants,
    .pending = zlib_pending,
    .close = zlib_flush,
    .free = zlib_free,
};

struct stage *zlib_stage_new(const struct env *env, bool keeps,
                             struct fault *fault)
{
    struct zlib *z = env_zalloc(env, sizeof(*z));

    if (!z)
        return NULL;
    z->stage = (struct stage){&row, NULL, fault};
    z->env = env;
    z->mode = keeps ? Z_SYNC_FLUSH : Z_FULL_FLUSH;
    buf_init(&z->wait, env, HELD);
    if (set_up_streams(z))
        return &z->stage;
    zlib_free(&z->stage);
    return NULL;
}

#else

bool zlib_is_there(void)
{
    return false;
}

struct stage *zlib_stage_new(const struct env *env, bool keeps,
                             struct fault *fault)
{
    (void)env;
    (void)keeps;
    (void)fault;
    return NULL;
}

#endif
