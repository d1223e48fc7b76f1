-- mod_channels.lua - for tests: Prosody 0.12 binds a login to its channel by
-- more types (RFC 9266, RFC 5929) and lists them (XEP-0440), for SASL, SASL2
-- and tokens; LuaSec 1.2 can, only nobody asks. Options: test_channels,
-- which; test_relayed, as if the channel was not the client's.
local sasl = require "util.sasl"
local hashes = require "util.hashes"
local wanted = module:get_option_set("test_channels", { "tls-exporter" })

local function certificate_hash()
    local file = assert(io.open(module:get_option("ssl").certificate))
    local certificate = require "ssl".loadcertificate(file:read("*a"))
    file:close()
    return require "util.hex".from(certificate:digest("sha256"))
end

local makers = {
    ["tls-exporter"] = function(socket)
        return socket:info().protocol == "TLSv1.3" and function()
            return socket:exportkeyingmaterial("EXPORTER-Channel-Binding", 32,
                "")
        end
    end,
    ["tls-server-end-point"] = function() return certificate_hash end,
}

-- What a login of this session can be bound to, by that handler.
local function bind(session)
    local handler = session.sasl_handler
    local socket = session.encrypted and session.conn:socket()
    if session.username or not handler or not socket or not socket.info then
        return nil
    end
    for name in wanted do
        local data = makers[name](socket)
        if data and module:get_option_boolean("test_relayed") then
            handler:add_cb_handler(name, function()
                return hashes.sha256(data())
            end)
        elseif data then
            handler:add_cb_handler(name, data)
        end
    end
    handler.userdata = handler.userdata or {}
    return handler.profile.cb
end

module:hook("stream-features", function(event)
    local types = bind(event.origin)
    local offered = event.features:get_child("mechanisms",
        "urn:ietf:params:xml:ns:xmpp-sasl")
    if not types or not offered then return end
    local names = {}
    for mechanism in offered:childtags("mechanism") do
        names[mechanism:get_text()] = true
    end
    for name in pairs(names) do
        if name:match("^SCRAM%-") and not name:match("%-PLUS$") and
            not names[name .. "-PLUS"] then
            offered:text_tag("mechanism", name .. "-PLUS")
        end
    end
    event.features:tag("sasl-channel-binding", { xmlns = "urn:xmpp:sasl-cb:0" })
    for name in pairs(types) do
        event.features:tag("channel-binding", { type = name }):up()
    end
    event.features:up()
end, -10)

-- mod_sasl2 asks the connection; and util.sasl knows one type for SCRAM.
local function inside(f, name)
    for i = 1, 255 do
        local found, value = debug.getupvalue(f, i)
        if not found or found == name then return value end
    end
end
local scram_types = inside(sasl.registerMechanism, "mechanism_channelbindings")
for name, types in pairs(scram_types) do
    if name:match("^SCRAM%-") then types["tls-exporter"] = true end
end
module:hook("stream-features", function(event)
    local conn = event.origin.conn
    if wanted:contains("tls-exporter") and conn and conn.socket then
        function conn:ssl_exportkeyingmaterial(...)
            return self:socket():exportkeyingmaterial(...)
        end
    end
end, 101)
module:hook("advertise-sasl-features", function(event)
    bind(event.origin)
end, 10)

-- Tokens of SHA-512: mod_sasl2_fast has what it takes, but no names for it.
local function register_tokens(fast)
    local tester = inside(fast.get_sasl_handler, "new_token_tester")
    local check = tester(hashes.hmac_sha512)
    local plain = fast.get_sasl_handler
    function fast.get_sasl_handler(...)
        local handler = plain(...)
        handler.profile.ht_sha_512, handler.profile.mechanisms = check, nil
        handler = sasl.new(handler.realm, handler.profile)
        handler.fast = true
        return handler
    end
    for suffix, type in pairs { NONE = false, UNIQ = "tls-unique",
        ENDP = "tls-server-end-point", EXPR = "tls-exporter" } do
        local name = "HT-SHA-512-" .. suffix
        sasl.registerMechanism(name, { "ht_sha_512" }, function(self, message)
            local user, hash = message:match("^([^%z]+)%z(.+)$")
            local good, who, answer, rotate = self.profile.ht_sha_512(name,
                user, self.client_id, hash,
                type and self.profile.cb[type](self) or "", self.invalidate)
            if not good then return "failure", who or "not-authorized" end
            self.username, self.rotation_needed = who, rotate
            return "success", answer
        end, type and { type } or nil)
    end
end
if module:get_option_set("modules_enabled", {}):contains("sasl2_fast") then
    register_tokens(module:depends("sasl2_fast"))
end
