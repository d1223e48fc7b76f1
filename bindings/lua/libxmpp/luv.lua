-- luv.lua - the library in the loop of luv.
--
--    local uv = require "luv"
--    require "libxmpp.luv"
--    xmpp.spawn(function() ... end)
--    uv.run()
--
-- The loop ends by itself when no connection is left and nobody waits for the library. It
-- is the loop of this state of Lua, so there is nothing to choose.

local uv = require "luv"
local core = require "libxmpp.core"
local task = require "libxmpp.task"

local calls = core.functions.core
local poll = assert(uv.new_poll(calls.get_fd.call()))

assert(poll:start("r", function()
   calls.process.call()
   task.check()
end))

local function set_busy(is_busy)
   if is_busy then
      poll:ref()
   else
      poll:unref()
   end
end

task.on_busy = set_busy
set_busy(task.busy > 0)

-- The main program waits; a function that luv called may not, because its loop is running.
task.run_once = function()
   if uv.loop_mode() then
      return false
   end
   uv.run "once"
   return true
end

return poll
