-- task.lua - coroutines that wait for the library.
--
-- Whoever waits has a coroutine of its own, which is resumed as the answer comes. The main
-- program, which has none, runs the loop meanwhile. A cancelled coroutine, and one whose
-- time is over (within()), gets nil and an error from what it waits for.

local core = require "libxmpp.core"

local task = {}
local calls = core.functions.core
local unpack = table.unpack or unpack

-- coroutine: what it waits for, the error that ends its waits, and the innermost of the limits
-- of time that it is in
local states = setmetatable({}, {__mode = "k"})
local main = {}

-- Turns of the loop: an adapter for another loop puts its own in their places.
--
-- park() suspends the present coroutine until the function that it returned first was
-- called, or returns nil where that is impossible.
task.parkers = {}
task.run_once = function(milliseconds)
   calls.run_once.call(milliseconds)
   return true
end

-- How many connections there are, timers, and coroutines that wait. A loop that is not ours
-- has to go on as long as there are any: on_busy(is_busy) reports it.
task.busy = 0

function task.hold(change)
   local was_busy = task.busy > 0
   task.busy = task.busy + change
   if task.on_busy and was_busy ~= (task.busy > 0) then
      task.on_busy(task.busy > 0)
   end
end

-- ---- mistakes in the program ----

-- Where the files of this module are.
local source = debug.getinfo(1, "S").source
local own = source:match "^(.*)task%.lua$" or source

-- Raise an error at the line of the program that called the module.
function task.fail(message)
   local level, info = 1, nil
   repeat
      level = level + 1
      info = debug.getinfo(level, "Sl")
   until not info or info.currentline > 0 and info.source:sub(1, #own) ~= own
   if info then
      message = ("%s:%d: %s"):format(info.short_src, info.currentline, message)
   end
   error(message, 0)
end

-- An argument, number `n` of this function, has to be of this type, or of the second.
function task.expect(name, n, value, first, second)
   local found = type(value)
   if found == first or found == second then
      return
   end
   first = first == "userdata" and "stanza" or first
   if second and second ~= "nil" then
      first = ("%s or %s"):format(first, second)
   end
   task.fail(("bad argument #%d to '%s' (%s expected, got %s)"):format(n, name, first, found))
end

-- What is wrong with a call of C, as one of the method `name`. `hidden` arguments come
-- first, which the program does not give.
local function restate(err, name, hidden)
   local n, why = err:match "^bad argument #(%d+) to '[^']*' (.*)$"
   if not n then
      return ("%s: %s"):format(name, err)
   elseif n - hidden < 1 then
      return ("'%s' has to be called by a colon %s"):format(name, why)
   end
   return ("bad argument #%d to '%s' %s"):format(n - hidden, name, why)
end

-- A function of C whose mistaken calls are reported at the line of the program.
function task.guard(call, name, hidden)
   local function finish(ok, ...)
      if ok then
         return ...
      end
      local err = ...
      if type(err) ~= "string" then
         error(err, 0)
      end
      task.fail(restate(err, name, hidden))
   end
   return function(...) return finish(pcall(call, ...)) end
end

-- Why a client that was closed does nothing (failure.c has the same).
function task.closed()
   local err = calls.error.call(core.numbers.ENOTCONN, "the client is closed")
   err.advice, err.retry = "make a new client", false
   return err
end

-- ---- errors in what the library calls ----

function task.report(err)
   io.stderr:write("libxmpp: a callback failed: ", tostring(err), "\n")
end

-- Lua's interpreter ends by an error that may be raised in any function.
local function report(err, trace)
   if type(err) == "string" and err:find("interrupted!", 1, true) then
      task.interrupted = err
   else
      task.report(trace or err)
   end
end
core.functions.core.set_report.call(report)

local function running()
   local co, is_main = coroutine.running()
   return not is_main and co or nil
end

local function state_of(co)
   local key = co or main
   local state = states[key]
   if not state then
      state = {}
      states[key] = state
   end
   return state
end

-- Why its waits end, if they do: a limit may pass while that of a function in it has passed.
local function end_of(state)
   local err, limit = state.ended, state.limit
   while limit and not err do
      err, limit = limit.err, limit.outer
   end
   return err
end

local function report_of(co, err)
   report(err, debug.traceback(co, tostring(err)))
end

-- It raises nothing, for it is called amid what others wait for.
local function resume(co, ...)
   local ok, err = coroutine.resume(co, ...)
   if not ok and not pcall(report_of, co, err) then
      io.stderr:write("libxmpp: an error could not be reported\n")
   end
end

-- One that is woken may wake another at once, but not in a long row: each is a call of C
-- inside the one before, and Lua has not many of them.
local NESTED_MOST = 10
local nested, later = 0, {}

local function wake_up(co)
   if coroutine.status(co) ~= "suspended" then
      return
   end
   if nested >= NESTED_MOST then
      table.insert(later, co)
      return
   end
   nested = nested + 1
   resume(co)
   nested = nested - 1
   while nested == 0 and later[1] do
      wake_up(table.remove(later, 1))
   end
end

local function park_here(co)
   if not co or not coroutine.isyieldable() then
      return nil
   end
   return function() wake_up(co) end, coroutine.yield
end

local function parker(co)
   for _, park in ipairs(task.parkers) do
      local wake, wait = park(co)
      if wake then
         return wake, wait
      end
   end
   return park_here(co)
end

local function run_until(wait)
   if calls.depth.call() > 0 then
      return false
   end
   while not wait.done do
      if not task.run_once(1000) then
         return false
      end
      task.check()
   end
   return true
end

-- A callback was lost because Lua had no memory: nobody knows who waited for it.
local function end_waits()
   local waits = {}
   for _, state in pairs(states) do
      table.insert(waits, state.wait)
   end
   for _, wait in ipairs(waits) do
      wait.abort(calls.error.call(core.numbers.EMEM))
   end
end

-- After each turn of a loop. Ctrl-C came while C ran.
function task.check()
   if calls.take_lost.call() then
      end_waits()
   end
   local err = task.interrupted
   if err then
      task.interrupted = nil
      error(err, 0)
   end
end

-- Wait until `wait.done`; the library sets it with value and err. `cancel` takes back
-- what it waits for.
function task.block(wait, cancel)
   if wait.done then
      return wait.value, wait.err
   end
   local co = running()
   local state = state_of(co)
   local ended = end_of(state)
   if ended then
      if cancel then cancel() end
      return nil, ended
   end
   local wake, pause = parker(co)
   local outer = state.wait -- of the main program, in a function that may not wait
   state.wait = wait
   wait.abort = function(err)
      if not wait.done then
         if cancel then cancel() end
         task.finish(wait, nil, err)
      end
   end
   task.hold(1)
   local ok, may_wait = true, true
   if wake then
      wait.wake = wake
      repeat pause() until wait.done
   else
      ok, may_wait = pcall(run_until, wait)
   end
   task.hold(-1)
   state.wait = outer
   if not ok then -- an interrupt, which the program may catch
      if cancel then cancel() end
      error(may_wait, 0)
   end
   if not may_wait then
      if cancel then cancel() end
      return nil, calls.error.call(core.numbers.EINVOP,
         "this function may not wait: call it in a coroutine, as spawn() makes one")
   end
   return wait.value, wait.err
end

-- A wait is over, unless it was ended before.
function task.finish(wait, value, err)
   if not wait.done then
      wait.done, wait.value, wait.err = true, value, err
      if wait.wake then wait.wake() end
   end
end

-- One of a list whose wait was ended; whether it was there.
function task.forget(waits, wait)
   for i = #waits, 1, -1 do
      if waits[i] == wait then
         table.remove(waits, i)
         return true
      end
   end
   return false
end

-- All of a list, which is empty then.
function task.finish_all(waits, value, err)
   local list = {}
   for i, wait in ipairs(waits) do
      list[i] = wait
   end
   for i = #waits, 1, -1 do
      waits[i] = nil
   end
   for _, wait in ipairs(list) do
      task.finish(wait, value, err)
   end
end

-- A function that takes a callback (value, err) behind its first argument: it is called,
-- and its end is waited for.
function task.await(call, first, ...)
   local wait = {}
   local function finish(value, err)
      task.finish(wait, value, err)
   end
   local request, err = call(first, finish, ...)
   if not request or type(request) == "number" then
      return request, err
   end
   return task.block(wait, type(request) == "userdata" and
      function() request:cancel() end)
end

-- The same with a callback as the last argument, which may wait: it returns what can be
-- cancelled.
function task.call(call, first, ...)
   local n = select("#", ...)
   local last = n > 0 and select(n, ...)
   if type(last) ~= "function" then
      return task.await(call, first, ...)
   end
   local arguments = {...}
   return call(first, function(...) task.spawn(last, ...) end,
      unpack(arguments, 1, n - 1))
end

-- ---- what programs have ----

local Task = {}
Task.__index = Task

-- Run a function as a coroutine of its own, up to its first wait. An error in it is
-- reported (on_error()).
function task.spawn(f, ...)
   task.expect("spawn", 1, f, "function")
   local co = coroutine.create(f)
   local self = setmetatable({co = co}, Task)
   resume(co, ...)
   return self
end

-- End its waits, the present one and those to come.
function Task:cancel()
   local state = state_of(self.co)
   state.ended = calls.error.call(core.numbers.EDROPPED, "the task was cancelled")
   if state.wait then
      state.wait.abort(state.ended)
   end
end

function Task:is_over()
   return coroutine.status(self.co) == "dead"
end

-- A function, once, in a number of seconds. Returns what removes it.
function task.after(seconds, f)
   task.expect("after", 1, seconds, "number")
   task.expect("after", 2, f, "function")
   local is_open = true
   local function over()
      if is_open then
         is_open = false
         task.hold(-1)
      end
   end
   local slot, err = calls.slot_add_global_timeout.call(function()
      over()
      return f()
   end, math.floor(seconds * 1000 + 0.5))
   if not slot then
      return nil, err
   end
   task.hold(1)
   return function()
      over()
      return calls.slot_remove.call(slot) == 1
   end
end

function task.sleep(seconds)
   task.expect("sleep", 1, seconds, "number")
   local wait = {}
   local remove, err = task.after(seconds, function()
      task.finish(wait, true)
   end)
   if not remove then
      return nil, err
   end
   return task.block(wait, remove)
end

-- Call a function, whose waits end with an error when the time is over.
function task.within(seconds, f, ...)
   task.expect("within", 1, seconds, "number")
   task.expect("within", 2, f, "function")
   local state = state_of(running())
   local limit = {outer = state.limit}
   local remove = assert(task.after(seconds, function()
      limit.err = calls.error.call(core.numbers.ETIMEOUT)
      if state.wait then
         state.wait.abort(limit.err)
      end
   end))
   state.limit = limit
   local function finish(ok, ...)
      remove()
      state.limit = limit.outer
      if not ok then
         error((...), 0)
      end
      return ...
   end
   return finish(pcall(f, ...))
end

return task
