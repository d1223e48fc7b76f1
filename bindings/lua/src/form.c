/* form.c - functions of forms that take or return structs by value. */

#include <xmpp/have.h>

#include "binding.h"

#ifdef XMPP_HAVE_FORM
#include <xmpp/xep/form.h>
#endif
#ifdef XMPP_HAVE_FORM_CHECK
#include <xmpp/xep/form_check.h>
#endif
#ifdef XMPP_HAVE_FORM_LAYOUT
#include <xmpp/xep/form_layout.h>
#endif
#ifdef XMPP_HAVE_FORM_VALIDATE
#include <xmpp/xep/form_validate.h>
#endif

#ifdef XMPP_HAVE_FORM
/* The address in a field, or nil. */
static int form_get_jid(lua_State *L)
{
    struct context *x = CONTEXT(L);
    xmpp_conn_t *conn = object_argument(L, 1, &kind_conn, 0);
    const xmpp_form_t *form;
    struct object *memory;
    const char *text;
    xmpp_jid_t *jid;
    struct keep k;

    lua_settop(L, 3);
    keep_begin(&k, L);
    form = struct_argument(&k, 2, &xmpp_form);
    memory = object_prepare(L, x, &kind_memory);
    text = text_argument(L, 3);
    conn =
        object_argument(L, 1, &kind_conn, 0); /* __index may have closed it */
    jid = xmpp_form_get_jid(conn, form, text);
    if (!jid)
        return 0;
    object_fill(memory, jid);
    push_jid(L, jid);
    object_free(L, memory);
    return 1;
}
#endif

#ifdef XMPP_HAVE_FORM_CHECK
/* nil, or what is wrong with an answer: {var=, reason=}. */
static int form_check(lua_State *L)
{
    const xmpp_form_t *form, *answer;
    xmpp_form_fault_t fault;
    struct keep k;

    lua_settop(L, 2);
    keep_begin(&k, L);
    form = struct_argument(&k, 1, &xmpp_form);
    answer = struct_argument(&k, 2, &xmpp_form);
    fault = xmpp_form_check(form, answer);
    if (!fault.reason)
        return 0;
    lua_newtable(L);
    lua_pushstring(L, fault.var);
    lua_setfield(L, -2, "var");
    lua_pushstring(L, fault.reason);
    lua_setfield(L, -2, "reason");
    return 1;
}
#endif

#ifdef XMPP_HAVE_FORM_LAYOUT
static void push_part(lua_State *L, struct context *x,
                      const xmpp_form_part_t *part)
{
    static const struct constant types[] = {
        {"page", XMPP_PART_PAGE},         {"section", XMPP_PART_SECTION},
        {"text", XMPP_PART_TEXT},         {"field", XMPP_PART_FIELD},
        {"reported", XMPP_PART_REPORTED}, {NULL, 0}};

    lua_newtable(L);
    push_enum(L, part->type, types);
    lua_setfield(L, -2, "type");
    lua_pushinteger(L, part->depth);
    lua_setfield(L, -2, "depth");
    lua_pushstring(L, part->text);
    lua_setfield(L, -2, "text");
    object_push(L, x, &kind_stanza, part->element);
    lua_setfield(L, -2, "element");
}

/* The pieces of its layout, in the order in which to show them. The form was
 * read from a stanza. */
static int form_parts(lua_State *L)
{
    struct context *x = CONTEXT(L);
    const xmpp_form_t *form;
    xmpp_form_part_t part;
    struct keep k;
    int n = 0;

    lua_settop(L, 1);
    keep_begin(&k, L);
    form = struct_argument(&k, 1, &xmpp_form);
    lua_newtable(L);
    for (part = xmpp_form_first_part(form); part.type;
         part = xmpp_form_next_part(form, part)) {
        push_part(L, x, &part);
        lua_rawseti(L, -2, ++n);
    }
    return 1;
}
#endif

#ifdef XMPP_HAVE_FORM_VALIDATE
static const char *field_text(lua_State *L, const char *name)
{
    const char *text;

    lua_getfield(L, 1, name);
    text = text_argument(L, lua_gettop(L));
    return text; /* the table keeps it */
}

static long field_number(lua_State *L, const char *name)
{
    long number = XMPP_NO_NUMBER;

    lua_getfield(L, 1, name);
    if (!lua_isnil(L, -1))
        number = number_argument(L, lua_gettop(L));
    lua_pop(L, 1);
    return number;
}

static int field_flag(lua_State *L, const char *name)
{
    int flag;

    lua_getfield(L, 1, name);
    flag = lua_toboolean(L, -1);
    lua_pop(L, 1);
    return flag;
}

/* nil, or what is wrong with a value, by what a field says of it. */
static int form_validate(lua_State *L)
{
    const char *value = text_argument(L, 2);
    xmpp_form_validate_t validate = {
        sizeof(validate), NULL, 0, 0, NULL, NULL, NULL, 0, 0};

    luaL_checktype(L, 1, LUA_TTABLE);
    validate.basic = field_flag(L, "basic");
    validate.open = field_flag(L, "open");
    validate.least = field_number(L, "least");
    validate.most = field_number(L, "most");
    validate.datatype = field_text(L, "datatype");
    validate.min = field_text(L, "min");
    validate.max = field_text(L, "max");
    validate.regex = field_text(L, "regex");
    lua_pushstring(L, xmpp_form_validate(&validate, value));
    return 1;
}
#endif

const struct method form_methods[] = {
#ifdef XMPP_HAVE_FORM
    {"form", "get_jid", form_get_jid, FIRST_CONN, 0},
#endif
#ifdef XMPP_HAVE_FORM_CHECK
    {"form", "check", form_check, FIRST_NOTHING, 0},
#endif
#ifdef XMPP_HAVE_FORM_LAYOUT
    {"form", "parts", form_parts, FIRST_NOTHING, 0},
#endif
#ifdef XMPP_HAVE_FORM_VALIDATE
    {"form", "validate", form_validate, FIRST_NOTHING, 0},
#endif
    {NULL, NULL, NULL, FIRST_NOTHING, 0}};
