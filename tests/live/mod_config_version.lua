-- mod_config_version.lua - for tests: gives what is offered a version, and refuses
-- a login by another one (XEP-0509).
local st = require "util.stanza"
local ns = "urn:xmpp:iap:0"
local version = module:get_option_string("test_version", "v1")

module:hook("stream-features", function(event)
    event.features:tag("config-version", { xmlns = ns, value = version }):up()
end, -10)

module:hook_tag("urn:xmpp:sasl:2", "authenticate", function(session, auth)
    local theirs = auth:get_child("config-version", ns)
    module:log("debug", "version %s", theirs and theirs.attr.value or "none")
    if not theirs or theirs.attr.value == version then return end
    session.send(st.stanza("failure", { xmlns = "urn:xmpp:sasl:2" })
        :tag("aborted", { xmlns = "urn:ietf:params:xml:ns:xmpp-sasl" }):up()
        :tag("config-version-mismatch", { xmlns = ns }):up())
    return true
end, 300)
