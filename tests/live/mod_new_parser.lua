-- mod_new_parser.lua - for tests: a resumed session reads with the parser of its
-- new connection.
--
-- In Prosody 0.12 it goes on with that of its old connection: if that one was
-- lost within a stanza, all that follows is swallowed, or not well-formed.
module:hook("smacks-hibernation-end", function(event)
    event.resumed.data = event.origin.data
end)
