/* websocket_upgrade.c - from HTTP to WebSocket (RFC 6455 section 4). */

#include <stdio.h>

#include "base/code.h"
#include "base/crypt.h"
#include "base/quote.h"
#include "net/http.h"
#include "net/websocket.h"

#define NONCE 16
#define GUID "258EAFA5-E914-47DA-95CA-C5AB0DC85B11" /* section 1.3 */

/* It shows that the server read this request and knows WebSocket. */
static bool derive(const char *key, char accept[WEBSOCKET_ACCEPT_SIZE])
{
    char text[BASE64_SIZE(NONCE) + sizeof(GUID)];
    unsigned char hash[DIGEST_MOST];
    int n = snprintf(text, sizeof(text), "%s%s", key, GUID);

    if (!crypt_hash(DIGEST_SHA1, text, (size_t)n, hash))
        return false;
    base64_encode(accept, hash, digest_size(DIGEST_SHA1));
    return true;
}

static void put_field(struct buf *out, const char *name, const char *value)
{
    buf_puts(out, str_of(name));
    buf_puts(out, STR(": "));
    buf_puts(out, str_of(value));
    buf_puts(out, STR("\r\n"));
}

bool websocket_request(const struct websocket_wanted *wanted, struct buf *out,
                       char accept[WEBSOCKET_ACCEPT_SIZE])
{
    unsigned char nonce[NONCE];
    char key[BASE64_SIZE(NONCE)];

    if (!crypt_random(nonce, sizeof(nonce)))
        return false;
    base64_encode(key, nonce, sizeof(nonce));
    buf_puts(out, STR("GET "));
    buf_puts(out, str_of(wanted->path));
    buf_puts(out, STR(" HTTP/1.1\r\n"));
    put_field(out, "Host", wanted->host);
    put_field(out, "Upgrade", "websocket");
    put_field(out, "Connection", "Upgrade");
    put_field(out, "Sec-WebSocket-Key", key);
    put_field(out, "Sec-WebSocket-Version", "13");
    put_field(out, "Sec-WebSocket-Protocol", wanted->protocol);
    buf_puts(out, STR("\r\n"));
    return derive(key, accept);
}

/* A field that has to be there once, with this value. */
static bool has_just(const struct http *http, const char *name,
                     const char *value)
{
    return http_count(http, name) == 1 && str_is(http_field(http, name), value);
}

/* Section 4.1, at its end. */
static const char *upgrade_objection(const struct http *http,
                                     const char *accept, const char *protocol)
{
    if (!http_has(http, "Upgrade", "websocket") ||
        !http_has(http, "Connection", "upgrade"))
        return "it upgrades to something other than WebSocket";
    if (!has_just(http, "Sec-WebSocket-Accept", accept))
        return "its Sec-WebSocket-Accept is wrong: something between us may "
               "have answered";
    if (!has_just(http, "Sec-WebSocket-Protocol", protocol))
        return "it did not agree to the subprotocol xmpp: is this the path of "
               "another service?";
    if (http_field(http, "Sec-WebSocket-Extensions").n)
        return "it wants an extension that was not offered";
    return NULL;
}

static bool refuse_upgrade(struct fault *fault, const char *why,
                           bool is_lasting)
{
    if (fault_is_set(fault))
        return false;
    fault_set(fault, XMPP_LAYER_WEBSOCKET, XMPP_EWEBSOCKET, "%s", why);
    fault->is_lasting = is_lasting;
    return false;
}

/* A server that is restarted answers 5xx for a while; 404 it answers for ever.
 */
static bool refuse_status(struct fault *fault, const struct http *http)
{
    struct quote said;
    char why[160];

    snprintf(why, sizeof(why), "it answered %u %s", http->status,
             quote(&said, http_reason(http)));
    return refuse_upgrade(fault, why,
                          http->status < 500 && http->status != 408 &&
                              http->status != 429);
}

bool websocket_agrees(const struct http *http, const char *accept,
                      const char *protocol, const char *why,
                      struct fault *fault)
{
    if (why)
        return refuse_upgrade(fault, why, false);
    if (http->status != 101)
        return refuse_status(fault, http);
    why = upgrade_objection(http, accept, protocol);
    return !why || refuse_upgrade(fault, why, true);
}
