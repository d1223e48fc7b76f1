/* refusal.c - what a server means when it refuses a login. */

#include "sasl/refusal.h"

#include <xmpp/error.h>

/* XMPP_EAUTH makes people ask for the password again, so it is kept for what is
 * about name and password. */
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
    /* SCRAM. Who sees another channel, or another offer, than we do has
     * somebody in between. */
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
