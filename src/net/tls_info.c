/* tls_info.c - what a handshake agreed on, in words. */

#include <string.h>

#include "net/tls_inside.h"
#include "net/tls_trust.h"

static const char *yes_no(bool yes)
{
    return yes ? "yes" : "no";
}

static const char *protocol(const struct tls *tls)
{
    return gnutls_protocol_get_name(gnutls_protocol_get_version(tls->session));
}

static const char *cipher(const struct tls *tls)
{
    return gnutls_ciphersuite_get(tls->session);
}

static const char *group(const struct tls *tls)
{
    return gnutls_group_get_name(gnutls_group_get(tls->session));
}

static const char *signature(const struct tls *tls)
{
    int algorithm = gnutls_sign_algorithm_get(tls->session);

    return algorithm ? gnutls_sign_get_name((gnutls_sign_algorithm_t)algorithm)
                     : NULL;
}

static const char *alpn(const struct tls *tls)
{
    gnutls_datum_t name;

    return gnutls_alpn_get_selected_protocol(tls->session, &name) == 0
               ? "xmpp-client" /* the only one that is requested */
               : NULL;
}

static const char *resumed(const struct tls *tls)
{
    return yes_no(gnutls_session_is_resumed(tls->session) != 0);
}

static const char *verified(const struct tls *tls)
{
    if (tls->reasons) /* up all the same: the application accepted them */
        return "accepted";
    if (tls->by_pin)
        return "by-pin";
    if (tls->by_dane)
        return "by-dane";
    return yes_no(!tls_trust_is_blind(tls->wanted.trust));
}

static const char *status(const struct tls *tls)
{
    return yes_no(gnutls_ocsp_status_request_is_checked(
                      tls->session, GNUTLS_OCSP_SR_IS_AVAIL) != 0);
}

static const char *client_cert(const struct tls *tls)
{
    return yes_no(tls->wants_cert);
}

static const char *dane(const struct tls *tls)
{
    enum dane_status found =
        tls->wanted.dane ? dane_status(tls->wanted.dane) : DANE_PENDING;

    if (found == DANE_PENDING)
        return NULL; /* it was not used */
    return found == DANE_FAILED ? "failed" : yes_no(found == DANE_FOUND);
}

const char *tls_stage_info(const struct stage *stage, xmpp_tls_info_t which)
{
    static const char *(*const rows[])(const struct tls *) = {
        [XMPP_TLS_PROTOCOL] = protocol,
        [XMPP_TLS_CIPHER] = cipher,
        [XMPP_TLS_GROUP] = group,
        [XMPP_TLS_SIGNATURE] = signature,
        [XMPP_TLS_ALPN] = alpn,
        [XMPP_TLS_RESUMED] = resumed,
        [XMPP_TLS_VERIFIED] = verified,
        [XMPP_TLS_STATUS] = status,
        [XMPP_TLS_CLIENT_CERT] = client_cert,
        [XMPP_TLS_DANE] = dane,
    };

    return tls_of(stage)->is_up && (unsigned)which < XMPP_TLS_INFO_COUNT_
               ? rows[which](tls_of(stage))
               : NULL;
}
