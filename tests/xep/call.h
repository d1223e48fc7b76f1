/* call.h - the public functions of extensions by their names, with arguments
 * from texts. The table is made of the headers (make_callers.py). */

#ifndef TESTS_XEP_CALL_H
#define TESTS_XEP_CALL_H

#include <stdbool.h>

#include <xmpp/ctx.h>
#include <xmpp/module.h>
#include <xmpp/result.h>

#define CALL_ARGS_MOST 8

/* What an argument is, or what is returned. */
enum call_kind {
    CALL_TEXT = 't',    /* const char * */
    CALL_JID = 'j',     /* const xmpp_jid_t * */
    CALL_STRUCT = 's',  /* const T *, described by a payload */
    CALL_NUMBER = 'n',  /* any integer, also of an enum */
    CALL_CODE = 'c',    /* int, returned: 0, a count, or an error */
    CALL_STANZA = 'x',  /* xmpp_stanza_t *, taken */
    CALL_PAYLOAD = 'p', /* const xmpp_payload_t * */
    CALL_VALUE = 'v',   /* const void *, described by the payload before it */
    CALL_HANDLE = 'h',  /* xmpp_room_t *, by its address */
    CALL_NOTHING = '-'  /* returned */
};

struct call_arg {
    long number;
    const void *pointer;
    void *owned; /* or NULL: xmpp_free() */
};

/* One call: what it is given, and what it returned. */
struct call {
    xmpp_conn_t *conn; /* may be released by the call */
    xmpp_ctx_t *ctx;
    const struct call_row *row;
    struct call_arg args[CALL_ARGS_MOST];
    size_t count;
    xmpp_result_handler handler;
    void *userdata;
    long number;         /* returned */
    const void *pointer; /* likewise */
    char wrong[200];     /* why it cannot be called: "" */
};

struct call_row {
    const char *name;  /* without xmpp_ */
    const char *kinds; /* of its arguments, without the connection and what
                        * takes the result */
    char returns;
    char takes_result, takes_conn;
    const xmpp_payload_t *payloads[CALL_ARGS_MOST]; /* of structs */
    const xmpp_payload_t *returned;
    void (*run)(struct call *call);
};

/* ---- generated --------------------------------------------------- */

extern const struct call_row call_rows[];
extern const xmpp_module_t *const call_modules[];
extern const struct call_payload {
    const char *name; /* of the variable, without xmpp_ */
    const xmpp_payload_t *payload;
} call_payloads[];
extern const struct call_number {
    const char *name; /* of an enumerator */
    long number;
} call_numbers[];

void *call_find_handle(xmpp_conn_t *conn, const xmpp_jid_t *jid);
void call_release_handle(void *handle);

/* ---- calling ----------------------------------------------------- */

/* Read `disco.get_info "example.org" -`: a name, and arguments as they stand in
 * talks. What is wrong with it is in call->wrong. */
void call_read(struct call *call, xmpp_conn_t *conn, const char *text,
               const void *last);

/* Call it; then free what the arguments hold. */
void call_run(struct call *call);
void call_free(struct call *call);

/* Release the handles that calls returned and no call has released. */
void call_release_handles(void);

/* What it returned, as a talk has it. */
void call_print(const struct call *call, char *out, size_t n);

/* Is there a function of this name, as a talk has it? */
bool call_has_function(const char *name);
const xmpp_module_t *call_find_module(const char *name);
const xmpp_payload_t *call_find_payload(const char *name);

#endif
