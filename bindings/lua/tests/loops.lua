-- loops.lua - the library in the loops of luv and cqueues, each in a run of its own.
--
-- usage: loops.lua luv|cqueues

local check = require "check"
local xmpp = require "libxmpp"
local which = arg[1]

local function converse()
   local romeo, juliet = check.connected "romeo", check.connected "juliet"
   local inbox = juliet:messages()
   assert(romeo:send(juliet:jid(), "in another loop"))
   check.equal(inbox:next().body, "in another loop")
   check.equal(romeo:ping "localhost", true)
   local ok, err = xmpp.within(0.05, xmpp.sleep, 10)
   check.equal(ok, nil)
   check.equal(err.name, "XMPP_ETIMEOUT")
   romeo:close()
   juliet:close()
end

local tests = {}

function tests.luv()
   local uv = require "luv"
   require "libxmpp.luv"
   local function run(f) -- and what luv itself does goes on
      local done, ticks = nil, 0
      local timer = uv.new_timer()
      timer:start(1, 5, function() ticks = ticks + 1 end)
      xmpp.spawn(function()
         f()
         done = true
         timer:close()
      end)
      uv.run()
      assert(done, "the loop ended early")
      assert(ticks > 0, "the timer of luv stood still")
   end
   check.plain("luv runs it", function() run(converse) end)
   check.plain("luv: it may be left, and entered again", function() run(converse) end)
   check.plain("luv: the main program may wait", converse)
   check.plain("luv: a function of luv may not wait", function()
      local err
      local timer = uv.new_timer()
      timer:start(1, 0, function()
         local _
         _, err = xmpp.sleep(1)
         timer:close()
      end)
      uv.run()
      assert(tostring(err):find "may not wait", tostring(err))
   end)
   check.plain("luv: nor may it run the loop", function()
      local ok, err
      local timer = uv.new_timer()
      timer:start(1, 0, function()
         ok, err = pcall(xmpp.run, function() xmpp.sleep(0.01) end)
         timer:close()
      end)
      uv.run()
      check.equal(ok, false)
      assert(err:find "spawn", err)
   end)
end

function tests.cqueues()
   local cqueues = require "cqueues"
   local cq = cqueues.new()
   require "libxmpp.cqueues" (cq)
   local function run(f)
      local done, ticks = nil, 0
      cq:wrap(function()
         while not done do
            cqueues.sleep(0.005)
            ticks = ticks + 1
         end
      end)
      cq:wrap(function()
         f()
         done = true
      end)
      assert(cq:loop())
      assert(done, "the loop ended early")
      assert(ticks > 0, "the clock of cqueues stood still")
   end
   check.plain("cqueues runs it", function() run(converse) end)
   check.plain("cqueues: it may be left, and entered again", function() run(converse) end)
   check.plain("cqueues: a coroutine of ours in it", function()
      run(function()
         local task = xmpp.spawn(converse)
         while not task:is_over() do cqueues.sleep(0.01) end
      end)
   end)
   check.plain("cqueues: the main program may wait", converse)
   check.plain("cqueues: the loop goes on after an interrupt", function()
      local task = require "libxmpp.task"
      local slept
      task.after(0.01, function() error "interrupted!" end)
      cq:wrap(function() slept = xmpp.sleep(0.05) end)
      local ok, err = cq:loop()
      check.equal(ok, false)
      assert(tostring(err):find "interrupted", tostring(err))
      assert(cq:loop())
      check.equal(slept, true)
   end)
end

tests[which]()
check.finish()
