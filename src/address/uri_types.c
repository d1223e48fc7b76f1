/* uri_types.c - the registered query types of XMPP URIs and their keys. */

#include <stdbool.h>

#include <xmpp/uri.h>

#include "base/str.h"

/* XEP-0147 section 7.1 and the registrations in other XEPs. Keys are separated
 * by spaces. */
static const struct {
    const char *type, *keys;
} types[] = {
    {"command", "action node"},                        /* XEP-0050 */
    {"disco", "node request type"},                    /* XEP-0030 */
    {"invite", "jid password"},                        /* XEP-0045 */
    {"jingle", "id"},                                  /* XEP-0358 */
    {"join", "password"},                              /* XEP-0045 */
    {"message", "body from id subject thread type"},   /* XEP-0147 */
    {"pubsub", "action item node"},                    /* XEP-0060 */
    {"recvfile", "algo hash mime-type name sid size"}, /* XEP-0096 */
    {"register", "preauth"},                           /* XEP-0077, 0401 */
    {"remove", ""},                                    /* XEP-0147 */
    {"roster", "group ibr name preauth"},              /* and 0379, 0401 */
    {"sendfile", ""},                                  /* XEP-0096 */
    {"subscribe", ""},                                 /* XEP-0147 */
    {"unregister", ""},                                /* XEP-0077 */
    {"unsubscribe", ""},                               /* XEP-0147 */
    {"vcard", ""},                                     /* XEP-0054 */
};

static bool uri_type_has_key(struct str keys, const char *key)
{
    struct str word;

    while ((word = str_word(&keys)).s)
        if (str_is(word, key))
            return true;
    return false;
}

int xmpp_uri_is_registered(const char *type, const char *key)
{
    for (size_t i = 0; type && i < sizeof(types) / sizeof(types[0]); i++)
        if (strcmp(types[i].type, type) == 0)
            return !key || uri_type_has_key(str_of(types[i].keys), key);
    return 0;
}
