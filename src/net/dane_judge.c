/* dane_judge.c - does a server's certificate fit its TLSA records (RFC 7671)?
 */

#include "net/dane_judge.h"

#include <xmpp/tls.h>

#include "net/cert.h"
#include "net/cert_path.h"

#ifdef HAVE_DANE

#include <gnutls/dane.h>

enum usage { PKIX_TA, PKIX_EE, DANE_TA, DANE_EE };

/* What no record can make good: a certificate that is revoked, or may be where
 * the application demands a proof, and one that it did not pin. */
#define LASTING (XMPP_BADCERT_REVOKED | XMPP_BADCERT_STATUS | XMPP_BADCERT_PIN)

/* GnuTLS' DANE only compares data here, so it always gets usage 3, the server's
 * own certificate. Whose certificate it has to be, and whether signatures lead
 * to it, is checked by us. */
static bool is_this(dane_state_t state, const struct tlsa *r,
                    const gnutls_datum_t *cert)
{
    char data[3 + DANE_DATA_MOST] = {DANE_EE, (char)r->selector,
                                     (char)r->matching};
    char *list[] = {data, NULL};
    const int n = 3 + r->n;
    unsigned wrong = 0;
    dane_query_t query;
    int rc;

    if (!r->n) /* GnuTLS would refuse it, and lose what it allocated */
        return false;
    memcpy(data + 3, r->data, r->n);
    if (dane_raw_tlsa(state, &query, list, &n, 1, 0) < 0)
        return false;
    rc = dane_verify_crt_raw(state, cert, 1, GNUTLS_CRT_X509, query, 0,
                             DANE_VFLAG_FAIL_IF_NOT_CHECKED, &wrong);
    dane_query_deinit(query);
    return rc == 0 && wrong == 0;
}

/* ---- an authority that the server names --------------------------- */

/* Signed records led from the domain to the host, so either name will do. */
static bool names(gnutls_x509_crt_t leaf, const struct dane_chain *chain)
{
    return cert_names(leaf, chain->domain) || cert_names(leaf, chain->host);
}

/* Do signatures lead from the server's certificate to this one, today? GnuTLS'
 * DANE does not verify chains, so this one is made the only authority. */
static unsigned lead_to(gnutls_x509_crt_t *certs, unsigned n, unsigned which)
{
    char purpose[] = GNUTLS_KP_TLS_WWW_SERVER;
    gnutls_typed_vdata_st data = {.type = GNUTLS_DT_KEY_PURPOSE_OID,
                                  .data = (unsigned char *)purpose};
    gnutls_x509_trust_list_t trust;
    unsigned status = GNUTLS_CERT_INVALID; /* until it is verified */
    int rc = gnutls_x509_trust_list_init(&trust, 0);

    if (rc < 0)
        return XMPP_BADCERT_OTHER;
    rc = gnutls_x509_trust_list_add_cas(trust, &certs[which], 1, 0);
    if (rc == 1) /* how many were added */
        rc = gnutls_x509_trust_list_verify_crt2(
            trust, certs, n, &data, 1,
            GNUTLS_PROFILE_TO_VFLAGS(GNUTLS_PROFILE_MEDIUM), &status, NULL);
    if (rc == 0 && status && cert_path_exists(trust, certs, n))
        status = 0;
    gnutls_x509_trust_list_deinit(trust, 0);
    return rc < 0 ? (unsigned)XMPP_BADCERT_OTHER : cert_reasons(status);
}

/* What is wrong if the authority of that record is trusted. Only certificates
 * that the server sent are compared: a root that it left out is not found. */
static unsigned by_authority(dane_state_t state, const struct tlsa *r,
                             const struct dane_chain *chain)
{
    gnutls_x509_crt_t certs[CERT_PATH_MOST];
    unsigned n = cert_path_read(chain->der, chain->n, certs);
    unsigned wrong = XMPP_BADCERT_DANE;

    for (unsigned i = 1; i < n && wrong; i++)
        if (is_this(state, r, &chain->der[i]))
            wrong = lead_to(certs, n, i);
    /* for usage 0 the verdict without DANE has looked at the name */
    if (r->usage == DANE_TA && !wrong && !names(certs[0], chain))
        wrong = XMPP_BADCERT_NAME;
    cert_path_free(certs, n);
    return wrong;
}

/* ---- the verdict ------------------------------------------------- */

/* What is wrong according to one record. Usages 0 and 1 add a demand to all
 * others (RFC 7671 sections 5.4 and 5.3); 2 and 3 take the place of our
 * authorities (sections 5.2 and 5.1). */
static unsigned by_record(dane_state_t state, const struct tlsa *r,
                          const struct dane_chain *chain)
{
    unsigned wrong = 0;

    if (r->usage == PKIX_EE || r->usage == DANE_EE)
        wrong = is_this(state, r, &chain->der[0]) ? 0 : XMPP_BADCERT_DANE;
    else
        wrong = by_authority(state, r, chain);
    if (r->usage == PKIX_EE || r->usage == PKIX_TA)
        return wrong ? chain->reasons | XMPP_BADCERT_DANE : chain->reasons;
    if (wrong)
        return chain->reasons | wrong | XMPP_BADCERT_DANE;
    return chain->reasons & LASTING;
}

/* The best result of any record: one that fits is enough. */
static unsigned by_records(dane_state_t state, const struct tlsa *records,
                           size_t n, const struct dane_chain *chain)
{
    unsigned best = chain->reasons | XMPP_BADCERT_DANE;

    for (size_t i = 0; i < n; i++) {
        unsigned wrong = by_record(state, &records[i], chain);

        /* a fit without other faults beats a fit with some */
        if (!(wrong & XMPP_BADCERT_DANE) &&
            (best & XMPP_BADCERT_DANE || !wrong))
            best = wrong;
    }
    return best;
}

unsigned dane_judge(const struct tlsa *records, size_t n,
                    const struct dane_chain *chain)
{
    dane_state_t state;
    unsigned wrong;

    /* It must not query the DNS itself: that would block. */
    if (!chain->n || dane_state_init(&state, DANE_F_IGNORE_LOCAL_RESOLVER |
                                                 DANE_F_IGNORE_DNSSEC) < 0)
        return chain->reasons | XMPP_BADCERT_DANE;
    wrong = by_records(state, records, n, chain);
    dane_state_deinit(state);
    return wrong;
}

#else

unsigned dane_judge(const struct tlsa *records, size_t n,
                    const struct dane_chain *chain)
{
    (void)records;
    (void)n;
    return chain->reasons;
}

#endif
