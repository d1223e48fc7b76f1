-- online.lua - clients and a server.

local check = require "check"
local xmpp = require "libxmpp"
local core = require "libxmpp.core"
local equal, test, connected = check.equal, check.test, check.connected

test("a message to oneself", function()
   local client = connected "romeo"
   equal(client:jid(), "romeo@localhost/test")
   equal(client:is_connected(), true)
   equal(client:is_secured(), true)
   assert(client:get_peer_cert():get_pem():find "BEGIN CERTIFICATE")
   assert(client:send {to = "romeo@localhost/test", body = "Hi, ♥"})
   for message in client:messages() do
      equal(message.body, "Hi, ♥")
      equal(message.from, "romeo@localhost/test")
      equal(message.stanza:get_name(), "message")
      break
   end
   equal(client:send {to = "romeo@localhost/test", body = "Again", confirm = true}, true)
   equal(client:send("romeo@localhost/test", "Again", {confirm = true}), true)
   local stanza = client:stanza("message", {to = "romeo@localhost/test"})
   equal(client:send(stanza, {confirm = true, within = 60}), true)
   equal(client:close(), true)
   equal(client:failure(), nil)
   local ok, err = client:send("romeo@localhost", "late")
   equal(ok, nil)
   assert(err.name)
end)

test("between two accounts", function()
   local romeo, juliet = connected "romeo", connected "juliet"
   local bot = xmpp.spawn(function()
      for message in juliet:messages() do
         juliet:send(message.from, "You said: " .. message.body)
      end
   end)
   local inbox = romeo:messages()
   for i = 1, 100 do
      assert(romeo:send(juliet:jid(), tostring(i)))
   end
   for i = 1, 100 do
      equal(inbox:next().body, "You said: " .. i)
   end
   romeo:close()
   juliet:close()
   equal(bot:is_over(), true)
end)

test("a login that is refused", function()
   local client = check.client("romeo", {password = "wrong"})
   local ok, err = client:connect()
   equal(ok, nil)
   equal(err.layer, "sasl")
   equal(err.name, "XMPP_EAUTH")
   equal(err.condition, "not-authorized")
   assert(err.advice:find "password")
   equal(err.retry, false)
   client:abort()
   client = check.client("romeo", {password = function() return "secret" end})
   assert(client:connect())
   client:close()
   client = check.client("romeo", {password = function() error "no password" end})
   equal(client:connect(), nil)
   assert(check.problems[1]:find "no password")
   check.problems = {}
   client:abort()
end)

test("requests: values, errors, callbacks", function()
   local client = connected("romeo", {use = {"roster"}})
   local info = assert(client.disco:get_info "localhost")
   equal(info.identities[1].category, "server")
   equal(info.stanza:get_type(), "result")
   local none, err = client.disco:get_info("localhost", "no such node")
   equal(none, nil)
   equal(err.condition, "item-not-found")
   assert(err.advice:find "check the name") -- of the condition, not of the code
   equal(err.retry, false)
   equal(err.name, "XMPP_ESTANZA")
   equal(err.stanza:get_type(), "error")
   equal(client:ping "localhost", true)
   equal(client.ping("localhost"), true)
   local events = client:events "roster"
   assert(client.roster:set {jid = "nurse@localhost", groups = {"a"}})
   repeat local event = events:next() until event.name == "added" and
      event.value.jid == "nurse@localhost"
   equal(client.roster:get("nurse@localhost").groups[1], "a")
   equal(#client.roster:next(), client.roster:count())
   assert(client.roster:remove "nurse@localhost")
   local called
   local request = assert(client.disco:get_info("localhost", function(value, why)
      called = value or why
   end))
   equal(type(request), "userdata")
   xmpp.within(5, function()
      while not called do xmpp.sleep(0.01) end
   end)
   equal(called.identities[1].category, "server")
   equal(request:cancel(), false)
   local answer = assert(client:request(client:stanza("iq", {type = "get",
      to = "localhost"}), nil) == nil)
   equal(answer, true)
   client:close()
end)

test("cancelling, and time", function()
   local romeo, juliet = connected "romeo", connected "juliet"
   juliet:answer({ns = "urn:example:slow", name = "slow"}, function()
      xmpp.sleep(0.5)
   end)
   local function ask()
      local iq = romeo:stanza("iq", {type = "get", to = juliet:jid()})
      iq:add_tag("slow", "urn:example:slow")
      return romeo:request(iq)
   end
   local before = check.registrations()
   local result
   local task = xmpp.spawn(function() result = {ask()} end)
   equal(result, nil)
   task:cancel()
   equal(result[1], nil)
   equal(result[2].message, "the task was cancelled")
   local ok, err = xmpp.within(0.05, ask)
   equal(ok, nil)
   equal(err.name, "XMPP_ETIMEOUT")
   local called
   local iq = romeo:stanza("iq", {type = "get", to = juliet:jid()})
   iq:add_tag("slow", "urn:example:slow")
   local request = romeo:request(iq, 0, function() called = true end)
   equal(request:cancel(), true)
   equal(request:cancel(), false)
   xmpp.sleep(0.7)
   equal(called, nil)
   assert(check.registrations() <= before + 1) -- we are in the timer of that sleep
   equal(ask():get_type(), "result")
   -- What cannot be taken back is not waited for.
   task = xmpp.spawn(function()
      result = {romeo:send {to = romeo:jid(), body = "x", confirm = true}}
   end)
   task:cancel()
   equal(result[2].message, "the task was cancelled")
   xmpp.sleep(0)
   assert(romeo:ping "localhost")
   xmpp.sleep(0.05)
   romeo:close()
   juliet:close()
end)

test("answers to others", function()
   local romeo, juliet = connected "romeo", connected "juliet"
   romeo:answer({ns = "urn:example:a", name = "hello"}, function(iq)
      assert(iq:get_child_by_ns "urn:example:a")
      xmpp.sleep(0)
      return assert(xmpp.parse "<hello xmlns='urn:example:a' to='you'/>")
   end)
   romeo:answer({ns = "urn:example:b"}, function()
      return nil, xmpp.error(xmpp.EARG)
   end)
   local watch = romeo:answer({ns = "urn:example:c", type = "set"}, function() end)
   romeo:answer({ns = "urn:example:d"}, function() error "no answer" end)
   romeo:answer({ns = "urn:example:e"}, function() return {hello = "you"} end)
   local function ask(kind, ns)
      local iq = juliet:stanza("iq", {type = kind, to = romeo:jid()})
      iq:add_tag("hello", ns)
      return juliet:request(iq)
   end
   equal(assert(ask("get", "urn:example:a")):get_child_by_name("hello")
      :get_attribute "to", "you")
   equal(select(2, ask("get", "urn:example:b")).condition, "bad-request")
   equal(select(2, ask("get", "urn:example:d")).condition, "internal-server-error")
   assert(check.problems[1]:find "no answer")
   equal(select(2, ask("get", "urn:example:e")).condition, "internal-server-error")
   assert(check.problems[2]:find "not a table")
   check.problems = {}
   equal(assert(ask("set", "urn:example:c")):get_type(), "result")
   equal(watch:remove(), true)
   equal(watch:remove(), false)
   equal(select(2, ask("set", "urn:example:c")).condition, "service-unavailable")
   romeo:close()
   juliet:close()
end)

test("rooms", function()
   local use = {"room_message", "room_stay"}
   local romeo, juliet = connected("romeo", {use = use}), connected("juliet", {use = use})
   local events = juliet:events("room", "room_message")
   local ours = assert(romeo.room:new "verona@rooms.localhost")
   local joined = assert(ours:join {nick = "romeo"})
   equal(joined.nick, "romeo")
   if joined.is_new then
      assert(romeo.muc:unlock "verona@rooms.localhost")
   end
   local hers = juliet.room:new "verona@rooms.localhost"
   assert(hers:join {nick = "juliet"})
   equal(#hers:next(), 2)
   equal(hers:get_self().nick, "juliet")
   equal(hers, juliet.room:find "verona@rooms.localhost")
   assert(ours:send {body = "Good morrow"})
   local event
   repeat event = events:next() until event.module == "room_message" and
      event.stanza:to_text():find "Good morrow"
   assert(ours:leave "adieu")
   repeat event = events:next() until event.name == "occupant-left"
   equal(event.value.occupant.nick, "romeo")
   local ok, err = ours:leave "again"
   equal(ok, nil)
   assert(err.name)
   romeo:close()
   equal(ours:get_nick(), nil)
   juliet:close()
end)

-- Without `use`: what reports the events comes with the stream.
test("events of rooms", function()
   local client = connected "romeo"
   local events = client:events "room"
   local room = assert(client.room:new "mantua@rooms.localhost")
   if assert(room:join {nick = "romeo"}).is_new then
      assert(client.muc:unlock(room:get_jid()))
   end
   local event
   repeat event = events:next() until event.name == "joined"
   equal(event.value.nick, "romeo")
   equal(#room:all(), 1)
   client:close()
end)

test("an archive", function()
   local client = connected("romeo", {use = {"mam"}})
   assert(client:send("juliet@localhost", "kept", {confirm = true}))
   local page = assert(client.mam:get {with = "juliet@localhost",
                                       page = {before = "", max = 20}})
   local last = page.results[#page.results]
   equal(last.message:read("message").body, "kept")
   assert(math.abs(last.stamp - os.time()) < 600)
   client:close()
end)

test("a roster is complete with its event", function()
   local client = check.client("romeo", {use = {"roster"}})
   local events = client:events "roster"
   assert(client:connect())
   repeat local event = events:next() until event.name == "loaded"
   equal(client.roster:is_loaded(), true)
   equal(#client.roster:all(), client.roster:count())
   client:close()
end)

test("structs of nodes and profiles", function()
   local client = connected "romeo"
   assert(client.pep:publish("urn:example:node", "current", "disco_identity",
      {category = "client", type = "bot", name = "Lua"}))
   local item = assert(client.pubsub:get_item(nil, "urn:example:node", "current"))
   assert(item.stanza:to_text():find "Lua")
   assert(client.pep:publish_element("urn:example:heat", "current",
      assert(xmpp.parse "<heat xmlns='urn:example:heat'>21</heat>")))
   item = assert(client.pubsub:get_item(nil, "urn:example:heat", "current"))
   assert(item.stanza:to_text():find "21")
   assert(client.vcard:set {full_name = "Romeo Montague"})
   equal(assert(client.vcard:get(nil)).full_name, "Romeo Montague")
   client:close()
end)

test("a command for others", function()
   local romeo = connected("romeo", {use = {"command_serve", "disco"}})
   local juliet, heard = connected "juliet", nil
   assert(romeo:serve_command("heat", "Heating", function(stage)
      if stage.stage == 0 then
         local form = romeo.form:new("form", "Heating")
         romeo.form:add_field(form, "text_single", "degrees", "How warm?")
         return stage.run:put_form(form, 0)
      end
      heard = romeo.form:get(stage.form, "degrees").values[1]
      stage.run:add_note(xmpp.NOTE_INFO, "done")
   end, xmpp.SENDER_ANYONE))
   equal(assert(juliet.command:get_list(romeo:jid())).items[1].node, "heat")
   local session = assert(juliet.command:session_new(romeo:jid(), "heat"))
   local shown = assert(session:send(xmpp.COMMAND_EXECUTE))
   local answer = juliet.form:answer(shown.form)
   juliet.form:set(answer, "degrees", "20")
   local done = assert(session:send(xmpp.COMMAND_COMPLETE, answer))
   equal(done.status, "completed")
   equal(done.notes[1].text, "done")
   equal(heard, "20")
   equal(romeo.command:remove "heat", true)
   equal(romeo.command:remove "heat", false)
   romeo:close()
   juliet:close()
end)

test("who may use a module", function()
   local romeo, juliet = connected("romeo", {use = {"time"}}), connected "juliet"
   local asked
   romeo:set_access("time", function(from)
      asked = from
      return false
   end)
   equal(juliet.time:entity_time_get(romeo:jid()), nil)
   equal(asked, juliet:jid())
   romeo:set_access("time", nil)
   local answer = assert(juliet.time:entity_time_get(romeo:jid()))
   assert(math.abs(answer.utc - os.time()) < 600)
   romeo:close()
   juliet:close()
end)

test("a store", function()
   local rows = {}
   local store = {}
   function store:put(account, kind, key, text)
      rows[account .. " " .. kind .. " " .. key] = text
      return true
   end
   function store:each(account, kind)
      local found, prefix = {}, account .. " " .. kind .. " "
      for name, text in pairs(rows) do
         if name:sub(1, #prefix) == prefix then
            found[name:sub(#prefix + 1)] = text
         end
      end
      return found
   end
   local client = connected("romeo", {use = {"roster"}, store = store})
   assert(client.roster:set {jid = "kept@localhost"})
   client:ping()
   client:close()
   assert(next(rows), "nothing was put")
   client = connected("romeo", {use = {"roster"}, store = store})
   client:ping()
   assert(client.roster:get "kept@localhost")
   assert(client.roster:remove "kept@localhost")
   client:close()
   function store.put() error "the disk is full" end
   client = connected("romeo", {use = {"roster"}, store = store})
   assert(client.roster:set {jid = "lost@localhost"})
   assert(client.roster:remove "lost@localhost")
   assert(client:ping())
   client:close()
   assert(check.problems[1]:find "the disk is full")
   check.problems = {}
end)

-- Whatever a callback is, the connection may be released in it.
test("released inside callbacks", function()
   for _, how in ipairs {"message", "reply", "event", "timer", "connect", "answer"} do
      local client = check.client("romeo", {use = {"roster"}})
      local over = false
      local function finish()
         client:abort()
         collectgarbage()
         over = true
      end
      if how == "connect" then
         xmpp.spawn(function()
            client:connect()
            finish()
         end)
      else
         assert(client:connect())
         if how == "message" then
            client:on({name = "message"}, finish)
            client:send(client:jid(), "x")
         elseif how == "reply" then
            client:ping("localhost", finish)
         elseif how == "event" then
            client:watch("roster", finish)
            client.roster:set({jid = "x@localhost"}, function() end)
         elseif how == "timer" then
            xmpp.after(0, finish)
         elseif how == "answer" then
            client:answer({ns = "urn:example"}, finish)
            local iq = client:stanza("iq", {type = "get", to = client:jid()})
            iq:add_tag("x", "urn:example")
            client:request(iq, 0, function(_, err)
               assert(err.name == "XMPP_ENOTCONN", err.name)
            end)
         end
      end
      while not over do xmpp.sleep(0.01) end
      equal(client:jid(), nil)
   end
end)

check.plain("an error ends the streams properly", function()
   local ok, err = pcall(xmpp.run, function()
      check.connected("romeo", {resource = "ended"})
      error {"mine"}
   end)
   equal(ok, false)
   equal(err[1], "mine")
   local juliet = connected "juliet"
   -- A session that has lost its connection would be kept, and answer nothing.
   err = select(2, juliet:ping "romeo@localhost/ended")
   equal(err.condition, "service-unavailable")
   juliet:close()
end)

test("open requests end with the connection", function()
   local client, results = connected "romeo", {}
   for _ = 1, 5 do
      xmpp.spawn(function()
         local _, err = client:ping "romeo@localhost/nobody"
         table.insert(results, err.name)
      end)
   end
   client:abort()
   equal(table.concat(results, " "), ("XMPP_ENOTCONN "):rep(5):sub(1, -2))
end)

test("a server that goes, and a client that comes back", function()
   local client = connected("romeo", {reconnect = true})
   local inbox = client:messages()
   client:drop()
   xmpp.sleep(0)
   xmpp.within(30, function()
      while not client:is_connected() do xmpp.sleep(0.05) end
   end)
   equal(client:ready(), true)
   assert(client:ping "localhost")
   client:drop()
   xmpp.sleep(0)
   if client:is_reconnecting() then -- so short that only the wait ends
      local ok, err = xmpp.within(0, function() return client:connect() end)
      assert(ok or err.name == "XMPP_ETIMEOUT", err)
   end
   equal(xmpp.within(30, function() return client:ready() end), true)
   local ok, why = client:connect() -- there is a session
   equal(ok, nil)
   equal(why.name, "XMPP_EINVOP")
   assert(client:send(client:jid(), "back"))
   repeat local message = inbox:next() until message.body == "back" -- and what was lost
   client:close()
   equal(inbox:next(), nil)
end)

test("a handler that fails, and streams that are full", function()
   local client = connected "romeo"
   client:on({name = "message"}, function() error "in a handler" end)
   local small = client:messages(2)
   for i = 1, 4 do
      client:send(client:jid(), tostring(i))
   end
   assert(client:ping "localhost")
   xmpp.sleep(0.05)
   equal(small:next().body, "1")
   equal(small:next().body, "2")
   local none, err = small:next()
   equal(none, nil)
   equal(err.name, "XMPP_EFULL")
   equal(#check.problems, 4)
   check.problems = {}
   client:close()
end)

-- Functions of all extensions, with something that may fit: each returns, or says why not,
-- and nothing ends the connection.
local NOT_CALLED = {disconnect = true, drop = true, finish = true, suspend = true,
   check = true, network_changed = true, wake = true, release = true, run_once = true,
   process = true, connect_client = true, connect_component = true, connect_raw = true,
   set_report = true, set_logger = true, set_log_level = true, send_raw = true}
local SAMPLES = {{}, {"localhost", "text", "text", 1}, {1, 1, 1}, {{}, {}}, {"localhost", {}},
                 {"localhost", "localhost"}, {"a@localhost", 1}}

test("every function", function()
   local client = connected("romeo", {resource = "every",
                                      options = {request_timeout = 1000}})
   local called, answered, open = 0, 0, 0
   local unpack = table.unpack or unpack
   for space, functions in pairs(core.functions) do
      for name, one in pairs(functions) do
         for _, sample in ipairs(NOT_CALLED[name] and {} or SAMPLES) do
            local given = {unpack(sample, 1, 4)}
            if one.is_awaited then -- all at once
               open = open + 1
               table.insert(given, 1, function() open = open - 1 end)
            end
            if one.first == "conn" then
               table.insert(given, 1, client.conn)
            elseif one.first == "self" then
               table.insert(given, 1, (client:stanza "message"))
            end
            local ok, value, err = pcall(one.call, unpack(given, 1, 6))
            called = called + 1
            answered = answered + (ok and value ~= nil and 1 or 0)
            if one.is_awaited and not (ok and value) then
               open = open - 1
            end
            assert(ok or #tostring(value) > 0)
            assert(err == nil or #tostring(err) > 0)
            assert(client:is_connected(), space .. "." .. name)
         end
      end
   end
   assert(called > 3000 and answered > 400, called .. " " .. answered)
   xmpp.within(20, function()
      while open > 0 do xmpp.sleep(0.05) end
   end)
   equal(open, 0)
   client:abort()
   check.problems = {}
end)

check.finish()
