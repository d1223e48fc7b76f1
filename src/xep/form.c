/* form.c - data forms (XEP-0004): read, made and answered. */

#include <xmpp/xep/form.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <xmpp/ctx.h>
#include <xmpp/error.h>
#include <xmpp/module.h>
#include <xmpp/ns.h>

/* ---- payloads ---------------------------------------------------- */

/* The enums are the places in these, from 1. */
static const char *const form_types[] = {"cancel", "form", "result", "submit",
                                         NULL};
static const char *const field_types[] = {
    "boolean",      "fixed",       "hidden",      "jid-multi",
    "jid-single",   "list-multi",  "list-single", "text-multi",
    "text-private", "text-single", NULL};

static const xmpp_field_t option_fields[] = {
    XMPP_ATTR(xmpp_form_option_t, label, TEXT, "label"),
    XMPP_CHILD(xmpp_form_option_t, value, TEXT, "value"),
};
static XMPP_PAYLOAD(form_option, xmpp_form_option_t, "option", XMPP_NS_FORM,
                    option_fields);

static const xmpp_field_t validate_fields[] = {
    XMPP_ATTR(xmpp_form_validate_t, datatype, TEXT, "datatype"),
    XMPP_FLAG(xmpp_form_validate_t, basic, "basic"),
    XMPP_FLAG(xmpp_form_validate_t, open, "open"),
    XMPP_CHILD_ATTR(xmpp_form_validate_t, min, TEXT, "range", "min"),
    XMPP_CHILD_ATTR(xmpp_form_validate_t, max, TEXT, "range", "max"),
    XMPP_CHILD(xmpp_form_validate_t, regex, TEXT, "regex"),
    XMPP_CHILD_ATTR(xmpp_form_validate_t, least, NUMBER, "list-range", "min"),
    XMPP_CHILD_ATTR(xmpp_form_validate_t, most, NUMBER, "list-range", "max"),
};
static XMPP_PAYLOAD(form_validate, xmpp_form_validate_t, "validate",
                    XMPP_NS_FORM_VALIDATE, validate_fields);

static const xmpp_field_t uri_fields[] = {
    XMPP_ATTR(xmpp_form_uri_t, type, TEXT, "type"),
    XMPP_TEXT(xmpp_form_uri_t, uri, TEXT),
};
static XMPP_PAYLOAD(form_uri, xmpp_form_uri_t, "uri", XMPP_NS_FORM_MEDIA,
                    uri_fields);

static const xmpp_field_t media_fields[] = {
    XMPP_ATTR(xmpp_form_media_t, width, NUMBER, "width"),
    XMPP_ATTR(xmpp_form_media_t, height, NUMBER, "height"),
    XMPP_ELEMENTS(xmpp_form_media_t, uris, uri_count, &form_uri),
};
static XMPP_PAYLOAD(form_media, xmpp_form_media_t, "media", XMPP_NS_FORM_MEDIA,
                    media_fields);

static const xmpp_field_t field_fields[] = {
    XMPP_ATTR(xmpp_form_field_t, var, TEXT, "var"),
    XMPP_ATTR_ENUM(xmpp_form_field_t, type, "type", field_types),
    XMPP_ATTR(xmpp_form_field_t, label, TEXT, "label"),
    XMPP_CHILD(xmpp_form_field_t, desc, TEXT, "desc"),
    XMPP_FLAG(xmpp_form_field_t, required, "required"),
    XMPP_CHILDREN(xmpp_form_field_t, values, value_count, "value"),
    XMPP_ELEMENTS(xmpp_form_field_t, options, option_count, &form_option),
    XMPP_ELEMENT(xmpp_form_field_t, validate, &form_validate),
    XMPP_ELEMENT(xmpp_form_field_t, media, &form_media),
};
XMPP_PAYLOAD(xmpp_form_field, xmpp_form_field_t, "field", XMPP_NS_FORM,
             field_fields);

static const xmpp_field_t item_fields[] = {
    XMPP_ELEMENTS(xmpp_form_item_t, fields, field_count, &xmpp_form_field),
};
static XMPP_PAYLOAD(form_item, xmpp_form_item_t, "item", XMPP_NS_FORM,
                    item_fields);
static XMPP_PAYLOAD(form_reported, xmpp_form_item_t, "reported", XMPP_NS_FORM,
                    item_fields);

static const xmpp_field_t form_fields[] = {
    XMPP_ATTR_ENUM(xmpp_form_t, type, "type", form_types),
    XMPP_CHILD(xmpp_form_t, title, TEXT, "title"),
    XMPP_CHILDREN(xmpp_form_t, instructions, instruction_count, "instructions"),
    XMPP_ELEMENTS(xmpp_form_t, fields, field_count, &xmpp_form_field),
    XMPP_ELEMENT(xmpp_form_t, reported, &form_reported),
    XMPP_ELEMENTS(xmpp_form_t, items, item_count, &form_item),
    XMPP_SELF(xmpp_form_t, element),
};
XMPP_PAYLOAD(xmpp_form, xmpp_form_t, "x", XMPP_NS_FORM, form_fields);

/* ---- reading ----------------------------------------------------- */

const xmpp_form_field_t *xmpp_form_get(const xmpp_form_t *form, const char *var)
{
    if (!form || !var)
        return NULL;
    for (size_t i = 0; i < form->field_count; i++)
        if (form->fields[i]->var && !strcmp(form->fields[i]->var, var))
            return form->fields[i];
    return NULL;
}

static const char *first_value(const xmpp_form_field_t *field)
{
    return field && field->value_count ? field->values[0] : NULL;
}

const char *xmpp_form_get_text(const xmpp_form_t *form, const char *var)
{
    return first_value(xmpp_form_get(form, var));
}

int xmpp_form_get_bool(const xmpp_form_t *form, const char *var, int fallback)
{
    const char *text = xmpp_form_get_text(form, var);

    if (!text)
        return fallback;
    if (!strcmp(text, "1") || !strcmp(text, "true"))
        return 1;
    return !strcmp(text, "0") || !strcmp(text, "false") ? 0 : fallback;
}

long xmpp_form_get_number(const xmpp_form_t *form, const char *var)
{
    const char *text = xmpp_form_get_text(form, var);
    size_t digits = text ? strspn(text + strspn(text, "+-"), "0123456789") : 0;
    char *end;
    long number;

    if (!digits)
        return XMPP_NO_NUMBER;
    errno = 0;
    number = strtol(text, &end, 10);
    return *end || end == text || errno ? XMPP_NO_NUMBER : number;
}

xmpp_time_t xmpp_form_get_time(const xmpp_form_t *form, const char *var)
{
    const char *text = xmpp_form_get_text(form, var);
    xmpp_time_t time;

    return text && xmpp_time_parse(text, &time) == 0 ? time : XMPP_NO_TIME;
}

xmpp_jid_t *xmpp_form_get_jid(xmpp_conn_t *conn, const xmpp_form_t *form,
                              const char *var)
{
    const char *text = xmpp_form_get_text(form, var);
    char buffer[XMPP_JID_BUFFER_SIZE];
    xmpp_jid_t jid;

    if (!text || xmpp_jid_parse(text, (size_t)-1, XMPP_JID_LENIENT, buffer,
                                &jid, NULL) != 0)
        return NULL;
    return xmpp_jid_copy(xmpp_conn_get_context(conn), &jid);
}

const char *xmpp_form_get_form_type(const xmpp_form_t *form)
{
    const xmpp_form_field_t *field = xmpp_form_get(form, "FORM_TYPE");

    if (!field)
        return NULL;
    if (field->type == XMPP_FIELD_HIDDEN)
        return first_value(field);
    /* XEP-0068 section 4.3; a submit need not name types (XEP-0004 3.2). */
    return form->type == XMPP_FORM_SUBMIT && field->type == 0
               ? first_value(field)
               : NULL;
}

/* ---- making ------------------------------------------------------ */

static xmpp_stanza_t *form_find(xmpp_stanza_t *form, const char *var)
{
    xmpp_stanza_t *field = NULL;

    while ((field = xmpp_stanza_next_tag(form, field, "field", XMPP_NS_FORM))) {
        const char *name = xmpp_stanza_get_attribute(field, "var");

        if (name && !strcmp(name, var))
            return field;
    }
    return NULL;
}

static xmpp_stanza_t *form_find_or_add(xmpp_stanza_t *form, const char *var)
{
    xmpp_stanza_t *field = form_find(form, var);

    return field ? field : xmpp_form_add_field(form, 0, var, NULL);
}

static void clear_values(xmpp_stanza_t *field)
{
    xmpp_stanza_t *value;

    while ((value = xmpp_stanza_next_tag(field, NULL, "value", XMPP_NS_FORM)))
        xmpp_stanza_remove(value);
}

static void add_value(xmpp_stanza_t *field, const char *text)
{
    xmpp_stanza_add_text_tag(field, "value", XMPP_NS_FORM, text);
}

xmpp_stanza_t *xmpp_form_new(xmpp_conn_t *conn, int type, const char *title)
{
    xmpp_stanza_t *form;

    if (type < XMPP_FORM_CANCEL || type > XMPP_FORM_SUBMIT)
        return NULL;
    form = xmpp_stanza_new_tag(xmpp_conn_get_context(conn), "x", XMPP_NS_FORM);
    xmpp_stanza_set_attribute(form, "type", form_types[type - 1]);
    xmpp_stanza_add_text_tag(form, "title", NULL, title);
    return form;
}

static void answer_field(xmpp_stanza_t *answer, const xmpp_form_field_t *field)
{
    xmpp_stanza_t *to;

    if (!field->var || field->type == XMPP_FIELD_FIXED || !field->value_count)
        return;
    to = xmpp_form_add_field(answer, 0, field->var, NULL);
    for (size_t i = 0; i < field->value_count; i++)
        add_value(to, field->values[i]);
}

xmpp_stanza_t *xmpp_form_answer(xmpp_conn_t *conn, const xmpp_form_t *form)
{
    xmpp_stanza_t *answer = xmpp_form_new(conn, XMPP_FORM_SUBMIT, NULL);

    for (size_t i = 0; form && i < form->field_count; i++)
        answer_field(answer, form->fields[i]);
    return answer;
}

const xmpp_form_t *xmpp_form_read(xmpp_stanza_t *form)
{
    const void *value;

    if (xmpp_stanza_get_status(form) != 0 ||
        xmpp_payload_read(form, &xmpp_form, &value) != 0)
        return NULL;
    return value;
}

int xmpp_form_set_form_type(xmpp_stanza_t *form, const char *value)
{
    const char *type = xmpp_stanza_get_type(form);
    int is_submit = type && !strcmp(type, form_types[XMPP_FORM_SUBMIT - 1]);
    xmpp_stanza_t *field = form_find(form, "FORM_TYPE");

    if (!field)
        field = xmpp_form_add_field(form, is_submit ? 0 : XMPP_FIELD_HIDDEN,
                                    "FORM_TYPE", NULL);
    clear_values(field);
    add_value(field, value);
    return xmpp_stanza_get_status(form);
}

int xmpp_form_set(xmpp_stanza_t *form, const char *var, const char *text)
{
    xmpp_stanza_t *field;

    if (!var)
        return XMPP_EARG;
    field = form_find_or_add(form, var);
    clear_values(field);
    add_value(field, text);
    return xmpp_stanza_get_status(form);
}

int xmpp_form_add_value(xmpp_stanza_t *form, const char *var, const char *text)
{
    if (!var)
        return XMPP_EARG;
    add_value(form_find_or_add(form, var), text);
    return xmpp_stanza_get_status(form);
}

int xmpp_form_set_bool(xmpp_stanza_t *form, const char *var, int value)
{
    return xmpp_form_set(form, var, value ? "1" : "0");
}

int xmpp_form_set_number(xmpp_stanza_t *form, const char *var, long value)
{
    char text[24];

    snprintf(text, sizeof(text), "%ld", value);
    return xmpp_form_set(form, var, value == XMPP_NO_NUMBER ? NULL : text);
}

int xmpp_form_set_jid(xmpp_stanza_t *form, const char *var,
                      const xmpp_jid_t *jid)
{
    char text[XMPP_JID_BUFFER_SIZE];
    size_t size;
    const char *view = xmpp_jid_view(jid, XMPP_JID_FULL, &size);

    if (!view)
        return xmpp_form_set(form, var, NULL);
    snprintf(text, sizeof(text), "%.*s", (int)size, view);
    return xmpp_form_set(form, var, text);
}

int xmpp_form_set_time(xmpp_stanza_t *form, const char *var, xmpp_time_t time)
{
    char text[XMPP_TIME_SIZE];

    xmpp_time_print(time, text);
    if (!*text && time != XMPP_NO_TIME)
        return XMPP_EARG;
    return xmpp_form_set(form, var, *text ? text : NULL);
}

xmpp_stanza_t *xmpp_form_add_field(xmpp_stanza_t *form, int type,
                                   const char *var, const char *label)
{
    xmpp_stanza_t *field;

    if (type < 0 || type > XMPP_FIELD_TEXT_SINGLE)
        return NULL;
    field = xmpp_stanza_add_tag(form, "field", XMPP_NS_FORM);
    xmpp_stanza_put(field, "var", var);
    xmpp_stanza_put(field, "type", type ? field_types[type - 1] : NULL);
    xmpp_stanza_put(field, "label", label);
    return field;
}

int xmpp_form_add_option(xmpp_stanza_t *field, const char *label,
                         const char *value)
{
    xmpp_stanza_t *option = xmpp_stanza_add_tag(field, "option", XMPP_NS_FORM);

    xmpp_stanza_put(option, "label", label);
    add_value(option, value);
    return xmpp_stanza_get_status(field);
}

int xmpp_form_require(xmpp_stanza_t *field)
{
    xmpp_stanza_add_tag(field, "required", XMPP_NS_FORM);
    return xmpp_stanza_get_status(field);
}

int xmpp_form_add_validate(xmpp_stanza_t *field, const char *datatype,
                           const char *min, const char *max)
{
    xmpp_stanza_t *validate =
        xmpp_stanza_add_tag(field, "validate", XMPP_NS_FORM_VALIDATE);
    xmpp_stanza_t *method =
        xmpp_stanza_add_tag(validate, min || max ? "range" : "basic", NULL);

    xmpp_stanza_put(validate, "datatype", datatype);
    xmpp_stanza_put(method, "min", min);
    xmpp_stanza_put(method, "max", max);
    return xmpp_stanza_get_status(field);
}

/* ---- sending ----------------------------------------------------- */

int xmpp_form_request(xmpp_conn_t *conn, const char *to, const char *ns,
                      xmpp_stanza_t *form, const xmpp_payload_t *payload,
                      xmpp_result_handler handler, void *userdata)
{
    xmpp_stanza_t *iq, *query;
    int rc;

    if (!form)
        return xmpp_conn_fail(conn, NULL, XMPP_EARG,
                              "there is no form: pass one of "
                              "xmpp_form_answer()");
    iq = xmpp_iq_to(conn, "set", to);
    query = xmpp_stanza_add_tag(iq, "query", ns);
    rc = query ? xmpp_stanza_add_child(query, form) : XMPP_EMEM;
    xmpp_stanza_release(form);
    if (rc == 0)
        return xmpp_request(conn, iq, payload, handler, userdata);
    xmpp_stanza_release(iq);
    return rc;
}
