/* upload.c - slots for uploads by HTTP (XEP-0363). */

#include <xmpp/xep/upload.h>

#include <string.h>

#include <xmpp/build.h>
#include <xmpp/error.h>
#include <xmpp/module.h>
#include <xmpp/ns.h>
#include <xmpp/xep/service.h>

#define HEADERS_MOST 16
#define OCTETS_MOST 8192 /* octets of all values */

/* ---- payloads ---------------------------------------------------- */

static const char *const purposes[] = {"message", "profile", "permanent", NULL};

static const xmpp_field_t file_fields[] = {
    XMPP_ATTR_MUST(xmpp_upload_file_t, name, TEXT, "filename"),
    XMPP_ATTR_MUST(xmpp_upload_file_t, octets, NUMBER, "size"),
    XMPP_ATTR(xmpp_upload_file_t, type, TEXT, "content-type"),
    XMPP_CHOICE_NS(xmpp_upload_file_t, purpose, purposes,
                   XMPP_NS_UPLOAD_PURPOSE),
    XMPP_CHILD_ATTR_NS(xmpp_upload_file_t, expire_before, TIME, "ephemeral",
                       "expire-before", XMPP_NS_UPLOAD_PURPOSE),
};
XMPP_PAYLOAD(xmpp_upload_file, xmpp_upload_file_t, "request", XMPP_NS_UPLOAD,
             file_fields);

static const xmpp_field_t header_fields[] = {
    XMPP_ATTR_MUST(xmpp_upload_header_t, name, TEXT, "name"),
    XMPP_TEXT_MUST(xmpp_upload_header_t, value, TEXT),
};
XMPP_PAYLOAD(xmpp_upload_header, xmpp_upload_header_t, "header", XMPP_NS_UPLOAD,
             header_fields);

static const xmpp_field_t put_fields[] = {
    XMPP_ATTR_MUST(xmpp_upload_put_t, url, TEXT, "url"),
    XMPP_ELEMENTS(xmpp_upload_put_t, headers, header_count,
                  &xmpp_upload_header),
};
XMPP_PAYLOAD(xmpp_upload_put, xmpp_upload_put_t, "put", XMPP_NS_UPLOAD,
             put_fields);

static const xmpp_field_t slot_fields[] = {
    XMPP_ELEMENT_MUST(xmpp_upload_slot_t, put, &xmpp_upload_put),
    XMPP_CHILD_ATTR_MUST(xmpp_upload_slot_t, get, TEXT, "get", "url"),
};
XMPP_PAYLOAD(xmpp_upload_slot, xmpp_upload_slot_t, "slot", XMPP_NS_UPLOAD,
             slot_fields);

static const xmpp_field_t large_fields[] = {
    XMPP_CHILD(xmpp_upload_too_large_t, most, NUMBER, "max-file-size"),
};
static XMPP_PAYLOAD(too_large, xmpp_upload_too_large_t, "file-too-large",
                    XMPP_NS_UPLOAD, large_fields);

static const xmpp_field_t refusal_fields[] = {
    XMPP_ELEMENT(xmpp_upload_refusal_t, too_large, &too_large),
    XMPP_CHILD_ATTR_NS(xmpp_upload_refusal_t, retry, TIME, "retry", "stamp",
                       XMPP_NS_UPLOAD),
};
XMPP_PAYLOAD(xmpp_upload_refusal, xmpp_upload_refusal_t, "error", NULL,
             refusal_fields);

/* ---- the service ------------------------------------------------- */

int xmpp_upload_find(xmpp_conn_t *conn, xmpp_result_handler handler,
                     void *userdata)
{
    return xmpp_service_find(conn, XMPP_NS_UPLOAD, handler, userdata);
}

long xmpp_upload_get_most(xmpp_conn_t *conn)
{
    const xmpp_service_t *service = xmpp_service_get(conn, XMPP_NS_UPLOAD);

    long most = service
                    ? xmpp_form_get_number(
                          xmpp_disco_get_form(service->info, XMPP_NS_UPLOAD),
                          "max-file-size")
                    : 0;

    return most > 0 ? most : 0;
}

/* ---- what a service answers -------------------------------------- */

/* What a slot becomes, without what others must not make us send. It is in the
 * memory of the flow. */
struct cleaned {
    xmpp_upload_header_t headers[HEADERS_MOST];
    const xmpp_upload_header_t *list[HEADERS_MOST];
    char room[OCTETS_MOST];
    size_t count, used;
};

/* An https: URL as section 4 wants it. Octets above ASCII, spaces and line ends
 * have to be percent-encoded, and so cannot forge a request. */
static int is_safe_url(const char *url)
{
    static const char scheme[] = "https://";

    for (size_t i = 0; i < sizeof(scheme) - 1; i++)
        if ((url[i] | 0x20) != (scheme[i] | 0x20))
            return 0;
    for (url += sizeof(scheme) - 1; *url; url++)
        if (*url <= ' ' || *url > '~')
            return 0;
    return 1;
}

/* The octet behind the line ends here. */
static const char *skip_ends(const char *text)
{
    return text + strspn(text, "\r\n");
}

/* Equal in any case, and but for line ends; `name` is in ASCII letters. */
static int is_header(const char *text, const char *name)
{
    for (text = skip_ends(text); *name; name++, text = skip_ends(text + 1))
        if ((*text | 0x20) != (*name | 0x20))
            return 0;
    return !*text;
}

static const char *allowed_header(const char *text)
{
    static const char *const names[] = {"Authorization", "Cookie", "Expires"};

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (is_header(text, names[i]))
            return names[i];
    return NULL;
}

/* 0 if there is no room for one more. */
static int add_header(struct cleaned *c, const char *name, const char *value)
{
    xmpp_upload_header_t *header = &c->headers[c->count];

    if (c->count == HEADERS_MOST || strlen(value) >= OCTETS_MOST - c->used)
        return 0;
    XMPP_INIT(xmpp_upload_header, *header);
    header->name = name;
    header->value = c->room + c->used;
    for (value = skip_ends(value); *value; value = skip_ends(value + 1))
        c->room[c->used++] = *value;
    c->room[c->used++] = '\0';
    c->list[c->count++] = header;
    return 1;
}

/* The same slot without headers that are not allowed. What is wrong with it, or
 * NULL; then the flow has the value. */
static const char *clean_slot(xmpp_flow_t *flow, struct cleaned *c,
                              const xmpp_upload_slot_t *slot)
{
    const char *name;
    xmpp_upload_slot_t value;
    xmpp_upload_put_t put;

    if (!slot)
        return "no slot";
    if (!is_safe_url(slot->put->url) || !is_safe_url(slot->get))
        return "a slot whose address is not an https: URL";
    for (size_t i = 0; i < slot->put->header_count; i++) {
        const xmpp_upload_header_t *header = slot->put->headers[i];

        name = allowed_header(header->name);
        if (name && !add_header(c, name, header->value))
            return "a slot with too many headers";
    }
    XMPP_INIT(xmpp_upload_put, put);
    put.url = slot->put->url;
    put.headers = c->list;
    put.header_count = c->count;
    XMPP_INIT(xmpp_upload_slot, value);
    value.put = &put;
    value.get = slot->get;
    xmpp_flow_set_value(flow, &xmpp_upload_slot, &value);
    return NULL;
}

/* ---- requesting -------------------------------------------------- */

/* Kept by the flow. `listed` and `place` are those of a search (service.h). */
struct upload {
    const xmpp_disco_items_t *listed;
    long place;
    int is_named; /* the service, by the application */
    const char *service;
    const xmpp_upload_file_t *file;
    struct cleaned cleaned;
};

static xmpp_stanza_t *send_upload_query(xmpp_flow_t *flow, void *memory)
{
    const struct upload *u = memory;

    return xmpp_service_make_query(xmpp_flow_get_conn(flow), u->listed,
                                   u->place);
}

static int receive_upload_list(xmpp_flow_t *flow, void *memory,
                               const xmpp_result_t *result)
{
    struct upload *u = memory;

    u->listed = xmpp_flow_keep_value(flow, &xmpp_disco_items, result->value);
    return result->status ? XMPP_FLOW_DONE : XMPP_FLOW_NEXT;
}

static int receive_upload_service(xmpp_flow_t *flow, void *memory,
                                  const xmpp_result_t *result)
{
    struct upload *u = memory;
    xmpp_service_t service;

    XMPP_INIT(xmpp_service, service);
    service.info = xmpp_payload_find(result->stanza, &xmpp_disco_info);
    xmpp_stanza_get_jid(result->stanza, "from", &service.jid);
    if (service.info && xmpp_service_keep(xmpp_flow_get_conn(flow),
                                          XMPP_NS_UPLOAD, &service) != 1) {
        u->service =
            xmpp_flow_keep_text(flow, xmpp_stanza_get_from(result->stanza));
        return XMPP_FLOW_NEXT;
    }
    u->place = xmpp_service_next(u->listed, u->place);
    return u->place < 0 ? XMPP_FLOW_NONE : 1;
}

static xmpp_stanza_t *send_slot(xmpp_flow_t *flow, void *memory)
{
    const struct upload *u = memory;
    xmpp_stanza_t *iq = xmpp_iq_to(xmpp_flow_get_conn(flow), "get", u->service);

    xmpp_payload_add(iq, &xmpp_upload_file, u->file);
    return iq;
}

/* A service that is gone is searched for again next time. */
static int receive_slot(xmpp_flow_t *flow, void *memory,
                        const xmpp_result_t *result)
{
    struct upload *u = memory;
    xmpp_conn_t *conn = xmpp_flow_get_conn(flow);
    const char *wrong;

    if (result->status) {
        if (!u->is_named && result->type && !strcmp(result->type, "cancel"))
            xmpp_service_forget(conn, XMPP_NS_UPLOAD);
        return XMPP_FLOW_DONE;
    }
    wrong = clean_slot(flow, &u->cleaned,
                       xmpp_payload_find(result->stanza, &xmpp_upload_slot));
    if (!wrong)
        return XMPP_FLOW_DONE;
    xmpp_conn_log(conn, &xmpp_mod_upload, XMPP_LEVEL_WARN,
                  "ignored: %s answered with %s", u->service, wrong);
    return XMPP_FLOW_FAIL;
}

static const xmpp_step_t steps[] = {
    {"list", send_upload_query, receive_upload_list, &xmpp_disco_items},
    {"service", send_upload_query, receive_upload_service, NULL},
    {"slot", send_slot, receive_slot, NULL},
};

int xmpp_upload_request(xmpp_conn_t *conn, const char *service,
                        const xmpp_upload_file_t *file,
                        xmpp_result_handler handler, void *userdata)
{
    const xmpp_service_t *known = xmpp_service_get(conn, XMPP_NS_UPLOAD);
    int first = service || known ? 2 : 0;
    void *memory = NULL;
    struct upload *u;
    xmpp_flow_t *flow;

    if (!conn || !xmpp_conn_get_bound_jid(conn))
        return xmpp_conn_fail(conn, &xmpp_mod_upload, XMPP_EINVOP,
                              "our server is not known before the login");
    if (!file || !file->name || file->octets <= 0)
        return xmpp_conn_fail(conn, &xmpp_mod_upload, XMPP_EARG,
                              "a file needs a name, and a size above 0");
    flow =
        xmpp_flow_new(conn, steps + first, first ? 1 : 3, sizeof(*u), &memory);
    if (!flow)
        return XMPP_EMEM;
    u = memory;
    u->is_named = service != NULL;
    u->file = xmpp_flow_keep_value(flow, &xmpp_upload_file, file);
    u->service = xmpp_flow_keep_text(flow, service ? service
                                           : known ? known->jid.text
                                                   : NULL);
    return xmpp_flow_start(flow, handler, userdata);
}

static const xmpp_row_t rows[] = {XMPP_NEEDS(&xmpp_mod_service),
                                  XMPP_SPEC("XEP-0363", "1.2.0", "complete"),
                                  XMPP_ROWS_END};
XMPP_MODULE(xmpp_mod_upload, "upload", 0, rows);
