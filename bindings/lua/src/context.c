/* context.c - the context of the library in a state of Lua. */

#include "binding.h"

lua_State *context_enter(struct context *x, lua_State *L)
{
    lua_State *outer = x->L;

    x->L = L;
    x->depth++;
    return outer;
}

static void free_if_over(struct context *x)
{
    xmpp_ctx_t *ctx = x->ctx;

    if (!x->is_closed || x->hold_count > 0 || x->depth > 0 || !ctx)
        return;
    x->ctx = NULL;
    x->depth++;
    xmpp_ctx_free(ctx);
    x->depth--;
    callback_sweep(x, 1);
}

void context_leave(struct context *x, lua_State *outer)
{
    x->depth--;
    if (x->depth == 0)
        callback_sweep(x, 0);
    free_if_over(x);
    x->L = outer;
}

void context_hold(struct context *x)
{
    x->hold_count++;
}

void context_release(struct context *x, lua_State *L)
{
    lua_State *outer = x->L;

    x->L = L;
    x->hold_count--;
    free_if_over(x);
    x->L = outer;
}

/* ---- the log ----------------------------------------------------- */

struct line {
    int level;
    const char *area, *text;
};

static int push_line(lua_State *L, struct context *x, const void *args)
{
    static const char *const levels[] = {"debug", "info", "warn", "error"};
    const struct line *line = args;

    (void)x;
    lua_pushstring(L, levels[line->level & 3]);
    lua_pushstring(L, line->area);
    lua_pushstring(L, line->text);
    return 3;
}

/* A function that logs what it does would never come to an end. */
static void on_log(void *userdata, xmpp_log_level_t level, const char *area,
                   const char *text)
{
    struct context *x = userdata;
    struct line line = {level, area, text};
    struct registration logger = {0};
    struct turn turn = {&logger, push_line, &line, 0, 0, NULL, 0};

    if (x->logger == LUA_NOREF || x->log_count || !x->L)
        return;
    logger.x = x;
    x->log_count++;
    callback_call(&turn);
    x->log_count--;
}

/* ---- its life ---------------------------------------------------- */

static int close_context(lua_State *L)
{
    struct context *x = lua_touserdata(L, 1);

    x->is_closed = 1;
    x->hold_count++;
    context_release(x, L);
    return 0;
}

static void make_weak(lua_State *L)
{
    lua_newtable(L);
    lua_newtable(L);
    lua_pushliteral(L, "v");
    lua_setfield(L, -2, "__mode");
    lua_setmetatable(L, -2);
}

struct context *context_push(lua_State *L)
{
    struct context *x = lua_newuserdata(L, sizeof(*x));

    *x = (struct context){0};
    x->report = x->logger = LUA_NOREF;
    x->log.handler = on_log;
    x->log.userdata = x;
    lua_newtable(L);
    lua_pushcfunction(L, close_context);
    lua_setfield(L, -2, "__gc");
    lua_setmetatable(L, -2);
    lua_pushvalue(L, -1);
    x->self = luaL_ref(L, LUA_REGISTRYINDEX);
    make_weak(L);
    x->functions = luaL_ref(L, LUA_REGISTRYINDEX);
    make_weak(L);
    x->keepers = luaL_ref(L, LUA_REGISTRYINDEX);
    lua_pushcfunction(L, callback_protected);
    x->protect = luaL_ref(L, LUA_REGISTRYINDEX);
    x->ctx = xmpp_ctx_new(NULL, &x->log);
    if (!x->ctx)
        luaL_error(L, "out of memory");
    xmpp_ctx_set_log_level(x->ctx, XMPP_LEVEL_ERROR);
    return x;
}
