-- plain.lua - a program without a coroutine: what waits runs the loop.

local xmpp = require "libxmpp"

assert(xmpp.sleep(0.01))
print "slept"
local client = xmpp.client {jid = "a@localhost", host = "127.0.0.1", port = 1}
local _, err = client:connect()
print("failed " .. err.layer)
-- What tries to wait inside of a wait does not disturb it.
xmpp.set_log(function() xmpp.sleep(1) end, "debug")
xmpp.after(0.01, function()
   client = xmpp.client {jid = "a@localhost", host = "127.0.0.1", port = 1, use = {"room"}}
   client:connect()
end)
_, err = xmpp.within(0.1, xmpp.sleep, 100)
print(err.name)
xmpp.set_log(nil, "error")
-- Both limits have passed before the loop turns.
xmpp.within(0.02, function()
   xmpp.within(0.01, function()
      local start = os.clock()
      repeat until os.clock() - start > 0.05
      return xmpp.sleep(100)
   end)
   _, err = xmpp.sleep(100)
end)
print(err.name)
-- Ctrl-C that the program catches: nobody waits any more.
local task = require "libxmpp.task"
task.after(0, function() error "interrupted!" end)
local before = task.busy
local ok = pcall(xmpp.sleep, 100)
print(ok, task.busy < before)
-- The state is closed while this client and its room still live.
client.room:new "room@localhost"
