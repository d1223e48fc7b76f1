/* host.c - a program that embeds Lua: two states side by side, and each
 * allocation of Lua failing once.
 *
 * usage: host SCRIPT [STEP]    with a STEP, only every such one fails
 */

#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>
#include <stdio.h>
#include <stdlib.h>

struct memory {
    long count;   /* of allocations so far */
    long fail_at; /* the one that fails, and two more, because Lua tries again
                   * after collecting; 0: none */
    long used;    /* octets */
};

static void *allocate(void *userdata, void *p, size_t old, size_t size)
{
    struct memory *memory = userdata;
    void *q;

    if (!p)
        old = 0;
    if (size == 0) {
        memory->used -= (long)old;
        free(p);
        return NULL;
    }
    if (size > old && ++memory->count >= memory->fail_at && memory->fail_at &&
        memory->count < memory->fail_at + 3)
        return NULL;
    q = realloc(p, size);
    if (q)
        memory->used += (long)size - (long)old;
    return q;
}

static int run_script(lua_State *L)
{
    luaL_openlibs(L);
    if (luaL_loadfile(L, lua_touserdata(L, 1)))
        return lua_error(L);
    lua_call(L, 0, 0);
    return 0;
}

/* 0 if the script ran to its end. */
static int run(struct memory *memory, const char *script)
{
    lua_State *L = lua_newstate(allocate, memory);
    int failed;

    if (!L)
        return 1;
    lua_pushcfunction(L, run_script);
    lua_pushlightuserdata(L, (void *)script); /* it allocates nothing */
    failed = lua_pcall(L, 1, 0, 0);
    if (failed && !memory->fail_at) /* it should not */
        printf("# %s\n", lua_tostring(L, -1));
    memory->fail_at = 0; /* where Lua cannot call a finaliser, nobody can */
    lua_close(L);
    return failed;
}

static int count, bad;

static void check(int good, const char *name)
{
    printf("%sok %d - %s, %s\n", good ? "" : "not ", ++count, LUA_VERSION,
           name);
    bad += !good;
}

static void check_two(const char *script)
{
    lua_State *a = luaL_newstate(), *b = luaL_newstate();
    int failed = 0;

    luaL_openlibs(a);
    luaL_openlibs(b);
    failed +=
        luaL_dostring(a, "X = require 'libxmpp'; C = X.client {jid = 'a@a'}");
    failed +=
        luaL_dostring(b, "X = require 'libxmpp'; C = X.client {jid = 'b@b'}");
    failed += luaL_dofile(a, script);
    lua_close(a);
    failed += luaL_dostring(b, "assert(C:jid() == 'b@b')");
    failed += luaL_dofile(b, script);
    lua_close(b);
    check(!failed, "two states side by side");
}

int main(int argc, char **argv)
{
    struct memory memory = {0, 0, 0};
    long whole, i, step = argc > 2 ? atol(argv[2]) : 1, left = 0;
    int failed;

    if (argc < 2)
        return 2;
    setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
    failed = run(&memory, argv[1]);
    whole = memory.count;
    check(!failed && memory.used == 0, "a state is opened and closed");
    check_two(argv[1]);
#if LUA_VERSION_NUM >= 502 /* LuaJIT does not call each finaliser after that   \
                            */
    for (i = 1; i <= whole; i += step) {
        memory = (struct memory){0, i, 0};
        run(&memory, argv[1]);
        left += memory.used;
    }
    check(left == 0, "each allocation fails");
#else
    (void)i, (void)step, (void)left;
#endif
    printf("# %ld allocations\n1..%d\n", whole, count);
    return bad ? 1 : 0;
}
