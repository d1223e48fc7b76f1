/* plain_outbox.h - an outbox as a plain list, to compare the real one with. */

#ifndef TESTS_STREAM_PLAIN_OUTBOX_H
#define TESTS_STREAM_PLAIN_OUTBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ENTRIES 400

/* One item, or bytes of our own between two of them. */
struct entry {
    char text[8];
    size_t n, sent;
    unsigned long id; /* of an item */
    const char *tag;  /* whoever hears of it; NULL: nobody */
    uint64_t deadline;
    bool own, counts;
    bool written; /* it left, as far as is known */
    bool maybe;   /* it may have left */
    bool done, dropped;
    int status;
};

extern struct plain_outbox {
    struct entry list[ENTRIES];
    size_t count;
    unsigned long ids; /* so many were given out */
    bool keeps, stopped;
} model;

/* What an item is. */
bool entry_is_waiting(const struct entry *e);
bool entry_is_untouched(const struct entry *e);
bool entry_is_unacked(const struct entry *e);
bool entry_is_doubted(const struct entry *e);
bool entry_is_owed(const struct entry *e);
bool entry_is_own(const struct entry *e);
bool entry_ends_with_session(const struct entry *e);

/* Remove what `goes`; remove one. */
void model_remove(bool (*goes)(const struct entry *));
void model_erase(struct entry *e);

/* Forget what left and nobody is to hear of. */
void model_tidy(void);

/* How many items are so. */
size_t model_number(bool (*is)(const struct entry *));

/* As outbox_sent() and outbox_ack() with its status: the next `n` that count
 * are done, and what lies between them. */
void model_sent(size_t n);
void model_finish(size_t n, int status);

/* What is to be sent, into room for all of it; its size. */
size_t model_unsent(char *to);

/* As outbox_whole() promises. */
size_t model_whole(size_t most);

#endif
