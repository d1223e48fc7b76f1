/* outbox.h - what waits to be sent or to be acknowledged, and where each item
 * of it ends. */

#ifndef STREAM_OUTBOX_H
#define STREAM_OUTBOX_H

#include <xmpp/send.h>

#include "base/buf.h"

/* Something the application sent. Bytes are counted from the first one ever.
 * Only what counts can have a handler. */
struct item {
    uint64_t deadline; /* it is not sent from then on; 0: none */
    uint64_t id;       /* names it as long as it is here; they only grow */
    uint64_t start;
    size_t n;
    xmpp_sent_handler handler; /* wants to know what became of it, or NULL */
    void *userdata;
    int status;          /* what became of it, once it is done */
    bool counts;         /* a stanza, as stream management counts them */
    unsigned char blame; /* it was on its way when the peer ended a stream */
    bool passing;        /* worth nothing to a later session, or taken back */
};

/* What became of an item, with a text of its own, because the handler may do
 * anything to the outbox meanwhile. */
struct outcome {
    xmpp_sent_handler handler;
    void *userdata;
    int status;
    struct buf text; /* owned: outbox_reclaim() */
};

/* Who wants to know what becomes of an item, and until when it is worth
 * sending: a time of the loop's clock, 0 for as long as it takes. */
struct tracking {
    xmpp_sent_handler handler;
    void *userdata;
    uint64_t deadline;
};

/* Bytes in order, and the items among them; what lies between items are
 * elements of our own, which nobody needs again once they are sent.
 *
 * An item is waiting, then sent in full, then done. While the outbox `keeps`,
 * a stanza is done when it is acknowledged, else as soon as it is sent. Done
 * items with a handler stay until they are fetched.
 * What was handed to a transport that failed, or is known from a saved state
 * only, may have been sent: if the peer counts it, it was.
 * Invariants: first <= sent <= first + size; done <= written <= items; maybe,
 * listed <= items; an item in front has a handler if it is done. */
struct outbox {
    struct buf bytes; /* from the oldest that may be needed again */
    struct buf items;
    uint64_t first;         /* number of the first of `bytes` */
    uint64_t sent;          /* number of the first that did not leave */
    size_t done, written;   /* so many items in front are done, are sent */
    size_t maybe;           /* and so many may have been sent */
    size_t gone, oldest;    /* while stopped: items that wait and were taken
                               back; the first that may be another */
    size_t listed;          /* so many in front are done or taken back */
    size_t unacked;         /* stanzas that are sent and not done */
    size_t tidy_at;         /* size at which gaps are looked for, 0: first */
    uint64_t ids;           /* so many were given out */
    uint64_t due;           /* when to look for items that are too late, 0: no
                               item has a deadline */
    uint64_t rests;         /* until then nobody looks, see OUTBOX_LOOKS */
    struct outcome refused; /* what the peer refused; handed out as it is */
    bool has_refused;
    bool keeps;
    bool stopped;     /* nothing leaves until outbox_rewind */
    struct buf spare; /* empty, with room for the text of any item that
                        has a handler, unless it is lent */
};

void outbox_init(struct outbox *box, const struct env *env);
void outbox_free(struct outbox *box);

/* All bytes that are held. */
static inline size_t outbox_size(const struct outbox *box)
{
    return buf_size(&box->bytes);
}

/* Those to be sent now. */
struct str outbox_unsent(const struct outbox *box);

/* Those that may leave. What is suspected to end the stream goes alone: what
 * follows it waits until it is acknowledged. */
struct str outbox_ready(const struct outbox *box);
bool outbox_holds(const struct outbox *box);

/* As many of these, up to `most`, as end where an item begins; just so many if
 * an item is longer than that. */
struct str outbox_whole(const struct outbox *box, size_t most);

/* Is the next byte to be sent the first of an item? */
bool outbox_at_item(const struct outbox *box);

size_t outbox_count(const struct outbox *box);
struct item outbox_item(const struct outbox *box, size_t i);
void outbox_store(struct outbox *box, size_t i, const struct item *item);
struct str outbox_text(const struct outbox *box, const struct item *item);

/* All since `size` was one item of the application; `note` has its kind, and
 * its place is filled in here. Memory for its outcome is set aside at once, so
 * that it cannot be out later. 0, XMPP_EMEM. */
int outbox_mark(struct outbox *box, size_t size, const struct item *note);

/* Some bytes at the front left. */
void outbox_sent(struct outbox *box, size_t n);

/* Up to `n` more bytes may have left: the transport failed with them. */
void outbox_doubt(struct outbox *box, size_t n);

/* The peer counts `n` more stanzas than are known to be sent. False, and
 * nothing changes, if not so many may have been. */
bool outbox_presume(struct outbox *box, size_t n);

/* How many stanzas may have been sent, besides those that are known to be. */
size_t outbox_doubted(const struct outbox *box);

/* The oldest `n` stanzas that are sent are acknowledged; n <= unacked. */
void outbox_ack(struct outbox *box, size_t n);

/* From now on nobody acknowledges: what is sent is done. */
void outbox_keep_nothing(struct outbox *box);

/* What is sent, or all of it, is done with this status: given back. Returns how
 * many stanzas have no handler that would hear of it. */
size_t outbox_give_back(struct outbox *box, bool all, int status);

/* The outcome of the next item that is done and has a handler. It waits while
 * another outcome is lent and there is no memory for a second text. */
bool outbox_take_done(struct outbox *box, struct outcome *ret);

/* Whether there may be one: asked after each stanza. */
static inline bool outbox_has_done(const struct outbox *box)
{
    return box->has_refused || box->done;
}

/* The text of an item with the memory for telling. False when memory is out. */
bool outbox_copy(struct outbox *box, const struct item *item, struct buf *ret);

/* The handler has returned: the memory of its outcome serves the next one.
 * NULL: the outbox is gone. */
void outbox_reclaim(struct outbox *box, struct outcome *outcome);

/* The transport is gone: only items stay; one that was sent in part waits. */
void outbox_stop(struct outbox *box);

/* Everything that is not done waits (again). After outbox_stop. */
void outbox_rewind(struct outbox *box);

/* Give back the memory of an empty one. */
void outbox_rest(struct outbox *box);

/* Is the last item that is not done our goodbye, which is worth nothing to a
 * later session? How many of the others are not done? */
bool outbox_says_goodbye(const struct outbox *box);
size_t outbox_owed(const struct outbox *box);

/* Items of which nothing was sent yet. */
int outbox_length(const struct outbox *box);

/* The first item that nothing was sent of. */
size_t outbox_untouched(const struct outbox *box);

/* The first item behind the one with this id that is not done or taken back;
 * the number of items if there is none. */
size_t outbox_after(struct outbox *box, unsigned long id);

/* Take an item back; *ret has a handler if there is one to be called. 0,
 * XMPP_EARG if there is no such item (any more), XMPP_EMEM. */
int outbox_take_back(struct outbox *box, unsigned long id, struct outcome *ret);

/* ---- what is too late, or too long ------------------------------- */

/* What an item has to meet to be sent. */
struct outbox_terms {
    uint64_t now; /* its deadline is later; 0: deadlines are not looked at */
    size_t most;  /* it has no more bytes; 0: no limit */
};

/* Looking for what is too late goes past all items. So between two looks a
 * millisecond passes for each so many of them: however many deadlines there
 * are, one after the other, the time they take is bounded. */
#define OUTBOX_LOOKS 1000

/* Move what is not to be sent any more to another outbox, which is empty at
 * first: all of it is done there, with that status. What left over this
 * transport stays, and so does what the peer may count. 0, or XMPP_EMEM, and
 * nothing changes. */
int outbox_weed(struct outbox *box, const struct outbox_terms *terms,
                int status, struct outbox *ret);

/* The deadline of an item that came or may be sent again. */
void outbox_note_deadline(struct outbox *box, uint64_t deadline);

/* ---- what the peer will not have --------------------------------- */

#define BLAME_GUILTY 4 /* then it is not sent again */

/* The peer ended the stream over what is on its way: each item of that is
 * suspected by so much more. One that was alone and has BLAME_GUILTY is given
 * up, with this status: true. Returns how many were on their way. */
bool outbox_blame(struct outbox *box, unsigned by, int status, size_t *ret_n);

/* `gone`, counted anew. */
void outbox_count_gone(struct outbox *box);

/* Take one of them out: owned text, NULL if there is none. */
char *outbox_drop(struct outbox *box, bool oldest);

#endif
