/* sync_world.h - a server with an archive, a client whose engine is under test,
 * and an application with a database, for schedules with faults. */

#ifndef TESTS_XEP_SYNC_WORLD_H
#define TESTS_XEP_SYNC_WORLD_H

#include <stdbool.h>

#include "failmem.h"
#include "xmpp/xep/sync_line.h"

#define WORLD_MOST 2000 /* messages of a schedule */
#define WORLD_PAGE 7

/* What a schedule may have beside cuts, lost sessions and ends of the process.
 */
enum {
    WORLD_EXPIRES = 1,   /* the archive forgets its oldest messages */
    WORLD_NAMELESS = 2,  /* some messages arrive without their id */
    WORLD_DIES = 4,      /* the process is killed inside of an order */
    WORLD_STARVES = 8,   /* memory is short */
    WORLD_FAILS = 16,    /* the archive fails now and then */
    WORLD_OVERTAKES = 32 /* messages overtake others, and are lost while a
                          * session is resumed; ours of a lost session may be
                          * handled late */
};

/* One that the server has handled. */
struct world_message {
    char id[24], own[24];
    int by; /* enum world_sender */
    bool is_archived;
    bool is_expired;
    int delivered; /* how often */
};

enum world_sender { BY_PEER, BY_OTHER_CLIENT, BY_US };

/* What the server has sent and what is not acknowledged. */
struct world_sent {
    int message; /* its place; or a page, and then -1 */
    bool is_delayed, is_nameless;
    long number; /* of a page */
    int items[WORLD_PAGE], count;
    bool is_complete, is_missing, is_failed;
};

struct world_asked {
    long number;
    bool is_last;
    char after[24];
    bool is_first;
};

/* Of a message of ours, in the database. */
struct world_own {
    char id[24], after[24];
    bool has_after, is_sent, is_settled, is_open;
    int wire;        /* enum world_wire */
    int settled;     /* how often */
    bool is_unknown; /* it was given up: it may be in a gap */
};

enum world_wire { WIRE_NONE, WIRE_OUT, WIRE_THERE, WIRE_CUT, WIRE_LATE };

struct world {
    unsigned long long random;
    int kind;
    const char *wrong;             /* what went wrong first */
    unsigned cuts, puts, nameless; /* percent of what there may be of them */
    /* the server */
    struct world_message all[WORLD_MOST];
    int count, oldest;
    struct world_sent queue[2 * WORLD_MOST];
    int queued, got;
    struct world_asked asked[64];
    int asked_count;
    bool has_session;
    /* the client */
    struct failmem mem;
    xmpp_ctx_t *ctx;
    xmpp_sync_line_t *line;
    xmpp_sync_limits_t limits;
    bool up, resumable, is_dead;
    /* the database */
    char *notes;
    struct world_own own[WORLD_MOST];
    int own_count;
    int last; /* the last archived one that was delivered */
    int delivered, gap_count;
    struct world_gap {
        int after, before;
    } gaps[WORLD_MOST];
};

/* ---- the server, and chance -------------------------------------- */

unsigned world_draw(struct world *w, unsigned below);
bool world_chance(struct world *w, unsigned percent);
void world_wrong(struct world *w, const char *what);

/* How often something happens in this schedule. Returns how long it is. */
int world_set_pace(struct world *w);

/* The place of a message by its id; -1 without one. */
int world_find(const struct world *w, const char *id);

/* A message is archived, and on its way to the client. */
void world_put(struct world *w, int by, const char *own);

/* Answer the oldest request. */
void world_execute(struct world *w);

/* How often the archive has this message of ours. */
int world_copies(const struct world *w, const char *own);

/* What the client sent arrives, unless the wire was cut before. */
void world_flush(struct world *w);

/* The client acknowledges what it got. */
void world_forget_got(struct world *w);

/* When it is time to go on: does a page come yet, or is nothing to be looked up
 * once more? */
bool world_is_open(const struct world *w);

/* Some of what was not acknowledged is lost while the session is resumed. */
void world_lose_some(struct world *w);

/* What was not acknowledged may come again in the next session, as offline
 * messages. */
void world_keep_offline(struct world *w);

/* ---- the client -------------------------------------------------- */

/* Play one schedule; NULL, or what is wrong. */
const char *world_play(struct world *world, unsigned long seed, int kind);

#endif
