/* tls_trust.c - loaded certificates, one set per configuration. */

#include "net/tls_trust.h"

#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "net/tls_own.h"

/* TLS 1.2 and newer (RFC 8996), keys of 2048 bits of RSA and more (RFC 9325
 * section 4.5). */
#define PRIORITY "%PROFILE_MEDIUM:-VERS-TLS1.0:-VERS-TLS1.1:-VERS-DTLS-ALL"
/* How long a trust serves later connections, in seconds: the system's
 * certificates have no stamp, and may be updated. */
#define KEPT 3600

/* What all sessions with one trust share. `lists` are kept because GnuTLS does
 * not look at their dates. */
struct loaded {
    gnutls_certificate_credentials_t credentials;
    gnutls_priority_t priority;
    gnutls_x509_crl_t *lists; /* of what is revoked */
    unsigned lists_n;
    struct tls_token token;
};

/* Strings are copies. Invariant: `loaded` is NULL, or all files are loaded;
 * after a failure the next attempt begins anew. With no `refs` it is the one
 * that its list keeps, and loaded. */
struct tls_trust {
    const struct env *env;
    struct tls_trust *next;
    unsigned refs;
    char *cafile, *capath, *crlfile, *cert, *key;
    bool trust_any;
    unsigned long long stamp; /* of the files and the folder */
    struct loaded *loaded;
    time_t loaded_at;
};

/* ---- finding ----------------------------------------------------- */

static bool is_same_text(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

static bool fits_config(const struct tls_trust *t, const struct tls_config *c)
{
    return is_same_text(t->cafile, c->cafile) &&
           is_same_text(t->capath, c->capath) &&
           is_same_text(t->crlfile, c->crlfile) &&
           is_same_text(t->cert, c->cert) && is_same_text(t->key, c->key) &&
           t->trust_any == c->trust_any;
}

/* A changed file has another stamp, so later connections load it anew, while
 * the present ones keep what they have. So has a folder to which a file was
 * added, or from which one was removed. The inode counts because a file may be
 * replaced twice within one tick of its clock. */
static unsigned long long stamp_of(const struct tls_config *c)
{
    const char *const paths[] = {c->cafile, c->capath, c->crlfile, c->cert,
                                 c->key};
    unsigned long long stamp = 0;
    struct stat st;

    for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
        if (paths[i] && stat(paths[i], &st) == 0)
            stamp = stamp * 31 + (unsigned long long)st.st_mtim.tv_sec * 997 +
                    (unsigned long long)st.st_mtim.tv_nsec +
                    (unsigned long long)st.st_size + st.st_ino;
    return stamp;
}

static void unload(const struct env *env, struct loaded *l)
{
    if (!l)
        return;
    if (l->credentials)
        gnutls_certificate_free_credentials(l->credentials);
    if (l->priority)
        gnutls_priority_deinit(l->priority);
    for (unsigned i = 0; i < l->lists_n; i++)
        gnutls_x509_crl_deinit(l->lists[i]);
    gnutls_free(l->lists);
    env_free_secret(env, l->token.pin);
    env_free(env, l);
}

static void destroy_trust(struct tls_trust *t)
{
    unload(t->env, t->loaded);
    env_free(t->env, t->cafile);
    env_free(t->env, t->capath);
    env_free(t->env, t->crlfile);
    env_free(t->env, t->cert);
    env_free(t->env, t->key);
    env_free(t->env, t);
}

static struct tls_trust *make_trust(const struct env *env,
                                    const struct tls_config *config)
{
    struct tls_trust *t = env_zalloc(env, sizeof(*t));

    if (!t)
        return NULL;
    t->env = env;
    t->trust_any = config->trust_any;
    if (env_replace(env, &t->cafile, config->cafile) ||
        env_replace(env, &t->capath, config->capath) ||
        env_replace(env, &t->crlfile, config->crlfile) ||
        env_replace(env, &t->cert, config->cert) ||
        env_replace(env, &t->key, config->key)) {
        destroy_trust(t);
        return NULL;
    }
    return t;
}

static void remove_trust(struct tls_trusts *trusts, struct tls_trust *trust)
{
    struct tls_trust **at = &trusts->first;

    while (*at != trust)
        at = &(*at)->next;
    *at = trust->next;
    destroy_trust(trust);
}

/* There is at most one without a hold, besides this one. */
static void remove_kept(struct tls_trusts *trusts, const struct tls_trust *but)
{
    struct tls_trust *t = trusts->first;

    while (t && (t->refs || t == but))
        t = t->next;
    if (t)
        remove_trust(trusts, t);
}

/* Those that use it keep it, however long they last. The clock may have jumped
 * in either direction. */
static bool is_too_old(const struct tls_trust *t)
{
    time_t now = time(NULL);

    return t->loaded && (now < t->loaded_at || now - t->loaded_at > KEPT);
}

struct tls_trust *tls_trust_get(const struct env *env,
                                struct tls_trusts *trusts,
                                const struct tls_config *config)
{
    unsigned long long stamp = stamp_of(config);
    struct tls_trust *t = trusts->first;

    while (t && (t->stamp != stamp || !fits_config(t, config) || is_too_old(t)))
        t = t->next;
    if (!t) {
        t = make_trust(env, config);
        if (!t)
            return NULL;
        t->stamp = stamp;
        t->next = trusts->first;
        trusts->first = t;
    }
    t->refs++;
    return t;
}

void tls_trust_hold(struct tls_trust *trust)
{
    trust->refs++;
}

/* To load the system's certificates takes longer than a login, so the trust of
 * the last connection waits for the next one. A key of ours does not stay in
 * memory without need. */
void tls_trust_release(struct tls_trusts *trusts, struct tls_trust *trust)
{
    if (--trust->refs)
        return;
    if (trust->loaded && !trust->cert)
        remove_kept(trusts, trust);
    else
        remove_trust(trusts, trust);
}

void tls_trusts_free(struct tls_trusts *trusts)
{
    remove_kept(trusts, NULL);
}

unsigned long long tls_trust_stamp(const struct tls_trust *trust)
{
    return trust->stamp;
}

bool tls_trust_is_blind(const struct tls_trust *trust)
{
    return trust->trust_any;
}

/* ---- loading ----------------------------------------------------- */

/* A file without a certificate is a failure, too: nobody would be trusted. */
static int distrust(struct fault *fault, int rc, const char *what)
{
    fault_set(fault, XMPP_LAYER_TLS, XMPP_ETRUST, "%s: %s",
              what[0] ? what : "the name of the file is empty",
              rc < 0 ? gnutls_strerror(rc) : "it has no certificate");
    if (rc < 0)
        fault_set_os(fault, rc);
    return XMPP_ETRUST;
}

static int load_trust(const struct tls_trust *t, struct loaded *l,
                      struct fault *fault)
{
    int rc;

    if (t->trust_any)
        return 0;
    if (t->cafile) {
        rc = gnutls_certificate_set_x509_trust_file(l->credentials, t->cafile,
                                                    GNUTLS_X509_FMT_PEM);
        if (rc <= 0)
            return distrust(fault, rc, t->cafile);
    }
    if (t->capath) {
        rc = gnutls_certificate_set_x509_trust_dir(l->credentials, t->capath,
                                                   GNUTLS_X509_FMT_PEM);
        if (rc <= 0)
            return distrust(fault, rc, t->capath);
    }
    if (t->cafile || t->capath)
        return 0;
    /* only without those: the application's choice replaces the system's */
    rc = gnutls_certificate_set_x509_system_trust(l->credentials);
    return rc > 0 ? 0 : distrust(fault, rc, "the system's certificates");
}

/* A list that cannot be used is a failure: without it, certificates that are
 * revoked would be accepted. */
static int load_revoked(const struct tls_trust *t, struct loaded *l,
                        struct fault *fault)
{
    gnutls_x509_crl_t *lists = NULL;
    gnutls_datum_t data;
    unsigned n = 0;
    int rc;

    if (!t->crlfile)
        return 0;
    /* read by us, and not by the credentials, which do not show the dates */
    rc = gnutls_load_file(t->crlfile, &data);
    if (rc == 0) {
        rc = gnutls_x509_crl_list_import2(&lists, &n, &data,
                                          GNUTLS_X509_FMT_PEM, 0);
        gnutls_free(data.data);
    }
    if (rc >= 0) {
        l->lists = lists;
        l->lists_n = n;
        rc = gnutls_certificate_set_x509_crl(l->credentials, lists, (int)n);
    }
    if (rc > 0)
        return 0;
    fault_set(fault, XMPP_LAYER_TLS, XMPP_ETRUST, "%s: %s", t->crlfile,
              rc < 0 ? gnutls_strerror(rc) : "it has no revocation list");
    return XMPP_ETRUST;
}

static int load_own_cert(const struct tls_trust *t, struct loaded *l,
                         const struct tls_password *password,
                         struct fault *fault)
{
    int rc;

    if (!t->cert)
        return 0;
    rc = tls_own_load(l->credentials, t->cert, t->key, &l->token, password);
    if (rc >= 0)
        return 0;
    fault_set(fault, XMPP_LAYER_TLS, XMPP_ECLIENTCERT, "%s: %s", t->cert,
              gnutls_strerror(rc));
    fault_set_os(fault, rc);
    return XMPP_ECLIENTCERT;
}

static int load_priority(struct loaded *l, struct fault *fault)
{
    int rc = gnutls_priority_init2(&l->priority, PRIORITY, NULL,
                                   GNUTLS_PRIORITY_INIT_DEF_APPEND);

    if (rc == 0)
        return 0;
    l->priority = NULL;
    return fault_set(fault, XMPP_LAYER_TLS, XMPP_ETLS, "%s",
                     gnutls_strerror(rc));
}

static struct loaded *load_all(const struct tls_trust *t,
                               const struct tls_password *password,
                               struct fault *fault)
{
    struct loaded *l = env_zalloc(t->env, sizeof(*l));

    if (l)
        l->token.env = t->env;
    if (l && gnutls_certificate_allocate_credentials(&l->credentials) < 0)
        l->credentials = NULL;
    if (!l || !l->credentials)
        fault_set(fault, XMPP_LAYER_TLS, XMPP_EMEM, NULL);
    else if (!load_priority(l, fault) && !load_trust(t, l, fault) &&
             !load_revoked(t, l, fault) &&
             !load_own_cert(t, l, password, fault))
        return l;
    unload(t->env, l);
    return NULL;
}

/* Whoever is asked for the password may run the loop, and another connection
 * comes here meanwhile. What the first of both has loaded is used. */
int tls_trust_prepare(struct tls_trust *t, const struct tls_password *password,
                      struct fault *fault)
{
    struct loaded *l;

    if (t->loaded)
        return 0;
    l = load_all(t, password, fault);
    if (!l)
        return fault->code;
    if (t->loaded) {
        unload(t->env, l);
        return 0;
    }
    t->loaded = l;
    t->loaded_at = time(NULL);
    return 0;
}

/* A list need not say when the next one is due: -1. One that cannot be read
 * counts as outdated. */
bool tls_trust_is_current(const struct tls_trust *t,
                          const gnutls_datum_t *issuer)
{
    const struct loaded *l = t->loaded;
    time_t now = time(NULL);

    for (unsigned i = 0; i < l->lists_n; i++) {
        time_t until = gnutls_x509_crl_get_next_update(l->lists[i]);
        gnutls_datum_t name;
        bool is_its;

        if (gnutls_x509_crl_get_raw_issuer_dn(l->lists[i], &name) < 0)
            return false;
        is_its = name.size == issuer->size &&
                 memcmp(name.data, issuer->data, name.size) == 0;
        gnutls_free(name.data);
        if (is_its && ((until != (time_t)-1 && until < now) ||
                       gnutls_x509_crl_get_this_update(l->lists[i]) > now))
            return false;
    }
    return true;
}

gnutls_certificate_credentials_t
tls_trust_credentials(const struct tls_trust *t)
{
    return t->loaded ? t->loaded->credentials : NULL;
}

gnutls_priority_t tls_trust_priority(const struct tls_trust *t)
{
    return t->loaded->priority;
}
