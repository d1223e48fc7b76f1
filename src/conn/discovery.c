/* discovery.c - the WebSockets of a domain, looked up by HTTPS (XEP-0156). */

#include "conn/discovery.h"

#include <stdio.h>

#include "base/parts.h"
#include "base/quote.h"
#include "conn/causes.h"
#include "conn/host_meta.h"
#include "conn/way.h"
#include "net/fetch.h"

#define PORT_HTTPS 443
#define AUTHORITY (DNS_NAME_SIZE + 16)

/* Servers have to offer XRD and should offer JSON (XEP-0156 section 3.2, rule
 * 2), which is smaller and comes first. */
static const struct {
    const char *path, *accept;
} documents[] = {
    {"/.well-known/host-meta.json", "application/jrd+json, application/json"},
    {"/.well-known/host-meta", "application/xrd+xml, application/xml"},
};

#define DOCUMENTS (sizeof(documents) / sizeof(documents[0]))

/* It belongs to the attempt, from the first lookup until it is known that no
 * other target will be tried. While `fetch` is there, a document is on its way.
 * `next` counts the URLs that were taken. */
struct discovery {
    struct attempt *attempt;
    struct dial_wanted dial;
    dial_done done;
    struct tls_trust *trust;

    size_t document;
    unsigned redirects;
    char host[IDNA_NAME_MOST + 1]; /* where the document is */
    unsigned port;
    char path[FETCH_LOCATION_MOST + 2];
    struct fetch *fetch;

    struct host_meta found;
    unsigned next;
};

/* ---- whether ----------------------------------------------------- */

static long policy_of(const struct attempt *attempt)
{
    return attempt->conn->options[XMPP_OPT_HOST_META];
}

/* A host or a WebSocket that the application names leaves nothing to be found
 * out. */
static bool is_wanted(const struct attempt *attempt)
{
    return PART_WEBSOCKET && policy_of(attempt) != DISCOVERY_NEVER &&
           attempt->account.wanted.kind == STREAM_CLIENT &&
           !attempt->conn->named_host && !way_has_websocket(attempt);
}

/* The document is only as safe as the authorities of the web: who can forge
 * their certificates must not get around DANE by it. */
static bool is_barred(const struct attempt *attempt)
{
    return attempt->conn->options[XMPP_OPT_DANE] != 0;
}

bool discovery_is_only(const struct attempt *attempt)
{
    return policy_of(attempt) == DISCOVERY_ONLY && is_wanted(attempt);
}

bool discovery_has_more(const struct attempt *attempt)
{
    const struct discovery *d = attempt->discovery;

    return d ? d->fetch || d->next < d->found.count
             : is_wanted(attempt) && !is_barred(attempt);
}

/* ---- one document ------------------------------------------------ */

static void on_fetched(void *userdata, struct fetch *fetch);

static void write_authority(const struct discovery *d, char out[AUTHORITY])
{
    bool is_ipv6 = strchr(d->host, ':') != NULL;
    char port[16] = "";

    if (d->port != PORT_HTTPS)
        snprintf(port, sizeof(port), ":%u", d->port);
    snprintf(out, AUTHORITY, "%s%s%s%s", is_ipv6 ? "[" : "", d->host,
             is_ipv6 ? "]" : "", port);
}

/* No pins, no certificate of ours, and no question to the application: this is
 * not the XMPP server. */
static struct tls_wanted tls_of(const struct discovery *d)
{
    const int32_t *options = d->attempt->conn->options;

    return (struct tls_wanted){
        .trust = d->trust,
        .domain = d->host,
        .require_status = options[XMPP_OPT_TLS_REQUIRE_STATUS] != 0,
        .alpn = "http/1.1",
    };
}

static bool fetch_document(struct discovery *d)
{
    struct attempt *attempt = d->attempt;
    const struct way *way = attempt->account.way;
    const struct tls_wanted tls = tls_of(d);
    char authority[AUTHORITY];
    struct fetch_wanted wanted = {
        .dial = d->dial,
        .host = d->host,
        .port = d->port,
        .tls = &tls,
        .authority = authority,
        .path = d->path,
        .accept = documents[d->document].accept,
        .timeout = (unsigned)attempt->conn->options[XMPP_OPT_STEP_TIMEOUT],
    };

    wanted.dial.host = d->host;
    wanted.dial.port = (uint16_t)d->port;
    wanted.dial.direct_tls = true;
    if (way_has_proxy(attempt)) {
        wanted.proxy = &way->proxy;
        wanted.dial.host = way->proxy.host;
        wanted.dial.port = (uint16_t)way->proxy.port;
        wanted.dial.direct_tls = false;
    }
    write_authority(d, authority);
    env_log(attempt->env, XMPP_LEVEL_INFO, "conn",
            "looking for a WebSocket at https://%s%s", authority, d->path);
    fetch_free(d->fetch);
    d->fetch = fetch_new(attempt->env, attempt->conn->ctx->poll, &wanted,
                         on_fetched, attempt);
    return d->fetch != NULL;
}

static bool begin_document(struct discovery *d)
{
    d->redirects = 0;
    d->port = PORT_HTTPS;
    snprintf(d->host, sizeof(d->host), "%s", d->attempt->account.domain);
    snprintf(d->path, sizeof(d->path), "%s", documents[d->document].path);
    return fetch_document(d);
}

/* ---- redirects --------------------------------------------------- */

static bool is_redirect(unsigned status)
{
    return status == 301 || status == 302 || status == 303 || status == 307 ||
           status == 308;
}

/* An absolute URL, or a path on the same host. NULL, or why it is not followed.
 */
static const char *take_location(struct discovery *d, struct str location)
{
    struct url url;
    const char *why = NULL;
    int rc;

    if (str_starts(location, STR("/")) && !str_starts(location, STR("//"))) {
        url = (struct url){.port = d->port, .path = location};
        memcpy(url.host, d->host, sizeof(url.host));
        rc = url_is_path(location) ? 0 : XMPP_EARG;
    } else {
        rc = url_read(location, &url, &why);
        if (rc == 0 && !str_eq_nocase(url.scheme, STR("https")))
            return "it leads away from HTTPS";
    }
    if (rc)
        return "it is not a URL that can be followed";
    memcpy(d->host, url.host, sizeof(d->host));
    d->port = url.port ? url.port : PORT_HTTPS;
    snprintf(d->path, sizeof(d->path), "%s%.*s",
             url.path.n && url.path.s[0] == '/' ? "" : "/", STR_ARG(url.path));
    return NULL;
}

static const char *follow_location(struct discovery *d,
                                   const struct fetch *fetch)
{
    if (d->redirects++ == DISCOVERY_REDIRECTS_MOST)
        return "there are too many";
    return take_location(d, str_of(fetch_location(fetch)));
}

/* ---- answers ----------------------------------------------------- */

/* What an answer is about: it goes on, or it does not. */
enum meta_verdict { META_FOUND, META_FOLLOW, META_NONE, META_NO_MEMORY };

/* A refusal stays, but for what speaks of time (RFC 9110 section 15.5, RFC
 * 6585); and a server that is known to have sessions mends it. */
static void set_refusal(const struct discovery *d, unsigned status,
                        struct fault *fault)
{
    fault->is_lasting = status < 500 && status != 408 && status != 429 &&
                        !d->attempt->conn->reconnect.is_known;
}

static enum meta_verdict judge_refusal(struct discovery *d,
                                       const struct fetch *fetch,
                                       struct fault *fault)
{
    unsigned status = fetch_status(fetch);
    const char *why = is_redirect(status) ? follow_location(d, fetch) : NULL;
    struct quote said;

    if (is_redirect(status) && !why)
        return META_FOLLOW;
    if (why)
        fault_set(fault, XMPP_LAYER_HTTP, XMPP_EHOSTMETA,
                  "a redirect to \"%s\" is not followed: %s",
                  quote(&said, str_of(fetch_location(fetch))), why);
    else
        fault_set(fault, XMPP_LAYER_HTTP, XMPP_EHOSTMETA, "it answered %u %s",
                  status, quote(&said, fetch_reason(fetch)));
    set_refusal(d, status, fault);
    return META_NONE;
}

static bool may_be_clear(const struct attempt *attempt)
{
    return attempt->conn->options[XMPP_OPT_WEBSOCKET_CLEAR] &&
           !(attempt->account.settings.flags & XMPP_CONN_FLAG_MANDATORY_TLS);
}

static enum meta_verdict judge_content(struct discovery *d,
                                       const struct fetch *fetch,
                                       struct fault *fault)
{
    const char *why = NULL;
    int rc = host_meta_read(d->attempt->env, fetch_content(fetch),
                            may_be_clear(d->attempt), &d->found, &why);

    if (rc == 0)
        return META_FOUND;
    if (rc == XMPP_EMEM)
        return META_NO_MEMORY;
    fault_set(fault, XMPP_LAYER_HTTP, XMPP_EHOSTMETA, "%s: %s", d->path, why);
    set_refusal(d, 200, fault);
    return META_NONE;
}

static enum meta_verdict judge_answer(struct discovery *d,
                                      const struct fetch *fetch,
                                      struct fault *fault)
{
    if (fetch_fault(fetch)) {
        *fault = *fetch_fault(fetch);
        return fault->code == XMPP_EMEM ? META_NO_MEMORY : META_NONE;
    }
    return fetch_status(fetch) == 200 ? judge_content(d, fetch, fault)
                                      : judge_refusal(d, fetch, fault);
}

/* A server that could not be reached at all has no other document either. An
 * address that was not reached is a cause already (net/misses). */
static bool may_have_another(const struct discovery *d,
                             const struct fault *fault)
{
    return d->document + 1 < DOCUMENTS && fault->code == XMPP_EHOSTMETA;
}

static void keep_meta_cause(const struct discovery *d,
                            const struct fetch *fetch,
                            const struct fault *fault)
{
    if (fault->layer != XMPP_LAYER_DNS && fetch_target(fetch)->address[0])
        causes_add(d->attempt->conn, fetch_target(fetch), fault);
}

static void log_found(const struct discovery *d)
{
    for (unsigned i = 0; i < d->found.count; i++) {
        struct quote said;

        env_log(d->attempt->env, XMPP_LEVEL_INFO, "conn",
                "the domain has a WebSocket: %s",
                quote(&said, str_of(d->found.urls[i])));
    }
}

/* It is over: the URLs are dialled, or the attempt ends. */
static void conclude_discovery(struct discovery *d)
{
    fetch_free(d->fetch);
    d->fetch = NULL;
    log_found(d);
    d->done(d->attempt, NULL);
}

static void on_fetched(void *userdata, struct fetch *fetch)
{
    struct attempt *attempt = userdata;
    struct discovery *d = attempt->discovery;
    struct fault fault = {0};
    enum meta_verdict verdict = judge_answer(d, fetch, &fault);

    if (verdict == META_FOLLOW && fetch_document(d))
        return;
    if (verdict == META_NONE && may_have_another(d, &fault)) {
        env_log(attempt->env, XMPP_LEVEL_INFO, "conn", "no host-meta there: %s",
                fault.detail);
        d->document++;
        if (begin_document(d))
            return;
        verdict = META_NO_MEMORY;
    }
    if (verdict == META_NONE)
        keep_meta_cause(d, fetch, &fault);
    if (verdict == META_NO_MEMORY || verdict == META_FOLLOW)
        fault_set(&attempt->fault, XMPP_LAYER_APP, XMPP_EMEM, NULL);
    else if (verdict == META_NONE)
        attempt->fault = fault;
    conclude_discovery(d);
}

/* ---- the course -------------------------------------------------- */

/* Why TCP failed says more than why there is no other way (conn/onward.c). */
static void keep_earlier(struct attempt *attempt)
{
    if (!attempt->earlier || !fault_is_set(&attempt->earlier->fault))
        attempt_keep_reason(attempt, &attempt->fault);
    attempt->fault = (struct fault){0};
}

static struct discovery *make_discovery(struct attempt *attempt)
{
    const struct settings *set = &attempt->account.settings;
    const struct tls_config config = {
        .cafile = set->tls.cafile,
        .capath = set->tls.capath,
        .crlfile = set->tls.crlfile,
    };
    struct discovery *d = env_zalloc(attempt->env, sizeof(*d));

    if (!d)
        return NULL;
    d->attempt = attempt;
    attempt->discovery = d;
    d->trust =
        tls_trust_get(attempt->env, &attempt->conn->ctx->trusts, &config);
    return d->trust ? d : NULL;
}

static enum discovery_next lack_discovery(struct attempt *attempt)
{
    fault_set(&attempt->fault, XMPP_LAYER_APP, XMPP_EMEM, NULL);
    return DISCOVERY_END;
}

static enum discovery_next begin_discovery(struct attempt *attempt,
                                           const struct dial_wanted *dial,
                                           dial_done done)
{
    struct discovery *d = make_discovery(attempt);

    if (!d)
        return lack_discovery(attempt);
    d->dial = *dial;
    d->done = done;
    return begin_document(d) ? DISCOVERY_PENDING : lack_discovery(attempt);
}

static enum discovery_next take_next_found(struct attempt *attempt)
{
    struct discovery *d = attempt->discovery;

    return way_take_found(attempt, d->found.urls[d->next++])
               ? lack_discovery(attempt)
               : DISCOVERY_FOUND;
}

enum discovery_next discovery_next(struct attempt *attempt,
                                   const struct dial_wanted *dial,
                                   dial_done done)
{
    if (discovery_is_only(attempt) && is_barred(attempt))
        fault_set(&attempt->fault, XMPP_LAYER_TLS, XMPP_EDANE,
                  "host-meta is not protected by DANE: set XMPP_OPT_DANE or "
                  "XMPP_OPT_HOST_META to 0");
    if (!PART_WEBSOCKET || attempt->stop_requested ||
        attempt->fault.layer == XMPP_LAYER_APP || !discovery_has_more(attempt))
        return DISCOVERY_END;
    keep_earlier(attempt);
    return attempt->discovery ? take_next_found(attempt)
                              : begin_discovery(attempt, dial, done);
}

/* ---- life -------------------------------------------------------- */

void discovery_move(struct attempt *to, struct attempt *from)
{
    to->discovery = from->discovery;
    from->discovery = NULL;
    if (to->discovery)
        to->discovery->attempt = to;
}

void discovery_free(struct attempt *attempt)
{
    struct discovery *d = attempt->discovery;

    if (!PART_WEBSOCKET || !d)
        return;
    attempt->discovery = NULL;
    fetch_free(d->fetch);
    host_meta_free(attempt->env, &d->found);
    if (d->trust)
        tls_trust_release(&attempt->conn->ctx->trusts, d->trust);
    env_free(attempt->env, d);
}
