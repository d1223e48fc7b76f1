/* writer.c - trees to bytes: each character wherever it stands, and a buffer
 * that is too small. */

#include <xmpp/error.h>

#include "base/env.h"
#include "stanza/build.h"
#include "stanza/find.h"
#include "stanza/writer.h"
#include "tap.h"

#define LONGEST 70

/* ---- by the rules, one character after the other ------------------ */

static const char *reference_for(char c, bool in_attribute)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\r':
        return "&#13;";
    case '\n':
        return in_attribute ? "&#10;" : NULL;
    case '\t':
        return in_attribute ? "&#9;" : NULL;
    default:
        return NULL;
    }
}

static void put_escaped(char *out, const char *text, bool in_attribute)
{
    for (; *text; text++) {
        const char *instead = reference_for(*text, in_attribute);

        if (instead)
            strcat(out, instead);
        else
            strncat(out, text, 1);
    }
}

static void expected(char *out, const char *text)
{
    strcpy(out, "<message id=\"");
    put_escaped(out, text, true);
    strcat(out, "\"><body>");
    put_escaped(out, text, false);
    strcat(out, "</body></message>");
}

/* ---- as the writer has it ----------------------------------------- */

static xmpp_stanza_t *make(struct env *env, const char *text)
{
    xmpp_stanza_t *node = build_root(env, N_MESSAGE, NAME_NONE);

    node_set(node, N_ID, str_of(text));
    build_text(build_child(node, N_BODY, NAME_NONE), str_of(text));
    return node;
}

static bool is_right(struct env *env, const char *text)
{
    xmpp_stanza_t *node = make(env, text);
    char want[40 + 12 * LONGEST];
    struct buf out;
    bool right;

    expected(want, text);
    buf_init(&out, env, SIZE_MAX / 2);
    right =
        writer_write(&out, node, STR_NONE) == 0 && str_is(buf_view(&out), want);
    if (!right)
        printf("# %.*s\n# instead of %s\n", STR_ARG(buf_view(&out)), want);
    buf_free(&out);
    xmpp_stanza_release(node);
    return right;
}

/* What begins a character of several octets is followed by the rest of it. */
static void put_character(char *text, int octet)
{
    text[0] = (char)octet;
    if (octet >= 0x80)
        memcpy(text, "\xc3\xa9", 2);
}

static void characters(struct env *env)
{
    static const char odd[] = "&<>\"\r\n\t'=;\x7f !#%@$?AZ~\xc3";
    char text[LONGEST + 2];
    int wrong = 0;

    for (size_t n = 2; n <= LONGEST; n++)
        for (size_t at = 0; at + 1 < n; at++)
            for (size_t i = 0; i < sizeof(odd) - 1; i++) {
                memset(text, 'a', n);
                text[n] = '\0';
                put_character(text + at, (unsigned char)odd[i]);
                wrong += !is_right(env, text);
            }
    is_int(wrong, 0, "each character, at each place of each short text");
}

static void one_character(struct env *env)
{
    char text[3] = "";
    int wrong = 0;

    for (int c = ' '; c < 0x7f; c++) {
        text[0] = (char)c;
        wrong += !is_right(env, text);
    }
    is_int(wrong, 0, "and as the only one");
}

/* Of two neighbours neither hides the other. */
static void pairs(struct env *env)
{
    static const char odd[] = "&<>\"\r\n\t!#'%=?;:";
    char text[25];
    int wrong = 0;

    for (size_t a = 0; a < sizeof(odd) - 1; a++)
        for (size_t b = 0; b < sizeof(odd) - 1; b++)
            for (size_t at = 0; at < 23; at++) {
                memset(text, 'z', 24);
                text[24] = '\0';
                text[at] = odd[a];
                text[at + 1] = odd[b];
                wrong += !is_right(env, text);
            }
    is_int(wrong, 0, "two of them");
}

/* ---- a buffer that is too small ----------------------------------- */

static void too_small(struct env *env)
{
    xmpp_stanza_t *node = make(env, "Wherefore <art> & \"thou\"?");
    char want[200];
    int wrong = 0;

    expected(want, "Wherefore <art> & \"thou\"?");
    for (size_t most = 1; most < 4 + strlen(want); most++) {
        struct buf out;
        int rc;

        buf_init(&out, env, most);
        buf_puts(&out, STR("1234"));
        buf_consume(&out, 1);
        rc = out.failed ? XMPP_EMEM : writer_write(&out, node, STR_NONE);
        if (most < 3 + strlen(want))
            wrong += rc != XMPP_EMEM ||
                     (most >= 4 && !str_is(buf_view(&out), "234"));
        else
            wrong += rc != 0 || buf_size(&out) != 3 + strlen(want);
        buf_free(&out);
    }
    is_int(wrong, 0, "what does not fit leaves nothing behind");
    xmpp_stanza_release(node);
}

int main(void)
{
    struct env env;

    env_init(&env, NULL, NULL);
    characters(&env);
    one_character(&env);
    pairs(&env);
    too_small(&env);
    arena_drain(&env);
    return done_testing();
}
