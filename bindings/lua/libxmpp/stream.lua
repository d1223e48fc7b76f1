-- stream.lua - what arrives, for a loop: `for message in client:messages() do`.
--
-- It begins as it is made, and ends with the connection. What is not read waits, up to a
-- limit; then the stream ends with XMPP_EFULL after what it has.

local core = require "libxmpp.core"
local task = require "libxmpp.task"

local Stream = {}
Stream.__index = Stream

-- Its client does not keep it, but who waits in it is known by the stream alone: so `readers`
-- of the client has it meanwhile.
function Stream.new(readers, limit)
   return setmetatable({first = 1, last = 0, waits = {}, readers = readers,
                        limit = limit or 10000}, Stream)
end

local function wake(self)
   if self.waits[1] then
      self.readers[self] = nil
      task.finish_all(self.waits, true)
   end
end

-- Those of a set: who reads from them may add to it.
function Stream.list(set)
   local list = {}
   for stream in pairs(set) do
      table.insert(list, stream)
   end
   return list
end

function Stream:push(item)
   if self.is_over then
      return
   end
   if self.last - self.first + 1 >= self.limit then
      return self:finish(core.functions.core.error.call(core.numbers.EFULL,
         ("more than %d wait to be read"):format(self.limit)))
   end
   self.last = self.last + 1
   self[self.last] = item
   wake(self)
end

function Stream:finish(err)
   if not self.is_over then
      self.is_over, self.err = true, err
      wake(self)
   end
end

-- The next item; nil at the end, and the error that ended it, if there is one.
function Stream:next()
   while self.first > self.last do
      if self.is_over then
         return nil, self.err
      end
      local wait = {}
      table.insert(self.waits, wait)
      self.readers[self] = true
      local ok, err = task.block(wait)
      if not ok then
         task.forget(self.waits, wait)
         self.readers[self] = self.waits[1] and true
         return nil, err
      end
   end
   local item = self[self.first]
   self[self.first] = nil
   self.first = self.first + 1
   return item
end

-- In a `for` it is its own iterator.
Stream.__call = Stream.next

return Stream
