-- mod_auth_tokens.lua - for tests: accounts that log in by a token. Option
-- test_tokens says of each: true, or the status it is refused with.
--
-- The server's side of OAUTHBEARER (RFC 7628) with its way of saying why; or, if
-- mod_sasl_oauthbearer is there, that one, which cannot say it.
local sasl = require "util.sasl"
local json = require "util.json"
local jid = require "util.jid"
local tokens = module:get_option("test_tokens", {})
local foreign = module:get_option_boolean("test_foreign_mechanism")

-- Section 3.1: pairs in any order, each behind an octet of 1.
local function read(message)
    local account, rest = message:match("^n,a=([^,]*),\1(.*\1)\1$")
    local found = {}
    for key, value in (rest or ""):gmatch("([A-Za-z]+)=([^\1]*)\1") do
        found[key] = value
    end
    return account, found
end

local function bearer(self, message)
    if self.is_refused then
        return "failure", message == "\1" and "not-authorized" or
            "malformed-request"
    end
    local account, found = read(message or "")
    local token = (found.auth or ""):match("^Bearer ([%w%-._~+/]+=*)$")
    local user, host = jid.split(account)
    if not token or host ~= self.realm or found.host ~= self.realm then
        return "failure", "malformed-request"
    end
    local state = tokens[token] or "invalid_token"
    if state == true then
        self.username = user
        return "success"
    end
    self.is_refused = true
    return "challenge", json.encode({ status = state, scope = "xmpp" })
end
if not foreign then
    sasl.registerMechanism("OAUTHBEARER", { "tokens" }, bearer)
end

local provider = {}
function provider.get_sasl_handler()
    if not foreign then return sasl.new(module.host, { tokens = true }) end
    return sasl.new(module.host, {
        oauthbearer = function(_, _, token)
            return tokens[token] == true, true
        end,
    })
end
function provider.users() return function() end end
function provider.user_exists() return true end
module:provides("auth", provider)
