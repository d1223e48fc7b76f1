/* names.c - where names lead: by the application's word, or by its own lookup.
 */

#include "conn/names.h"

#include <stdio.h>

#include <xmpp/dial.h>

#include "base/quote.h"
#include "net/overrides.h"

/* ---- led elsewhere ----------------------------------------------- */

#define LINES_SIZE 1048576

/* "place,place" for a name: a line for each (net/overrides.h). 0, XMPP_EARG,
 * XMPP_EMEM. */
static int put_places(const char *name, struct str places, struct buf *out)
{
    char host[IDNA_NAME_MOST + 1], line[2 * sizeof(host) + 16];
    unsigned port;
    struct str place;
    int rc = 0;

    while (rc == 0 && places.s) {
        places = str_cut(places, ',', &place);
        rc = endpoint_read(place, host, &port);
        if (rc)
            break;
        snprintf(line, sizeof(line), "%s %s %u\n", name, host, port);
        buf_puts(out, str_of(line));
    }
    return rc;
}

static int put_entry(struct str entry, struct buf *out)
{
    char name[IDNA_NAME_MOST + 1];
    struct str of, places = str_cut(entry, '=', &of);
    unsigned port = 0;
    int rc = endpoint_read(of, name, &port);

    if (rc == 0 && (port || !places.s))
        rc = XMPP_EARG;
    return rc ? rc : put_places(name, places, out);
}

/* The list is kept in the form that is used. */
static int put_list(xmpp_conn_t *conn, const char *list, struct buf *out)
{
    struct str rest = str_of(list), entry;
    struct quote said;
    int rc = 0;

    while (rc == 0 && (entry = str_word(&rest)).s)
        rc = put_entry(entry, out);
    if (rc == XMPP_EARG)
        return env_refuse(&conn->ctx->env, rc,
                          "\"%s\" does not lead a name elsewhere: expected "
                          "NAME=PLACE,PLACE, where each place is an address "
                          "or a name, with an optional port",
                          quote(&said, entry));
    return rc == 0 && out->failed ? XMPP_EMEM : rc;
}

int xmpp_conn_set_resolve(xmpp_conn_t *conn, const char *list)
{
    struct buf lines;
    int rc;

    if (!conn)
        return XMPP_EINVOP;
    if (!list)
        return conn_set(conn, __func__, &conn->settings.way.resolve, NULL);
    buf_init(&lines, &conn->ctx->env, LINES_SIZE);
    rc = put_list(conn, list, &lines);
    if (rc == 0) {
        char *text = buf_take(&lines);

        rc = text ? conn_set(conn, __func__, &conn->settings.way.resolve, text)
                  : XMPP_EMEM;
        env_free(&conn->ctx->env, text);
    }
    buf_free(&lines);
    return rc;
}

bool names_lead_elsewhere(const struct attempt *attempt, const char *name)
{
    struct override to;

    return overrides_next(attempt->account.settings.way.resolve, name, &to) !=
           NULL;
}

/* ---- this side --------------------------------------------------- */

#define FAMILIES 2

/* How many, or -1 if it is not a list of addresses of different families. */
static int read_sources(const char *text, struct address ret[FAMILIES])
{
    struct str rest = str_of(text), one;
    char word[ADDRESS_TEXT];
    int n = 0;

    while (rest.s) {
        rest = str_cut(rest, ',', &one);
        if (n == FAMILIES || one.n >= sizeof(word))
            return -1;
        snprintf(word, sizeof(word), "%.*s", STR_ARG(one));
        if (!address_read(&ret[n], word) ||
            (n && ret[0].family == ret[1].family))
            return -1;
        n++;
    }
    return n;
}

int xmpp_conn_set_source(xmpp_conn_t *conn, const char *addresses)
{
    struct address parsed[FAMILIES];
    struct quote said;

    if (!conn)
        return XMPP_EINVOP;
    if (addresses && read_sources(addresses, parsed) < 1)
        return env_refuse(&conn->ctx->env, XMPP_EARG,
                          "\"%s\" is not an IPv4 address, an IPv6 address, or "
                          "both with a comma between them",
                          quote(&said, str_of(addresses)));
    return conn_set(conn, __func__, &conn->settings.way.source, addresses);
}

void names_want(const struct attempt *attempt, struct dial_wanted *wanted)
{
    xmpp_ctx_t *ctx = attempt->conn->ctx;
    const char *source = attempt->account.settings.way.source;
    int n = source ? read_sources(source, wanted->sources) : 0;

    /* If the application named the name servers, only they see a name, so the
     * host's own resolver is not used. */
    wanted->servers = ctx->dns_servers;
    wanted->lookups = ctx->dns_servers ? NULL : &ctx->lookups;
    wanted->inquiries = ctx->lookup_handler ? &ctx->inquiries : NULL;
    wanted->overrides = attempt->account.settings.way.resolve;
    wanted->sources_n = n > 0 ? (size_t)n : 0;
}

/* ---- looked up by the application -------------------------------- */

static void ask_handler(struct inquiries *inquiries, unsigned long id,
                        enum inquiry_kind kind, const char *name)
{
    xmpp_ctx_t *ctx = LIST_ENTRY(inquiries, xmpp_ctx_t, inquiries);
    char copy[DNS_NAME_SIZE + 32]; /* the inquiry may end in the call */
    const xmpp_lookup_t lookup = {
        .id = id,
        .kind = kind == INQUIRY_SRV ? XMPP_LOOKUP_SRV : XMPP_LOOKUP_ADDRESSES,
        .name = copy,
    };

    snprintf(copy, sizeof(copy), "%s", name);
    if (ctx->lookup_handler)
        ctx->lookup_handler(ctx, &lookup, ctx->lookup_userdata);
}

void names_init(xmpp_ctx_t *ctx)
{
    inquiries_init(&ctx->inquiries, ask_handler);
}

void xmpp_ctx_set_lookup_handler(xmpp_ctx_t *ctx, xmpp_lookup_handler handler,
                                 void *userdata)
{
    if (!ctx)
        return;
    ctx->lookup_handler = handler;
    ctx->lookup_userdata = userdata;
}

static struct inquiry *find_asked(xmpp_ctx_t *ctx, unsigned long id,
                                  enum inquiry_kind kind)
{
    struct inquiry *inquiry = inquiry_find(&ctx->inquiries, id, kind);

    if (!inquiry)
        env_refuse(&ctx->env, XMPP_EINVOP,
                   "no lookup %lu of this kind is waiting for an answer", id);
    return inquiry;
}

/* Records or addresses, made of what the application passes; `take` reads one
 * into its place. */
static int answer_with(xmpp_ctx_t *ctx, struct inquiry *inquiry, size_t n,
                       size_t size, const void *from,
                       bool (*take)(const void *from, size_t i, void *to))
{
    char *records = n ? env_zalloc(&ctx->env, n * size) : NULL;
    size_t i = 0;
    int rc;

    if (n && !records)
        return XMPP_EMEM;
    while (i < n && take(from, i, records + i * size))
        i++;
    rc = i < n ? env_refuse(&ctx->env, XMPP_EARG,
                            "number %zu of the answer, counted from 0, is not "
                            "valid",
                            i)
               : inquiry_answer(inquiry, records, n);
    env_free(&ctx->env, records);
    return rc;
}

static bool take_srv(const void *from, size_t i, void *to)
{
    const xmpp_srv_t *given = (const xmpp_srv_t *)from + i;
    size_t n = given->target ? strlen(given->target) : DNS_NAME_SIZE;
    struct srv_record record = {.priority = (uint16_t)given->priority,
                                .weight = (uint16_t)given->weight,
                                .port = (uint16_t)given->port};

    while (n && n < DNS_NAME_SIZE && given->target[n - 1] == '.')
        n--; /* "." becomes "": srv_declines() */
    if (n >= DNS_NAME_SIZE || given->priority > UINT16_MAX ||
        given->weight > UINT16_MAX || given->port > UINT16_MAX)
        return false;
    memcpy(record.target, given->target, n);
    memcpy(to, &record, sizeof(record));
    return true;
}

static bool take_given_address(const void *from, size_t i, void *to)
{
    const char *text = ((const char *const *)from)[i];
    struct address address;

    if (!text || !address_read(&address, text))
        return false;
    memcpy(to, &address, sizeof(address));
    return true;
}

int xmpp_ctx_answer_srv(xmpp_ctx_t *ctx, unsigned long id,
                        const xmpp_srv_t *records, size_t n)
{
    struct inquiry *inquiry = ctx ? find_asked(ctx, id, INQUIRY_SRV) : NULL;

    return inquiry ? answer_with(ctx, inquiry, records ? n : 0,
                                 sizeof(struct srv_record), records, take_srv)
                   : XMPP_EINVOP;
}

int xmpp_ctx_answer_addresses(xmpp_ctx_t *ctx, unsigned long id,
                              const char *const *addresses, size_t n)
{
    struct inquiry *inquiry =
        ctx ? find_asked(ctx, id, INQUIRY_ADDRESSES) : NULL;

    return inquiry ? answer_with(ctx, inquiry, addresses ? n : 0,
                                 sizeof(struct address), addresses,
                                 take_given_address)
                   : XMPP_EINVOP;
}

int xmpp_ctx_fail_lookup(xmpp_ctx_t *ctx, unsigned long id)
{
    struct inquiry *inquiry = NULL;

    if (ctx)
        inquiry = inquiry_find(&ctx->inquiries, id, INQUIRY_SRV);
    if (ctx && !inquiry)
        inquiry = find_asked(ctx, id, INQUIRY_ADDRESSES);
    if (!inquiry)
        return XMPP_EINVOP;
    inquiry_fail(inquiry, "the application could not look it up");
    return 0;
}
