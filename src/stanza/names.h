/* names.h - well-known names and namespaces as small integers. */

#ifndef STANZA_NAMES_H
#define STANZA_NAMES_H

#include <xmpp/ns.h>

#include "base/str.h"

/* X(id, text). Element names, namespaces and attribute names share one space;
 * an id is compared where a string would be. Add freely, order is free; then
 * run make_names_table.py. The namespaces themselves stand in xmpp/ns.h. */
#define NAME_MAP(X)                                                            \
    X(N_MESSAGE, "message")                                                    \
    X(N_PRESENCE, "presence")                                                  \
    X(N_IQ, "iq")                                                              \
    X(N_BODY, "body")                                                          \
    X(N_SUBJECT, "subject")                                                    \
    X(N_THREAD, "thread")                                                      \
    X(N_SHOW, "show")                                                          \
    X(N_STATUS, "status")                                                      \
    X(N_PRIORITY, "priority")                                                  \
    X(N_QUERY, "query")                                                        \
    X(N_ITEM, "item")                                                          \
    X(N_GROUP, "group")                                                        \
    X(N_X, "x")                                                                \
    X(N_C, "c")                                                                \
    X(N_ERROR, "error")                                                        \
    X(N_TEXT, "text")                                                          \
    X(N_STREAM, "stream")                                                      \
    X(N_FEATURES, "features")                                                  \
    X(N_STARTTLS, "starttls")                                                  \
    X(N_REQUIRED, "required")                                                  \
    X(N_OPTIONAL, "optional")                                                  \
    X(N_PROCEED, "proceed")                                                    \
    X(N_FAILURE, "failure")                                                    \
    X(N_MECHANISMS, "mechanisms")                                              \
    X(N_MECHANISM, "mechanism")                                                \
    X(N_AUTH, "auth")                                                          \
    X(N_CHALLENGE, "challenge")                                                \
    X(N_RESPONSE, "response")                                                  \
    X(N_SUCCESS, "success")                                                    \
    X(N_ABORT, "abort")                                                        \
    X(N_BIND, "bind")                                                          \
    X(N_RESOURCE, "resource")                                                  \
    X(N_JID, "jid")                                                            \
    X(N_SESSION, "session")                                                    \
    X(N_HANDSHAKE, "handshake")                                                \
    X(N_PASSWORD, "password")                                                  \
    X(N_DIGEST, "digest")                                                      \
    X(N_USERNAME, "username")                                                  \
    X(N_XMLNS, "xmlns")                                                        \
    X(N_ID, "id")                                                              \
    X(N_TYPE, "type")                                                          \
    X(N_TO, "to")                                                              \
    X(N_FROM, "from")                                                          \
    X(N_LANG, "xml:lang")                                                      \
    X(N_VERSION, "version")                                                    \
    X(N_NAME, "name")                                                          \
    X(N_NODE, "node")                                                          \
    X(N_VAR, "var")                                                            \
    X(N_GET, "get")                                                            \
    X(N_SET, "set")                                                            \
    X(N_RESULT, "result")                                                      \
    X(N_CHAT, "chat")                                                          \
    X(N_GROUPCHAT, "groupchat")                                                \
    X(N_NORMAL, "normal")                                                      \
    X(N_HEADLINE, "headline")                                                  \
    X(N_UNAVAILABLE, "unavailable")                                            \
    X(N_SUBSCRIBE, "subscribe")                                                \
    X(N_SUBSCRIBED, "subscribed")                                              \
    X(N_PING, "ping")                                                          \
    X(NS_CLIENT, XMPP_NS_CLIENT)                                               \
    X(NS_COMPONENT, XMPP_NS_COMPONENT)                                         \
    X(NS_STREAMS, XMPP_NS_STREAMS)                                             \
    X(NS_STREAM_ERRORS, XMPP_NS_STREAMS_IETF)                                  \
    X(NS_STANZA_ERRORS, XMPP_NS_STANZAS_IETF)                                  \
    X(NS_TLS, XMPP_NS_TLS)                                                     \
    X(NS_SASL, XMPP_NS_SASL)                                                   \
    X(NS_SASL2, XMPP_NS_SASL2)                                                 \
    X(NS_BIND, XMPP_NS_BIND)                                                   \
    X(NS_SESSION, XMPP_NS_SESSION)                                             \
    X(NS_AUTH, XMPP_NS_AUTH)                                                   \
    X(NS_ROSTER, XMPP_NS_ROSTER)                                               \
    X(NS_SM, XMPP_NS_SM)                                                       \
    X(NS_DISCO_INFO, XMPP_NS_DISCO_INFO)                                       \
    X(NS_DISCO_ITEMS, XMPP_NS_DISCO_ITEMS)                                     \
    X(NS_PING, XMPP_NS_PING)                                                   \
    X(NS_XML, XMPP_NS_XML)

enum name_id {
    NAME_NONE = 0, /* not one of them */
#define NAME_ENUM_(id, text) id,
    NAME_MAP(NAME_ENUM_)
#undef NAME_ENUM_
        NAME_COUNT
};

/* NAME_NONE for a stranger. Constant time. */
enum name_id name_find(struct str text);

/* The text of an id; NUL-terminated, static. NULL for NAME_NONE. */
extern const struct str name_texts[NAME_COUNT];
static inline struct str name_text(enum name_id id)
{
    return name_texts[id];
}

#endif
