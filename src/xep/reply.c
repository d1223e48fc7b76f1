/* reply.c - replies (XEP-0461), and texts for programs that do not know an
 * extension (XEP-0428). */

#include <xmpp/xep/reply.h>

#include <string.h>

#include <xmpp/build.h>
#include <xmpp/error.h>
#include <xmpp/ns.h>

/* ---- payloads ---------------------------------------------------- */

static const xmpp_field_t reply_fields[] = {
    XMPP_ATTR(xmpp_reply_t, to, JID, "to"),
    XMPP_ATTR_MUST(xmpp_reply_t, id, TEXT, "id"),
};
XMPP_PAYLOAD(xmpp_reply, xmpp_reply_t, "reply", XMPP_NS_REPLY, reply_fields);

static const xmpp_field_t region_fields[] = {
    XMPP_ATTR(xmpp_region_t, start, NUMBER, "start"),
    XMPP_ATTR(xmpp_region_t, end, NUMBER, "end"),
};
static XMPP_PAYLOAD(body_region, xmpp_region_t, "body", XMPP_NS_FALLBACK,
                    region_fields);
static XMPP_PAYLOAD(subject_region, xmpp_region_t, "subject", XMPP_NS_FALLBACK,
                    region_fields);

static const xmpp_field_t fallback_fields[] = {
    XMPP_ATTR(xmpp_fallback_t, for_ns, TEXT, "for"),
    XMPP_ELEMENTS(xmpp_fallback_t, bodies, body_count, &body_region),
    XMPP_ELEMENTS(xmpp_fallback_t, subjects, subject_count, &subject_region),
};
XMPP_PAYLOAD(xmpp_fallback, xmpp_fallback_t, "fallback", XMPP_NS_FALLBACK,
             fallback_fields);

/* ---- places in texts --------------------------------------------- */

static int begins_point(char octet)
{
    return ((unsigned char)octet & 0xc0) != 0x80;
}

long xmpp_text_octets(const char *text, long points)
{
    const char *at = text ? text : "";

    for (; *at; at++)
        if (begins_point(*at) && points-- <= 0)
            break;
    return text ? (long)(at - text) : 0;
}

long xmpp_text_points(const char *text, long octets)
{
    long points = 0;

    for (const char *at = text; at && *at && octets > 0; at++, octets--)
        points += begins_point(*at);
    return points;
}

/* ---- without fallbacks ------------------------------------------- */

#define REGIONS_MOST 64

/* Parts of a text, in code points, by where they begin; they may overlap. */
struct cuts {
    struct cut {
        long start, end;
    } list[REGIONS_MOST];
    size_t count;
};

static void add_cut(struct cuts *cuts, long start, long end)
{
    size_t i = cuts->count;

    if (start < 0 || end <= start || i == REGIONS_MOST)
        return;
    for (; i && cuts->list[i - 1].start > start; i--)
        cuts->list[i] = cuts->list[i - 1];
    cuts->list[i].start = start;
    cuts->list[i].end = end;
    cuts->count++;
}

static void add_regions(struct cuts *cuts, const xmpp_region_t *const *regions,
                        size_t count)
{
    for (size_t i = 0; i < count; i++)
        add_cut(cuts,
                regions[i]->start == XMPP_NO_NUMBER ? 0 : regions[i]->start,
                regions[i]->end == XMPP_NO_NUMBER ? LONG_MAX : regions[i]->end);
}

/* Section 3: without any part it is all of both texts. */
static void add_fallback(struct cuts *cuts, const xmpp_fallback_t *fallback,
                         int of_subject)
{
    if (!fallback->body_count && !fallback->subject_count)
        add_cut(cuts, 0, LONG_MAX);
    else if (of_subject)
        add_regions(cuts, fallback->subjects, fallback->subject_count);
    else
        add_regions(cuts, fallback->bodies, fallback->body_count);
}

/* Is `ns` one of the words of `known`? */
static int is_known_ns(const char *known, const char *ns)
{
    size_t n = ns ? strlen(ns) : 0;

    if (!known)
        return 1;
    for (known += strspn(known, " "); *known; known += strspn(known, " ")) {
        size_t word = strcspn(known, " ");

        if (word == n && !memcmp(known, ns, n))
            return 1;
        known += word;
    }
    return 0;
}

static void find_cuts(struct cuts *cuts, xmpp_stanza_t *message,
                      const char *known, int of_subject)
{
    xmpp_stanza_t *tag = NULL;
    const void *value;

    cuts->count = 0;
    while ((
        tag = xmpp_stanza_next_tag(message, tag, "fallback", XMPP_NS_FALLBACK)))
        if (xmpp_payload_read(tag, &xmpp_fallback, &value) == 0 &&
            is_known_ns(known, ((const xmpp_fallback_t *)value)->for_ns))
            add_fallback(cuts, value, of_subject);
}

/* Copy what is in none of them. The first cut that has not ended decides: those
 * behind it begin later. */
static void copy_rest(const struct cuts *cuts, const char *text, char *out)
{
    long point = -1;
    size_t i = 0;

    for (; *text; text++) {
        point += begins_point(*text);
        while (i < cuts->count && cuts->list[i].end <= point)
            i++;
        if (i == cuts->count || cuts->list[i].start > point)
            *out++ = *text;
    }
    *out = '\0';
}

static const char *get_rest(xmpp_stanza_t *message, const char *known,
                            int of_subject)
{
    const char *text = xmpp_stanza_get_child_text(
        message, of_subject ? "subject" : "body", NULL);
    struct cuts cuts;
    char *rest;

    if (!text)
        return NULL;
    find_cuts(&cuts, message, known, of_subject);
    if (!cuts.count)
        return text;
    rest = xmpp_stanza_alloc(message, strlen(text) + 1);
    if (rest)
        copy_rest(&cuts, text, rest);
    return rest;
}

const char *xmpp_fallback_get_body(xmpp_stanza_t *message, const char *known)
{
    return get_rest(message, known, 0);
}

const char *xmpp_fallback_get_subject(xmpp_stanza_t *message, const char *known)
{
    return get_rest(message, known, 1);
}

/* ---- replies ----------------------------------------------------- */

static size_t count_lines(const char *text)
{
    size_t lines = 1;

    while ((text = strchr(text, '\n')))
        if (*++text)
            lines++;
        else
            break;
    return lines;
}

/* Each line of `quoted` with "> " in front and a line feed at its end. Returns
 * where the copy ends. */
static char *copy_quotation(const char *quoted, char *out)
{
    do {
        size_t n = strcspn(quoted, "\n");

        memcpy(out, "> ", 2);
        memcpy(out + 2, quoted, n);
        out += n + 2;
        *out++ = '\n';
        quoted += n + (quoted[n] == '\n');
    } while (*quoted);
    return out;
}

static void add_quoted_region(xmpp_stanza_t *message, long end)
{
    xmpp_fallback_t fallback;
    xmpp_region_t region;
    const xmpp_region_t *regions = &region;

    XMPP_INIT(body_region, region);
    region.start = 0;
    region.end = end;
    XMPP_INIT(xmpp_fallback, fallback);
    fallback.for_ns = XMPP_NS_REPLY;
    fallback.bodies = &regions;
    fallback.body_count = 1;
    xmpp_payload_add(message, &xmpp_fallback, &fallback);
}

static int add_quoting_body(xmpp_stanza_t *message, const char *quoted,
                            const char *body)
{
    size_t n = strlen(quoted) + 3 * count_lines(quoted);
    char *text = xmpp_stanza_alloc(message, n + strlen(body) + 1), *end;

    if (!text)
        return XMPP_EMEM;
    end = copy_quotation(quoted, text);
    strcpy(end, body);
    xmpp_stanza_add_text_tag(message, "body", NULL, text);
    add_quoted_region(message, xmpp_text_points(text, (long)(end - text)));
    return xmpp_stanza_get_status(message);
}

int xmpp_reply_add(xmpp_stanza_t *message, const xmpp_reply_t *reply,
                   const char *quoted, const char *body)
{
    if (!message || !reply || !body ||
        xmpp_stanza_get_child_text(message, "body", NULL))
        return XMPP_EINVOP;
    xmpp_payload_add(message, &xmpp_reply, reply);
    if (quoted)
        return add_quoting_body(message, quoted, body);
    xmpp_stanza_add_text_tag(message, "body", NULL, body);
    return xmpp_stanza_get_status(message);
}
