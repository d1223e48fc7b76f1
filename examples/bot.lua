-- bot.lua - a bot in Lua that answers each message.
--
--    lua5.4 bot.lua JID [SETTING=VALUE ...]      such as host=127.0.0.1

local xmpp = require "libxmpp"
io.stdout:setvbuf "line"
local settings = {jid = arg[1], password = os.getenv "LIBXMPP_PASSWORD", reconnect = true}
for i = 2, #arg do
   local name, value = arg[i]:match "^(%w+)=(.*)$"
   settings[name] = value
end

local function main()
   local client = xmpp.client(settings)
   assert(client:connect())
   print("ready as " .. client:jid())
   for message in client:messages() do
      if message.body and message.type ~= "error" then
         client:send(message.from, "You said: " .. message.body)
      end
   end
   local why = client:failure() -- nil if it was closed
   client:close()
   assert(not why, why)
end

-- Ctrl-C raises an error, and run() closes the client properly before it passes that on.
local ok, err = pcall(xmpp.run, main)
if not ok and not tostring(err):find("interrupted!", 1, true) then
   error(err, 0)
end
