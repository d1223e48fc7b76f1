/* caps_c.c - XEP-0115 and XEP-0390: the elements in presence and features. */

#include <xmpp/xep/caps_c.h>

#include <stdio.h>
#include <string.h>

#include <xmpp/digest.h>
#include <xmpp/ns.h>

#define HASH_MOST 128
#define NODE_MOST 1024

static const xmpp_field_t c_fields[] = {
    XMPP_ATTR(xmpp_caps_c_t, hash, TEXT, "hash"),
    XMPP_ATTR_MUST(xmpp_caps_c_t, node, TEXT, "node"),
    XMPP_ATTR_MUST(xmpp_caps_c_t, ver, TEXT, "ver"),
};
XMPP_PAYLOAD(xmpp_caps_c, xmpp_caps_c_t, "c", XMPP_NS_CAPS, c_fields);

static const xmpp_field_t digest_fields[] = {
    XMPP_ATTR_MUST(xmpp_caps_digest_t, algo, TEXT, "algo"),
    XMPP_TEXT_MUST(xmpp_caps_digest_t, value, TEXT),
};
static XMPP_PAYLOAD(digest_payload, xmpp_caps_digest_t, "hash", XMPP_NS_HASHES,
                    digest_fields);

static const xmpp_field_t digests_fields[] = {
    XMPP_ELEMENTS(xmpp_caps_digests_t, digests, digest_count, &digest_payload),
};
XMPP_PAYLOAD(xmpp_caps_digests, xmpp_caps_digests_t, "c", XMPP_NS_CAPS2,
             digests_fields);

/* ---- what was sent ----------------------------------------------- */

/* The functions of XEP-0300, those to be preferred first. */
static const xmpp_caps_digest_t *best_digest(const xmpp_caps_digests_t *c)
{
    static const char *const names[] = {"sha-256", "sha3-256", "sha-512",
                                        "sha3-512", "sha-384"};

    for (size_t n = 0; n < sizeof(names) / sizeof(names[0]); n++)
        for (size_t i = 0; c && i < c->digest_count; i++)
            if (strcmp(c->digests[i]->algo, names[n]) == 0)
                return c->digests[i];
    return NULL;
}

static int is_supported(const char *algo)
{
    unsigned char digest[XMPP_DIGEST_MOST];
    size_t n;

    return xmpp_digest(algo, "", 0, digest, &n) == 0;
}

/* Texts, the last one NULL, as one. */
static const char *text_in(xmpp_stanza_t *tree, const char *const *texts)
{
    size_t n = 1;
    char *text;

    for (size_t i = 0; texts[i]; i++)
        n += strlen(texts[i]);
    text = xmpp_stanza_alloc(tree, n);
    for (size_t i = 0; text && texts[i]; i++)
        strcat(text, texts[i]);
    return text;
}

static void sent_digest(xmpp_stanza_t *tree, const xmpp_caps_digest_t *digest,
                        xmpp_caps_sent_t *sent)
{
    const char *hash[] = {"hash:", digest->algo, ":", digest->value, NULL};
    const char *node[] = {XMPP_NS_CAPS2 "#", digest->algo, ".", digest->value,
                          NULL};

    if (strlen(digest->value) > HASH_MOST)
        return;
    sent->hash = text_in(tree, hash);
    sent->node = text_in(tree, node);
}

/* What cannot be checked counts for this sender only (section 5.4, rules 1 and
 * 2). */
static void sent_c(xmpp_stanza_t *tree, const xmpp_caps_c_t *c,
                   const xmpp_jid_t *from, xmpp_caps_sent_t *sent)
{
    const char *node[] = {c->node, "#", c->ver, NULL};
    const char *checked[] = {"ver:", c->hash, ":", c->ver, NULL};
    char jid[XMPP_JID_BUFFER_SIZE] = "";
    char size[24];
    const char *unchecked[] = {"jid:",  size, ":",    jid, ":",
                               c->node, "#",  c->ver, NULL};
    size_t n = 0;
    const char *view = xmpp_jid_view(from, XMPP_JID_FULL, &n);

    if (strlen(c->ver) > HASH_MOST || strlen(c->node) > NODE_MOST || !view)
        return;
    memcpy(jid, view, n);
    snprintf(size, sizeof(size), "%zu", n); /* a resource may contain ':' */
    sent->hash =
        text_in(tree, c->hash && is_supported(c->hash) ? checked : unchecked);
    sent->node = text_in(tree, node);
}

const xmpp_caps_sent_t *xmpp_caps_find(xmpp_stanza_t *parent,
                                       const xmpp_jid_t *from)
{
    const xmpp_caps_digest_t *digest =
        best_digest(xmpp_payload_find(parent, &xmpp_caps_digests));
    const xmpp_caps_c_t *c =
        digest ? NULL : xmpp_payload_find(parent, &xmpp_caps_c);
    xmpp_caps_sent_t *sent =
        digest || c ? xmpp_stanza_alloc(parent, sizeof(*sent)) : NULL;

    if (!sent)
        return NULL;
    sent->size = sizeof(*sent);
    if (digest)
        sent_digest(parent, digest, sent);
    else
        sent_c(parent, c, from, sent);
    return sent->hash && sent->node ? sent : NULL;
}
