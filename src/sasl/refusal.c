/* refusal.c - what follows from the condition of a refused login. */

#include "sasl/refusal.h"

#include <xmpp/error.h>

/* On XMPP_EAUTH applications ask for the password again, so only conditions
 * about name and password have it. */
static const struct refusal refusals[] = {
    {"not-authorized", XMPP_EAUTH, true, false},
    {"account-disabled", XMPP_EDISABLED, false, false},
    {"credentials-expired", XMPP_EEXPIRED, false, false},
    {"temporary-auth-failure", XMPP_EAUTHTEMP, false, false},
    {"invalid-mechanism", XMPP_EMECH, false, true},
    {"mechanism-too-weak", XMPP_EMECH, false, true},
    {"encryption-required", XMPP_EMECH, false, true},
    {"malformed-request", XMPP_ELOGIN, false, true},
    {"incorrect-encoding", XMPP_ELOGIN, false, true},
    {"aborted", XMPP_ELOGIN, false, true},
    {"invalid-authzid", XMPP_ELOGIN, false, false},
    /* SCRAM. If the server sees another channel or another offer than we do,
     * an attacker is between us. */
    {"channel-bindings-dont-match", XMPP_EDOWNGRADE, false, false},
    {"server-does-support-channel-binding", XMPP_EDOWNGRADE, false, false},
    {"channel-binding-not-supported", XMPP_EMECH, false, true},
    {"unsupported-channel-binding-type", XMPP_EMECH, false, true},
    {"extensions-not-supported", XMPP_ELOGIN, false, true},
    {"invalid-encoding", XMPP_ELOGIN, false, true},
    {"other-error", XMPP_ELOGIN, false, true},
    {"no-resources", XMPP_EAUTHTEMP, false, false},
    /* XEP-0078. */
    {"conflict", XMPP_ELOGIN, false, false},
    {"not-acceptable", XMPP_ELOGIN, false, false},
};

const struct refusal *refusal_of(struct str condition)
{
    static const struct refusal other = {"", XMPP_EAUTH, false, false};

    for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++)
        if (str_is(condition, refusals[i].condition))
            return &refusals[i];
    return &other;
}
