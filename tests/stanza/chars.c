/* chars.c - a tree that cannot be sent says which character, and where. */

#include <xmpp/xmpp.h>

#include "failmem.h"
#include "stanza/chars.h"
#include "tap.h"

static struct failmem memory;
static xmpp_ctx_t *ctx;

/* The tree has the words, and so has the context. Takes it. */
static void says(xmpp_stanza_t *tree, const char *want)
{
    is_int(xmpp_stanza_get_status(tree), XMPP_EARG, "refused");
    is_str(xmpp_stanza_get_status_text(tree), want, "  by its words");
    is_str(xmpp_ctx_get_last_error(ctx), want, "  which the context has too");
    xmpp_stanza_release(tree);
}

static xmpp_stanza_t *message_to(const char *to)
{
    return xmpp_message_new(ctx, "chat", to, NULL);
}

static xmpp_stanza_t *saying(const char *body)
{
    xmpp_stanza_t *message = xmpp_message_new(ctx, "chat", NULL, NULL);

    xmpp_message_set_body(message, body);
    return message;
}

static void values(void)
{
    xmpp_stanza_t *tree;

    says(message_to("a\x01@b.example"),
         "the attribute \"to\" of <message>: the character U+0001 at offset 1 "
         "is not allowed in XML");
    says(message_to("abc\xc3("),
         "the attribute \"to\" of <message>: the byte 0xC3 at offset 3 is not "
         "UTF-8");
    says(message_to("\xed\xa0\x80"),
         "the attribute \"to\" of <message>: the byte 0xED at offset 0 is not "
         "UTF-8");
    tree = message_to(NULL);
    xmpp_stanza_set_attribute(tree, "subject", "\u00fc\uffff");
    says(tree,
         "the attribute \"subject\" of <message>: the character U+FFFF at "
         "offset 2 is not allowed in XML");
}

/* Octets are looked at in eights where that is possible. */
static void every_octet(void)
{
    int wrong = 0;

    for (int octet = 1; octet < 256; octet++)
        for (int at = 0; at < 19; at++) {
            xmpp_stanza_t *tree = message_to(NULL);
            bool good =
                octet < 0x80 && (octet >= ' ' || strchr("\t\n\r", octet));
            char text[] = "nineteen octets ...";

            text[at] = (char)octet;
            xmpp_stanza_set_attribute(tree, "subject", text);
            wrong += (xmpp_stanza_get_status(tree) == 0) != good;
            xmpp_stanza_release(tree);
        }
    is_int(wrong, 0, "each octet is judged alike at every place");
}

static void texts(void)
{
    xmpp_stanza_t *tree = message_to(NULL), *text = xmpp_stanza_new(ctx);

    says(saying("that has a bell: \x07"),
         "the text of <body>: the character U+0007 at offset 17 is not allowed "
         "in XML");
    says(saying("\u00e4\xa4"), "the text of <body>: the byte 0xA4 at offset 2 "
                               "is not UTF-8");
    says(saying("\xff"), "the text of <body>: the byte 0xFF at offset 0 is not "
                         "UTF-8");
    says(saying("\xf0\x9f\x98"), "the text of <body>: the byte 0xF0 at offset "
                                 "0 is not UTF-8");
    is_int(xmpp_stanza_set_text_with_size(text, "a\0b", 3), XMPP_EARG, "a NUL");
    xmpp_stanza_add_child_ex(tree, text, 0);
    says(tree, "a text outside of an element: the character U+0000 at offset "
               "1 is not allowed in XML");
}

static void names(void)
{
    xmpp_stanza_t *tree = message_to(NULL);

    xmpp_stanza_add_tag(tree, "two words", NULL);
    says(tree, "\"two words\" cannot be the name of an element: the character "
               "U+0020 at offset 3 is not allowed in a name of XML");
    tree = message_to(NULL);
    xmpp_stanza_set_attribute(tree, "1st", "x");
    says(tree, "\"1st\" cannot be the name of an attribute: the character "
               "U+0031 at offset 0 is not allowed in a name of XML");
    says(xmpp_stanza_new_tag(ctx, "", NULL),
         "\"\" cannot be the name of an element: it is empty");
    says(xmpp_stanza_new_tag(ctx, "x\"\n\u00ff\xff", NULL),
         "\"x\\x22\\x0A\u00ff\\xFF\" cannot be the name of an element: the "
         "character U+0022 at offset 1 is not allowed in a name of XML");
}

/* Others may fail meanwhile, and grow, and become one. */
static void first_wins(void)
{
    xmpp_stanza_t *tree = message_to(NULL), *child, *other;

    xmpp_stanza_set_id(tree, "\x02");
    child = xmpp_stanza_new_tag(ctx, "x", "urn:x");
    xmpp_stanza_set_id(child, "\x03");
    xmpp_stanza_add_child_ex(tree, child, 0);
    other = message_to("\x04");
    is_str(
        xmpp_stanza_get_status_text(tree),
        "the attribute \"id\" of <message>: the character U+0002 at offset 0 "
        "is not allowed in XML",
        "the first failure of each tree is kept");
    child = xmpp_stanza_new_tag(ctx, "x", "urn:x");
    xmpp_stanza_add_child_ex(child, other, 0);
    is_str(
        xmpp_stanza_get_status_text(child),
        "the attribute \"to\" of <message>: the character U+0004 at offset 0 "
        "is not allowed in XML",
        "and goes with it into another");
    xmpp_stanza_release(child);
    xmpp_stanza_release(tree);
}

static void misuse(void)
{
    xmpp_stanza_t *tree = message_to(NULL), *text = xmpp_stanza_new(ctx);
    char *buf;
    size_t n;

#define WRONG(call)                                                            \
    do {                                                                       \
        xmpp_stanza_release(message_to("\x01"));                               \
        is_int(call, XMPP_EINVOP, #call);                                      \
        ok(!strstr(xmpp_ctx_get_last_error(ctx), "U+0001"), "  %s",            \
           xmpp_ctx_get_last_error(ctx));                                      \
    } while (0)

    xmpp_stanza_set_text(text, "text");
    WRONG(xmpp_stanza_set_name(tree, NULL));
    WRONG(xmpp_stanza_set_name(text, "name"));
    WRONG(xmpp_stanza_set_text(tree, "text"));
    WRONG(xmpp_stanza_set_attribute(text, "name", "value"));
    WRONG(xmpp_stanza_set_to(tree, NULL));
    WRONG(xmpp_stanza_add_child(tree, tree));
    WRONG(xmpp_stanza_add_text(tree, NULL));
    WRONG(xmpp_stanza_remove(tree));
    WRONG(xmpp_message_set_body(text, "text"));
    xmpp_stanza_release(text);
    text = xmpp_stanza_new(ctx);
    WRONG(xmpp_stanza_to_text(text, &buf, &n));
    xmpp_stanza_release(text);
    is_int(xmpp_stanza_get_status(tree), 0, "none of which spoils a tree");
    is_str(xmpp_stanza_get_status_text(tree), "",
           "  so there is nothing to say");
    xmpp_stanza_release(tree);
    ok(xmpp_stanza_get_status_text(NULL)[0] != '\0', "no tree at all");
}

/* A tree of any size, so that the words find room or do not: the code is there,
 * and words for it. */
static void starved(unsigned long n)
{
    xmpp_stanza_t *tree;

    tree = message_to(NULL);
    for (unsigned long i = 0; i < n; i++)
        xmpp_stanza_add_tag(tree, "abcdefgh", NULL);
    failmem_arm(&memory, 1, 1);
    xmpp_stanza_set_id(tree, "\x01");
    failmem_arm(&memory, 0, 0);
    if (xmpp_stanza_get_status(tree) != XMPP_EARG ||
        !xmpp_stanza_get_status_text(tree)[0])
        ok(false, "with %lu children", n);
    xmpp_stanza_release(tree);
}

/* ---- copied and looked at in one pass ----------------------------- */

/* Of an octet that stands alone between letters. */
static enum chars_look look_of(unsigned octet)
{
    if (octet >= 0x80)
        return CHARS_WRONG;
    if (octet < 0x20)
        return octet == '\t' || octet == '\n' || octet == '\r' ? CHARS_ODD
                                                               : CHARS_WRONG;
    return octet == 0x7f || strchr("&<>\"", (int)octet) ? CHARS_ODD
                                                        : CHARS_CLEAN;
}

static bool is_copied(struct str text, enum chars_look want)
{
    char to[80];

    memset(to, '#', sizeof(to));
    return chars_copy(to, text) == want && memcmp(to, text.s, text.n) == 0 &&
           to[text.n] == '#';
}

static void copies(void)
{
    char text[80];
    int wrong = 0;

    for (size_t n = 0; n < 70; n++) {
        memset(text, 'a', n);
        wrong += !is_copied(str_n(text, n), CHARS_CLEAN);
        for (size_t at = 0; at < n; at++)
            for (unsigned octet = 0; octet < 256; octet++) {
                text[at] = (char)octet;
                wrong += !is_copied(str_n(text, n), look_of(octet));
                text[at] = 'a';
            }
    }
    is_int(wrong, 0, "each octet at each place: what the text is like");
    ok(is_copied(STR("caf\xc3\xa9"), CHARS_ODD), "other characters");
    ok(is_copied(STR("Wherefore art thou, \xd0\xa0\xd0\xbe?"), CHARS_ODD),
       "in a longer text");
}

int main(void)
{
    failmem_init(&memory);
    ctx = xmpp_ctx_new(&memory.mem, NULL);
    is_str(xmpp_ctx_get_last_error(ctx), "", "nothing was refused yet");
    is_str(xmpp_ctx_get_last_error(NULL), "", "nor without a context");
    values();
    every_octet();
    texts();
    names();
    first_wins();
    misuse();
    copies();
    for (unsigned long n = 0; n < 40; n++)
        starved(n);
    xmpp_ctx_free(ctx);
    is_int(memory.held, 0, "nothing is left");
    return done_testing();
}
