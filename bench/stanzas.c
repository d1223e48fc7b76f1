/* stanzas.c - what the benchmark receives: three kinds of input. */

#include "stanzas.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define LARGE_ENTRIES 34

struct sheet {
    char *to;
    size_t n;
};

__attribute__((format(printf, 2, 3))) static void put(struct sheet *s,
                                                      const char *format, ...)
{
    va_list args;

    va_start(args, format);
    s->n +=
        (size_t)vsnprintf(s->to + s->n, STANZAS_LONGEST - s->n, format, args);
    va_end(args);
}

static void put_chat(struct sheet *s, long i)
{
    put(s,
        "<message from='juliet@example.org/balcony' to='romeo@example.org/r' "
        "type='chat' id='%06ld'><body>Wherefore art thou, Romeo? Deny thy "
        "father; refuse</body>"
        "<thread>e0ffe42b28561960c6b12b944a0927</thread>"
        "<origin-id xmlns='urn:xmpp:sid:0' id='de305d54-75b4-431b'/>"
        "<request xmlns='urn:xmpp:receipts'/>"
        "<active xmlns='http://jabber.org/protocol/chatstates'/></message>",
        i % 1000000);
}

static void put_presence(struct sheet *s, long i)
{
    put(s,
        "<presence from='friend%ld@example.org/phone' "
        "to='romeo@example.org/r'><show>away</show>"
        "<status>Gone to the orchard</status><priority>5</priority>"
        "<c xmlns='http://jabber.org/protocol/caps' hash='sha-1' "
        "node='https://example.org/client' "
        "ver='QgayPKawpkPSDYmwT/WM94uAlu0='/></presence>",
        i % 50);
}

static void put_roster(struct sheet *s, long i)
{
    put(s,
        "<iq type='result' id='r%06ld' to='romeo@example.org/r'>"
        "<query xmlns='jabber:iq:roster' ver='ver%ld'>",
        i % 1000000, i % 100);
    for (int k = 0; k < 20; k++)
        put(s,
            "<item jid='contact%02d@example.org' name='Contact %d' "
            "subscription='both'><group>Friends</group></item>",
            k, k);
    put(s, "</query></iq>");
}

static void put_mix(struct sheet *s, long i)
{
    long nth = i % 10;

    if (nth == 9)
        put_roster(s, i);
    else if (nth % 3 == 2)
        put_presence(s, i);
    else
        put_chat(s, i);
}

static void put_large(struct sheet *s, long i)
{
    put(s,
        "<message from='pubsub.example.org' to='romeo@example.org/r' "
        "id='%06ld'><event xmlns='http://jabber.org/protocol/pubsub#event'>"
        "<items node='urn:example:feed'><item id='i%06ld'>"
        "<feed xmlns='http://www.w3.org/2005/Atom'>",
        i % 1000000, i % 1000000);
    for (int k = 0; k < LARGE_ENTRIES; k++)
        put(s,
            "<entry><title>Soliloquy %d</title><id>tag:example.org,2003:"
            "entry-%05d</id><published>2003-12-13T18:30:02Z</published>"
            "<updated>2003-12-13T18:30:02Z</updated>"
            "<link rel='alternate' type='text/html' "
            "href='http://example.org/2003/12/13/atom%02d'/>"
            "<summary>To be, or not to be: that is the question: Whether "
            "&apos;tis nobler in the mind to suffer the slings and arrows of "
            "outrageous fortune, Or to take arms against a sea of troubles, "
            "And by opposing end them?</summary></entry>",
            k, k, k);
    put(s, "</feed></item></items></event></message>");
}

size_t stanzas_write(char *to, const char *kind, long i)
{
    static const struct {
        const char *kind;
        void (*put)(struct sheet *s, long i);
    } kinds[] = {{"chat", put_chat}, {"mix", put_mix}, {"large", put_large}};
    struct sheet s = {to, 0};

    for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++)
        if (strcmp(kinds[k].kind, kind) == 0)
            kinds[k].put(&s, i);
    return s.n;
}
