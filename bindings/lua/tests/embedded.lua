-- embedded.lua - what tests/host.c runs: something of everything that allocates.

local xmpp = require "libxmpp"
xmpp.on_error(function() end) -- out of memory in a callback

local client = xmpp.client {jid = "a@localhost", use = {"roster", "room", "command_serve"},
                            host = "127.0.0.1", port = 1}
local tree = assert(xmpp.payload_new("roster_item", {jid = "b@localhost", groups = {"x"}}))
assert(tree:read "roster_item")
assert(tree:to_text())
assert(xmpp.payload_parse("roster_item", xmpp.payload_to_text("roster_item",
   {jid = "b@localhost"})))
assert(xmpp.uri_format(xmpp.uri_parse "xmpp:a@b?message;body=x"))
assert(xmpp.base64(xmpp.random(10)))
assert(client.room:new "room@localhost")
assert(client:on({name = "message"}, function() end))
assert(client:serve_command("node", "name", function() end))
client:messages()
client:stanza("iq", {type = "get"}):add_tag "x"
xmpp.spawn(function()
   client:connect()
   xmpp.sleep(0)
end)
xmpp.within(0.001, xmpp.sleep, 0.002)
local again = xmpp.client {jid = "a@localhost"}
again:abort()
-- The state is closed with a client whose connection is under way.
xmpp.spawn(client.connect, client)
