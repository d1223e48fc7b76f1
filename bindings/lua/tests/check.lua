-- check.lua - what the tests share: results as TAP, and where the server is, which
-- tests/live/lua starts and names in the environment.

local xmpp = require "libxmpp"

local check = {count = 0, failed = 0, problems = {}}
local calls = require("libxmpp.core").functions.core

-- What a callback raises fails the test in which it happens.
xmpp.on_error(function(err)
   table.insert(check.problems, tostring(err))
end)

function check.equal(a, b)
   if a ~= b then
      error(("%s was expected, not %s"):format(tostring(b), tostring(a)), 2)
   end
end

-- A test that has a loop of its own.
function check.plain(name, f)
   check.problems = {}
   local ok, err = pcall(f)
   if #check.problems > 0 then
      ok, err = false, (ok and "" or tostring(err) .. "\n") .. "in a callback: " ..
         table.concat(check.problems, "\n")
   end
   collectgarbage()
   collectgarbage()
   check.count = check.count + 1
   check.failed = check.failed + (ok and 0 or 1)
   print(("%sok %d - %s, %s"):format(ok and "" or "not ", check.count,
      jit and "LuaJIT" or _VERSION, name))
   if not ok then
      print("# " .. tostring(err):gsub("\n", "\n# "))
   end
   io.stdout:flush()
end

-- A test that runs as a coroutine in our loop.
function check.test(name, f)
   check.plain(name, function()
      local done
      xmpp.run(function()
         xmpp.within(60, f)
         done = true
      end)
      assert(done, "it did not end")
   end)
end

-- A client of an account of the tests.
function check.client(name, more)
   local settings = {jid = name .. "@localhost/" .. (more and more.resource or "test"),
                     password = "secret", host = "127.0.0.1", port = os.getenv "PORT",
                     cafile = os.getenv "CAFILE"}
   for key, value in pairs(more or {}) do
      settings[key] = value
   end
   settings.resource = nil
   return xmpp.client(settings)
end

function check.connected(name, more)
   local client = check.client(name, more)
   assert(client:connect())
   return client
end

-- How many functions the library may call.
function check.registrations()
   collectgarbage()
   collectgarbage()
   return calls.registrations.call()
end

function check.finish()
   print("1.." .. check.count)
   os.exit(check.failed == 0 and 0 or 1, true)
end

return check
