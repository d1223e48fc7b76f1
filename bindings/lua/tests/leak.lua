-- leak.lua - many messages and requests: neither Lua's memory nor the process's grows with
-- their number. PORT is that of ../tests/echo_server.py, ONLINE that of a real server.

local check = require "check"
local xmpp = require "libxmpp"
local messages = tonumber(os.getenv "LIBXMPP_TEST_MESSAGES") or 40000

local function pages()
   local file = assert(io.open "/proc/self/statm")
   local _, resident = file:read("*n", "*n")
   file:close()
   return resident
end

local function memory()
   collectgarbage()
   collectgarbage()
   return collectgarbage "count", pages()
end

-- In five parts of equal size: the second is compared with the last.
local function steady(name, part)
   local marks = {}
   for i = 1, 5 do
      part(i)
      marks[i] = {memory()}
   end
   local lua, all = marks[5][1] - marks[2][1], marks[5][2] - marks[2][2]
   assert(lua < 200, ("%s: Lua's memory grew by %.0f KiB"):format(name, lua))
   -- With the sanitizers, what is freed stays for a while.
   assert(os.getenv "ASAN_OPTIONS" or all < 1000,
          ("%s: the process grew by %d pages"):format(name, all))
end

local function component()
   local client = xmpp.client {jid = "c.test", password = "secret", component = true,
                               host = "127.0.0.1", port = os.getenv "ECHO_PORT"}
   assert(client:connect())
   return client
end

check.test("messages do not leak", function()
   local client = component()
   local inbox = client:messages(messages)
   steady("messages", function()
      local count = messages / 5
      local writer = xmpp.spawn(function()
         for i = 1, count do
            assert(client:send {to = "a@c.test/b", body = tostring(i)})
            if i % 100 == 0 then xmpp.sleep(0) end
         end
      end)
      for i = 1, count do
         local message = assert(inbox:next())
         check.equal(message.body, tostring(i))
         check.equal(message.stanza:get_from(), "a@c.test/b")
      end
      check.equal(writer:is_over(), true)
   end)
   client:close()
end)

check.test("requests do not leak", function()
   local client = check.connected "romeo"
   steady("requests", function()
      local open = messages / 100
      for _ = 1, open do
         xmpp.spawn(function()
            assert(client:ping "localhost")
            open = open - 1
         end)
      end
      while open > 0 do xmpp.sleep(0.01) end
   end)
   client:close()
end)

check.test("clients do not leak", function()
   local before
   steady("clients", function(i)
      for _ = 1, messages / 2000 do
         local client = component()
         client:on({name = "message"}, function() end)
         client:events "disco"
         client:close()
      end
      local now = check.registrations()
      check.equal(before or now, now)
      before = now
      return i
   end)
end)

check.finish()
