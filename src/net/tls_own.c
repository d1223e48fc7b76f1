/* tls_own.c - our own certificate and its key: PEM, PKCS#12, or in a token. */

#include "net/tls_own.h"

#include <gnutls/pkcs11.h>
#include <gnutls/x509.h>
#include <stdio.h>
#include <string.h>

#include "base/crypt.h"

#define PASSWORD_SIZE 256
#define ADDRESS_SIZE 3072

/* What is to be loaded, and into what. */
struct own {
    gnutls_certificate_credentials_t credentials;
    const char *cert, *key;
};

/* ---- the kinds --------------------------------------------------- */

/* One file may have both the certificate and its key. */
static int load_pem(const struct own *own, const char *password)
{
    return gnutls_certificate_set_x509_key_file2(
        own->credentials, own->cert, own->key ? own->key : own->cert,
        GNUTLS_X509_FMT_PEM, password, 0);
}

static int load_pkcs12(const struct own *own, const char *password)
{
    return gnutls_certificate_set_x509_simple_pkcs12_file(
        own->credentials, own->cert, GNUTLS_X509_FMT_DER, password);
}

static bool is_url(const char *name)
{
    return name && gnutls_url_is_supported(name) != 0;
}

/* GnuTLS adds a NUL to what it loads. A PKCS#12 file has NULs near its start,
 * so the search ends soon. */
static bool is_pem(const char *path)
{
    gnutls_datum_t data;
    bool found;

    if (gnutls_load_file(path, &data) < 0)
        return true; /* its loader will report what is wrong */
    found = strstr((char *)data.data, "-----BEGIN ") != NULL;
    gnutls_memset(data.data, 0, data.size);
    gnutls_free(data.data);
    return found;
}

/* ---- passwords --------------------------------------------------- */

/* A password that is missing or wrong has a code for each kind of file. */
static bool is_locked(int rc)
{
    return rc == GNUTLS_E_DECRYPTION_FAILED ||
           rc == GNUTLS_E_MAC_VERIFY_FAILED ||
           rc == GNUTLS_E_INSUFFICIENT_CREDENTIALS ||
           rc == GNUTLS_E_PKCS11_PIN_ERROR;
}

/* Fetch a password: its length without the NUL, or -1 if there is none. */
static int get_password(const struct tls_password *password, unsigned attempt,
                        char *to, size_t most)
{
    int n = password && password->get
                ? password->get(password->userdata, attempt, to, most)
                : -1;

    if (n < 0 || (size_t)n >= most)
        return -1;
    to[n] = '\0';
    return n;
}

static int load_locked(const struct own *own,
                       int (*load)(const struct own *, const char *),
                       const struct tls_password *password)
{
    char text[PASSWORD_SIZE];
    int rc = load(own, NULL);

    /* no password and an empty one are two things in PKCS#12 */
    if (is_locked(rc) && load == load_pkcs12)
        rc = load(own, "");
    for (unsigned i = 0; is_locked(rc) && password && i < password->tries &&
                         get_password(password, i, text, sizeof(text)) >= 0;
         i++)
        rc = load(own, text);
    crypt_wipe(text, sizeof(text));
    return rc;
}

/* GnuTLS may need the PIN again when the key is used, so it is kept. It is not
 * tried again once it was wrong: a token locks itself after a few tries. */
static int on_pin(void *userdata, int attempt, const char *url,
                  const char *label, unsigned flags, char *to, size_t most)
{
    struct tls_token *token = userdata;
    int n;

    (void)url;
    (void)label;
    if (token->pin && !(flags & GNUTLS_PIN_WRONG) &&
        strlen(token->pin) < most) {
        strcpy(to, token->pin);
        return 0;
    }
    if (!token->password || attempt < 0 ||
        (unsigned)attempt >= token->password->tries)
        return -1;
    n = get_password(token->password, (unsigned)attempt, to, most);
    if (n < 0)
        return -1;
    env_free_secret(token->env, token->pin);
    token->pin = env_strdup(token->env, to);
    return 0;
}

/* ---- loading ----------------------------------------------------- */

int tls_own_load(gnutls_certificate_credentials_t credentials, const char *cert,
                 const char *key, struct tls_token *token,
                 const struct tls_password *password)
{
    const struct own own = {credentials, cert, key};
    int rc;

    if (is_url(cert) || is_url(key)) {
        token->password = password;
        gnutls_certificate_set_pin_function(credentials, on_pin, token);
        rc = load_pem(&own, NULL);
        token->password = NULL; /* borrowed for the call only */
        return rc;
    }
    return load_locked(&own, key || is_pem(cert) ? load_pem : load_pkcs12,
                       password);
}

/* ---- whose it is ------------------------------------------------- */

static unsigned addresses_of(const struct env *env, gnutls_x509_crt_t cert,
                             unsigned which, char **ret)
{
    unsigned found = 0;
    int type = 0;

    for (unsigned i = 0; type != GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE; i++) {
        char text[ADDRESS_SIZE];
        size_t n = sizeof(text);

        type = gnutls_x509_crt_get_subject_alt_name(cert, i, text, &n, NULL);
        /* an address with a NUL inside would be cut to another one */
        if (type != GNUTLS_SAN_OTHERNAME_XMPP || memchr(text, '\0', n))
            continue;
        if (found++ == which && ret)
            *ret = env_strndup(env, text, n);
    }
    return found;
}

unsigned tls_own_addresses(const struct env *env, const char *cert,
                           const char *key, const struct tls_password *password,
                           unsigned which, char **ret)
{
    struct tls_token token = {.env = env};
    gnutls_certificate_credentials_t credentials;
    gnutls_x509_crt_t *chain;
    unsigned n, found = 0;

    if (gnutls_certificate_allocate_credentials(&credentials) < 0)
        return 0;
    if (tls_own_load(credentials, cert, key, &token, password) >= 0 &&
        gnutls_certificate_get_x509_crt(credentials, 0, &chain, &n) == 0) {
        if (n)
            found = addresses_of(env, chain[0], which, ret);
        for (unsigned i = 0; i < n; i++)
            gnutls_x509_crt_deinit(chain[i]);
        gnutls_free(chain);
    }
    gnutls_certificate_free_credentials(credentials);
    env_free_secret(env, token.pin);
    return found;
}
