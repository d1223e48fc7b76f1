-- bot.lua - a component with the installed module for Lua hears itself.

local xmpp = require "libxmpp"

xmpp.run(function()
   local c = xmpp.client {jid = "bot.test", password = "secret", component = true,
                          host = "127.0.0.1", port = tonumber(arg[1])}
   assert(c:connect())
   local inbox = c:messages()
   assert(c:send {to = "a@bot.test", from = "b@bot.test", body = "Hello, bot!"})
   local message = inbox()
   assert(message.body == "Hello, bot!" and message.from == "b@bot.test")
   print("libxmpp for " .. (jit and jit.version or _VERSION) .. ": " .. message.body)
   c:close()
end)
