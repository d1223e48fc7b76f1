-- receiving.lua - what a client has for what arrives: streams, functions that are called,
-- answers to requests.

local core = require "libxmpp.core"
local task = require "libxmpp.task"
local Stream = require "libxmpp.stream"

local calls = core.functions.core
local spaces = core.functions
local numbers = core.numbers

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

-- One that is made too late.
local function end_if_over(self, stream)
   if rawget(self, "is_over") then
      stream:finish(rawget(self, "why"))
   end
end

-- The messages that arrive. Those in envelopes (carbons, archives, rooms) are events of
-- their modules.
function Receiving:messages(limit)
   if not spaces.message then
      error("this libxmpp was built without xep/message", 2)
   end
   local stream = Stream.new(self.readers, limit)
   local inboxes = self.inboxes
   inboxes[stream] = true
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
   end_if_over(self, stream)
   return stream
end

-- What modules report: {module =, name =, value =, before =, stanza =}.
function Receiving:events(...)
   local stream = Stream.new(self.readers)
   local weak = setmetatable({stream = stream}, {__mode = "v"})
   self.streams[stream] = true
   for _, name in ipairs {...} do
      self:use(name)
      local one
      one = assert(watch(calls.slot_add_watch.call(self.conn, name, function(event)
         if weak.stream then
            weak.stream:push(event)
         else
            one:remove() -- nobody reads it any more
         end
      end)))
   end
   end_if_over(self, stream)
   return stream
end

-- The same by a function, as a coroutine of its own.
function Receiving:watch(name, f)
   self:use(name)
   return watch(calls.slot_add_watch.call(self.conn, name, function(event)
      task.spawn(f, event)
   end))
end

-- A function for each stanza that fits {name =, ns =, type =}, as a coroutine of its own.
function Receiving:on(filter, f)
   return watch(calls.slot_add_handler.call(self.conn, function(stanza)
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
   return watch(calls.slot_add_iq_handler.call(self.conn, filter.type or "get", filter.ns,
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
