-- methods.lua - functions of the library as methods of clients and other objects.

local core = require "libxmpp.core"
local task = require "libxmpp.task"

local calls = core.functions.core
local spaces = core.functions
local methods = {}

local function method_of(one)
   if not one.is_awaited then
      return one.call
   end
   local call = one.call
   return function(...) return task.call(call, ...) end
end

-- Objects, such as stanzas and rooms, have their methods in their metatables.
for kind, metatable in pairs(core.objects) do
   for name, one in pairs(spaces[":" .. kind] or {}) do
      metatable.__index[name] = method_of(one)
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
if room and spaces.message then
   local send = room.__index.send

   function room.__index:send(what, ...)
      if type(what) == "table" then
         local stanza, err = calls.payload_new.call("message", what)
         if not stanza then
            return nil, err
         end
         what = stanza
      end
      return send(self, what, ...)
   end
end

local function function_of(self, one)
   local call, conn = method_of(one), one.first == "conn"
   return function(_, ...)
      if conn then
         return call(rawget(self, "conn"), ...)
      end
      return call(...)
   end
end

local Space = {}

function Space.__index(space, name)
   local one = space.functions[name]
   if one then
      local method = function_of(space.client, one)
      rawset(space, name, method)
      return method
   end
end

-- client:ping("example.org"): an extension with one function that has its name.
function Space.__call(space, first, ...)
   local one = space.functions[""]
   if not one then
      error("this extension is not a function: it has functions", 2)
   end
   if first == space.client then
      return function_of(space.client, one)(space, ...)
   end
   return function_of(space.client, one)(space, first, ...)
end

-- What a client has by this name: an extension, or a function of the library itself.
function methods.find(client, name)
   if spaces[name] and not name:find "^:" then
      return setmetatable({client = client, functions = spaces[name]}, Space)
   elseif calls[name] then
      return function_of(client, calls[name])
   end
end

return methods
