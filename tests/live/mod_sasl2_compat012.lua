-- mod_sasl2_compat012.lua - for tests: lets the SASL2 modules of Debian's
-- prosody-modules, which are written for a later Prosody, run on 0.12.
local filters = require "util.filters"
local st = require "util.stanza"
local smacks = module:depends("smacks")
local sessions = module:shared("/*/c2s/sessions")

if not st.stanza_mt.add_error then
    function st.stanza_mt:add_error(err)
        return self:tag((err and err.condition) or "undefined-condition",
            { xmlns = "urn:ietf:params:xml:ns:xmpp-stanzas" }):up()
    end
end
if not st.stanza_mt.get_child_attr then
    function st.stanza_mt:get_child_attr(name, xmlns, attribute)
        local child = self:get_child(name, xmlns)
        return child and child.attr[attribute] or nil
    end
end

-- Lua 5.4 takes no fractions of a second there.
local dt = require "util.datetime"
if not dt.takes_fractions then
    local datetime = dt.datetime
    function dt.datetime(t) return datetime(t and math.floor(t)) end
    dt.takes_fractions = true
end

module:hook("stream-features", function(event)
    event.stream = event.stream or { from = "anyone@" .. module.host }
    local conn = event.origin.conn
    if not conn or conn.ssl_info then return end
    function conn:ssl_info()
        return self.conn and self.conn.info and self.conn:info()
    end
    function conn:ssl_peerfinished()
        return self.conn and self.conn.getpeerfinished and
            self.conn:getpeerfinished()
    end
end, 100)

-- What f sends to the client, held back.
local function captured(session, f)
    local out = {}
    local function hold(data) out[#out + 1] = data; return nil end
    filters.add_filter(session, "bytes/out", hold, 1000)
    local good, err = pcall(f)
    filters.remove_filter(session, "bytes/out", hold)
    if not good then error(err, 0) end
    return out
end
local function attr(xml, name)
    return xml and xml:match("%s" .. name .. "=['\"]([^'\"]*)['\"]")
end
-- The first was said by other means. A WebSocket makes frames of the rest.
local function later(conn, filter, out)
    return function()
        for i = 2, #out do conn:write(filter("bytes/out", out[i])) end
    end
end

function smacks.do_enable(session, request)
    local out = captured(session, function()
        smacks.handle_enable(session, request, "urn:xmpp:sm:3")
    end)
    local reply = out[1] or ""
    if not reply:match("^<enabled") then
        return nil, { type = "cancel", condition = "unexpected-request" }
    end
    return { type = "enabled", id = attr(reply, "id"),
        resume_max = attr(reply, "max"),
        finish = later(session.conn, session.filter, out) }
end

-- mod_sasl2_fast looks for the login's handler in the session that was resumed.
module:hook("sasl2/c2s/success", function(event)
    event.first = event.session
end, 999)
module:hook("sasl2/c2s/success", function(event)
    if not event.session.sasl_handler then
        event.session.sasl_handler = event.first.sasl_handler
    end
end, 80)

-- A token that was refused leaves its handler behind, which knows no password.
-- The password's was not touched.
module:hook_tag("urn:xmpp:sasl:2", "authenticate", function(session, auth)
    local handler = session.sasl_handler
    if auth:get_child("fast", "urn:xmpp:fast:0") then
        session.handler_without_token = handler
    elseif handler and handler.fast then
        session.sasl_handler = session.handler_without_token
    end
end, 200)

-- Without this mod_sasl2_sm dies of every attempt to resume, and its client hears
-- nothing more: that is how it is packaged.
if module:get_option_boolean("test_resume_dies", false) then return end

function smacks.do_resume(session, request)
    local conn, filter = session.conn, session.filter
    local out = captured(session, function()
        smacks.handle_resume(session, request, "urn:xmpp:sm:3")
    end)
    local reply = out[1] or ""
    if not reply:match("^<resumed") then
        return nil, { type = "cancel", condition = "item-not-found",
            context = { h = tonumber(attr(reply, "h")) } }
    end
    return { type = "resumed", id = request.attr.previd,
        session = sessions[conn], finish = later(conn, filter, out) }
end
