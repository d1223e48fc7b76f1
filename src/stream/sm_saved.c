/* sm_saved.c - a session as bytes, in two forms. */

#include "stream/sm_saved.h"

#include <xmpp/ns.h>

#include "stanza/scan.h"

#define MAGIC "XMPPSM\x01"
#define GOODBYE "<presence type=\"unavailable\"/>" /* as we write it */
#define COUNTS "\t" /* only: nothing that could be said again */
#define STROPHE_MAGIC "\x1a\0\0\0\0"

/* The heads of libstrophe's form. */
enum { S_NUMBER = 0x1a, S_TEXT = 0x7a, S_WAITING = 0x9a, S_UNACKED = 0xba };

/* ---- writing ----------------------------------------------------- */

static void put_head(struct buf *out, unsigned head, uint32_t value)
{
    const char bytes[5] = {(char)head, (char)(value >> 24), (char)(value >> 16),
                           (char)(value >> 8), (char)value};

    buf_put(out, bytes, sizeof(bytes));
}

/* In both forms a head, the length, the bytes. */
static void put_text_record(struct buf *out, unsigned head, struct str text)
{
    put_head(out, head, (uint32_t)text.n);
    buf_puts(out, text);
}

static void put_string(struct buf *out, char tag, const char *s)
{
    if (s)
        put_text_record(out, (unsigned char)tag, str_of(s));
}

static void put_record(struct buf *out, char tag, uint32_t value)
{
    const char bytes[4] = {(char)(value >> 24), (char)(value >> 16),
                           (char)(value >> 8), (char)value};

    put_text_record(out, (unsigned char)tag, str_n(bytes, sizeof(bytes)));
}

/* What was sent is kept if it counts. What waits is kept unless it is neither
 * counted nor wanted. */
static bool is_kept(const struct outbox *box, size_t i, const struct item *item)
{
    return i < box->written ? item->counts : item->counts || !item->passing;
}

static unsigned tag_of(const struct item *item, bool sent)
{
    if (item->passing)
        return sent ? 'g' : 'f';
    if (sent)
        return 'u';
    return item->counts ? 'w' : 'v';
}

void sm_save(const xmpp_sm_state_t *sm, struct buf *out)
{
    const struct outbox *box = &sm->out;

    buf_put(out, MAGIC, sizeof(MAGIC) - 1);
    put_string(out, 'O', sm->owner);
    put_string(out, 'J', sm->jid);
    put_string(out, 'I', sm->id);
    put_string(out, 'L', sm->location);
    put_record(out, 'M', sm->max);
    put_record(out, 'A', sm->acked);
    put_record(out, 'H', sm_handled(sm));
    if (sm->available)
        put_head(out, 'P', 0);
    if (sm->left)
        put_head(out, 'D', 0);
    for (size_t i = box->done; i < outbox_count(box); i++) {
        struct item item = outbox_item(box, i);
        bool sent = i < box->written;

        if (!is_kept(box, i, &item))
            continue;
        if (item.blame)
            put_text_record(out, 'B', str_n((const char *)&item.blame, 1));
        put_text_record(out, tag_of(&item, sent), outbox_text(box, &item));
    }
}

/* That form knows only texts and their numbers. Tabs in front of a text mean
 * nothing to other programs. */
static void put_strophe(struct buf *out, const struct outbox *box,
                        const struct item *item, bool sent)
{
    struct str text = outbox_text(box, item);
    size_t tabs = item->blame;

    if (item->passing && !(sent && str_eq(text, STR(GOODBYE)))) {
        put_text_record(out, S_TEXT, STR(COUNTS));
        return;
    }
    put_head(out, S_TEXT, (uint32_t)(tabs + text.n));
    while (tabs-- > 0)
        buf_puts(out, STR(COUNTS));
    buf_puts(out, text);
}

static void put_waiting(struct buf *out, const struct outbox *box)
{
    size_t count = outbox_count(box), n = 0;

    for (size_t i = box->written; i < count; i++) {
        struct item item = outbox_item(box, i);

        n += is_kept(box, i, &item);
    }
    put_head(out, S_WAITING, (uint32_t)n);
    for (size_t i = box->written; i < count; i++) {
        struct item item = outbox_item(box, i);

        if (is_kept(box, i, &item))
            put_strophe(out, box, &item, false);
    }
}

void sm_save_strophe(const xmpp_sm_state_t *sm, struct buf *out)
{
    const struct outbox *box = &sm->out;
    uint32_t number = sm->acked;

    buf_put(out, STROPHE_MAGIC, sizeof(STROPHE_MAGIC) - 1);
    put_head(out, S_NUMBER, sm_sent(sm));
    put_head(out, S_NUMBER, sm_handled(sm));
    put_text_record(out, S_TEXT, str_of(sm->id));
    put_waiting(out, box);
    put_head(out, S_UNACKED, (uint32_t)box->unacked);
    for (size_t i = box->done; i < box->written; i++) {
        struct item item = outbox_item(box, i);

        if (item.counts) {
            put_head(out, S_NUMBER, number++);
            put_strophe(out, box, &item, true);
        }
    }
}

/* ---- reading ----------------------------------------------------- */

/* `failed` once something was not as it has to be. */
struct source {
    const unsigned char *at;
    size_t n;
    bool failed;
};

static uint32_t read_four_bytes(const void *bytes)
{
    const unsigned char *at = bytes;
    uint32_t value = 0;

    for (size_t i = 0; i < 4; i++)
        value = value << 8 | at[i];
    return value;
}

static uint32_t take_number(struct source *src, unsigned *ret_head)
{
    const unsigned char *at = src->at;

    *ret_head = 0;
    if (src->failed || src->n < 5) {
        src->failed = true;
        return 0;
    }
    src->at += 5;
    src->n -= 5;
    *ret_head = at[0];
    return read_four_bytes(at + 1);
}

static uint32_t expect_number(struct source *src, unsigned head)
{
    unsigned got;
    uint32_t value = take_number(src, &got);

    if (got != head)
        src->failed = true;
    return value;
}

static struct str take_bytes(struct source *src, uint32_t n)
{
    struct str bytes = str_n((const char *)src->at, n);

    if (src->failed || n > src->n) {
        src->failed = true;
        return STR("");
    }
    src->at += n;
    src->n -= n;
    return bytes;
}

static struct str expect_text(struct source *src)
{
    return take_bytes(src, expect_number(src, S_TEXT));
}

/* A saved suspicion stays below guilty: only the end of a stream shows guilt.
 */
static int add_item(struct outbox *box, struct str text, bool counts,
                    bool passing, unsigned blame)
{
    const struct item note = {
        .counts = counts,
        .passing = passing,
        .blame =
            (unsigned char)(blame < BLAME_GUILTY ? blame : BLAME_GUILTY - 1),
    };
    size_t before = outbox_size(box);

    buf_puts(&box->bytes, text);
    return box->bytes.failed ? XMPP_EMEM : outbox_mark(box, before, &note);
}

/* All items so far were sent. */
static void mark_sent(struct outbox *box)
{
    box->keeps = true;
    outbox_sent(box, outbox_unsent(box).n);
}

/* These become C strings, which a NUL would cut. */
static int replace(struct env *env, char **member, struct str text)
{
    if (memchr(text.s, '\0', text.n))
        return XMPP_EARG;
    env_free(env, *member);
    *member = env_strndup(env, text.s, text.n);
    return *member ? 0 : XMPP_EMEM;
}

/* ---- our own form ------------------------------------------------ */

static int load_stanza(xmpp_sm_state_t *sm, char tag, struct str text,
                       unsigned *blame)
{
    bool waits = outbox_unsent(&sm->out).n > 0;
    bool sent = tag == 'u' || tag == 'g';
    int rc;

    /* What was sent stands in front of all that waits: the counts need that
     * order. */
    if (!text.n || (sent && waits))
        return XMPP_EARG;
    rc = add_item(&sm->out, text, tag != 'v', tag == 'g' || tag == 'f', *blame);
    *blame = 0;
    if (rc == 0 && sent)
        mark_sent(&sm->out);
    return rc;
}

static int load_record(xmpp_sm_state_t *sm, char tag, struct str value,
                       unsigned *blame)
{
    const struct {
        char tag;
        char **member;
    } texts[] = {
        {'O', &sm->owner},
        {'J', &sm->jid},
        {'I', &sm->id},
        {'L', &sm->location},
    };
    const struct {
        char tag;
        uint32_t *member;
    } numbers[] = {
        {'M', &sm->max},
        {'A', &sm->acked},
        {'H', &sm->handled},
    };

    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        if (texts[i].tag == tag)
            return replace(sm->env, texts[i].member, value);
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
        if (numbers[i].tag == tag && value.n != 4)
            return XMPP_EARG;
        else if (numbers[i].tag == tag)
            *numbers[i].member = read_four_bytes(value.s);
    /* A tag that is not known is skipped: a later version may have more. */
    if (tag == 'P')
        sm->available = true;
    if (tag == 'D')
        sm->left = true;
    if (tag && strchr("uvwfg", tag))
        return load_stanza(sm, tag, value, blame);
    if (tag == 'B' && value.n == 1)
        *blame = (unsigned char)value.s[0];
    return 0;
}

/* A state that is cut off is refused as a whole: stanzas could be missing. */
static int load_records(xmpp_sm_state_t *sm, struct source *src)
{
    unsigned blame = 0; /* of the item to come */
    int rc = 0;

    while (src->n && rc == 0) {
        unsigned tag;
        uint32_t n = take_number(src, &tag);
        struct str value = take_bytes(src, n);

        rc =
            src->failed ? XMPP_EARG : load_record(sm, (char)tag, value, &blame);
    }
    return rc;
}

/* ---- libstrophe's ------------------------------------------------ */

/* libstrophe's own requests for acknowledgement are among what waits. */
static bool is_nonza(struct str text)
{
    return str_starts(text, STR("<r xmlns='" XMPP_NS_SM "'")) ||
           str_starts(text, STR("<r xmlns=\"" XMPP_NS_SM "\"")) ||
           str_starts(text, STR("<a xmlns=\"" XMPP_NS_SM "\"")) ||
           str_starts(text, STR("<a h="));
}

static int add_strophe(struct outbox *box, struct str text, bool counts,
                       bool passing)
{
    bool only_counts = str_is(text, COUNTS);
    unsigned blame = 0;

    while (!only_counts && str_starts(text, STR(COUNTS))) {
        text = str_n(text.s + 1, text.n - 1);
        blame++;
    }
    return text.n ? add_item(box, text, counts || only_counts,
                             passing || only_counts, blame)
                  : XMPP_EARG;
}

/* What waits stands before what is not acknowledged, but was sent after it:
 * it is read a second time. */
static int load_waiting(xmpp_sm_state_t *sm, struct source src)
{
    uint32_t n = expect_number(&src, S_WAITING);
    int rc = 0;

    for (uint32_t i = 0; i < n && rc == 0; i++) {
        struct str text = expect_text(&src);
        bool counts;

        if (!text.n || is_nonza(text))
            continue;
        scan_element(text, &counts);
        rc = add_strophe(&sm->out, text, counts, false);
    }
    return rc;
}

static void skip_waiting(struct source *src)
{
    uint32_t n = expect_number(src, S_WAITING);

    for (uint32_t i = 0; i < n && !src->failed; i++)
        expect_text(src);
}

static int load_strophe(xmpp_sm_state_t *sm, struct source *src)
{
    uint32_t sent = expect_number(src, S_NUMBER), n;
    struct source waiting;
    struct str id;
    int rc;

    sm->handled = expect_number(src, S_NUMBER);
    id = expect_text(src);
    rc = src->failed || !id.n ? XMPP_EARG : replace(sm->env, &sm->id, id);
    waiting = *src;
    skip_waiting(src);
    n = expect_number(src, S_UNACKED);
    sm->acked = sent - n;
    for (uint32_t i = 0; i < n && rc == 0 && !src->failed; i++) {
        uint32_t number = expect_number(src, S_NUMBER);
        struct str text = expect_text(src);

        if (number != sm->acked + i || !text.n)
            src->failed = true;
        /* There is no mark for our goodbye, but its text is known. */
        sm->left = i == n - 1 && str_eq(text, STR(GOODBYE));
        rc = src->failed ? XMPP_EARG
                         : add_strophe(&sm->out, text, true, sm->left);
    }
    if (rc || src->failed || src->n)
        return rc ? rc : XMPP_EARG;
    mark_sent(&sm->out);
    return load_waiting(sm, waiting);
}

/* The process may have gone on after it saved this, so all may have been sent.
 * A count of the peer decides (sm_acknowledge). */
static void doubt_all(xmpp_sm_state_t *sm)
{
    struct outbox *box = &sm->out;

    sm->restored = box->stopped = true;
    box->maybe = outbox_count(box);
    outbox_count_gone(box);
}

int sm_load(struct env *env, const unsigned char *bytes, size_t n,
            xmpp_sm_state_t **ret)
{
    static const struct {
        const char *magic;
        size_t n;
        int (*load)(xmpp_sm_state_t *sm, struct source *src);
    } forms[] = {
        {MAGIC, sizeof(MAGIC) - 1, load_records},
        {STROPHE_MAGIC, sizeof(STROPHE_MAGIC) - 1, load_strophe},
    };

    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        struct source src = {bytes + forms[i].n, n - forms[i].n, false};
        xmpp_sm_state_t *sm;
        int rc;

        if (n < forms[i].n || memcmp(bytes, forms[i].magic, forms[i].n) != 0)
            continue;
        sm = sm_new(env);
        rc = sm ? forms[i].load(sm, &src) : XMPP_EMEM;
        if (rc == 0) {
            doubt_all(sm);
            *ret = sm;
        } else {
            sm_free(sm);
        }
        return rc;
    }
    return XMPP_EARG;
}
