/* binding.h - what the parts of the module for Lua share.
 *
 * No error of Lua may pass through a frame of the library, because longjmp()
 * would leave it half done. So a function checks its arguments and converts
 * them first, which may raise; the call itself raises nothing; and whatever the
 * library calls runs protected (callback.c).
 */

#ifndef BINDING_H
#define BINDING_H

#include <lauxlib.h>
#include <lua.h>
#include <stddef.h>

#include <xmpp/xmpp.h>

/* ---- both versions of Lua ---------------------------------------- */

#if LUA_VERSION_NUM < 502 /* LuaJIT */
#define lua_getuservalue lua_getfenv
#define lua_setuservalue lua_setfenv
#define lua_rawlen lua_objlen
#endif

/* ---- the context ------------------------------------------------- */

/* One for each state of Lua; the userdata is its memory, which the functions of
 * the module keep. `ctx` is NULL once it is freed: the library accepts that. */
struct context {
    xmpp_ctx_t *ctx;
    xmpp_log_t log;
    lua_State *L;   /* the thread that runs: it calls back */
    int depth;      /* calls of the library that have not returned */
    int hold_count; /* objects that need `ctx` */
    int is_closed;  /* the state ends: freed with the last of them */
    int has_lost;   /* a callback had no memory: who waits for it has to end */
    int log_count;  /* log functions that run: none is called inside another */
    /* References of the registry: */
    int functions; /* number: function; weak */
    int keepers;   /* number: the table that keeps it; weak */
    int protect;   /* callback_protected() */
    int self;      /* this userdata */
    int report;    /* what gets errors of callbacks, or LUA_NOREF */
    int logger;    /* likewise the log */
    lua_Integer last_number;
    struct registration *registrations, *over;
    int has_orphans; /* registrations of connections that were released */
    struct object *temporaries; /* valid until the present callback returns */
};

/* That of a function of this module. */
#define CONTEXT(L) ((struct context *)lua_touserdata(L, lua_upvalueindex(1)))

/* Around each call of the library. */
lua_State *context_enter(struct context *x, lua_State *L);
void context_leave(struct context *x, lua_State *outer);
#define CALL(x, L, call)                                                       \
    do {                                                                       \
        lua_State *outer_ = context_enter(x, L);                               \
        call;                                                                  \
        context_leave(x, outer_);                                              \
    } while (0)

struct context *context_push(lua_State *L);
void context_hold(struct context *x);
void context_release(struct context *x, lua_State *L);

/* ---- objects of the library -------------------------------------- */

struct kind {
    const char *name; /* of its metatable */
    void (*release)(void *p);
    void (*hold)(void *p); /* NULL: what is borrowed is valid for a callback */
};

/* The userdata. `p` is NULL once it is released or not valid any more, which
 * the library accepts. One that belongs to a connection has its table of values
 * in common with it, and so keeps the userdata of the connection. */
struct object {
    struct context *x;
    void *p;
    const struct kind *kind;
    const struct object *owner;
    struct object *next_temporary;
    int is_held; /* `p` has to be released */
};

extern const struct kind kind_conn, kind_stanza, kind_deliver;
extern const struct kind kind_memory; /* what xmpp_free() frees */

void object_define(lua_State *L, const struct kind *kind);
/* Push an object, to be filled by what is made for us: all that may raise an
 * error comes before the call that makes it. With _of it belongs to the
 * connection, or to the object of one, that is argument 1. */
struct object *object_prepare(lua_State *L, struct context *x,
                              const struct kind *kind);
struct object *object_prepare_of(lua_State *L, struct context *x,
                                 const struct kind *kind);
void object_fill(struct object *object, void *p);
/* Push a text or octets that we own, by a prepared object of kind_memory. */
void object_push_text(lua_State *L, struct object *object, char *text);
void object_push_octets(lua_State *L, struct object *object, void *octets,
                        size_t size);
void object_free(lua_State *L, struct object *object);
/* Push what is borrowed, or nil for NULL. */
void object_push(lua_State *L, struct context *x, const struct kind *kind,
                 void *p);
void object_push_of(lua_State *L, struct context *x, const struct kind *kind,
                    void *p);
/* An argument; may be nil if `may_be_nil`. */
void *object_argument(lua_State *L, int i, const struct kind *kind,
                      int may_be_nil);
/* Is it a connection, or of one? It is NULL once that is closed. */
int object_conn(lua_State *L, int i, xmpp_conn_t **conn);
/* The same, which the library takes if its result is 0. */
void object_taken(lua_State *L, int i);
/* A stanza to give away: a hold of its own. */
xmpp_stanza_t *object_given(lua_State *L, int i);
void object_end_temporaries(struct context *x, struct object *until);

/* ---- callbacks --------------------------------------------------- */

/* A function of Lua that the library may call; it is the userdata. */
struct registration {
    struct context *x;
    struct registration *next, **place;
    struct request *request;    /* what the program has to cancel it */
    lua_Integer number;         /* of the function */
    const struct object *owner; /* the connection that it ends with, or NULL */
    void *block;                /* what the library borrows as long */
    int is_once;                /* it ends as it is called */
    int is_orphan;              /* its connection is released */
    int is_over;                /* to be freed when no call runs */
};

/* What a program can cancel; it may live longer than the registration. */
struct request {
    struct registration *registration; /* NULL: it has ended */
    const struct object *conn;
    int (*cancel)(xmpp_conn_t *conn, void *userdata);
};

/* One call from the library: `push` pushes the arguments that are in `args`. */
struct turn {
    struct registration *registration;
    int (*push)(lua_State *L, struct context *x, const void *args);
    const void *args;
    int result; /* what the library gets */
    int failed; /* ... if the function raises an error */
    char *buffer;
    size_t room; /* for what is a text, and its result the length */
};

/* The function that is argument `i`, or NULL for nil. It lives as long as the
 * object that is argument 1, or, without one, as the state. */
struct registration *callback_new(lua_State *L, struct context *x, int i,
                                  int is_once);
/* The same, in the place of the one with this key. */
struct registration *callback_set(lua_State *L, struct context *x, int i,
                                  const char *key, const char *more);
void callback_end(lua_State *L, struct registration *one);
/* The library may still call it, and nothing happens then. */
void callback_forget(lua_State *L, const struct registration *one);
int callback_call(struct turn *turn);
void callback_free(void *userdata);
/* The connection is released: they end when no call runs any more. */
void callback_orphan(struct context *x, const struct object *conn);
void callback_sweep(struct context *x, int all);
int callback_protected(lua_State *L);
/* Push what cancels it. */
void request_push(lua_State *L, struct registration *one,
                  int (*cancel)(xmpp_conn_t *conn, void *userdata));
void request_define(lua_State *L);

/* ---- errors ------------------------------------------------------ */

/* Push nil and an error; return 2. _of: of a function whose argument 1 may be a
 * connection, or belong to one. */
int failure_of(lua_State *L, struct context *x, int code);
int failure_of_text(lua_State *L, struct context *x, int code,
                    const xmpp_text_error_t *error);
int failure_with(lua_State *L, int code, const char *message);
/* Push one error. */
void failure_push(lua_State *L, int code, const char *message);
void failure_push_result(lua_State *L, struct context *x,
                         const xmpp_result_t *result);
void failure_push_reply(lua_State *L, struct context *x, int status,
                        xmpp_stanza_t *reply);
void failure_push_conn(lua_State *L, const xmpp_failure_t *failure);
/* The error on top is of this code, and the connection may come back. */
void failure_add_hope(lua_State *L, int code, xmpp_conn_t *conn);
void failure_define(lua_State *L);

/* ---- values ------------------------------------------------------ */

/* What C points to during a call is kept in a table. */
struct keep {
    lua_State *L;
    int index; /* of the table */
    int count;
    char fault[600]; /* what is wrong with a value that is no fault of the
                      * program, such as an address; "": nothing */
};

void keep_begin(struct keep *k, lua_State *L);
void *keep_memory(struct keep *k, size_t size);

/* Members of structs that no table describes. */
enum member_kind {
    MEMBER_TEXT = 1,
    MEMBER_OCTETS, /* const char *, and a size_t behind it */
    MEMBER_INT,
    MEMBER_UNSIGNED,
    MEMBER_LONG,
    MEMBER_ULONG,
    MEMBER_ENUM, /* int; more: its texts */
    MEMBER_STANZA,
    MEMBER_JID /* const xmpp_jid_t * */
};

struct member {
    const char *name;
    enum member_kind kind;
    size_t offset;
    const struct constant *more;
};

struct constant {
    const char *text; /* NULL ends a list */
    long value;
};

/* A payload that its functions know by name; members without a row. */
struct named_payload {
    const char *name;
    const xmpp_payload_t *payload;
    const struct member *more;
};

extern const struct named_payload named_payloads[], payloads_with_more[];

const char *text_argument(lua_State *L, int i);
const unsigned char *octets_argument(lua_State *L, int i, size_t *size);
long number_argument(lua_State *L, int i);
xmpp_time_t time_argument(lua_State *L, int i);
long enum_argument(lua_State *L, int i, const struct constant *constants);
const xmpp_module_t *module_argument(lua_State *L, int i);
const xmpp_payload_t *payload_argument(lua_State *L, int i);
const xmpp_jid_t *jid_argument(struct keep *k, int i);
void *struct_argument(struct keep *k, int i, const xmpp_payload_t *payload);
const char *const *texts_argument(struct keep *k, int i, size_t *count);

void push_jid(lua_State *L, const xmpp_jid_t *jid);
void push_time(lua_State *L, xmpp_time_t time);
void push_enum(lua_State *L, long value, const struct constant *constants);
void push_members(lua_State *L, struct context *x, const void *value,
                  const struct member *members);
void push_plain(lua_State *L, struct context *x, const void *value,
                const struct member *members);
void push_struct(lua_State *L, struct context *x, const xmpp_payload_t *payload,
                 const void *value);

/* ---- results ----------------------------------------------------- */

/* What a function gets that awaits: a value, or nil and an error. They return
 * how many values they have pushed. */
int push_result(lua_State *L, struct context *x, xmpp_conn_t *conn,
                const xmpp_result_t *result);
int push_reply(lua_State *L, struct context *x, xmpp_conn_t *conn, int status,
               xmpp_stanza_t *reply);
int push_sent(lua_State *L, xmpp_conn_t *conn, int status);
void push_event(lua_State *L, struct context *x, const xmpp_event_t *event);

/* ---- functions --------------------------------------------------- */

enum method_first {
    FIRST_NOTHING, /* the context, or no object at all */
    FIRST_CONN,
    FIRST_SELF /* the object that it is a method of */
};

struct method {
    const char *space; /* of an extension, or the kind of its object */
    const char *name;
    lua_CFunction function;
    enum method_first first;
    int is_awaited;
};

struct named_module {
    const char *name;
    const xmpp_module_t *module;
};

struct named_number {
    const char *name;
    long value;
};

struct named_text {
    const char *name, *text;
};

/* Made from the description (calls.c): */
extern const struct method generated_methods[];
extern const struct kind *const generated_kinds[];
extern const struct named_module generated_modules[];
extern const struct named_number generated_numbers[];
extern const struct named_text generated_advices[]; /* by conditions */
/* By hand: */
extern const struct method hand_methods[];    /* hand.c */
extern const struct method address_methods[]; /* address.c */
extern const struct method store_methods[];   /* store.c */
extern const struct method form_methods[];    /* form.c */
extern const struct method serve_methods[];   /* serve.c */

#endif /* BINDING_H */
