/* module.c - libxmpp.core: all functions, for the part of the module that is
 * written in Lua (init.lua).
 *
 *     core.functions   space: name: {function, first, is_awaited}
 *     core.objects     kind: the table of its methods
 *     core.numbers     constants
 *     core.modules     the names of extensions; core.payloads, of structs
 */

#include <stdlib.h>

#include "binding.h"

/* t[key], a table, which is made if it is not there. */
static void push_part(lua_State *L, int table, const char *key)
{
    lua_getfield(L, table, key);
    if (lua_istable(L, -1))
        return;
    lua_pop(L, 1);
    lua_newtable(L);
    lua_pushvalue(L, -1);
    lua_setfield(L, table, key);
}

/* Each has the context, which is at `x`. */
static void add_method(lua_State *L, int functions, int x,
                       const struct method *one)
{
    static const char *const firsts[] = {"nothing", "conn", "self"};
    int top = lua_gettop(L);

    push_part(L, functions, one->space);
    lua_newtable(L);
    lua_pushvalue(L, x);
    lua_pushcclosure(L, one->function, 1);
    lua_setfield(L, -2, "call");
    lua_pushstring(L, firsts[one->first]);
    lua_setfield(L, -2, "first");
    lua_pushboolean(L, one->is_awaited);
    lua_setfield(L, -2, "is_awaited");
    lua_setfield(L, -2, one->name);
    lua_settop(L, top);
}

static void add_methods(lua_State *L, int functions, int x,
                        const struct method *one)
{
    for (; one->space; one++)
        add_method(L, functions, x, one);
}

static void add_functions(lua_State *L, int module, int x)
{
    const struct method *const lists[] = {generated_methods, hand_methods,
                                          address_methods,   store_methods,
                                          form_methods,      serve_methods};
    size_t i;

    lua_newtable(L);
    for (i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
        add_methods(L, lua_gettop(L), x, lists[i]);
    lua_setfield(L, module, "functions");
}

static void add_object(lua_State *L, int objects, const struct kind *kind)
{
    object_define(L, kind);
    luaL_getmetatable(L, kind->name);
    lua_setfield(L, objects, kind->name + sizeof("libxmpp.") - 1);
}

static void add_objects(lua_State *L, int module)
{
    const struct kind *const *kind = generated_kinds;
    int objects;

    lua_newtable(L);
    objects = lua_gettop(L);
    add_object(L, objects, &kind_conn);
    add_object(L, objects, &kind_stanza);
    add_object(L, objects, &kind_deliver);
    add_object(L, objects, &kind_memory);
    for (; *kind; kind++)
        add_object(L, objects, *kind);
    lua_setfield(L, module, "objects");
}

static void add_constants(lua_State *L, int module)
{
    const struct named_number *number = generated_numbers;
    const struct named_module *one = generated_modules;
    const struct named_payload *payload = named_payloads;

    lua_newtable(L);
    for (; number->name; number++) {
        lua_pushinteger(L, number->value);
        lua_setfield(L, -2, number->name);
    }
    lua_setfield(L, module, "numbers");
    lua_newtable(L);
    for (; one->name; one++) {
        lua_pushboolean(L, 1);
        lua_setfield(L, -2, one->name);
    }
    lua_setfield(L, module, "modules");
    lua_newtable(L);
    for (; payload->name; payload++) {
        lua_pushboolean(L, 1);
        lua_setfield(L, -2, payload->name);
    }
    lua_setfield(L, module, "payloads");
}

static int define_parts(lua_State *L)
{
    request_define(L);
    failure_define(L);
    return 0;
}

__attribute__((visibility("default"))) int luaopen_libxmpp_core(lua_State *L);
int luaopen_libxmpp_core(lua_State *L)
{
    int module, x;

    context_push(L);
    x = lua_gettop(L);
    lua_pushvalue(L, x);
    lua_pushcclosure(L, define_parts, 1);
    lua_call(L, 0, 0);
    lua_newtable(L);
    module = lua_gettop(L);
    add_functions(L, module, x);
    add_objects(L, module);
    add_constants(L, module);
    lua_settop(L, module);
    return 1;
}
