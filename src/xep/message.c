/* message.c - a message as one struct: the table of all that it may have, and
 * its languages (RFC 6121 section 5.2). */

#include <xmpp/xep/message.h>

#include <string.h>

#include <xmpp/build.h>
#include <xmpp/error.h>
#include <xmpp/ns.h>

/* ---- the payload ------------------------------------------------- */

static const char *const message_types[] = {"chat", "error", "groupchat",
                                            "headline", NULL};
static const char *const chat_states[] = {"active",   "composing", "paused",
                                          "inactive", "gone",      NULL};

static const xmpp_field_t message_fields[] = {
    XMPP_ATTR(xmpp_message_t, from, JID, "from"),
    XMPP_ATTR(xmpp_message_t, to, JID, "to"),
    XMPP_ATTR(xmpp_message_t, id, TEXT, "id"),
    XMPP_ATTR_ENUM(xmpp_message_t, type, "type", message_types),
    XMPP_ATTR(xmpp_message_t, lang, TEXT, "xml:lang"),
    XMPP_CHILD(xmpp_message_t, body, TEXT, "body"),
    XMPP_CHILD(xmpp_message_t, subject, TEXT, "subject"),
    XMPP_CHILD(xmpp_message_t, thread, TEXT, "thread"),
    XMPP_CHILD_ATTR(xmpp_message_t, parent_thread, TEXT, "thread", "parent"),
    XMPP_CHILD_NS(xmpp_message_t, nick, TEXT, "nick", XMPP_NS_NICK),

    XMPP_ELEMENTS(xmpp_message_t, delays, delay_count, &xmpp_delay),
    XMPP_ELEMENTS(xmpp_message_t, stanza_ids, stanza_id_count, &xmpp_stanza_id),
    XMPP_CHILD_ATTR_NS(xmpp_message_t, origin_id, TEXT, "origin-id", "id",
                       XMPP_NS_SID),
    XMPP_CHILD_ATTR_NS(xmpp_message_t, occupant_id, TEXT, "occupant-id", "id",
                       XMPP_NS_OCCUPANT_ID),
    XMPP_FLAG_NS(xmpp_message_t, no_permanent_store, "no-permanent-store",
                 XMPP_NS_HINTS),
    XMPP_FLAG_NS(xmpp_message_t, no_store, "no-store", XMPP_NS_HINTS),
    XMPP_FLAG_NS(xmpp_message_t, no_copy, "no-copy", XMPP_NS_HINTS),
    XMPP_FLAG_NS(xmpp_message_t, store, "store", XMPP_NS_HINTS),

    XMPP_FLAG_NS(xmpp_message_t, wants_receipt, "request", XMPP_NS_RECEIPTS),
    XMPP_CHILD_ATTR_NS(xmpp_message_t, received, TEXT, "received", "id",
                       XMPP_NS_RECEIPTS),
    XMPP_FLAG_NS(xmpp_message_t, is_markable, "markable", XMPP_NS_MARKERS),
    XMPP_CHILD_ATTR_NS(xmpp_message_t, displayed, TEXT, "displayed", "id",
                       XMPP_NS_MARKERS),
    XMPP_CHILD_ATTR_NS(xmpp_message_t, acknowledged, TEXT, "acknowledged", "id",
                       XMPP_NS_MARKERS),
    XMPP_CHOICE_NS(xmpp_message_t, chat_state, chat_states,
                   XMPP_NS_CHAT_STATES),

    XMPP_CHILD_ATTR_NS(xmpp_message_t, replaces, TEXT, "replace", "id",
                       XMPP_NS_CORRECT),
    XMPP_ELEMENT(xmpp_message_t, retract, &xmpp_retract),
    XMPP_ELEMENT(xmpp_message_t, retracted, &xmpp_retracted),
    XMPP_ELEMENT(xmpp_message_t, reactions, &xmpp_reactions),
    XMPP_ELEMENT(xmpp_message_t, reply, &xmpp_reply),
    XMPP_ELEMENTS(xmpp_message_t, fallbacks, fallback_count, &xmpp_fallback),

    XMPP_ELEMENTS(xmpp_message_t, oobs, oob_count, &xmpp_oob),
    XMPP_ELEMENTS(xmpp_message_t, references, reference_count, &xmpp_reference),
    XMPP_ELEMENT(xmpp_message_t, encryption, &xmpp_encryption),
    XMPP_FLAG_NS(xmpp_message_t, is_unstyled, "unstyled", XMPP_NS_STYLING),
};
XMPP_PAYLOAD(xmpp_message, xmpp_message_t, "message", NULL, message_fields);

const xmpp_message_t *xmpp_message_read(xmpp_stanza_t *message)
{
    const void *value = NULL;

    return xmpp_payload_read(message, &xmpp_message, &value) == 0 ? value
                                                                  : NULL;
}

/* A receipt and a marker name the message that they answer. 0, or XMPP_EMEM:
 * then it has no id. */
static int give_answer_id(xmpp_stanza_t *built)
{
    if (xmpp_stanza_next_tag(built, NULL, "request", XMPP_NS_RECEIPTS))
        xmpp_receipt_request(built);
    else if (xmpp_stanza_next_tag(built, NULL, "markable", XMPP_NS_MARKERS))
        xmpp_marker_request(built);
    else
        return 0;
    return xmpp_stanza_get_id(built) ? 0 : XMPP_EMEM;
}

xmpp_stanza_t *xmpp_message_build(xmpp_conn_t *conn,
                                  const xmpp_message_t *message)
{
    xmpp_stanza_t *built =
        xmpp_payload_new(xmpp_conn_get_context(conn), &xmpp_message, message);

    if (give_answer_id(built) == 0)
        return built;
    xmpp_stanza_release(built);
    return NULL;
}

/* ---- languages --------------------------------------------------- */

/* RFC 5646 section 2.1.1: capitals do not matter. */
static char lower_letter(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* How much of two tags is the same, if one of them begins with the whole other
 * one ("de-AT" with "de", but not "den" with "de"); else 0. */
static size_t fit_tags(const char *tag, const char *wanted, size_t wanted_size)
{
    size_t n = 0;

    while (n < wanted_size && tag[n] &&
           lower_letter(tag[n]) == lower_letter(wanted[n]))
        n++;
    if (n < wanted_size)
        return !tag[n] && wanted[n] == '-' ? n : 0;
    return !tag[n] || tag[n] == '-' ? n : 0;
}

static int is_same_tag(const char *a, const char *b)
{
    if (!a || !b)
        return a == b;
    return strlen(a) == strlen(b) && (!*a || fit_tags(a, b, strlen(b)) > 0);
}

/* The next <body/> or <subject/> in the message's own namespace. */
static xmpp_stanza_t *next_text(xmpp_stanza_t *message, xmpp_stanza_t *tag,
                                const char *name)
{
    const char *ns = xmpp_stanza_get_ns(message), *is;

    while ((tag = xmpp_stanza_next_tag(message, tag, name, NULL))) {
        is = xmpp_stanza_get_ns(tag);
        if (!is || (ns && !strcmp(is, ns)))
            break;
    }
    return tag;
}

static const char *own_lang(xmpp_stanza_t *text)
{
    return xmpp_stanza_get_attribute(text, "xml:lang");
}

static const char *lang_of(xmpp_stanza_t *text)
{
    const char *tag = own_lang(text);

    return tag ? tag : own_lang(xmpp_stanza_get_parent(text));
}

/* The text that fits one language best, or NULL. */
static xmpp_stanza_t *best_text(xmpp_stanza_t *message, const char *name,
                                const char *wanted, size_t size)
{
    xmpp_stanza_t *text = NULL, *best = NULL;
    size_t most = 0;

    while ((text = next_text(message, text, name))) {
        const char *tag = lang_of(text);
        size_t fits = tag ? fit_tags(tag, wanted, size) : 0;

        if (fits > most) {
            most = fits;
            best = text;
        }
    }
    return best;
}

static xmpp_stanza_t *default_text(xmpp_stanza_t *message, const char *name)
{
    xmpp_stanza_t *text = NULL;

    while ((text = next_text(message, text, name)))
        if (!own_lang(text))
            return text;
    return next_text(message, NULL, name);
}

static const char *choose_text(xmpp_stanza_t *message, const char *name,
                               const char *langs)
{
    xmpp_stanza_t *text = NULL;
    const char *view;

    while (langs && *langs && !text) {
        size_t n = strcspn(langs, " ");

        if (n)
            text = best_text(message, name, langs, n);
        langs += n + (langs[n] == ' ');
    }
    if (!text)
        text = default_text(message, name);
    view = xmpp_stanza_get_text_view(text);
    return text && !view ? "" : view;
}

const char *xmpp_message_choose_body(xmpp_stanza_t *message, const char *langs)
{
    return choose_text(message, "body", langs);
}

const char *xmpp_message_choose_subject(xmpp_stanza_t *message,
                                        const char *langs)
{
    return choose_text(message, "subject", langs);
}

static int add_text(xmpp_stanza_t *message, const char *name, const char *lang,
                    const char *text)
{
    xmpp_stanza_t *there = NULL;

    if (!message || !text)
        return XMPP_EINVOP;
    while ((there = next_text(message, there, name)))
        if (is_same_tag(own_lang(there), lang))
            return XMPP_EINVOP;
    there = xmpp_stanza_add_text_tag(message, name, NULL, text);
    xmpp_stanza_put(there, "xml:lang", lang);
    return xmpp_stanza_get_status(message);
}

int xmpp_message_add_body(xmpp_stanza_t *message, const char *lang,
                          const char *text)
{
    return add_text(message, "body", lang, text);
}

int xmpp_message_add_subject(xmpp_stanza_t *message, const char *lang,
                             const char *text)
{
    return add_text(message, "subject", lang, text);
}
