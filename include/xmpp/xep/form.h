/* form.h - data forms (XEP-0004), with what other specifications put into them:
 * the kind of a form (XEP-0068), validation (XEP-0122) and media (XEP-0221).
 * form_check.h checks an answer, form_layout.h has the layout (XEP-0141).
 *
 * A form that was received is read to a struct, and answered by a tree:
 *
 *     const xmpp_form_t *form = xmpp_payload_find(parent, &xmpp_form);
 *     xmpp_stanza_t *answer = xmpp_form_answer(conn, form);
 *     xmpp_form_set(answer, "name", "Juliet");
 *     xmpp_form_set_bool(answer, "public", 1);
 *
 * A form of your own is a tree, too:
 *
 *     xmpp_stanza_t *form = xmpp_form_new(conn, XMPP_FORM_FORM, "Heating");
 *     xmpp_stanza_t *field;
 *     field = xmpp_form_add_field(form, XMPP_FIELD_TEXT_SINGLE, "degrees",
 *                                 "Degrees");
 *     xmpp_form_require(field);
 *     xmpp_form_add_validate(field, "xs:decimal", "5", "30");
 *     xmpp_form_set_number(form, "degrees", 20);
 *
 * Programs that take forms in messages declare XMPP_NS_FORM in service
 * discovery (xmpp_disco_add_feature()). Those that take them only inside of
 * another protocol, such as commands, must not (XEP-0004 section 6). What else
 * they understand they may declare: XMPP_NS_FORM_VALIDATE, XMPP_NS_FORM_LAYOUT
 * and XMPP_NS_FORM_MEDIA.
 *
 * You need not check any result on the way (build.h): a tree that failed cannot
 * be sent, and xmpp_form_read() returns NULL for it.
 */

#ifndef XMPP_XEP_FORM_H
#define XMPP_XEP_FORM_H

#include <xmpp/build.h>
#include <xmpp/conn.h>
#include <xmpp/payload.h>
#include <xmpp/result.h>

XMPP_BEGIN

/* ---- what a form is ---------------------------------------------- */

/* What a form is for (XEP-0004 section 3.1). */
typedef enum {
    XMPP_FORM_CANCEL = 1, /* the form will not be filled in */
    XMPP_FORM_FORM,       /* to be filled in */
    XMPP_FORM_RESULT,     /* data */
    XMPP_FORM_SUBMIT      /* filled in */
} xmpp_form_type_t;

/* What a field may hold (section 3.3). 0, where a field has no type or one that
 * is not known, counts as text-single. */
typedef enum {
    XMPP_FIELD_BOOLEAN = 1,
    XMPP_FIELD_FIXED,  /* text to be shown; nothing to fill in */
    XMPP_FIELD_HIDDEN, /* not shown, and sent back as it is */
    XMPP_FIELD_JID_MULTI,
    XMPP_FIELD_JID_SINGLE,
    XMPP_FIELD_LIST_MULTI,   /* some of the options */
    XMPP_FIELD_LIST_SINGLE,  /* one of the options */
    XMPP_FIELD_TEXT_MULTI,   /* lines of text */
    XMPP_FIELD_TEXT_PRIVATE, /* such as a password */
    XMPP_FIELD_TEXT_SINGLE
} xmpp_form_field_type_t;

/* One of the values to choose from. */
typedef struct _xmpp_form_option_t {
    size_t size;
    const char *label; /* for people */
    const char *value;
} xmpp_form_option_t;

/* What a value has to be (XEP-0122). */
typedef struct _xmpp_form_validate_t {
    size_t size;
    const char *datatype;  /* such as "xs:integer"; NULL: "xs:string" */
    int basic;             /* the datatype is all there is to validate */
    int open;              /* values other than the options are allowed */
    const char *min, *max; /* of the value */
    const char *regex;     /* a POSIX extended regular expression */
    long least, most;      /* of list-multi: how many may be chosen */
} xmpp_form_validate_t;

/* Where an image, a sound or a video is (XEP-0221), once per format. */
typedef struct _xmpp_form_uri_t {
    size_t size;
    const char *type; /* the media type, such as "image/png" */
    const char *uri;
} xmpp_form_uri_t;

typedef struct _xmpp_form_media_t {
    size_t size;
    long width, height; /* in pixels, as they should be shown */
    const xmpp_form_uri_t *const *uris;
    size_t uri_count;
} xmpp_form_media_t;

typedef struct _xmpp_form_field_t {
    size_t size;
    const char *var;   /* its name for programs */
    int type;          /* xmpp_form_field_type_t */
    const char *label; /* its name for people */
    const char *desc;  /* an explanation */
    int required;      /* it has to be filled in */
    const char *const *values;
    size_t value_count;
    const xmpp_form_option_t *const *options;
    size_t option_count;
    const xmpp_form_validate_t *validate;
    const xmpp_form_media_t *media;
} xmpp_form_field_t;

/* A row of a table of results, or its head. */
typedef struct _xmpp_form_item_t {
    size_t size;
    const xmpp_form_field_t *const *fields;
    size_t field_count;
} xmpp_form_item_t;

typedef struct _xmpp_form_t {
    size_t size;
    int type; /* xmpp_form_type_t */
    const char *title;
    const char *const *instructions;
    size_t instruction_count;
    const xmpp_form_field_t *const *fields;
    size_t field_count;
    const xmpp_form_item_t *reported; /* the head of the table `items` */
    const xmpp_form_item_t *const *items;
    size_t item_count;
    xmpp_stanza_t *element; /* of a form that was read: the <x/> */
} xmpp_form_t;

XMPP_API extern const xmpp_payload_t xmpp_form;
XMPP_API extern const xmpp_payload_t xmpp_form_field;

/* ---- reading ----------------------------------------------------- */

/* The field of this name, NULL if there is none. Of several, which a form must
 * not have, it is the first. */
XMPP_API const xmpp_form_field_t *xmpp_form_get(const xmpp_form_t *form,
                                                const char *var);

/* The first value of a field. Absent is NULL, `fallback`, XMPP_NO_NUMBER or
 * XMPP_NO_TIME; a value that cannot be understood counts as absent. Texts are
 * borrowed from the form. All values are in xmpp_form_get()->values. */
XMPP_API const char *xmpp_form_get_text(const xmpp_form_t *form,
                                        const char *var);
XMPP_API int xmpp_form_get_bool(const xmpp_form_t *form, const char *var,
                                int fallback);
XMPP_API long xmpp_form_get_number(const xmpp_form_t *form, const char *var);
XMPP_API xmpp_time_t xmpp_form_get_time(const xmpp_form_t *form,
                                        const char *var);

/* The same of an address, parsed leniently. Owned: xmpp_free(). NULL also when
 * out of memory. */
XMPP_API xmpp_jid_t *
xmpp_form_get_jid(xmpp_conn_t *conn, const xmpp_form_t *form, const char *var);

/* The value of the field FORM_TYPE, which says whose fields these are
 * (XEP-0068). NULL if there is none. It has to be a hidden field; only in
 * XMPP_FORM_SUBMIT its type may be absent. */
XMPP_API const char *xmpp_form_get_form_type(const xmpp_form_t *form);

/* ---- making ------------------------------------------------------ */

/* A new form; `type` is an xmpp_form_type_t, the title may be NULL. Owned:
 * xmpp_stanza_release(). NULL when out of memory, or for another type. */
XMPP_API xmpp_stanza_t *xmpp_form_new(xmpp_conn_t *conn, int type,
                                      const char *title);

/* An answer to this form, of type XMPP_FORM_SUBMIT, with the values that the
 * form has; change them by xmpp_form_set(). Owned. NULL when out of memory. */
XMPP_API xmpp_stanza_t *xmpp_form_answer(xmpp_conn_t *conn,
                                         const xmpp_form_t *form);

/* The struct of a form that was made, as it is now. It lives as long as the
 * tree. NULL if something failed before. */
XMPP_API const xmpp_form_t *xmpp_form_read(xmpp_stanza_t *form);

/* Set the field FORM_TYPE. 0, or the status of the tree. So do the next ones.
 */
XMPP_API int xmpp_form_set_form_type(xmpp_stanza_t *form, const char *value);

/* Set the value of a field, instead of those that it had. NULL: it has none. A
 * field that is not there is added. XMPP_EARG for a time outside of the years
 * 0001 to 9999. */
XMPP_API int xmpp_form_set(xmpp_stanza_t *form, const char *var,
                           const char *text);
XMPP_API int xmpp_form_set_bool(xmpp_stanza_t *form, const char *var,
                                int value);
XMPP_API int xmpp_form_set_number(xmpp_stanza_t *form, const char *var,
                                  long value);
XMPP_API int xmpp_form_set_jid(xmpp_stanza_t *form, const char *var,
                               const xmpp_jid_t *jid);
XMPP_API int xmpp_form_set_time(xmpp_stanza_t *form, const char *var,
                                xmpp_time_t time);

/* Add a value to those that the field has. */
XMPP_API int xmpp_form_add_value(xmpp_stanza_t *form, const char *var,
                                 const char *text);

/* A new field, or, with an <item/> or <reported/> as `form`, a new column.
 * `type` is an xmpp_form_field_type_t, 0: it is left out, as in
 * XMPP_FORM_SUBMIT. `label` may be NULL, and `var` of XMPP_FIELD_FIXED.
 * Borrowed. */
XMPP_API xmpp_stanza_t *xmpp_form_add_field(xmpp_stanza_t *form, int type,
                                            const char *var, const char *label);

/* Of such a field: one more option, which `label` names for people (NULL: its
 * value does); it has to be filled in; and what its values have to be. A
 * datatype NULL is "xs:string", a limit NULL is none. 0, or the status of the
 * tree. */
XMPP_API int xmpp_form_add_option(xmpp_stanza_t *field, const char *label,
                                  const char *value);
XMPP_API int xmpp_form_require(xmpp_stanza_t *field);
XMPP_API int xmpp_form_add_validate(xmpp_stanza_t *field, const char *datatype,
                                    const char *min, const char *max);

/* ---- for modules ------------------------------------------------- */

/* Send a form, which is taken, in the <query/> of this namespace; `payload` is
 * what the answer is read by, or NULL. XMPP_EARG without a form; the codes of
 * xmpp_request(). */
XMPP_API int xmpp_form_request(xmpp_conn_t *conn, const char *to,
                               const char *ns, xmpp_stanza_t *form,
                               const xmpp_payload_t *payload,
                               xmpp_result_handler handler, void *userdata);

XMPP_END

#endif /* XMPP_XEP_FORM_H */
