-- offline.lua - what needs no server: values, structs, errors, memory.

local check = require "check"
local xmpp = require "libxmpp"
local core = require "libxmpp.core"
local equal, test = check.equal, check.test

local function raises(pattern, f, ...)
   local ok, err = pcall(f, ...)
   assert(not ok, "no error was raised")
   assert(tostring(err):find(pattern), tostring(err))
end

test("addresses", function()
   equal(xmpp.jid_parse "Juliet@A.example/Balcony", "juliet@a.example/Balcony")
   local jid, err = xmpp.jid_parse "juliet@@a.example"
   equal(jid, nil)
   equal(err.name, "XMPP_EARG")
   assert(tostring(err):find "domain" or tostring(err):find "part")
   equal(xmpp.jid_join("a", "b.example", "c"), "a@b.example/c")
   equal(xmpp.jid_set_resource("a@b.example/c", "d"), "a@b.example/d")
   equal(xmpp.jid_bare "a@b.example/c", "a@b.example")
   equal(xmpp.jid_domain "a@b.example/c", "b.example")
   equal(xmpp.jid_text("a@b.example/c", "bare"), "a@b.example")
   equal(xmpp.jid_equal("A@b.example/c", "a@b.example", "bare"), true)
   equal(xmpp.jid_compare("a@b.example", "b@b.example", "full") < 0, true)
   local _, fault = xmpp.jid_text("a@b@c", "bare")
   assert(tostring(fault):find "not a valid address", tostring(fault))
end)

test("links", function()
   local uri = assert(xmpp.uri_parse "xmpp:juliet@example.org?message;body=Hi%20there")
   equal(uri.jid, "juliet@example.org")
   equal(uri.type, "message")
   equal(uri.params[1].key, "body")
   equal(uri.params[1].value, "Hi there")
   equal(xmpp.uri_format(uri), "xmpp:juliet@example.org?message;body=Hi%20there")
   local none, err = xmpp.uri_parse "http://example.org"
   equal(none, nil)
   equal(err.name, "XMPP_EARG")
   none, err = xmpp.uri_format {jid = "a@b@c"}
   equal(none, nil)
   assert(tostring(err):find "not a valid address")
   raises("expected", xmpp.uri_format, {jid = "a@b", params = {"key"}})
end)

test("times, with microseconds", function()
   local time = assert(xmpp.time_parse "2026-11-30T12:00:00.123456Z")
   equal(xmpp.time_print(time), "2026-11-30T12:00:00.123456Z")
   equal(math.floor(time), os.time {year = 2026, month = 11, day = 30, hour = 12})
   equal(xmpp.time_print(xmpp.time_parse "1700-01-01T00:00:00.000001Z"),
         "1700-01-01T00:00:00.000001Z")
   equal(xmpp.time_parse "yesterday", nil)
   equal(xmpp.time_print(nil), "")
   assert(math.abs(xmpp.time_now() - os.time()) < 5)
end)

test("octets and NUL", function()
   local octets = "a\0b\255"
   equal(xmpp.unbase64(xmpp.base64(octets)), octets)
   equal(xmpp.hex(octets), "610062ff")
   equal(#xmpp.random(17), 17)
   equal(xmpp.digest_hex("sha-1", ""), "da39a3ee5e6b4b0d3255bfef95601890afd80709")
   equal(xmpp.digest("sha-256", octets), (xmpp.digest_hex("sha-256", octets):gsub("..",
      function(pair) return string.char(tonumber(pair, 16)) end)))
   equal(select(2, xmpp.digest("md1", "")).name, "XMPP_EARG")
   equal(xmpp.unbase64 "?", nil)
   raises("no NUL", xmpp.jid_bare, "a@b\0c")
end)

test("numbers are whole", function()
   equal(xmpp.strerror(-103), xmpp.strerror(-103.0))
   raises("whole number", xmpp.strerror, 1.5)
   raises("whole number", xmpp.strerror, 0 / 0)
   raises("whole number", xmpp.strerror, 1e300)
   equal(xmpp.strerror_name(xmpp.ETIMEOUT), "XMPP_ETIMEOUT")
end)

test("trees", function()
   local client = xmpp.client {jid = "a@example.org"}
   local iq = client:stanza("iq", {type = "get", id = "1", to = "b@example.org"})
   local query = iq:add_tag("query", "urn:example")
   query:add_text "<&>"
   assert(tostring(iq):find('<query xmlns="urn:example">&lt;&amp;&gt;</query></iq>', 1, true))
   equal(iq:get_child_by_name("query"):get_text(), "<&>")
   equal(iq:get_attributes().type, "get")
   equal(iq:get_children(), query)
   equal(iq:get_attribute "none", nil)
   local code, err = iq:set_attribute("a b", "c")
   equal(code, nil)
   equal(err.name, "XMPP_EARG")
   assert(#err.message > 10)
   local tree = assert(xmpp.parse "<a xmlns='urn:a'><b>1</b><b>2</b></a>")
   local texts = {}
   for child in tree:tags "b" do
      table.insert(texts, child:get_text())
   end
   equal(table.concat(texts, ","), "1,2")
   local none
   none, err = xmpp.parse "<a"
   equal(none, nil)
   assert(err.message)
   client:abort()
   raises("stanza", iq.add_tag, {}, "a")
   equal(iq:add_tag("still", "there"):get_name(), "still")
end)

test("structs", function()
   local item = {jid = "juliet@example.org", name = "♥", groups = {"a", "b"},
                 subscription = "both"}
   local tree = assert(xmpp.payload_new("roster_item", item))
   local back = assert(tree:read "roster_item")
   equal(back.jid, item.jid)
   equal(back.name, "♥")
   equal(back.groups[2], "b")
   equal(back.subscription, "both")
   equal(back.ask, nil)
   local text = xmpp.payload_to_text("roster_item", item)
   equal(xmpp.payload_parse("roster_item", text).jid, item.jid)
   assert(xmpp.payload_print("roster_item", item):find "juliet@example.org")
   equal(xmpp.payload_parse("roster_item", "<other/>"), nil)
   equal(tree:read "vcard", nil)
   raises("no member 'nmae'", xmpp.payload_new, "roster_item", {nmae = "x"})
   raises("never 'perhaps'", xmpp.payload_new, "roster_item", {subscription = "perhaps"})
   raises("not a table", xmpp.payload_new, "roster_item", {name = {}})
   raises("has a NUL", xmpp.payload_new, "roster_item", {name = "a\0"})
   raises("no payload", xmpp.payload_new, "nothing", {})
   local none, err = xmpp.payload_new("roster_item", {jid = "a@b@c"})
   equal(none, nil)
   assert(tostring(err):find "not a valid address", tostring(err))
   local deep = {}
   for _ = 1, 300 do deep = {deep} end
   raises("", xmpp.payload_new, "roster_item", {groups = deep})
end)

-- One value of each payload's kind goes there and back.
test("every payload is written and read", function()
   local count = 0
   for name in pairs(core.payloads) do
      local tree = xmpp.payload_new(name, {})
      if tree then
         local value = tree:read(name)
         if value then
            local again = assert(xmpp.payload_to_text(name, value))
            equal(again, xmpp.payload_to_text(name, {}))
         end
         count = count + 1
      end
   end
   assert(count > 100, count)
end)

test("forms", function()
   local client = xmpp.client {jid = "a@example.org"}
   local form = client.form
   local tree = form:new("form", "Heating")
   form:add_field(tree, "text_single", "degrees", "How warm?")
   local shown = assert(tree:read "form")
   equal(shown.title, "Heating")
   local answer = form:answer(shown)
   form:set(answer, "degrees", "20")
   local got = answer:read "form"
   equal(form:get(got, "degrees").values[1], "20")
   equal(form:check(shown, got), nil)
   equal(form:validate({datatype = "xs:integer"}, "20"), nil)
   assert(form:validate({datatype = "xs:integer"}, "warm"))
   equal(type(form:parts(shown)), "table")
   client:abort()
end)

test("settings", function()
   raises("no setting 'cafiel'", xmpp.client, {jid = "a@b", cafiel = "x"})
   raises("no module 'nothing'", xmpp.client, {jid = "a@b", use = {"nothing"}})
   raises("no constant", xmpp.client, {jid = "a@b", options = {nothing = 1}})
   raises("table of settings", xmpp.client, "a@b")
   raises("name servers", xmpp.client, {jid = "a@b", dns_servers = "nonsense"})
   local client = xmpp.client {jid = "a@example.org", options = {request_timeout = 5000}}
   equal(client:get_option "request_timeout", 5000)
   equal(client:jid(), "a@example.org")
   equal(client:is_connected(), false)
   assert(tostring(client):find "a@example.org")
   equal(client.nothing, nil)
   client:abort()
   client:abort()
   equal(client:jid(), nil)
   local ok, err = client.disco:get_info("example.org")
   equal(ok, nil)
   assert(err.name, "a closed client answers with an error")
end)

-- The text of the error that is raised, which is at the line of the program.
local function mistake(f)
   local ok, err = pcall(f)
   assert(not ok, "no error was raised")
   return (assert(tostring(err):match "^[^:]*offline.lua:%d+: (.*)$", tostring(err)))
end

test("mistakes are found where they are", function()
   local client = xmpp.client {jid = "a@localhost", use = {"room_message"}}
   local room = client.room:new "room@localhost"
   local function is(text, f)
      local found = mistake(f)
      assert(found:find(text, 1, true), found)
   end
   is("#2 to 'client:send' (string expected, got nil)", function() client:send "a@b" end)
   is("#2 to 'client:send' (string expected", function() client:send("a@b", 5) end)
   is("#1 to 'client:send' (table or string expected, got nil)",
      function() client:send(nil, "x") end)
   is("no option 'confrim'", function() client:send("a@b", "x", {confrim = true}) end)
   is("no member 'bdoy'", function() client:send {to = "a@b", bdoy = "x"} end)
   is("number of seconds", function() client:send("a@b", "x", {within = "1"}) end)
   is("#2 to 'client:on' (function expected", function() client:on({}, 5) end)
   is("#1 to 'client:on' (table expected", function() client:on("message", print) end)
   is("to 'client:on' (string expected", function() client:on({name = {}}, print) end)
   is("#2 to 'client:watch'", function() client:watch("roster", 5) end)
   is("#1 to 'client:events'", function() client:events() end)
   is("no module 'nothing'", function() client:events "nothing" end)
   is("#2 to 'client:answer'", function() client:answer({ns = "x"}, 5) end)
   is("#1 to 'client:request' (stanza expected", function() client:request "x" end)
   is("#1 to 'client:stanza'", function() client:stanza {} end)
   is("to 'client:stanza' (string", function() client:stanza("iq", {type = {}}) end)
   is("client.roster:set: a table", function() client.roster:set(5) end)
   is("'subscription' is never 'perhaps'",
      function() client.roster:set {jid = "a@b", subscription = "perhaps"} end)
   is("#1 to 'client.disco:get_info' (string", function() client.disco:get_info {} end)
   is("client.disco is not a function", function() client.disco() end)
   is("room:join: the member 'nick'", function() room:join {nick = {}} end)
   is("called by a colon", function() room.join() end)
   is("#1 to 'room:send' (stanza or table", function() room:send(5) end)
   is("no member 'bdoy'", function() room:send {bdoy = "x"} end)
   is("no function or constant 'foo'", function() return xmpp.foo end)
   is("no constant 'FOO'", function() return xmpp.FOO end)
   is("to 'jid_parse' (string", function() local _ = xmpp.jid_parse {} end)
   is("the setting 'jid': string expected", function() xmpp.client {jid = {}} end)
   is("no setting 'cafiel'", function() xmpp.client {jid = "a@b", cafiel = 1} end)
   is("no constant 'nothing'", function() xmpp.client {options = {nothing = 1}} end)
   is("name servers", function() xmpp.client {dns_servers = "nonsense"} end)
   is("no module 'nothing'", function() xmpp.client {use = {"nothing"}} end)
   is("#1 to 'spawn' (function", function() xmpp.spawn(5) end)
   is("#1 to 'sleep' (number", function() xmpp.sleep() end)
   is("#2 to 'within' (function", function() xmpp.within(1) end)
   is("#2 to 'after' (function", function() xmpp.after(1, 5) end)
   is("#1 to 'run' (function", function() xmpp.run(5) end)
   equal(rawget(xmpp, "foo"), nil)
   client:abort()
end)

test("what a closed client says", function()
   local client = xmpp.client {jid = "a@localhost", use = {"room_message", "roster"}}
   local room, stanza = client.room:new "room@localhost", client:stanza "message"
   equal(select(2, client:ready()).message, "not connected")
   equal(select(2, client:ping "localhost").advice, "connect first")
   equal(client:close(), true)
   local calls = {
      function() return client:ping "localhost" end,
      function() return client:connect() end,
      function() return client:ready() end,
      function() return client:send("a@localhost", "x") end,
      function() return client:send(stanza, {confirm = true}) end,
      function() return client:use "time" end,
      function() return client:events("roster"):next() end,
      function() return client:messages():next() end,
      function() return client:watch("roster", print) end,
      function() return client:on({}, print) end,
      function() return client:answer({ns = "x"}, print) end,
      function() return client.roster:next() end,
      function() return client.roster:set {jid = "a@localhost"} end,
      function() return room:join {nick = "x"} end
   }
   for i, call in ipairs(calls) do
      local value, err = call()
      equal(value, nil)
      equal(i .. tostring(err), i .. "the client is closed")
      equal(err.name, "XMPP_ENOTCONN")
      equal(err.advice, "make a new client")
      equal(err.retry, false)
   end
end)

test("lists of modules that are not in use", function()
   local client = xmpp.client {jid = "a@localhost"}
   for _, space in ipairs {"roster", "bookmarks", "blocking"} do
      for _, name in ipairs {"next", "all", "count"} do
         local value, err = client[space][name](client[space])
         equal(value, nil)
         equal(err.message, "the module is not in use: give the client use = {\"" ..
            space .. "\"}")
      end
      client:use(space)
      equal(#client[space]:next(), 0)
      equal(#client[space]:all(), 0)
      equal(client[space]:count(), 0)
   end
   client:abort()
end)

test("connect() and ready() while it reconnects", function()
   local client = xmpp.client {jid = "a@localhost", host = "127.0.0.1", port = 1,
                               reconnect = true, options = {reconnect_min = 60000}}
   local ends = {}
   for _, name in ipairs {"connect", "ready"} do
      xmpp.spawn(function()
         local _, err = client[name](client)
         table.insert(ends, name .. " " .. err.name)
      end)
   end
   while not client:is_reconnecting() do xmpp.sleep(0.01) end
   local ok, err = client:ping "localhost"
   equal(ok, nil)
   equal(err.name, "XMPP_ENOTCONN")
   equal(err.retry, true)
   assert(err.advice:find "client:ready")
   for _, name in ipairs {"connect", "ready"} do
      ok, err = xmpp.within(0.05, function() return client[name](client) end)
      equal(ok, nil)
      equal(err.name, "XMPP_ETIMEOUT")
      equal(client:jid(), "a@localhost") -- it is not closed
   end
   equal(#ends, 0)
   client:close()
   equal(table.concat(ends, ", "), "connect XMPP_ENOTCONN, ready XMPP_ENOTCONN")
end)

test("a connection that fails", function()
   local client = xmpp.client {jid = "a@localhost", host = "127.0.0.1", port = 1}
   local ok, err = client:connect()
   equal(ok, nil)
   equal(err.layer, "tcp")
   equal(err.name, "XMPP_ECONNECT")
   assert(#err.advice > 0 and tostring(err) == err.message and ("x" .. err):find "x")
   assert(client:failure())
   for _ in client:messages() do
      error "nothing arrives"
   end
   equal(client:wait(), nil)
   client:close()
end)

test("coroutines", function()
   local order = {}
   local one = xmpp.spawn(function()
      xmpp.sleep(0.02)
      table.insert(order, "slept")
   end)
   equal(#order, 0)
   equal(one:is_over(), false)
   local cancelled
   local two = xmpp.spawn(function()
      local _, err = xmpp.sleep(10)
      cancelled = err
      _, err = xmpp.sleep(10)
      assert(err, "a cancelled task waits no more")
   end)
   two:cancel()
   equal(cancelled.message, "the task was cancelled")
   equal(two:is_over(), true)
   local ok, err = xmpp.within(0.01, xmpp.sleep, 10)
   equal(ok, nil)
   equal(err.name, "XMPP_ETIMEOUT")
   xmpp.sleep(0.03)
   equal(order[1], "slept")
   raises("my error", xmpp.within, 1, error, "my error")
   equal(xmpp.within(1, function() return 7 end), 7)
end)

check.plain("an error ends run(), and closes the clients", function()
   local client
   local function begin()
      client = xmpp.client {jid = "a@localhost", host = "127.0.0.1", port = 1,
                            reconnect = true, options = {reconnect_min = 60000}}
      xmpp.spawn(client.connect, client)
   end
   local ok, err = pcall(xmpp.run, function()
      begin()
      error {"mine"}
   end)
   equal(ok, false)
   equal(err[1], "mine")
   equal(tostring(client:failure()), "nil")
   equal(select(2, client:connect()).message, "the client is closed")
   -- Ctrl-C is an error in whatever runs.
   for _, how in ipairs {"after", "spawn"} do
      ok, err = pcall(xmpp.run, function()
         begin()
         if how == "spawn" then xmpp.sleep(0) end
         xmpp.after(0, function() error("interrupted!", 0) end)
         xmpp.sleep(60)
      end)
      equal(ok, false)
      equal(err, "interrupted!")
      equal(select(2, client:connect()).message, "the client is closed")
   end
end)

test("errors in callbacks are reported", function()
   xmpp.after(0, function() error "in a timer" end)
   xmpp.spawn(function() error {"of a task"} end)
   xmpp.sleep(0.02)
   equal(#check.problems, 2)
   assert(check.problems[2]:find "in a timer")
   check.problems = {}
end)

test("what may not wait", function()
   local said
   xmpp.set_log(function()
      local ok, err = xmpp.sleep(1)
      said = ok == nil and tostring(err)
   end, "debug")
   xmpp.client {jid = "a@localhost", host = "127.0.0.1", port = 1}:connect()
   xmpp.set_log(nil, "error")
   assert(said:find "may not wait", said)
   local later
   xmpp.after(0, function()
      xmpp.sleep(0)
      later = true
   end)
   xmpp.sleep(0.02)
   equal(later, true)
end)

test("the log", function()
   local lines = {}
   xmpp.set_log(function(level, area, text)
      table.insert(lines, {level, area, text})
   end, "debug")
   local client = xmpp.client {jid = "a@localhost", host = "127.0.0.1", port = 1}
   client:connect()
   client:close()
   xmpp.set_log(nil, "error")
   assert(#lines > 0 and #lines[1][3] > 0)
   xmpp.set_log(function() error "in the log" end, "debug")
   xmpp.client {jid = "a@localhost", host = "127.0.0.1", port = 1}:connect()
   xmpp.set_log(nil, "error")
   assert(#check.problems > 0)
   check.problems = {}
end)

test("the program without a coroutine", function()
   -- run() has made one for this test: a file of its own has none
   local file = io.popen((arg[-1] or "lua") .. " " .. arg[0]:gsub("offline.lua$", "plain.lua"))
   equal(file:read "*a", "slept\nfailed tcp\nXMPP_ETIMEOUT\nXMPP_ETIMEOUT\nfalse\ttrue\n")
   file:close()
end)

test("what nobody refers to is collected", function()
   local before = check.registrations()
   for _ = 1, 50 do
      local client = xmpp.client {jid = "a@localhost", use = {"room"}}
      client:on({name = "message"}, function() return client end)
      client:messages()
      assert(client.room:new "room@localhost")
      client:stanza("iq", {type = "get"}):add_tag "a"
   end
   local function settle()
      for _ = 1, 4 do collectgarbage() end
      xmpp.sleep(0)
      return core.functions.core.registrations.call()
   end
   local after = settle()
   assert(after <= before + 2, after .. " functions are left of " .. before)
end)

test("who waits in a stream is not collected", function()
   local client = xmpp.client {jid = "a@localhost", use = {"roster"}}
   local ended = 0
   for _, name in ipairs {"messages", "events"} do
      xmpp.spawn(function()
         for _ in client[name](client, name == "events" and "roster" or nil) do end
         ended = ended + 1
      end)
   end
   for _ = 1, 4 do collectgarbage() end
   client:abort()
   equal(ended, 2)
end)

test("streams of a connection that is over", function()
   local client = xmpp.client {jid = "a@localhost", host = "127.0.0.1", port = 1}
   assert(not client:connect())
   equal(select(2, client:messages():next()).layer, "tcp")
   equal(select(2, client:events("roster"):next()).layer, "tcp")
   client:abort()
end)

test("nothing is left of a wait that was ended", function()
   local client = xmpp.client {jid = "a@localhost"}
   local stream = client:messages()
   for _ = 1, 3 do
      xmpp.within(0.001, stream.next, stream)
      xmpp.within(0.001, client.wait, client)
   end
   equal(#stream.waits, 0)
   equal(next(client.readers), nil)
   equal(#client.waiters, 0)
   client:abort()
end)

test("a full queue of a connection that is over", function()
   local client = xmpp.client {jid = "a@localhost", host = "127.0.0.1", port = 1}
   equal(client:connect(), nil)
   local calls = core.functions.core
   local count = calls.get_unacked.call
   calls.get_unacked.call = function() return 1000000 end
   local _, err = xmpp.within(1, client.send, client, "b@localhost", "Hi")
   calls.get_unacked.call = count
   equal(err.name, "XMPP_ENOTCONN")
   client:abort()
   _, err = client:send("b@localhost", "Hi")
   equal(err.name, "XMPP_ENOTCONN")
end)

test("objects whose client is closed", function()
   local client = xmpp.client {jid = "a@localhost", use = {"room"}}
   local room = client.room:new "room@localhost"
   equal(room:get_jid(), "room@localhost")
   client:abort()
   equal(room:get_jid(), nil)
   equal(room:get_nick(), nil)
   local ok, err = room:leave "late"
   equal(ok, nil)
   assert(err.name)
   client:set_cert_handler(function() end)
   xmpp.sleep(0)
   client:set_cert_handler(function() end)
   client:on({name = "message"}, function() end)
   client = xmpp.client {jid = "a@localhost", use = {"room"}}
   client:set_cert_handler(function() end)
   room = client.room:new "room@localhost"
   client:abort()
   xmpp.sleep(0)
   client:set_cert_handler(function() end)
   client = nil
   collectgarbage()
   collectgarbage()
   equal(room:get_jid(), nil)
   room = (xmpp.client {jid = "a@localhost", use = {"room"}}).room:new "room@localhost"
   collectgarbage()
   collectgarbage()
   equal(room:get_jid(), "room@localhost") -- it keeps its connection
end)

test("a long row of coroutines that wake each other", function()
   local tasks, woken = {}, 0
   for i = 1, 1000 do
      tasks[i] = xmpp.spawn(function()
         xmpp.sleep(100)
         woken = woken + 1
         if tasks[i + 1] then
            tasks[i + 1]:cancel()
         end
      end)
   end
   tasks[1]:cancel()
   xmpp.sleep(0)
   equal(woken, 1000)
end)

test("a client that ends while its arguments are read", function()
   local function ending(client)
      return setmetatable({}, {__index = function(_, name)
         client:abort()
         return name == "nick" and "me" or nil
      end})
   end
   local client = xmpp.client {jid = "a@localhost", use = {"room"}}
   local _, err = client.message:build(ending(client))
   assert(err.name)
   client = xmpp.client {jid = "a@localhost", use = {"room"}}
   _, err = client.room:new("room@localhost"):join(ending(client), function() end)
   assert(err.name)
   client = xmpp.client {jid = "a@localhost"}
   equal(client.form:get_jid(ending(client), "x"), nil)
end)

test("errors that have no text", function()
   local err = setmetatable({}, {__tostring = function() error "no text" end})
   local file = io.stderr
   io.stderr = {write = function() end}
   for _ = 1, 12 do
      xmpp.spawn(function()
         xmpp.sleep(0)
         error(err)
      end)
   end
   xmpp.sleep(0.01)
   io.stderr = file
   local woken
   xmpp.spawn(function()
      xmpp.sleep(0)
      woken = true
   end)
   xmpp.sleep(0.01)
   equal(woken, true)
end)

test("the Lua in the guide", function()
   local file = assert(io.open(arg[0]:match "^(.*/)" .. "../../../doc/guide/lua.md"))
   local text, count = file:read "*a", 0
   file:close()
   for code in text:gmatch "\n```lua\n(.-)\n```" do
      count = count + 1
      assert((loadstring or load)(code))
   end
   equal(count, 11)
end)

check.finish()
