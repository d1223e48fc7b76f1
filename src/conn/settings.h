/* settings.h - what an application sets about a connection before it connects.
 *
 * Plain data in parts. An attempt copies them when it starts, so that they may
 * change meanwhile; the rooms below borrow from that copy. The options are not
 * copied: they take effect at once (xmpp/option.h), so all read conn->options.
 *
 * A string is one row in a table: of identity or secrets (stream/terms.h),
 * which the stream reads, of the files of TLS, or of the way. Copying, wiping
 * and freeing walk the tables, so a new setting is a row, its setter, and its
 * use. */

#ifndef CONN_SETTINGS_H
#define CONN_SETTINGS_H

#include <xmpp/option.h>
#include <xmpp/types.h>

#include "base/env.h"
#include "net/tls.h"
#include "stream/terms.h"

/* Files of TLS. */
#define TLS_FILES_MAP(ROW)                                                     \
    ROW(cafile)                                                                \
    ROW(capath)                                                                \
    ROW(crlfile)                                                               \
    ROW(cert)                                                                  \
    ROW(key)                                                                   \
    ROW(anchor) /* of DNSSEC */

/* By which way the transport goes. A proxy's URL has a password in it. */
#define WAY_MAP(ROW)                                                           \
    ROW(proxy)                                                                 \
    ROW(resolve) /* net/overrides.h */                                         \
    ROW(source)                                                                \
    ROW(websocket)

/* All strings are owned; NULL: not set. */
struct settings {
    struct identity identity;
    struct secrets secrets;
    struct {
#define MEMBER(name) char *name;
        TLS_FILES_MAP(MEMBER)
#undef MEMBER
        struct tls_pin *pins; /* owned */
        size_t pins_n;
    } tls;
    struct {
#define MEMBER(name) char *name;
        WAY_MAP(MEMBER)
#undef MEMBER
    } way;
    xmpp_stanza_t *bind_with; /* its children go into Bind 2; NULL: none */
    long flags;               /* XMPP_CONN_FLAG_… */
};

/* The defaults of the options. */
void settings_init_options(int32_t options[XMPP_OPT_COUNT_]);

/* Into `to`, which holds nothing yet. 0; XMPP_EMEM, and `to` holds nothing. */
int settings_copy(const struct env *env, struct settings *to,
                  const struct settings *from);

/* Wipes what is secret. */
void settings_free(const struct env *env, struct settings *settings);

#endif
