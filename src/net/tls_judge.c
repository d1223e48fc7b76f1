/* tls_judge.c - is the server the one that we want to talk to? */

#include <gnutls/x509.h>

#include "net/cert.h"
#include "net/cert_path.h"
#include "net/dane_judge.h"
#include "net/tls_inside.h"
#include "net/tls_trust.h"

struct str tls_stage_peer(const struct stage *stage)
{
    unsigned n = 0;
    const gnutls_datum_t *chain =
        gnutls_certificate_get_peers(tls_of(stage)->session, &n);

    return chain && n ? str_n((const char *)chain[0].data, chain[0].size)
                      : STR_NONE;
}

/* ---- what is wrong ----------------------------------------------- */

/* What stays wrong even if another way leads to an authority. */
#define OF_STATUS                                                              \
    (GNUTLS_CERT_REVOKED | GNUTLS_CERT_REVOCATION_DATA_SUPERSEDED |            \
     GNUTLS_CERT_REVOCATION_DATA_ISSUED_IN_FUTURE |                            \
     GNUTLS_CERT_MISSING_OCSP_STATUS | GNUTLS_CERT_INVALID_OCSP_STATUS)

static bool has_other_path(const struct tls *tls)
{
    gnutls_x509_crt_t certs[CERT_PATH_MOST];
    gnutls_x509_trust_list_t trust;
    unsigned n = 0;
    const gnutls_datum_t *der = gnutls_certificate_get_peers(tls->session, &n);
    bool found;

    gnutls_certificate_get_trust_list(tls_trust_credentials(tls->wanted.trust),
                                      &trust);
    n = cert_path_read(der, n, certs);
    found = cert_path_exists(trust, certs, n);
    cert_path_free(certs, n);
    return found;
}

/* Does a chain of signatures lead to an authority of ours, today? A certificate
 * for another purpose, such as mail, is not a server's. */
static unsigned judge_chain(struct tls *tls)
{
    char purpose[] = GNUTLS_KP_TLS_WWW_SERVER;
    gnutls_typed_vdata_st data = {.type = GNUTLS_DT_KEY_PURPOSE_OID,
                                  .data = (unsigned char *)purpose};
    unsigned status = 0;
    int rc = gnutls_certificate_verify_peers(tls->session, &data, 1, &status);

    if (rc < 0)
        return XMPP_BADCERT_OTHER;
    if (status && has_other_path(tls))
        status &= OF_STATUS;
    return cert_reasons(status);
}

static bool has_status(const struct tls *tls)
{
    return gnutls_ocsp_status_request_is_checked(tls->session,
                                                 GNUTLS_OCSP_SR_IS_AVAIL) != 0;
}

/* GnuTLS uses lists of revoked certificates without looking at their dates. An
 * outdated one does not know what was revoked since. */
static bool has_old_list(const struct tls *tls, gnutls_x509_crt_t leaf)
{
    gnutls_datum_t issuer;
    bool current;

    if (gnutls_x509_crt_get_raw_issuer_dn(leaf, &issuer) < 0)
        return true;
    current = tls_trust_is_current(tls->wanted.trust, &issuer);
    gnutls_free(issuer.data);
    return !current;
}

/* Only the server's own certificate is compared. Those above it arrive
 * unordered and unproven, so a pin on one of them would prove nothing. */
static bool is_pinned(const struct tls *tls, gnutls_x509_crt_t cert)
{
    for (size_t i = 0; i < tls->wanted.pins_n; i++)
        if (cert_has_pin(cert, &tls->wanted.pins[i]))
            return true;
    return false;
}

/* What is wrong when the TLSA records are considered, too. A missing or forged
 * answer counts even where DANE is only a bonus: an attacker who can forge a
 * certificate could also remove the records. */
static unsigned apply_dane(struct tls *tls, unsigned reasons)
{
    const struct dane *dane = tls->wanted.dane;
    struct dane_chain chain = {.domain = tls->wanted.domain,
                               .host = dane_host(dane),
                               .reasons = reasons};
    const struct tlsa *records;
    size_t n;

    if (dane_status(dane) == DANE_FAILED ||
        (dane_status(dane) == DANE_NONE && tls->wanted.needs_dane))
        return reasons | XMPP_BADCERT_DANE;
    if (dane_status(dane) != DANE_FOUND)
        return reasons;
    chain.der = gnutls_certificate_get_peers(tls->session, &chain.n);
    records = dane_records(dane, &n);
    reasons = dane_judge(records, n, &chain);
    tls->by_dane = chain.reasons && !reasons;
    return reasons;
}

static unsigned judge_leaf(struct tls *tls, gnutls_x509_crt_t leaf)
{
    unsigned reasons = 0;
    bool pinned = is_pinned(tls, leaf);

    if (!tls_trust_is_blind(tls->wanted.trust)) {
        reasons = judge_chain(tls);
        /* the account's domain, never the host: DNS may have been forged */
        if (!cert_names(leaf, tls->wanted.domain) &&
            !(tls->wanted.or_domain && cert_names(leaf, tls->wanted.or_domain)))
            reasons |= XMPP_BADCERT_NAME;
        if ((tls->wanted.require_status && !has_status(tls)) ||
            has_old_list(tls, leaf))
            reasons |= XMPP_BADCERT_STATUS;
        if (tls->wanted.dane)
            reasons = apply_dane(tls, reasons);
    }
    /* pins hold even if all is trusted, and whatever TLSA says */
    if (tls->wanted.pins_n && !pinned)
        reasons |= XMPP_BADCERT_PIN;
    /* as DANE-EE does (RFC 7671 section 5.1), but a revocation stays */
    if (pinned && tls->wanted.pins_suffice) {
        tls->by_pin = true;
        reasons &= XMPP_BADCERT_REVOKED;
    }
    return reasons;
}

/* The server's own certificate, or NULL if it cannot be read. */
static gnutls_x509_crt_t leaf_of(const struct tls *tls)
{
    struct str der = tls_stage_peer(&tls->stage);
    const gnutls_datum_t data = {(unsigned char *)(uintptr_t)der.s,
                                 (unsigned)der.n};
    gnutls_x509_crt_t leaf;

    if (!der.s || gnutls_x509_crt_init(&leaf) < 0)
        return NULL;
    if (gnutls_x509_crt_import(leaf, &data, GNUTLS_X509_FMT_DER) == 0)
        return leaf;
    gnutls_x509_crt_deinit(leaf);
    return NULL;
}

static unsigned reasons_of(struct tls *tls)
{
    gnutls_x509_crt_t leaf = leaf_of(tls);
    unsigned reasons =
        leaf ? judge_leaf(tls, leaf) : (unsigned)XMPP_BADCERT_OTHER;

    if (leaf)
        gnutls_x509_crt_deinit(leaf);
    return reasons;
}

static void set_cert_fault(const struct tls *tls)
{
    gnutls_x509_crt_t leaf = leaf_of(tls);

    cert_set_fault(tls->stage.fault, tls->reasons, leaf, tls->wanted.domain);
    if (leaf)
        gnutls_x509_crt_deinit(leaf);
}

/* ---- the verdict ------------------------------------------------- */

unsigned tls_stage_reasons(const struct stage *stage)
{
    return tls_of(stage)->reasons;
}

/* An answer that comes when nothing is to be decided changes nothing. */
void tls_stage_answer(struct stage *stage, bool accept)
{
    struct tls *tls = tls_of(stage);

    if (tls->verdict == TLS_DECIDING)
        tls->verdict = accept ? TLS_ACCEPTED : TLS_REJECTED;
}

static bool is_pending(const struct tls *tls)
{
    return tls->wanted.dane && dane_status(tls->wanted.dane) == DANE_PENDING;
}

void tls_wake(struct tls *tls)
{
    if (tls->verdict == TLS_WAITING && !is_pending(tls))
        tls->verdict = TLS_UNJUDGED;
}

int tls_judge(struct tls *tls)
{
    if (tls->verdict == TLS_UNJUDGED && is_pending(tls))
        tls->verdict = TLS_WAITING;
    if (tls->verdict == TLS_UNJUDGED) {
        tls->reasons = reasons_of(tls);
        tls->verdict = tls->reasons || tls->wanted.decide_always ? TLS_DECIDING
                                                                 : TLS_ACCEPTED;
    }
    if (tls->verdict == TLS_ACCEPTED)
        return 0;
    if (tls_is_suspended(tls))
        return GNUTLS_E_AGAIN;
    set_cert_fault(tls);
    return GNUTLS_E_CERTIFICATE_VERIFICATION_ERROR;
}

/* RFC 8446 section 6.2. There is no alert for a wrong name, the last row is for
 * that and for all else. */
void tls_send_alert(struct tls *tls)
{
    static const struct {
        unsigned reasons;
        gnutls_alert_description_t alert;
    } rows[] = {
        {XMPP_BADCERT_REVOKED, GNUTLS_A_CERTIFICATE_REVOKED},
        {XMPP_BADCERT_ISSUER, GNUTLS_A_UNKNOWN_CA},
        {XMPP_BADCERT_EXPIRED | XMPP_BADCERT_NOT_YET,
         GNUTLS_A_CERTIFICATE_EXPIRED},
        {~0u, GNUTLS_A_BAD_CERTIFICATE},
    };
    size_t i = 0;

    while (!(rows[i].reasons & tls->reasons) && rows[i].reasons != ~0u)
        i++;
    gnutls_alert_send(tls->session, GNUTLS_AL_FATAL, rows[i].alert);
}
