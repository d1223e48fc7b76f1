/* idna.c - domain names between Unicode and ASCII (RFC 5890). */

#include "address/idna.h"

#include <arpa/inet.h>
#include <idn2.h>

#include <xmpp/error.h>

#define NAME_MOST 253 /* octets of a domain name in ASCII */
#define LABEL_MOST 63

static bool is_ascii(struct str text)
{
    for (size_t i = 0; i < text.n; i++)
        if ((unsigned char)text.s[i] >= 0x80)
            return false;
    return true;
}

static bool is_ldh(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_'; /* not of the standard, but found in every network */
}

/* The library checks no ASCII, and can even make separators: so we do. */
static bool is_name(const char *name)
{
    size_t label = 0, n = 0;

    for (; name[n]; n++) {
        if (name[n] == '.') {
            if (label == 0)
                return false;
            label = 0;
        } else if (!is_ldh(name[n]) || ++label > LABEL_MOST) {
            return false;
        }
    }
    return label > 0 && n <= NAME_MOST;
}

static void lower(char *name)
{
    for (; *name; name++)
        if (*name >= 'A' && *name <= 'Z')
            *name = (char)(*name + ('a' - 'A'));
}

static bool is_literal(const char *host)
{
    unsigned char address[16];

    return inet_pton(AF_INET, host, address) == 1 ||
           inet_pton(AF_INET6, host, address) == 1;
}

/* The library's own memory becomes ours. */
static int convert(const struct env *env, char **name)
{
    uint8_t *ascii = NULL;
    int rc = idn2_lookup_u8((const uint8_t *)*name, &ascii,
                            IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);

    env_free(env, *name);
    *name = NULL;
    if (rc != IDN2_OK)
        return rc == IDN2_MALLOC ? XMPP_EMEM : XMPP_EARG;
    *name = env_strdup(env, (const char *)ascii);
    idn2_free(ascii);
    return *name ? 0 : XMPP_EMEM;
}

int idna_to_ascii(const struct env *env, struct str domain, char **ret)
{
    char *name;
    int rc = 0;

    *ret = NULL;
    if (domain.n > 1 && domain.s[domain.n - 1] == '.')
        domain.n--;
    if (domain.n > 2 && domain.s[0] == '[' && domain.s[domain.n - 1] == ']')
        domain = str_n(domain.s + 1, domain.n - 2);
    if (domain.n == 0 || memchr(domain.s, '\0', domain.n))
        return XMPP_EARG;
    name = env_strndup(env, domain.s, domain.n);
    if (!name)
        return XMPP_EMEM;
    if (!is_ascii(domain))
        rc = convert(env, &name);
    if (rc == 0) {
        lower(name);
        if (!is_literal(name) && !is_name(name))
            rc = XMPP_EARG;
    }
    if (rc) {
        env_free(env, name);
        return rc;
    }
    *ret = name;
    return 0;
}
