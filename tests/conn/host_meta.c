/* host_meta.c - host-meta documents: which WebSockets they name, and which are
 * refused; cut anywhere, and with each allocation failing. */

#include "conn/host_meta.h"

#include <xmpp/error.h>

#include "failmem.h"
#include "tap.h"

#define WS "urn:xmpp:alt-connections:websocket"
#define BOSH "urn:xmpp:alt-connections:xbosh"
#define JRD(links) "{\"links\":[" links "]}"
#define JLINK(href) "{\"rel\":\"" WS "\",\"href\":\"" href "\"}"
#define XRD(links)                                                             \
    "<XRD xmlns='http://docs.oasis-open.org/ns/xri/xrd-1.0'>" links "</XRD>"
#define XLINK(href) "<Link rel='" WS "' href='" href "'/>"
#define A "wss://a.example.org/ws"
#define B "wss://b.example.org:5281/x?y=z"

static struct failmem memory;
static struct env env;

/* The URLs with spaces between them, or why there are none. */
static const char *read_document(struct str document, bool clear)
{
    static char text[2048];
    struct host_meta meta;
    const char *why = NULL;
    int rc = host_meta_read(&env, document, clear, &meta, &why);

    text[0] = '\0';
    if (rc == XMPP_EMEM)
        return "memory";
    if (rc)
        return why;
    for (unsigned i = 0; i < meta.count; i++)
        snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s%s",
                 i ? " " : "", meta.urls[i]);
    host_meta_free(&env, &meta);
    return text;
}

static void reads(const char *document, const char *want)
{
    is_str(read_document(str_of(document), false), want, "%.60s", document);
}

static void good(void)
{
    reads(JRD(JLINK(A)), A);
    reads("\xef\xbb\xbf \n" JRD(JLINK(A) "," JLINK(B)), A " " B);
    reads(JRD(JLINK(A) "," JLINK(A)), A);
    reads(JRD("1,null,[],{}," JLINK(A)), A);
    reads(JRD("{\"rel\":\"" BOSH "\",\"href\":\"https://a/\"}," JLINK(A)), A);
    reads("{\"links\":[{\"href\":\"wss:\\/\\/a.example.org\\u002fws\","
          "\"x\":{\"rel\":\"no\"},\"rel\":\"" WS "\"}],\"links\":7}",
          A);
    reads(XRD(XLINK(A)), A);
    reads("<?xml version='1.0' encoding='utf-8'?><!-- c --><?x y?>" XRD(
              "<Subject>x</Subject><!-- c -->" XLINK(A) XLINK(B)),
          A " " B);
    reads("<x:XRD xmlns:x='http://docs.oasis-open.org/ns/xri/xrd-1.0'>"
          "<x:Link href='wss://a.example.org/&#x77;s' rel='" WS "'/></x:XRD>",
          A);
}

/* Of members with one name the first that is a string counts. */
static void twice(void)
{
    reads(JRD("{\"rel\":7,\"rel\":\"" WS "\",\"href\":\"" A "\"}"), A);
    reads(JRD("{\"rel\":\"" WS "\",\"rel\":\"\",\"href\":\"" A "\"}"), A);
    reads(JRD("{\"rel\":\"\",\"rel\":\"" WS "\",\"href\":\"" A "\"}"),
          "it names no WebSocket that can be used");
}

static void useless(void)
{
    static const char none[] = "it names no WebSocket that can be used",
                      json[] = "it is not valid JSON",
                      xrd[] = "it is not a valid XRD document",
                      neither[] = "it is neither JSON nor XRD";

    reads("", neither);
    reads("hello", neither);
    reads("[]", neither);
    reads("{}", none);
    reads(JRD(""), none);
    reads("{\"links\":{\"rel\":\"" WS "\",\"href\":\"" A "\"}}", none);
    reads(JRD(JLINK("ws://a.example.org/")), none);
    reads(JRD(JLINK("https://a.example.org/")), none);
    reads(JRD(JLINK("wss://u:p@a.example.org/")), none);
    reads(JRD(JLINK("wss://a.example.org/a b")), none);
    reads(JRD(JLINK("wss://a.example.org/\\r\\nHost: b")), none);
    reads(JRD(JLINK("/ws")), none);
    reads(JRD("{\"rel\":\"" WS "\"}"), none);
    reads(JRD("{\"rel\":\"" WS "\",\"href\":[\"" A "\"]}"), none);
    reads("{\"other\":[" JLINK(A) "]}", none);
    is_str(read_document(STR("\0" JRD(JLINK(A))), false), neither,
           "a NUL is no space");
    reads(JRD(JLINK(A)) ",", json);
    reads("{\"links\":[" JLINK(A), json);
    reads(XRD(""), none);
    reads(XRD("<a>" XLINK(A) "</a>"), none);
    reads(XRD("<Link rel='" WS "'/><Link href='" A "'/>"), none);
    reads(XRD("<Link xmlns='x' rel='" WS "' href='" A "'/>"), none);
    reads("<XRD>" XLINK(A) "</XRD>", xrd);
    reads(XRD(XLINK(A)) "<a/>", xrd);
    reads("<html><body>" XLINK(A) "</body></html>", xrd);
    reads("<!DOCTYPE XRD [<!ENTITY e '" A "'>]>" XRD(XLINK("&e;")), xrd);
    reads("<!DOCTYPE XRD SYSTEM 'file:///etc/passwd'>" XRD(XLINK(A)), xrd);
    reads(XRD(XLINK("&e;")), xrd);
}

#define MIXED                                                                    \
    JRD(JLINK("ws://a/1") "," JLINK("ws://a/2") "," JLINK("ws://a/3") "," JLINK( \
        "ws://a/4") "," JLINK(A) "," JLINK(B) "," JLINK("ws://a/5"))

static void clear_or_not(void)
{
    is_str(read_document(STR(JRD(JLINK("ws://a.example.org/"))), true),
           "ws://a.example.org/", "without TLS, if that is allowed");
    is_str(read_document(STR(MIXED), true), A " " B,
           "but not beside one that has it");
}

/* ---- limits ------------------------------------------------------ */

static void enough_urls(void)
{
    reads(JRD(JLINK("wss://a/1") "," JLINK("wss://a/2") "," JLINK(
              "wss://a/3") "," JLINK("wss://a/4") "," JLINK("wss://a/5")),
          "wss://a/1 wss://a/2 wss://a/3 wss://a/4");
}

static void long_url(bool json, int n, bool taken)
{
    char path[HOST_META_URL_MOST + 2], text[2 * HOST_META_URL_MOST];
    const char *got;

    memset(path, 'x', sizeof(path));
    snprintf(text, sizeof(text),
             json ? JRD(JLINK("wss://a/%.*s")) : XRD(XLINK("wss://a/%.*s")),
             n - (int)strlen("wss://a/"), path);
    got = read_document(str_of(text), false);
    is_int(strlen(got) == (size_t)n, taken, "a URL of %d octets", n);
}

/* What is cut is not valid, and nothing behind the cut is read. */
static void cut_anywhere(const char *document)
{
    bool any = false;

    for (size_t n = 0; n < strlen(document); n++) {
        char *copy = malloc(n ? n : 1);

        if (!copy)
            bail("no memory");
        memcpy(copy, document, n);
        any = any || strstr(read_document(str_n(copy, n), false), "wss:");
        free(copy);
    }
    ok(!any, "nothing of what is cut: %.30s", document);
}

static void deep(void)
{
    static char text[60000];
    size_t n = sizeof(text) - 1;

    memset(text, '[', n);
    memcpy(text, "{\"links\":", 9);
    is_str(read_document(str_n(text, n), false), "it is not valid JSON",
           "deep JSON");
    for (size_t i = 0; i + 3 <= n; i += 3)
        memcpy(text + i, "<a>", 3);
    is_str(read_document(str_n(text, n), false),
           "it is not a valid XRD document", "deep XML");
}

static void without_memory(const char *document)
{
    bool some = false;
    const char *got;

    for (unsigned long i = 1;; i++) {
        failmem_arm(&memory, i, 0);
        got = read_document(str_of(document), false);
        some = some || !strcmp(got, "memory");
        if (!memory.failed)
            break;
    }
    failmem_arm(&memory, 0, 0);
    ok(some, "memory is out");
    is_str(got, A " " B, "until it is not");
}

int main(void)
{
    failmem_init(&memory);
    env_init(&env, &memory.mem, NULL);
    good();
    twice();
    useless();
    clear_or_not();
    enough_urls();
    for (int json = 0; json < 2; json++) {
        long_url(json, HOST_META_URL_MOST, true);
        long_url(json, HOST_META_URL_MOST + 1, false);
    }
    cut_anywhere(JRD(JLINK(A) "," JLINK(B)));
    cut_anywhere(XRD(XLINK(A) XLINK(B)));
    deep();
    without_memory(JRD(JLINK(A) "," JLINK(B)));
    without_memory(XRD(XLINK(A) XLINK(B)));
    is_int(memory.held, 0, "no memory is left");
    return done_testing();
}
