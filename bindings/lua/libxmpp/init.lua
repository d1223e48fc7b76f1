-- libxmpp - XMPP for Lua, by the C library of the same name.
--
--    local xmpp = require "libxmpp"
--
--    xmpp.run(function()
--       local client = xmpp.client {jid = "bot@example.org", password = secret}
--       assert(client:connect())
--       for message in client:messages() do
--          if message.body and message.type ~= "error" then
--             client:send(message.from, message.body)
--          end
--       end
--    end)

local core = require "libxmpp.core"
local task = require "libxmpp.task"
local Client = require "libxmpp.client"

local calls = core.functions.core
local xmpp = {modules = core.modules}

for name, value in pairs(core.numbers) do
   xmpp[name] = value
end

-- Functions without a connection: xmpp.jid_parse(), xmpp.digest_hex().
local OURS = {new = true, depth = true, registrations = true, take_lost = true,
              set_report = true, set_logger = true}
for name, one in pairs(calls) do
   if one.first == "nothing" and not OURS[name] then
      xmpp[name] = one.call
   end
end

xmpp.client = Client.new
xmpp.spawn, xmpp.sleep, xmpp.within = task.spawn, task.sleep, task.within

-- A function, once, in a number of seconds, as a coroutine of its own. Returns what takes
-- it back.
function xmpp.after(seconds, f)
   return task.after(seconds, function() task.spawn(f) end)
end

-- What gets an error in a function that was called by the library.
function xmpp.on_error(f)
   task.report = f
end

-- The log, by f(level, area, text). `level`: "debug", "info", "warn" or "error".
function xmpp.set_log(f, level)
   calls.set_logger.call(f)
   calls.set_log_level.call(level or "info")
end

-- Serve all connections, until none is left, nobody waits, and the function has returned,
-- or until stop(). An error in the function is raised here.
function xmpp.run(f, ...)
   local main, failed
   xmpp.is_stopped = false
   if f then
      local arguments, n = {...}, select("#", ...)
      main = task.spawn(function()
         local ok, err = xpcall(function()
            return f((table.unpack or unpack)(arguments, 1, n))
         end, function(err)
            return type(err) == "string" and debug.traceback(err, 2) or err
         end)
         if not ok then
            failed = {err}
         end
      end)
   end
   while not (failed or xmpp.is_stopped or
              (not main or main:is_over()) and task.busy == 0) do
      if not task.run_once(1000) then
         error("run() in a function that the loop has called: it runs already, and spawn() is enough",
            2)
      end
      task.check()
   end
   if failed then
      error(failed[1], 0)
   end
end

function xmpp.stop()
   xmpp.is_stopped = true
   calls.wakeup.call()
end

-- A constant that is written wrongly would be nil, and an argument that is left out.
return setmetatable(xmpp, {__index = function(_, name)
   if type(name) == "string" and name:find "^[A-Z][A-Z0-9_]*$" then
      error(("libxmpp has no constant '%s'"):format(name), 2)
   end
end})
