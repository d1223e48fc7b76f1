-- cqueues.lua - the library in a loop of cqueues.
--
--    local cq = cqueues.new()
--    require "libxmpp.cqueues" (cq)
--    cq:wrap(function() ... end)
--    assert(cq:loop())
--
-- Its coroutines wait as for anything else there. The loop ends by itself when no
-- connection is left and nobody waits for the library.

local cqueues = require "cqueues"
local condition = require "cqueues.condition"
local core = require "libxmpp.core"
local task = require "libxmpp.task"

local calls = core.functions.core
local changed = condition.new()
local controller, is_served

local serve
function serve()
   local context = {pollfd = calls.get_fd.call(), events = "r"}
   while task.busy > 0 do
      cqueues.poll(context, changed)
      calls.process.call()
      local ok, err = pcall(task.check)
      if not ok then -- an interrupt, after which the loop may go on
         controller:wrap(serve)
         error(err, 0)
      end
   end
   is_served = false
end

local function set_busy(is_busy)
   if is_busy and not is_served then
      is_served = true
      controller:wrap(serve)
   end
   changed:signal()
end

-- For coroutines that the controller resumes. Others, which spawn() has made, are resumed
-- by us.
local function park()
   local running, is_its_own = cqueues.running()
   if not running or not is_its_own then
      return nil
   end
   local woken = condition.new()
   return function() woken:signal() end, function() woken:wait() end
end

return function(cq)
   if not controller then
      table.insert(task.parkers, park)
   end
   controller = cq
   task.on_busy = set_busy
   task.run_once = function(milliseconds)
      local ok, err = cq:step(milliseconds / 1000)
      if not ok then
         task.report(err)
      end
      return true
   end
   set_busy(task.busy > 0)
end
