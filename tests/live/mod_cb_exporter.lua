-- mod_cb_exporter.lua - for tests: Prosody 0.12 binds TLS 1.3 by tls-exporter
-- (RFC 9266) and lists its types (XEP-0440); LuaSec 1.2 can, only nobody asks.
module:hook("stream-features", function(event)
    local session = event.origin
    local sasl = session.sasl_handler
    local offered = event.features:get_child("mechanisms",
        "urn:ietf:params:xml:ns:xmpp-sasl")
    local socket = session.encrypted and session.conn:socket()
    local info = socket and socket.info and socket:info()
    if session.username or not sasl or not offered or
        not info or info.protocol ~= "TLSv1.3" then
        return
    end
    sasl:add_cb_handler("tls-exporter", function()
        return socket:exportkeyingmaterial("EXPORTER-Channel-Binding", 32, "")
    end)
    sasl.userdata = sasl.userdata or {}
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
    event.features
        :tag("sasl-channel-binding", { xmlns = "urn:xmpp:sasl-cb:0" })
        :tag("channel-binding", { type = "tls-exporter" }):up():up()
end, -10)
