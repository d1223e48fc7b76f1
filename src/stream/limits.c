/* limits.c - the limits of the reader, how much it reads at once, and the
 * warning about a stanza above a limit. */

#include "stream/limits.h"

#include "base/quote.h"
#include "stanza/find.h"

/* Once the address is ours strangers may write to it, so their stanzas have the
 * limits of a session. */
static bool is_open_to_strangers(const struct stream *s)
{
    return s->phase >= PHASE_UP || (s->phase == PHASE_LOGIN &&
                                    negotiation_step(s->login)->hears_stanzas);
}

/* They are set again for each piece of input, because options may change while
 * a stream lives. That is cheaper than a notice of each change. Nothing is
 * skipped during the login or in raw mode: the element is the server's own, or
 * the application counts stanzas (XEP-0198). */
void limits_set(struct stream *s)
{
    const int32_t *o = s->wanted->options;
    bool up = is_open_to_strangers(s);

    s->limits = (struct reader_limits){
        .depth = (size_t)o[XMPP_OPT_MAX_DEPTH],
        .stanza =
            (size_t)o[up ? XMPP_OPT_MAX_STANZA : XMPP_OPT_MAX_LOGIN_STANZA],
        .tree = (size_t)o[XMPP_OPT_MAX_STANZA_MEMORY],
        .gap = (size_t)o[XMPP_OPT_MAX_GAP],
        .attributes = (size_t)o[XMPP_OPT_MAX_ATTRIBUTES],
        .names = (size_t)o[XMPP_OPT_MAX_NAMES],
        .name_bytes = (size_t)o[XMPP_OPT_MAX_NAME_BYTES],
        .more_names = (size_t)o[XMPP_OPT_MAX_STANZA_NAMES],
        .skipped = up && s->wanted->kind != STREAM_RAW
                       ? (size_t)o[XMPP_OPT_MAX_SKIPPED]
                       : 0,
        .content =
            s->wanted->kind == STREAM_COMPONENT ? NS_COMPONENT : NS_CLIENT,
    };
}

/* The trees of one piece are freed before those of the next are built: so the
 * spare chunks suffice (arena.c keeps 32 pages). Stanzas of a few bytes each
 * take as much memory as others, so they are read in shorter pieces. But with
 * each piece the code of the parser and that of the handlers take turns in the
 * cache: half as long ones cost two to three hundredths more time. */
#define LONG 8192 /* bytes, to begin with */
#define SHORT 256
#define MANY 31 /* elements of a piece: the next one is shorter */
#define FEW 8

size_t limits_piece(struct stream *s, size_t n)
{
    if (!s->piece)
        s->piece = LONG;
    else if (s->given > MANY && s->piece > SHORT)
        s->piece /= 2;
    else if (s->given < FEW && s->piece_is_whole && s->piece < LONG)
        s->piece *= 2;
    s->given = 0;
    s->piece_is_whole = n >= s->piece;
    return n < s->piece ? n : s->piece;
}

void limits_log_skipped(struct stream *s, const xmpp_stanza_t *stub,
                        const struct reader_excess *excess)
{
    static const char *const options[] = {
        [READER_GAP] = "GAP",
        [READER_ATTRIBUTES] = "ATTRIBUTES",
        [READER_DEPTH] = "DEPTH",
        [READER_NAMES] = "STANZA_NAMES",
        [READER_STANZA_SIZE] = "STANZA",
        [READER_MEMORY] = "STANZA_MEMORY",
    };
    struct str from = node_attr(stub, N_FROM);
    struct quote name, sender;

    env_log(s->env, XMPP_LEVEL_WARN, "xmpp",
            "skipped: <%s/> from %s, %llu bytes: %s (%llu, XMPP_OPT_MAX_%s "
            "is %llu)",
            quote(&name, node_name(stub)),
            from.s ? quote(&sender, from) : "the server",
            (unsigned long long)excess->bytes, excess->what,
            (unsigned long long)excess->reached, options[excess->which],
            (unsigned long long)excess->limit);
}
