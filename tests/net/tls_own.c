/* tls_own.c - our own certificate: PEM, PKCS#12, locked and not; and whose it
 * is.
 */

#include "net/tls_pair.h"

static struct certmaker certmaker;
static struct cert_pair pair;
static char path_crt[160], path_key[160], path_p12[160], plain_crt[160],
    plain_key[160], both_pem[160], good_crt[160], good_key[160];

/* Who answers for a password. */
struct keeper {
    const char *const *passwords;
    int asked;
};

static int tell(void *userdata, unsigned attempt, char *to, size_t most)
{
    struct keeper *keeper = userdata;
    const char *password = keeper->passwords[attempt];

    keeper->asked++;
    if (!password || strlen(password) >= most)
        return -1;
    strcpy(to, password);
    return (int)strlen(password);
}

static void use(const char *cert, const char *key, const char *const *passwords,
                unsigned tries, int asked, bool good, const char *what)
{
    struct keeper keeper = {passwords, 0};
    struct tls_password password = {tell, &keeper, tries};
    unsigned n = 0;
    struct tls_pair b;

    tls_pair_init(&b, &certmaker);
    b.config.cert = cert;
    b.config.key = key;
    b.password = passwords ? &password : NULL;
    tls_pair_open(&b, &certmaker);
    is_int(keeper.asked, asked, "%s: asked %d times", what, asked);
    is_int(b.fault.code, good ? 0 : XMPP_ECLIENTCERT, "%s: %s", what,
           b.fault.detail);
    if (good) {
        is_int(tls_pair_shake(&b), 0, "%s: a handshake", what);
        ok(gnutls_certificate_get_peers(b.server, &n) && n == 1,
           "%s: the server sees it", what);
    }
    tls_pair_close(&b, what);
}

/* Whoever enters the password has the loop go on, and it comes here again. */
struct nested {
    struct tls_trust *trust;
    int asked, rc;
};

static int enter_nested(void *userdata, unsigned attempt, char *to, size_t most)
{
    struct nested *n = userdata;
    struct tls_password password = {enter_nested, n, 1};
    struct fault fault = {0};

    (void)attempt;
    if (n->asked++ == 0)
        n->rc = tls_trust_prepare(n->trust, &password, &fault);
    snprintf(to, most, "secret");
    return 6;
}

static void nested(void)
{
    struct tls_config config = {
        .cafile = certmaker.ca_file, .cert = path_crt, .key = path_key};
    struct tls_trusts trusts = {NULL};
    struct nested n = {.rc = -1};
    struct tls_password password = {enter_nested, &n, 1};
    struct fault fault = {0};
    struct failmem memory;
    struct env env;

    failmem_init(&memory);
    env_init(&env, &memory.mem, NULL);
    n.trust = tls_trust_get(&env, &trusts, &config);
    is_int(tls_trust_prepare(n.trust, &password, &fault), 0,
           "a key is loaded while it is being loaded");
    is_int(n.rc, 0, "twice");
    is_int(n.asked, 2, "the password is asked for twice");
    tls_trust_release(&trusts, n.trust);
    ok(!trusts.first, "a trust with a key is not kept");
    is_int(memory.held, 0, "no memory is left");
}

static const char *const right[] = {"secret"};
static const char *const second[] = {"wrong", "secret"};
static const char *const none[] = {NULL};

static void loading(void)
{
    use(plain_crt, plain_key, NULL, 0, 0, true, "PEM");
    use(both_pem, NULL, NULL, 0, 0, true, "PEM, both in one");
    use(path_crt, path_key, right, 1, 1, true, "a locked key");
    use(path_crt, path_key, second, 3, 2, true, "unlocked at the second try");
    use(path_crt, path_key, second, 1, 1, false, "a wrong password");
    use(path_crt, path_key, none, 3, 1, false, "no password");
    use(path_crt, path_key, NULL, 0, 0, false, "nobody to ask");
    use(path_p12, NULL, right, 1, 1, true, "PKCS#12");
    use(path_p12, NULL, second, 2, 2, true, "PKCS#12 at the second try");
    use(path_p12, NULL, second, 1, 1, false, "PKCS#12, a wrong password");
    use(path_p12, NULL, NULL, 0, 0, false, "PKCS#12, nobody to ask");
    use(plain_crt, good_key, right, 1, 0, false, "a key that does not fit");
    use("/nowhere.pem", NULL, right, 1, 0, false, "no file");
    use("pkcs11:token=nowhere-at-all", NULL, right, 1, 0, false, "no token");
}

/* ---- whose it is ------------------------------------------------- */

static void whose(void)
{
    struct keeper keeper = {right, 0};
    struct tls_password password = {tell, &keeper, 1};
    struct failmem memory;
    struct env env;
    char *text = NULL;

    failmem_init(&memory);
    env_init(&env, &memory.mem, NULL);
    is_int(tls_own_addresses(&env, path_p12, NULL, &password, 0, &text), 2,
           "two addresses, of a PKCS#12 file");
    is_str(text, "romeo@example.org", "the first");
    env_free(&env, text);
    text = NULL;
    is_int(tls_own_addresses(&env, plain_crt, plain_key, NULL, 1, &text), 2,
           "and of PEM");
    is_str(text, "r@example.com", "the second");
    env_free(&env, text);
    text = NULL;
    is_int(tls_own_addresses(&env, plain_crt, plain_key, NULL, 2, &text), 2,
           "a third");
    is_str(text, NULL, "is not there");
    is_int(tls_own_addresses(&env, good_crt, good_key, NULL, 0, NULL), 0,
           "none");
    is_int(tls_own_addresses(&env, "/nowhere", NULL, NULL, 0, NULL), 0,
           "no file");
    is_int(memory.held, 0, "no memory is left");
}

static void name(char *to, const char *file)
{
    snprintf(to, 160, "%s/%s", certmaker.folder, file);
}

static void join(void)
{
    char command[600];

    snprintf(command, sizeof(command), "cat %s %s > %s", plain_crt, plain_key,
             both_pem);
    if (system(command))
        bail("no file");
}

int main(void)
{
    certmaker_open(&certmaker);
    certmaker_files(&certmaker, &(struct cert_spec){.dns = {"example.org"}},
                    "good");
    certmaker_pair(&certmaker,
                   &(struct cert_spec){.xmpp = "romeo@example.org",
                                       .xmpp2 = "r@example.com",
                                       .for_client = 1},
                   &pair);
    certmaker_locked(&certmaker, &pair, "locked", "secret");
    certmaker_pair_files(&certmaker, &pair, "plain");
    cert_pair_free(&pair);
    name(path_crt, "locked.crt");
    name(path_key, "locked.key");
    name(path_p12, "locked.p12");
    name(plain_crt, "plain.crt");
    name(plain_key, "plain.key");
    name(both_pem, "both.pem");
    name(good_crt, "good.crt");
    name(good_key, "good.key");
    join();
    loading();
    nested();
    whose();
    certmaker_close(&certmaker);
    return done_testing();
}
