-- receiving.lua - what a client has for what arrives: streams, functions that are called,
-- answers to requests.

local core = require "libxmpp.core"
local task = require "libxmpp.task"
local Stream = require "libxmpp.stream"

local calls = core.functions.core
local spaces = core.functions
local numbers = core.numbers

local add_watch = task.guard(calls.slot_add_watch.call, "client:watch", 1)
local add_handler = task.guard(calls.slot_add_handler.call, "client:on", 1)
local add_iq_handler = task.guard(calls.slot_add_iq_handler.call, "client:answer", 1)

local Receiving = {} -- methods of Client

local Watch = {}
Watch.__index = Watch

-- The function is not called again.
function Watch:remove()
   return calls.slot_remove.call(self.slot) == 1
end

local function watch(slot, err)
   if not slot then
      return nil, err
   end
   return setmetatable({slot = slot}, Watch)
end

-- What will arrive: nothing if the connection is over, and not to be made anew.
local function stream_of(self, set, limit)
   local stream = Stream.new(self.readers, limit)
   set[stream] = true
   if rawget(self, "is_over") then
      stream:finish(rawget(self, "is_closed") and task.closed() or rawget(self, "why"))
   end
   return stream
end

-- Some modules report what others bring.
local BROUGHT = {room = "room_message"}

local function use(self, name)
   task.expect("client:events", 1, name, "string")
   local ok, err = self:use(name)
   if ok and core.modules[BROUGHT[name]] then
      ok, err = self:use(BROUGHT[name])
   end
   return ok, err
end

-- The messages that arrive. Those in envelopes (carbons, archives, rooms) are events of
-- their modules.
function Receiving:messages(limit)
   if not spaces.message then
      task.fail("this libxmpp was built without xep/message")
   end
   task.expect("client:messages", 1, limit, "number", "nil")
   local inboxes = self.inboxes
   local stream = stream_of(self, inboxes, limit)
   if not rawget(self, "inbox") then
      local read = spaces.message.read.call
      rawset(self, "inbox", watch(calls.slot_add_handler.call(self.conn, function(stanza)
         local message = next(inboxes) and read(stanza)
         if message then
            message.stanza = stanza
            for _, inbox in ipairs(Stream.list(inboxes)) do
               inbox:push(message)
            end
         end
      end, nil, "message", nil)))
   end
   return stream
end

local function push_events(self, stream, name)
   local weak = setmetatable({stream = stream}, {__mode = "v"})
   local ok, err = use(self, name)
   local one
   if ok then
      one, err = watch(add_watch(self.conn, name, function(event)
         if weak.stream then
            weak.stream:push(event)
         else
            one:remove() -- nobody reads it any more
         end
      end))
   end
   if not one then
      stream:finish(err)
   end
end

-- What modules report: {module =, name =, value =, before =, stanza =}. They are used from
-- now on.
function Receiving:events(...)
   local stream = stream_of(self, self.streams)
   task.expect("client:events", 1, (...), "string")
   for _, name in ipairs {...} do
      push_events(self, stream, name)
   end
   return stream
end

-- The same by a function, as a coroutine of its own.
function Receiving:watch(name, f)
   task.expect("client:watch", 1, name, "string")
   task.expect("client:watch", 2, f, "function")
   local ok, err = use(self, name)
   if not ok then
      return nil, err
   end
   return watch(add_watch(self.conn, name, function(event)
      task.spawn(f, event)
   end))
end

-- A function for each stanza that fits {name =, ns =, type =}, as a coroutine of its own.
function Receiving:on(filter, f)
   task.expect("client:on", 1, filter, "table")
   task.expect("client:on", 2, f, "function")
   return watch(add_handler(self.conn, function(stanza)
      task.spawn(f, stanza)
   end, filter.ns, filter.name, filter.type))
end

local function send_answer(self, iq, ok, content, err)
   if not self.conn then
      return
   end
   local answer
   if ok and content and type(content) ~= "userdata" then
      ok, content = false, "the answer to a request is a stanza, or nothing, not a " ..
         type(content)
   end
   if not ok or (content == nil and err) then
      local code = ok and type(err) == "table" and err.code or numbers.EINT
      answer = calls.iq_error.call(self.conn, iq, code)
   else
      answer = calls.iq_result.call(self.conn, iq)
      if type(content) == "userdata" then
         answer:add_child(content)
      end
   end
   calls.send_take.call(self.conn, answer)
   if not ok then
      task.report(content)
   end
end

-- Answer requests {ns =, name =, type =} of others: the function gets the iq, and returns
-- the element in the answer or nothing, or nil and an error. It may wait.
function Receiving:answer(filter, f)
   task.expect("client:answer", 1, filter, "table")
   task.expect("client:answer", 2, f, "function")
   return watch(add_iq_handler(self.conn, filter.type or "get", filter.ns,
      filter.name, function(iq)
         task.spawn(function()
            send_answer(self, iq, pcall(f, iq))
         end)
         return 1
      end))
end

-- Let others run a command (XEP-0050). The function is called for each stage, and returns
-- what run:put_form() or run:refuse() returned, or nothing if the command is done.
function Receiving:serve_command(node, name, f, access)
   return self.command:add(node, name, f, access)
end

return Receiving
