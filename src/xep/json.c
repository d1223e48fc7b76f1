/* json.c - JSON in stanzas (XEP-0335, XEP-0432). */

#include <xmpp/xep/json.h>

#include <string.h>

#include <xmpp/build.h>
#include <xmpp/error.h>
#include <xmpp/module.h>
#include <xmpp/ns.h>
#include <xmpp/send.h>
#include <xmpp/xep/disco_own.h>

#define DEPTH_MOST 100
#define FEATURE_SIZE 1024

/* ---- payloads ---------------------------------------------------- */

static const xmpp_field_t json_fields[] = {
    XMPP_TEXT_MUST(xmpp_json_t, text, TEXT),
};
XMPP_PAYLOAD(xmpp_json, xmpp_json_t, "json", XMPP_NS_JSON, json_fields);

static const xmpp_field_t payload_fields[] = {
    XMPP_ATTR_MUST(xmpp_json_payload_t, datatype, TEXT, "datatype"),
    XMPP_ELEMENT_MUST(xmpp_json_payload_t, json, &xmpp_json),
};
XMPP_PAYLOAD(xmpp_json_payload, xmpp_json_payload_t, "payload",
             XMPP_NS_JSON_MESSAGE, payload_fields);

static const xmpp_field_t message_fields[] = {
    XMPP_ATTR(xmpp_json_message_t, jid, JID, "jid"),
    XMPP_ATTR(xmpp_json_message_t, datatype, TEXT, "datatype"),
    XMPP_TEXT(xmpp_json_message_t, text, TEXT),
};
XMPP_PAYLOAD(xmpp_json_message, xmpp_json_message_t, "message",
             XMPP_NS_JSON_MESSAGE, message_fields);

/* ---- is it valid? ------------------------------------------------ */

/* Each function takes what it stands for and returns what is behind it; NULL if
 * it is not there, and NULL stays NULL. */

static const char *json_space(const char *at)
{
    return at ? at + strspn(at, " \t\r\n") : NULL;
}

static const char *json_char(const char *at, char c)
{
    return at && *at == c ? at + 1 : NULL;
}

static const char *json_digits(const char *at)
{
    size_t n = at ? strspn(at, "0123456789") : 0;

    return n ? at + n : NULL;
}

/* RFC 8259 section 6: no leading zero, no point without digits. */
static const char *json_number(const char *at)
{
    if (*at == '-')
        at++;
    at = *at == '0' ? at + 1 : json_digits(at);
    if (at && *at == '.')
        at = json_digits(at + 1);
    if (at && (*at == 'e' || *at == 'E')) {
        at++;
        at = json_digits(*at == '+' || *at == '-' ? at + 1 : at);
    }
    return at;
}

/* Section 7. The text of a stanza is UTF-8 already. */
static const char *json_string(const char *at)
{
    at = json_char(at, '"');
    while (at && *at != '"') {
        if ((unsigned char)*at < ' ')
            return NULL;
        if (*at++ != '\\')
            continue;
        if (*at == 'u')
            at = strspn(at + 1, "0123456789abcdefABCDEF") >= 4 ? at + 5 : NULL;
        else
            at = *at && strchr("\"\\/bfnrt", *at) ? at + 1 : NULL;
    }
    return at ? at + 1 : NULL;
}

static const char *json_value(const char *at, int depth);

/* A list up to `end`, of values, or of names with values. */
static const char *json_list(const char *at, char end, int depth)
{
    const char *empty = json_char(json_space(at + 1), end);

    if (empty)
        return empty;
    do {
        at = json_space(at + 1);
        if (end == '}')
            at = json_char(json_space(json_string(at)), ':');
        at = at ? json_space(json_value(json_space(at), depth + 1)) : NULL;
    } while (at && *at == ',');
    return json_char(at, end);
}

static const char *json_word(const char *at)
{
    static const char *const words[] = {"true", "false", "null"};

    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (strncmp(at, words[i], strlen(words[i])) == 0)
            return at + strlen(words[i]);
    return NULL;
}

static const char *json_value(const char *at, int depth)
{
    if (depth > DEPTH_MOST)
        return NULL;
    if (*at == '{' || *at == '[')
        return json_list(at, *at == '{' ? '}' : ']', depth);
    if (*at == '"')
        return json_string(at);
    return *at == '-' || (*at >= '0' && *at <= '9') ? json_number(at)
                                                    : json_word(at);
}

int xmpp_json_is_valid(const char *text)
{
    const char *end = text ? json_space(json_value(json_space(text), 1)) : NULL;

    return end && !*end;
}

/* ---- messages ---------------------------------------------------- */

static int on_json(xmpp_conn_t *conn, const xmpp_inbound_t *in, void *state)
{
    const xmpp_json_payload_t *payload = in->value;
    xmpp_json_message_t message;

    (void)state;
    if (!xmpp_json_is_valid(payload->json->text)) {
        xmpp_conn_log(conn, &xmpp_mod_json, XMPP_LEVEL_INFO,
                      "ignored: a message whose JSON is not valid");
        return 0;
    }
    XMPP_INIT(xmpp_json_message, message);
    if (in->from)
        message.jid = *in->from;
    message.datatype = payload->datatype;
    message.text = payload->json->text;
    xmpp_conn_emit(conn, &xmpp_mod_json, XMPP_JSON_RECEIVED, &message, NULL);
    return 0;
}

int xmpp_json_accept(xmpp_conn_t *conn, const char *datatype)
{
    char feature[FEATURE_SIZE] = XMPP_NS_JSON_MESSAGE "#";
    size_t n = strlen(feature);

    if (!datatype || !*datatype || strlen(datatype) >= sizeof(feature) - n)
        return xmpp_conn_fail(conn, &xmpp_mod_json, XMPP_EARG,
                              "the type of the messages is missing or longer "
                              "than %d octets",
                              FEATURE_SIZE - (int)n - 1);
    strcpy(feature + n, datatype);
    return xmpp_disco_add_feature(conn, feature);
}

int xmpp_json_send(xmpp_conn_t *conn, const char *to, const char *datatype,
                   const char *text)
{
    xmpp_json_payload_t payload;
    xmpp_stanza_t *message;
    xmpp_json_t json;

    if (!to || !datatype || !xmpp_json_is_valid(text))
        return xmpp_conn_fail(conn, &xmpp_mod_json, XMPP_EARG,
                              "an address, a type and valid JSON are needed");
    XMPP_INIT(xmpp_json_payload, payload);
    XMPP_INIT(xmpp_json, json);
    payload.datatype = datatype;
    payload.json = &json;
    json.text = text;
    message = xmpp_message_new(xmpp_conn_get_context(conn), NULL, to, NULL);
    xmpp_payload_add(message, &xmpp_json_payload, &payload);
    return xmpp_send_take(conn, message);
}

static const xmpp_row_t rows[] = {
    XMPP_MESSAGE(XMPP_SENDER_ANYONE, XMPP_LIVE, XMPP_NS_JSON_MESSAGE, "payload",
                 &xmpp_json_payload, on_json),
    XMPP_FEATURE(XMPP_NS_JSON_MESSAGE),
    XMPP_EVENT(XMPP_JSON_RECEIVED, "received", &xmpp_json_message),
    XMPP_SPEC("XEP-0335", "0.1.1", "complete"),
    XMPP_SPEC("XEP-0432", "0.1.1", "complete"),
    XMPP_ROWS_END};
XMPP_MODULE(xmpp_mod_json, "json", 0, rows);
