-- client.lua - a connection to an account, or of a component.

local core = require "libxmpp.core"
local methods = require "libxmpp.methods"
local task = require "libxmpp.task"
local Stream = require "libxmpp.stream"

local calls = core.functions.core
local spaces = core.functions
local send_take = task.guard(calls.send_take.call, "client:send", 1)
local send_within = task.guard(calls.send_within.call, "client:send", 2)
local request_send = task.guard(calls.request_send.call, "client:request", 2)
local use = task.guard(calls.use.call, "client:use", 1)
local numbers = core.numbers
local unpack = table.unpack or unpack

local Client = {}
local live = {} -- clients whose connection is not over: they are not collected
Client.live = live

function Client.__index(self, name)
   local value = Client[name]
   if value == nil then
      value = methods.find(self, name)
      rawset(self, name, value)
   end
   return value
end

function Client.__tostring(self)
   return ("libxmpp.client (%s)"):format(self.conn and self:jid() or "closed")
end

-- ---- making one ----

local KEYS = {jid = true, password = true, host = true, port = true, component = true,
              use = true, options = true, reconnect = true, presence = true, store = true}

-- What a function of a store returned, as C wants it: false, or nil and an error, is a
-- failure.
local function code_of(ok, err)
   return (ok == false or ok == nil and err ~= nil) and numbers.EINT or 0
end

local function store_function(store)
   return function(action, account, kind, key, text)
      if action == "put" then
         return code_of(store:put(account, kind, key, text))
      elseif action == "each" then
         for name, value in pairs(store:each(account, kind)) do
            if key(name, value) then break end -- it is the function that takes them
         end
         return 0
      end
      return code_of(store[action](store))
   end
end

-- Call what sets it; a value that is not possible is a mistake of the program.
local function set(name, call, ...)
   local ok, value, err = pcall(call, ...)
   if not ok then
      err = tostring(value):gsub("^bad argument #%d+ to '[^']*' %((.*)%)$", "%1")
   end
   if err then
      task.fail(("the setting '%s': %s"):format(name, tostring(err)))
   end
end

local function set_more(conn, name, value)
   local setter = calls["set_" .. tostring(name)]
   if not setter then
      task.fail(("there is no setting '%s'"):format(tostring(name)))
   end
   if setter.first == "conn" then
      set(name, setter.call, conn, value)
   else -- of all connections
      set(name, setter.call, value)
   end
end

local function configure(self, settings)
   local conn = self.conn
   set("jid", calls.set_jid.call, conn, settings.jid)
   if type(settings.password) == "function" then
      calls.set_login_password_handler.call(conn, settings.password)
   else
      set("password", calls.set_pass.call, conn, settings.password)
   end
   for name, value in pairs(settings.options or {}) do
      set("options", calls.set_option.call, conn, name, value)
   end
   if settings.reconnect then
      set("reconnect", calls.set_option.call, conn, "reconnect", 1)
   end
   for name, value in pairs(settings) do
      if not KEYS[name] then
         set_more(conn, name, value)
      end
   end
   if settings.store then
      set("store", calls.set_store.call, conn, store_function(settings.store),
         settings.store.begin and settings.store.commit and true)
   end
end

-- See the README for the settings.
function Client.new(settings)
   if type(settings) ~= "table" then
      task.fail("client() takes a table of settings")
   end
   local self = setmetatable({conn = assert(calls.new.call()),
                              streams = setmetatable({}, {__mode = "k"}),
                              inboxes = setmetatable({}, {__mode = "k"}), readers = {},
                              settings = {host = settings.host, port = settings.port,
                                          component = settings.component,
                                          presence = settings.presence},
                              waiters = {}, -- for the end
                              entering = {}}, -- for a session
                             Client)
   configure(self, settings)
   assert(self:use(unpack(settings.use or {})))
   return self
end

-- Use modules, such as "roster"; those that they need come with them. true, or nil and
-- an error.
function Client:use(...)
   for _, name in ipairs {...} do
      local code, err = use(self.conn, name)
      if not code then
         return nil, err
      end
   end
   return true
end

-- ---- life ----

-- The address that the server gave us; before the login, the account.
function Client:jid()
   return calls.get_bound_jid.call(self.conn) or calls.get_jid.call(self.conn)
end

-- Why the last connection ended, if it failed.
function Client:failure()
   return rawget(self, "why")
end

local function set_live(self, is_live)
   if (live[self] or false) ~= is_live then
      live[self] = is_live or nil
      task.hold(is_live and 1 or -1)
   end
end

local function ended(self, why)
   set_live(self, false)
   rawset(self, "why", why)
   local closing = rawget(self, "closing")
   rawset(self, "is_over", true)
   for _, set in ipairs {self.streams, self.inboxes} do
      for _, stream in ipairs(Stream.list(set)) do
         stream:finish(why)
      end
   end
   task.finish_all(self.waiters, why == nil or nil, why)
   task.finish_all(self.entering, nil,
      why or calls.error.call(numbers.ENOTCONN, "the connection was closed"))
   if closing then
      closing(true)
   end
end

local function changed(self, event)
   if event == "connect" then
      local is_first = rawget(self, "is_first") -- of this call of connect()
      rawset(self, "is_first", nil)
      if self.settings.presence ~= false and not self.settings.component and
         (is_first or calls.is_resumed.call(self.conn) == false) then
         calls.send_take.call(self.conn, calls.presence_new.call())
      end
      task.finish_all(self.entering, true)
   elseif event == "disconnect" then
      local why = calls.failure.call(self.conn)
      rawset(self, "why", why)
      if not calls.is_reconnecting.call(self.conn) then
         ended(self, why)
      end
   end
end

-- What waits for a turn in the life of the connection, as task.await() wants it.
local function turn(self, key)
   return function(_, finish)
      rawset(self, key, finish)
      return true
   end
end

-- Wait for a session: true, or nil and why not. The last result is whether the wait was
-- ended, and not what it waited for.
local function enter(self)
   local wait = {}
   table.insert(self.entering, wait)
   local ok, why = task.block(wait)
   return ok, why, task.forget(self.entering, wait)
end

-- Log in, and send presence. true, or nil and why not.
function Client:connect()
   local settings, was_live = self.settings, live[self]
   local start = settings.component and calls.connect_component or calls.connect_client
   local code, err = start.call(self.conn, settings.host, tonumber(settings.port),
      function(event) changed(self, event) end)
   if not code then
      return nil, not was_live and calls.failure.call(self.conn) or err
   end
   set_live(self, true)
   rawset(self, "why", nil)
   rawset(self, "is_over", false)
   rawset(self, "is_first", true)
   local ok, why, was_ended = enter(self)
   if was_ended and not was_live then -- nobody else waits for this connection
      self:abort()
   end
   return ok, why
end

-- Wait until there is a session, which may be at once: true, or nil and why there will be
-- none.
function Client:ready()
   if rawget(self, "is_closed") then
      return nil, task.closed()
   elseif calls.is_connected.call(self.conn) then
      return true
   elseif not live[self] then
      return nil, rawget(self, "why") or calls.error.call(numbers.ENOTCONN)
   end
   local ok, why = enter(self)
   return ok, why
end

-- End the stream properly, and free everything. What is queued is sent.
function Client:close()
   if self.conn and live[self] and not rawget(self, "is_over") then
      calls.disconnect.call(self.conn)
      if not rawget(self, "is_over") then
         task.await(turn(self, "closing"))
      end
   end
   self:abort()
   return true
end

Client.__close = Client.close -- local client <close> = ...

-- End at once: requests that are open end with XMPP_ENOTCONN.
function Client:abort()
   local conn = self.conn
   if not rawget(self, "is_closed") then
      rawset(self, "is_closed", true)
      calls.release.call(conn)
      if not rawget(self, "is_over") then
         ended(self, nil)
      end
   end
end

-- Wait until the connection is over: true, or nil and why.
function Client:wait()
   if rawget(self, "is_over") then
      return rawget(self, "why") == nil or nil, rawget(self, "why")
   end
   local wait = {}
   table.insert(self.waiters, wait)
   local ok, err = task.block(wait)
   task.forget(self.waiters, wait)
   return ok, err
end

-- ---- sending ----

local set_attribute = task.guard(core.objects.stanza.__index.set_attribute,
   "client:stanza", 1)

-- A new tree: client:stanza("iq", {type = "get", to = "example.org"}).
function Client:stanza(name, attributes)
   task.expect("client:stanza", 1, name, "string")
   task.expect("client:stanza", 2, attributes, "table", "nil")
   local stanza, err = calls.stanza_new_tag.call(name, attributes and attributes.xmlns)
   if stanza then
      for key, value in pairs(attributes or {}) do
         set_attribute(stanza, key, value)
      end
   end
   return stanza, err
end

local OURS = {confirm = true, within = true}

-- What send() got: {to = ..., body = ...} or a stanza, and options, or nil.
local function arguments_of(what, body, options)
   if type(what) == "string" then
      task.expect("client:send", 2, body, "string")
      task.expect("client:send", 3, options, "table", "nil")
      what = {to = what, body = body}
   else
      if type(what) ~= "userdata" then
         task.expect("client:send", 1, what, "table", "string")
      end
      task.expect("client:send", 2, body, "table", "nil")
      options = body or type(what) == "table" and what or nil
   end
   if options and options ~= what then
      for key in pairs(options) do
         if not OURS[key] then
            task.fail(("client:send: there is no option '%s'"):format(tostring(key)))
         end
      end
   end
   local within = options and options.within
   if within ~= nil and type(within) ~= "number" then
      task.fail("client:send: `within` is a number of seconds")
   end
   return what, options
end

-- As a stanza.
local function tree_of(self, what)
   if type(what) == "userdata" then
      return what
   end
   local message = {type = "chat"}
   for key, value in pairs(what) do
      if not OURS[key] then
         message[key] = value
      end
   end
   if spaces.message then
      return self.message:build(message)
   end
   local stanza = calls.message_new.call(message.type, message.to, message.id)
   if message.body then
      stanza:message_set_body(message.body)
   end
   return stanza
end

local function is_full(self)
   local conn = self.conn
   return calls.queue_size.call(conn) * 2 >= calls.get_option.call(conn, "max_outbox") or
      (calls.get_unacked.call(conn) + calls.send_queue_len.call(conn)) * 2 >=
      calls.get_option.call(conn, "max_unacked")
end

-- Half of what may be queued is: wait until a turn of the loop has made room. A connection that
-- is over keeps its queue for the next one.
local function wait_for_room(self)
   while is_full(self) and not rawget(self, "is_over") do
      local ok, err = task.sleep(0.01)
      if not ok then
         return nil, err
      elseif rawget(self, "is_closed") then
         return nil, task.closed()
      end
   end
   return true
end

-- A stanza, a table, or an address and a text; then options, which may be in the table.
-- true, or nil and an error. With `confirm` it waits until the server has acknowledged it:
-- true, or false if the server acknowledges nothing. `within` so many seconds it has to be
-- on its way. If much is queued, this waits for the network.
function Client:send(what, body, options)
   what, options = arguments_of(what, body, options)
   if rawget(self, "is_closed") then
      return nil, task.closed()
   end
   local stanza, err = tree_of(self, what)
   if not stanza then
      return nil, err
   end
   local ok
   ok, err = wait_for_room(self)
   if not ok then
      return nil, err
   end
   if options and (options.confirm or options.within) then
      return task.await(send_within, self.conn, stanza,
         math.floor((options.within or 0) * 1000))
   end
   ok, err = send_take(self.conn, stanza)
   return ok and true, err
end

-- Send an iq, and wait for its answer, or with a callback. `timeout` in seconds.
function Client:request(iq, timeout, callback)
   task.expect("client:request", 1, iq, "userdata")
   task.expect("client:request", 2, timeout, "number", "nil")
   task.expect("client:request", 3, callback, "function", "nil")
   return task.call(request_send, self.conn, iq,
      math.floor((timeout or 0) * 1000), callback)
end

for name, method in pairs(require "libxmpp.receiving") do
   Client[name] = method
end

return Client
