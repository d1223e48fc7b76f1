/* up_testbed.c - a stream that is up, without a transport. */

#include "stream/up_testbed.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "conn/settings.h"
#include "stream/stream.h"
#include "tap.h"

#define HEADER                                                                 \
    "<?xml version='1.0'?><stream:stream xmlns='jabber:client' "               \
    "xmlns:stream='http://etherx.jabber.org/streams' id='1' version='1.0'>"
#define MECHANISMS                                                             \
    "<stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>"   \
    "<mechanism>PLAIN</mechanism></mechanisms></stream:features>"
#define SUCCESS "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>"
#define BIND "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>"
#define BOUND                                                                  \
    "<iq type='result' id='bind'>"                                             \
    "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'>"                          \
    "<jid>romeo@example.org/r</jid></bind></iq>"

struct up_testbed up;

static char password[] = "sesame";

void up_take(void)
{
    struct str bytes;

    while ((bytes = stream_peek(up.stream)).n) {
        if (bytes.n > sizeof(up.out) - up.out_n)
            bail("too much");
        memcpy(up.out + up.out_n, bytes.s, bytes.n);
        up.out_n += bytes.n;
        stream_sent(up.stream, bytes.n);
    }
}

void up_hear(const char *text)
{
    struct stream_event event;

    for (size_t n = strlen(text), used; n; n -= used, text += used) {
        used = stream_recv(up.stream, text, n, up.now);
        while (stream_next(up.stream, &event))
            xmpp_stanza_release(event.stanza);
        if (!used)
            return;
    }
}

void up_begin(const char *management)
{
    char features[500];

    failmem_init(&up.memory);
    env_init(&up.env, &up.memory.mem, NULL);
    settings_init_options(up.options);
    up.fault = (struct fault){0};
    up.now = 0;
    up.client = (struct wanted){
        .kind = STREAM_CLIENT,
        .tls = TLS_REQUIRED,
        .tls_verified = true,
        .domain = {"example.org", 11},
        .local = {"romeo", 5},
        .secrets = {.pass = password},
        .options = up.options,
        .sm = sm_new(&up.env),
    };
    up.stream = stream_new(&up.env, &up.client, &up.fault);
    stream_open(up.stream, true, 0);
    up_hear(HEADER MECHANISMS);
    up_hear(SUCCESS);
    snprintf(features, sizeof(features),
             HEADER "<stream:features>" BIND "%s</stream:features>" BOUND,
             management);
    up_hear(features);
    up_take();
    up.out_n = 0;
}

void up_begin_managed(const char *enabled)
{
    up_begin("<sm xmlns='urn:xmpp:sm:3'/>");
    up_hear(enabled);
}

void up_end(const char *what)
{
    stream_free(up.stream);
    sm_free(up.client.sm);
    arena_drain(&up.env);
    is_int(up.memory.held, 0, "%s: no memory is left", what);
}
