-- mod_announces.lua - for tests: announces how long a stanza may be (XEP-0478), as
-- later versions of Prosody do.
local most = module:get_option_number("test_max_bytes", 20000)

module:hook("stream-features", function(event)
    event.features:tag("limits", { xmlns = "urn:xmpp:stream-limits:0" })
        :text_tag("max-bytes", tostring(most)):up()
end, -10)
