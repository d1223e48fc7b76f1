/* callback.c - functions of Lua that the library calls.
 *
 * The library has a pointer to a registration, which has the number of the
 * function. Functions are found by a weak table, and kept by the object that
 * they were given to: so a connection that nobody refers to any more is
 * collected together with them, and a call that comes later finds nothing. A
 * registration is freed once it is over and no call of the library runs.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "binding.h"

/* ---- registrations ----------------------------------------------- */

/* What keeps functions: the table of values of an object, else one in the
 * registry. */
static void push_keeper(lua_State *L, int i)
{
    static const char key;

    if (i && lua_type(L, i) == LUA_TUSERDATA) {
        lua_getuservalue(L, i);
        if (lua_istable(L, -1))
            return;
        lua_pop(L, 1);
    }
    lua_pushlightuserdata(L, (void *)&key);
    lua_rawget(L, LUA_REGISTRYINDEX);
    if (lua_istable(L, -1))
        return;
    lua_pop(L, 1);
    lua_newtable(L);
    lua_pushlightuserdata(L, (void *)&key);
    lua_pushvalue(L, -2);
    lua_rawset(L, LUA_REGISTRYINDEX);
}

static void put_in(lua_State *L, int table, lua_Integer number, int value)
{
    lua_rawgeti(L, LUA_REGISTRYINDEX, table);
    lua_pushvalue(L, value);
    lua_rawseti(L, -2, number);
    lua_pop(L, 1);
}

/* Let the function at `i` be the one with this number. */
static void put_function(lua_State *L, struct context *x, int i,
                         lua_Integer number)
{
    int keeper;

    push_keeper(L, 1);
    keeper = lua_gettop(L);
    put_in(L, x->functions, number, i);
    put_in(L, x->keepers, number, keeper);
    lua_pushvalue(L, i);
    lua_rawseti(L, keeper, number);
    lua_pop(L, 1);
}

/* Raises nothing: what is there becomes nil in its place. */
static void remove_from(lua_State *L, int table, lua_Integer number)
{
    lua_rawgeti(L, table, number);
    if (!lua_isnil(L, -1)) {
        lua_pushnil(L);
        lua_rawseti(L, table, number);
    }
    lua_pop(L, 1);
}

static void remove_function(lua_State *L, struct context *x, lua_Integer number)
{
    int top = lua_gettop(L);

    if (!lua_checkstack(L, 6))
        return;
    lua_rawgeti(L, LUA_REGISTRYINDEX, x->functions);
    remove_from(L, top + 1, number);
    lua_rawgeti(L, LUA_REGISTRYINDEX, x->keepers);
    lua_rawgeti(L, top + 2, number);
    if (lua_istable(L, -1))
        remove_from(L, top + 3, number);
    remove_from(L, top + 2, number);
    lua_settop(L, top);
}

static void link_registration(struct registration *one,
                              struct registration **list)
{
    one->next = *list;
    if (one->next)
        one->next->place = &one->next;
    one->place = list;
    *list = one;
}

static void unlink_registration(struct registration *one)
{
    *one->place = one->next;
    if (one->next)
        one->next->place = one->place;
}

/* The connection whose object, or an object of which, is argument 1. */
static const struct object *owner_of(lua_State *L)
{
    const struct object *object = lua_touserdata(L, 1);

    return object && object->owner ? object->owner : object;
}

static struct registration *registration_new(lua_State *L, struct context *x)
{
    struct registration *one = calloc(1, sizeof(*one));

    if (!one)
        luaL_error(L, "out of memory");
    one->x = x;
    one->number = ++x->last_number;
    one->owner = owner_of(L);
    link_registration(one, &x->registrations);
    return one;
}

struct registration *callback_new(lua_State *L, struct context *x, int i,
                                  int is_once)
{
    struct registration *one;

    if (lua_isnoneornil(L, i))
        return NULL;
    luaL_checktype(L, i, LUA_TFUNCTION);
    put_function(L, x, i, x->last_number + 1); /* it may raise an error */
    one = registration_new(L, x);
    one->is_once = is_once;
    return one;
}

static struct registration *find_number(struct context *x, lua_Integer number)
{
    struct registration *one = x->registrations;

    while (one && one->number != number)
        one = one->next;
    return one;
}

/* The table of values has the number of the registration of a key; one that is
 * over is not found. */
static struct registration *find_set(lua_State *L, struct context *x,
                                     const char *key, const char *more)
{
    struct registration *one;
    int top = lua_gettop(L);

    push_keeper(L, 1);
    lua_pushfstring(L, "%s %s", key, more ? more : "");
    lua_pushvalue(L, -1);
    lua_rawget(L, top + 1);
    one = find_number(x, lua_tointeger(L, -1));
    if (!one) {
        lua_pushvalue(L, top + 2);
        lua_pushinteger(L, x->last_number + 1);
        lua_rawset(L, top + 1);
        one = registration_new(L, x);
    }
    lua_settop(L, top);
    return one;
}

struct registration *callback_set(lua_State *L, struct context *x, int i,
                                  const char *key, const char *more)
{
    struct registration *one;

    if (!lua_isnoneornil(L, i))
        luaL_checktype(L, i, LUA_TFUNCTION);
    one = find_set(L, x, key, more);
    if (lua_isnoneornil(L, i)) {
        remove_function(L, x, one->number);
        return NULL;
    }
    put_function(L, x, i, one->number);
    return one;
}

void callback_forget(lua_State *L, const struct registration *one)
{
    remove_function(L, one->x, one->number);
}

void callback_end(lua_State *L, struct registration *one)
{
    if (!one || one->is_over)
        return;
    one->is_over = 1;
    if (one->request)
        one->request->registration = NULL;
    one->request = NULL;
    remove_function(L, one->x, one->number);
    unlink_registration(one);
    link_registration(one, &one->x->over);
}

static void free_list(struct registration *one)
{
    struct registration *next;

    for (; one; one = next) {
        next = one->next;
        if (one->request)
            one->request->registration = NULL;
        free(one->block);
        free(one);
    }
}

void callback_orphan(struct context *x, const struct object *conn)
{
    struct registration *one = x->registrations;

    for (; one; one = one->next) {
        if (one->owner == conn) {
            one->is_orphan = 1;
            x->has_orphans = 1;
        }
    }
}

static void end_orphans(struct context *x)
{
    struct registration *one = x->registrations, *next;

    for (; one; one = next) {
        next = one->next;
        if (one->is_orphan)
            callback_end(x->L, one);
    }
    x->has_orphans = 0;
}

void callback_sweep(struct context *x, int all)
{
    if (x->has_orphans && x->L)
        end_orphans(x);
    free_list(x->over);
    x->over = NULL;
    if (all) {
        free_list(x->registrations);
        x->registrations = NULL;
    }
}

/* What the library calls when a registration that it was given ends. */
void callback_free(void *userdata)
{
    struct registration *one = userdata;

    if (one && one->x->L)
        callback_end(one->x->L, one);
}

/* ---- calls ------------------------------------------------------- */

static int report_error(lua_State *L)
{
    struct context *x = lua_touserdata(L, 2);

    if (x->report == LUA_NOREF) {
        fprintf(stderr, "libxmpp: a callback failed: %s\n",
                lua_tostring(L, 1) ? lua_tostring(L, 1) : luaL_typename(L, 1));
        return 0;
    }
    lua_rawgeti(L, LUA_REGISTRYINDEX, x->report);
    lua_pushvalue(L, 1);
    lua_call(L, 1, 0);
    return 0;
}

/* The error on top of the stack, which is popped. */
static void report(lua_State *L, struct context *x)
{
    lua_pushcfunction(L, report_error);
    lua_insert(L, -2);
    lua_pushlightuserdata(L, x);
    if (lua_pcall(L, 2, 0, 0)) {
        fprintf(stderr, "libxmpp: an error could not be reported\n");
        lua_pop(L, 1);
    }
}

/* A text gets the places where it was raised. */
static int add_places(lua_State *L)
{
    if (lua_type(L, 1) == LUA_TSTRING)
        luaL_traceback(L, L, lua_tostring(L, 1), 1);
    return 1;
}

static void take_text(lua_State *L, struct turn *turn)
{
    size_t size;
    const char *text = lua_tolstring(L, -1, &size);

    if (size >= turn->room)
        luaL_error(L, "a password has at most %d octets", (int)turn->room - 1);
    memcpy(turn->buffer, text, size + 1);
    turn->result = (int)size;
}

/* What the function returned; nil, and what means nothing: as if there were no
 * function. */
static void take_result(lua_State *L, struct turn *turn)
{
    if (turn->buffer && lua_type(L, -1) == LUA_TSTRING)
        take_text(L, turn);
    else if (lua_type(L, -1) == LUA_TBOOLEAN)
        turn->result = lua_toboolean(L, -1);
    else if (lua_type(L, -1) == LUA_TNUMBER && !turn->buffer)
        turn->result = (int)lua_tointeger(L, -1);
}

static void push_function(lua_State *L, struct registration *one)
{
    struct context *x = one->x;

    if (!one->number) {
        lua_rawgeti(L, LUA_REGISTRYINDEX, x->logger);
        return;
    }
    lua_rawgeti(L, LUA_REGISTRYINDEX, x->functions);
    lua_rawgeti(L, -1, one->number);
    lua_remove(L, -2);
}

/* With the turn as its argument. */
int callback_protected(lua_State *L)
{
    struct turn *turn = lua_touserdata(L, 1);
    struct registration *one = turn->registration;
    struct context *x = one->x;
    int status;

    lua_settop(L, 0);
    luaL_checkstack(L, 20, "a callback");
    lua_pushcfunction(L, add_places);
    push_function(L, one);
    if (one->is_once)
        callback_end(L, one);
    if (!lua_isfunction(L, -1))
        return 0;
    status = lua_pcall(L, turn->push(L, x, turn->args), 1, 1);
    if (status) {
        turn->result = turn->failed;
        x->has_lost |= status == LUA_ERRMEM && one->number != 0;
        report(L, x);
        return 0;
    }
    take_result(L, turn);
    return 0;
}

/* It returns what the library gets. Nothing that the function or the memory of
 * Lua does gets out of it. */
int callback_call(struct turn *turn)
{
    struct registration *one = turn->registration;
    struct context *x = one ? one->x : NULL;
    struct object *until;
    lua_State *L = x ? x->L : NULL;

    if (!L || one->is_over)
        return turn->result;
    if (!lua_checkstack(L, 4)) {
        x->has_lost = 1;
        return turn->failed;
    }
    until = x->temporaries;
    x->depth++;
    lua_rawgeti(L, LUA_REGISTRYINDEX, x->protect);
    lua_pushlightuserdata(L, turn);
    if (lua_pcall(L, 1, 0, 0)) {
        turn->result = turn->failed;
        x->has_lost = 1;
        report(L, x);
    }
    object_end_temporaries(x, until);
    x->depth--;
    return turn->result;
}
