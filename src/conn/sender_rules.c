/* sender_rules.c - payloads that only some may send. */

#include "conn/sender_rules.h"

#include <xmpp/ns.h>

#define NS(text)                                                               \
    {                                                                          \
        text, sizeof(text) - 1                                                 \
    }

static const char *const roster[] = {"query", NULL};
static const char *const carbons[] = {"received", "sent", NULL};
static const char *const results[] = {"result", NULL};

/* Nodes that nobody but their owner may write, by their definition. */
static const char *const private_nodes[] = {
    XMPP_NS_BOOKMARKS_STORAGE, XMPP_NS_BOOKMARKS, XMPP_NS_MDS, NULL};

static const struct guard_row rows[] = {
    /* RFC 6121 section 2.1.6: a push from anybody else must be ignored. */
    {.stanza = GUARD_IQ_SET,
     .sender = GUARD_ACCOUNT,
     .ns = NS(XMPP_NS_ROSTER),
     .names = roster,
     .why = "a roster push that is not from our account"},
    /* Section 2.1.4: the roster is the account's. */
    {.stanza = GUARD_IQ_ANSWER,
     .sender = GUARD_ACCOUNT,
     .ns = NS(XMPP_NS_ROSTER),
     .names = roster,
     .why = "a roster that is not from our account"},
    /* XEP-0280 section 11: or anybody could put words into all mouths. */
    {.stanza = GUARD_MESSAGE,
     .sender = GUARD_ACCOUNT,
     .ns = NS(XMPP_NS_CARBONS),
     .names = carbons,
     .why = "a carbon copy that is not from our account"},
    /* XEP-0223 section 6 */
    {.stanza = GUARD_MESSAGE,
     .sender = GUARD_ACCOUNT,
     .ns = NS(XMPP_NS_PUBSUB_EVENT),
     .nodes = private_nodes,
     .why = "an event of a private node that is not from our account"},
    /* XEP-0313 section 8: our own archive, or one that was queried and has
     * not ended its answer. */
    {.stanza = GUARD_MESSAGE,
     .sender = GUARD_QUERIED,
     .ns = NS(XMPP_NS_MAM),
     .any_version = true,
     .names = results,
     .query = "query",
     .why = "a result of an archive that was not queried"},
};

const struct guard_rules sender_rules = {rows, sizeof(rows) / sizeof(rows[0])};
