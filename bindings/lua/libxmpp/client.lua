-- client.lua - a connection to an account, or of a component.

local core = require "libxmpp.core"
local methods = require "libxmpp.methods"
local task = require "libxmpp.task"
local Stream = require "libxmpp.stream"

local calls = core.functions.core
local spaces = core.functions
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

local function configure(self, settings)
   local conn = self.conn
   calls.set_jid.call(conn, settings.jid)
   if type(settings.password) == "function" then
      calls.set_login_password_handler.call(conn, settings.password)
   else
      calls.set_pass.call(conn, settings.password)
   end
   for name, value in pairs(settings.options or {}) do
      assert(calls.set_option.call(conn, name, value))
   end
   if settings.reconnect then
      assert(calls.set_option.call(conn, "reconnect", 1))
   end
   for name, value in pairs(settings) do
      if not KEYS[name] then
         local set = calls["set_" .. tostring(name)]
         if not set then
            error(("there is no setting '%s'"):format(tostring(name)), 4)
         end
         if set.first == "conn" then
            assert(set.call(conn, value))
         else -- of all connections
            assert(set.call(value))
         end
      end
   end
   if settings.store then
      assert(calls.set_store.call(conn, store_function(settings.store),
         settings.store.begin and settings.store.commit and true))
   end
end

-- See the README for the settings.
function Client.new(settings)
   if type(settings) ~= "table" then
      error("client() takes a table of settings", 3)
   end
   local self = setmetatable({conn = assert(calls.new.call()),
                              streams = setmetatable({}, {__mode = "k"}),
                              inboxes = setmetatable({}, {__mode = "k"}), readers = {},
                              settings = {host = settings.host, port = settings.port,
                                          component = settings.component,
                                          presence = settings.presence},
                              waiters = {}}, Client)
   configure(self, settings)
   self:use(unpack(settings.use or {}))
   return self
end

-- Use modules, such as "roster"; those that they need come with them.
function Client:use(...)
   for _, name in ipairs {...} do
      assert(calls.use.call(self.conn, name))
   end
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
   local connecting, closing = rawget(self, "connecting"), rawget(self, "closing")
   rawset(self, "connecting", nil)
   rawset(self, "is_over", true)
   for _, set in ipairs {self.streams, self.inboxes} do
      for _, stream in ipairs(Stream.list(set)) do
         stream:finish(why)
      end
   end
   task.finish_all(self.waiters, why == nil or nil, why)
   if connecting then
      connecting(nil, why or calls.error.call(numbers.ENOTCONN, "the connection was closed"))
   end
   if closing then
      closing(true)
   end
end

local function changed(self, event)
   if event == "connect" then
      local connecting = rawget(self, "connecting")
      rawset(self, "connecting", nil)
      if self.settings.presence ~= false and not self.settings.component and
         (connecting or calls.is_resumed.call(self.conn) == false) then
         calls.send_take.call(self.conn, calls.presence_new.call())
      end
      if connecting then
         connecting(true)
      end
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

-- Log in, and send presence. true, or nil and why not.
function Client:connect()
   local settings = self.settings
   local start = settings.component and calls.connect_component or calls.connect_client
   local code, err = start.call(self.conn, settings.host, tonumber(settings.port),
      function(event) changed(self, event) end)
   if not code then
      return nil, calls.failure.call(self.conn) or err
   end
   set_live(self, true)
   rawset(self, "why", nil)
   rawset(self, "is_over", false)
   local ok, why = task.await(turn(self, "connecting"))
   if not ok and rawget(self, "connecting") then -- the wait was ended, not the connection
      rawset(self, "connecting", nil)
      self:abort()
   end
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
   if conn then
      calls.release.call(conn)
      rawset(self, "is_released", true)
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

-- A new tree: client:stanza("iq", {type = "get", to = "example.org"}).
function Client:stanza(name, attributes)
   local stanza, err = calls.stanza_new_tag.call(name, attributes and attributes.xmlns)
   if stanza then
      for key, value in pairs(attributes or {}) do
         stanza:set_attribute(key, value)
      end
   end
   return stanza, err
end

local OURS = {confirm = true, within = true}

-- {to = ..., body = ...}, or an address and a text, or a stanza: as a stanza.
local function tree_of(self, what, body)
   if type(what) == "userdata" then
      return what
   end
   if type(what) == "string" then
      what = {to = what, body = body}
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
      end
   end
   return true
end

-- true, or nil and an error. With `confirm` it waits until the server has acknowledged it:
-- true, or false if the server acknowledges nothing. `within` so many seconds it has to be
-- on its way. If much is queued, this waits for the network.
function Client:send(what, body)
   if rawget(self, "is_released") then
      return nil, calls.error.call(numbers.ENOTCONN, "the client is closed")
   end
   local stanza, err = tree_of(self, what, body)
   if not stanza then
      return nil, err
   end
   local ok
   ok, err = wait_for_room(self)
   if not ok then
      return nil, err
   end
   if type(what) == "table" and (what.confirm or what.within) then
      return task.await(calls.send_within.call, self.conn, stanza,
         math.floor((what.within or 0) * 1000))
   end
   ok, err = calls.send_take.call(self.conn, stanza)
   return ok and true, err
end

-- Send an iq, and wait for its answer, or with a callback. `timeout` in seconds.
function Client:request(iq, timeout, callback)
   return task.call(calls.request_send.call, self.conn, iq,
      math.floor((timeout or 0) * 1000), callback)
end

for name, method in pairs(require "libxmpp.receiving") do
   Client[name] = method
end

return Client
