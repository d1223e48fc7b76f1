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
   task.expect("after", 2, f, "function")
   return task.after(seconds, function() task.spawn(f) end)
end

-- What gets an error in a function that was called by the library.
function xmpp.on_error(f)
   task.expect("on_error", 1, f, "function")
   task.report = f
end

-- The log, by f(level, area, text). `level`: "debug", "info", "warn" or "error".
function xmpp.set_log(f, level)
   task.expect("set_log", 1, f, "function", "nil")
   calls.set_logger.call(f)
   calls.set_log_level.call(level or "info")
end

local is_stopped

-- End all streams properly, since the program ends by an error. The option close_timeout
-- of each limits how long that takes; `late` is beyond it.
local function close_all()
   local clients, late = {}, false
   for client in pairs(Client.live) do
      table.insert(clients, client)
      calls.disconnect.call(client.conn)
   end
   local remove = task.after(10, function() late = true end)
   while next(Client.live) and not late and calls.depth.call() == 0 and
      task.run_once(100) do
      task.check()
   end
   if remove then
      remove()
   end
   for _, client in ipairs(clients) do
      client:abort()
   end
end

-- Serve all connections, until none is left, nobody waits, and the function has returned,
-- or until stop(). An error in the function, and one that interrupts the program, closes
-- all clients and is raised here.
function xmpp.run(f, ...)
   task.expect("run", 1, f, "function", "nil")
   local main, failed
   is_stopped = false
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
   local is_ours = true
   local ok, err = pcall(function()
      while is_ours and not (failed or is_stopped or
                             (not main or main:is_over()) and task.busy == 0) do
         is_ours = task.run_once(1000)
         task.check()
      end
   end)
   if not is_ours then
      task.fail("run() in a function that the loop has called: it runs already, and spawn() " ..
         "is enough")
   elseif not ok or failed then
      close_all()
      error(failed and failed[1] or err, 0)
   end
end

function xmpp.stop()
   is_stopped = true
   calls.wakeup.call()
end

-- What is written wrongly would be nil, and an argument that is left out. rawget() looks
-- whether a library has something.
return setmetatable(xmpp, {__index = function(_, name)
   if type(name) == "string" and not name:find "^_" then
      local kind = name:find "^[A-Z][A-Z0-9_]*$" and "constant" or "function or constant"
      task.fail(("libxmpp has no %s '%s'"):format(kind, name))
   end
end})
