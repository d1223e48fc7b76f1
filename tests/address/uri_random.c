/* uri_random.c - XMPP URIs made at random come back the same; and all of it
 * without memory. */

#include "address/uri_testbed.h"

/* ---- properties -------------------------------------------------- */

static uint64_t seed = 20080201;

static unsigned chance(unsigned below)
{
    seed = seed * 6364136223846793005U + 1442695040888963407U;
    return (unsigned)(seed >> 33) % below;
}

/* Pieces of text in which something may go wrong. */
static const char *const pieces[] = {
    "a",
    "Z",
    "0",
    "-",
    ".",
    "_",
    "~",
    "!",
    "$",
    "&",
    "'",
    "(",
    "*",
    "+",
    ",",
    ";",
    "=",
    ":",
    "@",
    "/",
    "?",
    "#",
    "[",
    "]",
    "%",
    "%41",
    "%2F",
    " ",
    "\"",
    "<",
    "\\",
    "{",
    "|",
    "^",
    "\n",
    "\x01",
    "\x7f",
    "\xc3\xa9",
    "a\xcc\x88",
    "\xcc\xb8",
    "\xc2\xa0",
    ALEF,
    BET,
    "\xd9\xa1",
    "\xe2\x80\x8b",
    "\xe2\x80\xae",
    "\xe6\x97\xa5",
    "\xf0\x9f\x8e\x89",
    "\xef\xbc\x8f",
    "\xee\x80\x80",
    "\xcd\xb8",
    "\xe2\x81\x84",
    "xn--",
    "\xc3\x9f",
    "\xf3\xa0\x81\x81",
};

static const char *some_text(char *to, unsigned most)
{
    unsigned n = chance(most + 1);

    *to = '\0';
    while (n--)
        strcat(to, pieces[chance(sizeof(pieces) / sizeof(pieces[0]))]);
    return to;
}

/* One that may be had, or NULL. */
static const xmpp_jid_t *some_jid(char *room, xmpp_jid_t *jid,
                                  xmpp_jid_mode_t mode, bool account)
{
    static const char *const domains[] = {"example.com",
                                          C_CARON "echy.example",
                                          "[::1]",
                                          "[fe80::1%25eth0]",
                                          "192.0.2.1",
                                          ALEF "." BET,
                                          "\xe6\x97\xa5.example"};
    char local[100], resource[100];

    for (int i = 0; i < 40; i++) {
        bool with_local = account || chance(4);
        bool with_resource = !account && chance(3);

        if (xmpp_jid_join(with_local ? some_text(local, 4) : NULL,
                          domains[chance(7)],
                          with_resource ? some_text(resource, 6) : NULL, mode,
                          room, jid, NULL) == 0)
            return jid;
    }
    return NULL;
}

struct made {
    xmpp_uri_t uri;
    xmpp_jid_t account, jid;
    xmpp_uri_param_t params[5];
    char rooms[2][XMPP_JID_BUFFER_SIZE], texts[12][100];
};

static bool make(struct made *m, xmpp_jid_mode_t mode)
{
    xmpp_uri_t *uri = &m->uri;

    memset(uri, 0, sizeof(*uri));
    if (chance(4) == 0)
        uri->account = some_jid(m->rooms[0], &m->account, mode, true);
    if (!uri->account || chance(2))
        uri->jid = some_jid(m->rooms[1], &m->jid, mode, false);
    if (chance(3)) {
        uri->type = some_text(m->texts[10], 3);
        uri->param_count = chance(6);
        uri->params = m->params;
    }
    for (size_t i = 0; i < uri->param_count; i++) {
        m->params[i].key = some_text(m->texts[2 * i], 3);
        m->params[i].value = some_text(m->texts[2 * i + 1], 8);
    }
    if (chance(3) == 0)
        uri->fragment = some_text(m->texts[11], 6);
    return uri->account || uri->jid;
}

static bool is_ascii(const char *s)
{
    for (; *s; s++)
        if ((unsigned char)*s <= ' ' || (unsigned char)*s >= 0x7f)
            return false;
    return true;
}

/* Does that text mean these parts? */
static bool means(const char *text, xmpp_jid_mode_t mode, const char *line)
{
    char *got = text ? uri_testbed_parts(text, mode, NULL) : NULL;
    bool same = got && strcmp(got, line) == 0;

    if (!same)
        printf("# %s\n#   got  %s\n#   want %s\n", text, got ? got : "-", line);
    env_free(&env, got);
    return same;
}

static bool holds(const struct made *m, xmpp_jid_mode_t mode)
{
    char *uri = NULL, *iri = NULL, *other = NULL, *again = NULL;
    char *line = uri_testbed_describe(&m->uri);
    bool good;

    good = xmpp_uri_format(ctx, &m->uri, XMPP_URI_ASCII, &uri, NULL) == 0 &&
           xmpp_uri_format(ctx, &m->uri, XMPP_URI_UNICODE, &iri, NULL) == 0 &&
           is_ascii(uri) && means(uri, mode, line) && means(iri, mode, line);
    /* The URI of the IRI is the URI. */
    good = good && xmpp_uri_from_iri(ctx, iri, &other, NULL) == 0 &&
           strcmp(other, uri) == 0;
    xmpp_free(ctx, other);
    other = NULL;
    /* Its IRI as text is another way to write the same, and stays. */
    good = good && xmpp_uri_to_iri(ctx, uri, &other, NULL) == 0 &&
           means(other, mode, line) &&
           xmpp_uri_to_iri(ctx, other, &again, NULL) == 0 &&
           strcmp(other, again) == 0;
    xmpp_free(ctx, again);
    again = NULL;
    good = good && xmpp_uri_from_iri(ctx, other, &again, NULL) == 0 &&
           strcmp(again, uri) == 0;
    xmpp_free(ctx, again);
    xmpp_free(ctx, other);
    xmpp_free(ctx, uri);
    xmpp_free(ctx, iri);
    xmpp_free(ctx, line);
    return good;
}

static void properties(xmpp_jid_mode_t mode, const char *what)
{
    static struct made made;
    int tried = 0, bad = 0;

    for (int i = 0; i < 5000; i++)
        if (make(&made, mode)) {
            tried++;
            bad += !holds(&made, mode);
        }
    ok(tried > 4000, "%s: %d made", what, tried);
    is_int(bad, 0, "%s: all come back, in either form", what);
}

/* ---- memory ------------------------------------------------------ */

static int everything(void)
{
    static const char text[] = "xmpp://a@b/c@" C_CARON "/d?x;" ALEF "=%20#y";
    xmpp_uri_t *uri = NULL;
    char *out[4] = {NULL, NULL, NULL, NULL};
    int rc = xmpp_uri_parse(ctx, text, (size_t)-1, XMPP_JID_STRICT, &uri, NULL);

    if (rc == 0)
        rc = xmpp_uri_format(ctx, uri, XMPP_URI_ASCII, &out[0], NULL);
    if (rc == 0)
        rc = xmpp_uri_format(ctx, uri, XMPP_URI_UNICODE, &out[1], NULL);
    if (rc == 0)
        rc = xmpp_uri_to_iri(ctx, out[0], &out[2], NULL);
    if (rc == 0)
        rc = xmpp_uri_from_iri(ctx, out[1], &out[3], NULL);
    if (rc == 0)
        ok(strcmp(out[1], out[2]) == 0 && strcmp(out[0], out[3]) == 0,
           "all done: %s", out[1]);
    for (int i = 0; i < 4; i++)
        xmpp_free(ctx, out[i]);
    xmpp_free(ctx, uri);
    return rc;
}

static void without_memory(void)
{
    unsigned long n = 0;
    int rc;

    do {
        failmem_arm(&memory, ++n, 0);
        rc = everything();
        if (memory.failed) {
            is_int(rc, XMPP_EMEM, "allocation %lu fails", n);
            is_int(memory.held, 0, "and nothing is left");
        }
    } while (memory.failed);
    is_int(rc, 0, "until none does");
    ok(n > 6, "%lu allocations", n - 1);
}

int main(void)
{
    uri_testbed_init();
    properties(XMPP_JID_STRICT, "strict");
    properties(XMPP_JID_LENIENT, "lenient");
    is_int(memory.held, 0, "all memory is given back");
    without_memory();
    return done_testing();
}
