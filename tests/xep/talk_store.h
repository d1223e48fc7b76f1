/* talk_store.h - a store in memory, as modules under test have it. */

#ifndef TESTS_XEP_TALK_STORE_H
#define TESTS_XEP_TALK_STORE_H

#include <stdbool.h>

#include <xmpp/error.h>
#include <xmpp/store.h>

#define STORE_MOST 2000

struct talk_store {
    xmpp_store_t store; /* give this to the connection */
    struct talk_record {
        char *account, *kind, *key, *text;
    } records[STORE_MOST];
    size_t count;
    bool fails;
};

void talk_store_init(struct talk_store *store);
void talk_store_free(struct talk_store *store);

/* A NULL text removes it. */
void talk_store_put(struct talk_store *store, const char *account,
                    const char *kind, const char *key, const char *text,
                    size_t n);

/* NULL if there is none. */
const char *talk_store_find(const struct talk_store *store, const char *account,
                            const char *kind, const char *key);

#endif
