/* synced.h - what each client of tests/live/synced was told. */

#ifndef TESTS_LIVE_SYNCED_H
#define TESTS_LIVE_SYNCED_H

#include <xmpp/xep/sync.h>
#include <xmpp/xmpp.h>

#define NUMBERS_MOST 20000

/* Messages are "SENDER NUMBER". */
enum { BY_JULIET, BY_KILLED, BY_LASTING, SENDERS };
extern const char *const sender_names[SENDERS];

/* What came, by number: how often, and the id in the archive; the last number;
 * what was out of order, and what the archive has twice. */
struct heard {
    int count[NUMBERS_MOST];
    unsigned ids[NUMBERS_MOST]; /* hashes; 0: without an id */
    int last, most, wrong, resent;
};

/* The sender and the number of a message; -1 for another. */
int synced_read(xmpp_stanza_t *message, int *ret_number);

void synced_hear(struct heard *heard, int number, const char *id);

/* The program that is killed and started again:
 * synced killed PORT CA-FILE JID PASSWORD TO DATABASE ENOUGH SEED */
enum {
    KILLED_PORT = 2,
    KILLED_CA,
    KILLED_JID,
    KILLED_PASSWORD,
    KILLED_TO,
    KILLED_BASE,
    KILLED_ENOUGH, /* a file; when it is there, it says nothing new, and ends
                    * when it has heard the numbers in there of juliet and of
                    * the lasting one */
    KILLED_SEED,
    KILLED_END
};
int killed_main(char **argv);

/* From its database: what it was told, and what xmpp_sync_send() accepted of
 * it. The gaps that it was told of; negative if that cannot be read. */
int killed_heard(const char *path, struct heard heard[SENDERS],
                 struct heard *said);

#endif
