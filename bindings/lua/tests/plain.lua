-- plain.lua - a program without a coroutine: what waits runs the loop.

local xmpp = require "libxmpp"

assert(xmpp.sleep(0.01))
print "slept"
local client = xmpp.client {jid = "a@localhost", host = "127.0.0.1", port = 1}
local _, err = client:connect()
print("failed " .. err.layer)
-- The state is closed while this client and its room still live.
client.room:new "room@localhost"
