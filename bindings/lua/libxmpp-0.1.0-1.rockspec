-- `luarocks make` in this folder builds and installs it; nothing is downloaded.
rockspec_format = "3.0"
package = "libxmpp"
version = "0.1.0-1"
source = {
   url = "file://." -- this folder, which is a part of the source of libxmpp
}
description = {
   summary = "XMPP, by the C library libxmpp",
   detailed = [[
A client, components, and every extension of libxmpp. Coroutines wait for answers, in a
loop of its own or in that of luv or cqueues.]],
   license = "MIT"
}
dependencies = {
   "lua >= 5.1"
}
external_dependencies = {}
build = {
   type = "make",
   variables = {
      CC = "$(CC)",
      CFLAGS = "$(CFLAGS)",
      LUA_CFLAGS = "-I$(LUA_INCDIR)",
      LUA_CDIR = "$(LIBDIR)",
      LUA_LDIR = "$(LUADIR)",
      BUILD = "build-rock"
   }
}
