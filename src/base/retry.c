/* retry.c - whether the same attempt may work later. */

#include "base/error.h"

/* SERVED: only if there was a session before. Then one stanza, of the server or
 * of ours, ended it, and the next session need not have such a stanza. A server
 * that fails in this way during the login does so every time. SATED: the same,
 * but that server has had enough of us for a while.
 *
 * KNOWN: only if an earlier attempt got a session. Then the server is right,
 * and something in between is wrong at present: a name server without its
 * network, a portal that answers in the place of every host. No secret was sent
 * to it. */
enum retry { NEVER, SERVED, SATED, KNOWN, LATER, ALWAYS };

/* The condition that the peer sent takes precedence over our own code. The same
 * condition may differ by layer; XMPP_LAYER_NONE stands for any. */
static const struct {
    const char *condition;
    xmpp_layer_t layer;
    enum retry retry;
} by_condition[] = {
    /* of the stream (RFC 6120 section 4.9.3) */
    {"bad-format", XMPP_LAYER_NONE, SERVED},
    {"bad-namespace-prefix", XMPP_LAYER_NONE, SERVED},
    /* two clients with one resource would end each other's streams for ever */
    {"conflict", XMPP_LAYER_STREAM, NEVER},
    {"connection-timeout", XMPP_LAYER_NONE, ALWAYS},
    {"host-gone", XMPP_LAYER_NONE, NEVER},
    {"host-unknown", XMPP_LAYER_NONE, NEVER},
    {"improper-addressing", XMPP_LAYER_NONE, SERVED},
    {"internal-server-error", XMPP_LAYER_NONE, ALWAYS},
    {"invalid-from", XMPP_LAYER_NONE, SERVED},
    {"invalid-id", XMPP_LAYER_NONE, SERVED},
    {"invalid-namespace", XMPP_LAYER_NONE, SERVED},
    {"invalid-xml", XMPP_LAYER_NONE, SERVED},
    {"not-authorized", XMPP_LAYER_NONE, NEVER},
    {"not-well-formed", XMPP_LAYER_NONE, SERVED},
    {"policy-violation", XMPP_LAYER_NONE, SATED},
    {"remote-connection-failed", XMPP_LAYER_NONE, ALWAYS},
    {"reset", XMPP_LAYER_NONE, ALWAYS},
    {"resource-constraint", XMPP_LAYER_NONE, LATER},
    {"restricted-xml", XMPP_LAYER_NONE, SERVED},
    {"see-other-host", XMPP_LAYER_NONE, ALWAYS},
    {"system-shutdown", XMPP_LAYER_NONE, ALWAYS},
    {"undefined-condition", XMPP_LAYER_NONE, SERVED},
    {"unsupported-encoding", XMPP_LAYER_NONE, SERVED},
    {"unsupported-feature", XMPP_LAYER_NONE, SERVED},
    {"unsupported-stanza-type", XMPP_LAYER_NONE, SERVED},
    {"unsupported-version", XMPP_LAYER_NONE, NEVER},
    {"xml-not-well-formed", XMPP_LAYER_NONE, SERVED}, /* of RFC 3920 */
    /* of SASL (RFC 6120 section 6.5), and of SCRAM (RFC 5802 section 7) */
    {"no-resources", XMPP_LAYER_NONE, LATER},
    {"temporary-auth-failure", XMPP_LAYER_NONE, ALWAYS},
    /* of binding (RFC 6120 section 7.7): the other client with the resource may
     * leave */
    {"conflict", XMPP_LAYER_BIND, LATER},
    {"remote-server-timeout", XMPP_LAYER_NONE, ALWAYS},
    {"service-unavailable", XMPP_LAYER_BIND, ALWAYS},
};

/* Every code has a row. */
static const struct {
    int code;
    enum retry retry;
} by_code[] = {
    {XMPP_EMEM, ALWAYS},        {XMPP_EINVOP, NEVER},
    {XMPP_EINT, NEVER},         {XMPP_ENOTCONN, ALWAYS},
    {XMPP_EFULL, ALWAYS},       {XMPP_ELIMIT, SERVED},
    {XMPP_ETIMEOUT, ALWAYS},    {XMPP_EARG, NEVER},
    {XMPP_EDNS, ALWAYS},        {XMPP_ENOHOST, KNOWN},
    {XMPP_ENOSERVICE, KNOWN},   {XMPP_ECONNECT, ALWAYS},
    {XMPP_ELOST, ALWAYS},       {XMPP_EEOF, ALWAYS},
    {XMPP_EPROXY, ALWAYS},      {XMPP_EPROXYAUTH, NEVER},
    {XMPP_EWEBSOCKET, ALWAYS},  {XMPP_EHOSTMETA, ALWAYS},
    {XMPP_EDANE, NEVER},        {XMPP_ECERTPIN, NEVER},
    {XMPP_ETLS, ALWAYS},        {XMPP_ENOTLS, KNOWN},
    {XMPP_ECERT, KNOWN},        {XMPP_ECERTNAME, KNOWN},
    {XMPP_ECERTTIME, LATER}, /* a clock that is set later; a renewal */
    {XMPP_ECERTISSUER, KNOWN},  {XMPP_ETRUST, NEVER},
    {XMPP_ECLIENTCERT, NEVER},  {XMPP_EINJECT, NEVER},
    {XMPP_ECERTREVOKED, NEVER}, {XMPP_EXML, SERVED},
    {XMPP_ERESTRICTED, SERVED}, {XMPP_EPREFIX, SERVED},
    {XMPP_EENCODING, SERVED},   {XMPP_ELOGIN, NEVER},
    {XMPP_ETASK, NEVER},        {XMPP_EAUTH, NEVER},
    {XMPP_EMECH, NEVER},        {XMPP_EPROOF, NEVER},
    {XMPP_ECHALLENGE, NEVER},   {XMPP_ECRED, NEVER},
    {XMPP_EDISABLED, NEVER},    {XMPP_EEXPIRED, NEVER},
    {XMPP_EAUTHTEMP, ALWAYS},   {XMPP_EPOLICY, NEVER},
    {XMPP_EDOWNGRADE, NEVER},   {XMPP_EBIND, NEVER},
    {XMPP_EBOUNDJID, NEVER},    {XMPP_ESTREAM, SERVED},
    {XMPP_EPROTO, SERVED},      {XMPP_EVERSION, NEVER},
    {XMPP_EACK, ALWAYS}, /* that session is forgotten, the next one is new */
    {XMPP_EREFUSED, NEVER},     {XMPP_EDROPPED, NEVER},
    {XMPP_ESTANZA, NEVER},
};

/* If the condition is unknown, the code decides. */
static enum retry retry_of(const struct fault *fault)
{
    for (size_t i = 0; i < sizeof(by_condition) / sizeof(by_condition[0]); i++)
        if (strcmp(fault->condition, by_condition[i].condition) == 0 &&
            (by_condition[i].layer == XMPP_LAYER_NONE ||
             by_condition[i].layer == fault->layer))
            return by_condition[i].retry;
    for (size_t i = 0; i < sizeof(by_code) / sizeof(by_code[0]); i++)
        if (by_code[i].code == fault->code)
            return by_code[i].retry;
    return NEVER;
}

xmpp_retry_t fault_retry(const struct fault *fault, bool served, bool known)
{
    switch (fault->is_lasting ? NEVER : retry_of(fault)) {
    case SERVED:
        return served ? XMPP_RETRY_SOON : XMPP_RETRY_NEVER;
    case SATED:
        return served ? XMPP_RETRY_LATER : XMPP_RETRY_NEVER;
    case KNOWN:
        return known ? XMPP_RETRY_SOON : XMPP_RETRY_NEVER;
    case LATER:
        return XMPP_RETRY_LATER;
    case ALWAYS:
        return XMPP_RETRY_SOON;
    default:
        return XMPP_RETRY_NEVER;
    }
}
