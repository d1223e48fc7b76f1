-- methods.lua - functions of the library as methods of clients and other objects.

local core = require "libxmpp.core"
local task = require "libxmpp.task"

local calls = core.functions.core
local spaces = core.functions
local methods = {}

-- `hidden` arguments are ours; the callback of one that is awaited is, too.
local function method_of(one, name, hidden)
   local call = task.guard(one.call, name, one.is_awaited and hidden + 1 or hidden)
   if not one.is_awaited then
      return call
   end
   return function(...) return task.call(call, ...) end
end

-- Objects, such as stanzas and rooms, have their methods in their metatables.
for kind, metatable in pairs(core.objects) do
   for name, one in pairs(spaces[":" .. kind] or {}) do
      metatable.__index[name] = one.is_awaited and method_of(one, kind .. ":" .. name, 1) or
         one.call
   end
end

do
   local stanza = core.objects.stanza
   local next_tag = stanza.__index.next_tag

   function stanza:__tostring()
      return self:to_text() or "libxmpp.stanza"
   end

   -- The elements in it: for child in stanza:tags("item", ns) do.
   function stanza.__index:tags(name, ns)
      return function(_, previous)
         return next_tag(self, previous, name, ns)
      end
   end
end

-- room:send {body = "Hi"}: a message may be a table, as for a client.
local room = core.objects.room
if room then
   room.__index.all = room.__index.next
end
if room and spaces.message then
   local send = room.__index.send

   local payload_new = task.guard(calls.payload_new.call, "room:send", 1)

   function room.__index:send(what, ...)
      task.expect("room:send", 1, what, "userdata", "table")
      if type(what) == "table" then
         local stanza, err = payload_new("message", what)
         if not stanza then
            return nil, err
         end
         what = stanza
      end
      return send(self, what, ...)
   end
end

-- Lists that are empty without their module, and a limit that each has only with it.
local LISTS = {roster = "contacts", bookmarks = "rooms", blocking = "items"}
local OF_LISTS = {next = true, all = true, get = true, find = true, count = true,
                  is_loaded = true}

local function lacks_module(self, space)
   if rawget(self, "is_closed") then
      return task.closed()
   elseif calls.get_limit.call(rawget(self, "conn"), space, LISTS[space]) >= 0 then
      return nil
   end
   return calls.error.call(core.numbers.EINVOP,
      ("the module is not in use: give the client use = {\"%s\"}"):format(space))
end

local function function_of(self, one, space, name)
   local conn = one.first == "conn"
   local call = method_of(one, (space and "client." .. space or "client") ..
      (name == "" and "" or ":" .. name), conn and 1 or 0)
   local is_list = LISTS[space] and OF_LISTS[name]
   return function(_, ...)
      local lack = is_list and lacks_module(self, space)
      if lack then
         return nil, lack
      end
      if conn then
         return call(rawget(self, "conn"), ...)
      end
      return call(...)
   end
end

local Space = {}

function Space.__index(space, name)
   local one = space.functions[name] or name == "all" and space.functions.next
   if one then
      local method = function_of(space.client, one, space.name, name)
      rawset(space, name, method)
      return method
   end
end

-- client:ping("example.org"): an extension with one function that has its name.
function Space.__call(space, first, ...)
   local one = space.functions[""]
   if not one then
      task.fail(("client.%s is not a function: it has functions"):format(space.name))
   end
   local method = function_of(space.client, one, space.name, "")
   if first == space.client then
      return method(space, ...)
   end
   return method(space, first, ...)
end

-- What a client has by this name: an extension, or a function of the library itself.
function methods.find(client, name)
   if spaces[name] and not name:find "^:" then
      return setmetatable({client = client, functions = spaces[name], name = name}, Space)
   elseif calls[name] then
      return function_of(client, calls[name], nil, name)
   end
end

return methods
