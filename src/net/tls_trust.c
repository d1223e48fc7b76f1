/* tls_trust.c - loaded certificates, one set per configuration. */

#include "net/tls_trust.h"

#include <string.h>

/* Strings are copies; the credentials appear with the first handshake. */
struct tls_trust {
    const struct env *env;
    struct tls_trust *next;
    unsigned refs;
    char *cafile, *capath, *cert, *key;
    bool trust_any;
    gnutls_certificate_credentials_t credentials;
};

/* ---- finding ---------------------------------------------------------- */

static bool same(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

static bool fits(const struct tls_trust *t, const struct tls_config *c)
{
    return same(t->cafile, c->cafile) && same(t->capath, c->capath) &&
           same(t->cert, c->cert) && same(t->key, c->key) &&
           t->trust_any == c->trust_any;
}

static void destroy(struct tls_trust *t)
{
    if (t->credentials)
        gnutls_certificate_free_credentials(t->credentials);
    env_free(t->env, t->cafile);
    env_free(t->env, t->capath);
    env_free(t->env, t->cert);
    env_free(t->env, t->key);
    env_free(t->env, t);
}

static struct tls_trust *make(const struct env *env,
                              const struct tls_config *config)
{
    struct tls_trust *t = env_zalloc(env, sizeof(*t));

    if (!t)
        return NULL;
    t->env = env;
    t->trust_any = config->trust_any;
    if (env_replace(env, &t->cafile, config->cafile) ||
        env_replace(env, &t->capath, config->capath) ||
        env_replace(env, &t->cert, config->cert) ||
        env_replace(env, &t->key, config->key)) {
        destroy(t);
        return NULL;
    }
    return t;
}

struct tls_trust *tls_trust_get(const struct env *env,
                                struct tls_trusts *trusts,
                                const struct tls_config *config)
{
    struct tls_trust *t = trusts->first;

    while (t && !fits(t, config))
        t = t->next;
    if (!t) {
        t = make(env, config);
        if (!t)
            return NULL;
        t->next = trusts->first;
        trusts->first = t;
    }
    t->refs++;
    return t;
}

void tls_trust_release(struct tls_trusts *trusts, struct tls_trust *trust)
{
    struct tls_trust **at = &trusts->first;

    if (--trust->refs)
        return;
    while (*at != trust)
        at = &(*at)->next;
    *at = trust->next;
    destroy(trust);
}

bool tls_trust_is_blind(const struct tls_trust *trust)
{
    return trust->trust_any;
}

/* ---- loading ---------------------------------------------------------- */

static int distrust(struct fault *fault, int rc, const char *what)
{
    fault_set(fault, XMPP_LAYER_TLS, XMPP_ETRUST, "%s: %s", what,
              rc < 0 ? gnutls_strerror(rc) : "no certificate in it");
    if (rc < 0)
        fault_set_os(fault, rc);
    return XMPP_ETRUST;
}

static int load_trust(struct tls_trust *t, struct fault *fault)
{
    int rc;

    if (t->trust_any)
        return 0;
    if (t->cafile) {
        rc = gnutls_certificate_set_x509_trust_file(
            t->credentials, t->cafile, GNUTLS_X509_FMT_PEM);
        if (rc <= 0)
            return distrust(fault, rc, t->cafile);
    }
    if (t->capath) {
        rc = gnutls_certificate_set_x509_trust_dir(t->credentials, t->capath,
                                                   GNUTLS_X509_FMT_PEM);
        if (rc <= 0)
            return distrust(fault, rc, t->capath);
    }
    if (t->cafile || t->capath)
        return 0;
    rc = gnutls_certificate_set_x509_system_trust(t->credentials);
    return rc > 0 ? 0 : distrust(fault, rc, "the system's certificates");
}

static int load_own(struct tls_trust *t, struct fault *fault)
{
    int rc;

    if (!t->cert)
        return 0;
    rc = gnutls_certificate_set_x509_key_file(t->credentials, t->cert,
                                              t->key ? t->key : t->cert,
                                              GNUTLS_X509_FMT_PEM);
    if (rc >= 0)
        return 0;
    fault_set(fault, XMPP_LAYER_TLS, XMPP_ECLIENTCERT, "%s: %s", t->cert,
              gnutls_strerror(rc));
    fault_set_os(fault, rc);
    return XMPP_ECLIENTCERT;
}

gnutls_certificate_credentials_t tls_trust_load(struct tls_trust *t,
                                                struct fault *fault)
{
    if (t->credentials)
        return t->credentials;
    if (gnutls_certificate_allocate_credentials(&t->credentials) < 0) {
        t->credentials = NULL;
        fault_set(fault, XMPP_LAYER_TLS, XMPP_EMEM, NULL);
        return NULL;
    }
    if (load_trust(t, fault) || load_own(t, fault)) {
        gnutls_certificate_free_credentials(t->credentials);
        t->credentials = NULL;
    }
    return t->credentials;
}
