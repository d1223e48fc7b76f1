/* precis_public.c - the public functions for PRECIS and SASLprep. */

#include <xmpp/precis.h>

#include "address/precis.h"
#include "address/saslprep.h"
#include "address/text.h"
#include "base/crypt.h"

static int enforce(unsigned profile, struct str text, char out[XMPP_PRECIS_MAX],
                   size_t *ret_n, xmpp_text_error_t *wrong)
{
    if (text.n > XMPP_PRECIS_MAX)
        return text_wrong(wrong, "it is too long", -1);
    return precis_enforce(profile, text, out, XMPP_PRECIS_MAX, ret_n, wrong);
}

int xmpp_precis_enforce(xmpp_ctx_t *ctx, xmpp_precis_profile_t profile,
                        const char *text, char **ret,
                        xmpp_text_error_t *ret_error)
{
    char out[XMPP_PRECIS_MAX];
    xmpp_text_error_t wrong;
    char *copy;
    size_t n = 0;
    int rc;

    if (!ctx || !text || !ret || profile > XMPP_PRECIS_NICKNAME_KEY)
        return text_report(XMPP_EINVOP, NULL, ret_error);
    rc = enforce(profile, str_of(text), out, &n, &wrong);
    copy = rc == 0 ? env_strndup(env_of(ctx), out, n) : NULL;
    crypt_wipe(out, n);
    if (rc == 0 && !copy)
        rc = XMPP_EMEM;
    wrong.part = "text";
    if (rc == 0)
        *ret = copy;
    return text_report(rc, &wrong, ret_error);
}

int xmpp_precis_equal(xmpp_ctx_t *ctx, xmpp_precis_profile_t profile,
                      const char *a, const char *b)
{
    char x[XMPP_PRECIS_MAX], y[XMPP_PRECIS_MAX];
    xmpp_text_error_t ignored;
    size_t n = 0, m = 0;
    /* nicknames have a profile for comparison (RFC 8266 section 2.4) */
    unsigned by =
        profile == XMPP_PRECIS_NICKNAME ? XMPP_PRECIS_NICKNAME_KEY : profile;
    int rc;

    if (!ctx || !a || !b || profile > XMPP_PRECIS_NICKNAME_KEY)
        return XMPP_EINVOP;
    rc = enforce(by, str_of(a), x, &n, &ignored);
    if (rc == 0)
        rc = enforce(by, str_of(b), y, &m, &ignored);
    if (rc == 0)
        rc = str_eq(str_n(x, n), str_n(y, m));
    crypt_wipe(x, n);
    crypt_wipe(y, m);
    return rc;
}

int xmpp_saslprep(xmpp_ctx_t *ctx, const char *text, int stored, char **ret,
                  xmpp_text_error_t *ret_error)
{
    xmpp_text_error_t wrong;
    char *out;
    int rc;

    if (!ctx || !text || !ret)
        return text_report(XMPP_EINVOP, NULL, ret_error);
    rc = saslprep_as(env_of(ctx), str_of(text),
                     stored ? SASLPREP_STORED : SASLPREP_QUERY, &out, &wrong);
    wrong.part = "text";
    if (rc == 0)
        *ret = out;
    return text_report(rc, &wrong, ret_error);
}
