/* url.c - the parts of a URL that names a host (RFC 3986 section 3). */

#include "address/url.h"

#include "address/endpoint.h"
#include "address/literal.h"
#include "base/code.h"

static int url_refuse(const char **ret_why, const char *why)
{
    *ret_why = why;
    return XMPP_EARG;
}

static bool url_is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool url_is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Unreserved characters, sub-delimiters (section 2), and those of `more`. */
static bool url_may_have(char c, const char *more)
{
    return url_is_letter(c) || url_is_digit(c) ||
           (c && (strchr("-._~!$&'()*+,;=", c) || strchr(more, c)));
}

static bool is_escape(struct str text)
{
    return text.n >= 3 && text.s[0] == '%' && hex_value(text.s[1]) >= 0 &&
           hex_value(text.s[2]) >= 0;
}

static bool is_part(struct str text, const char *more)
{
    size_t i = 0;

    while (i < text.n)
        if (url_may_have(text.s[i], more))
            i++;
        else if (is_escape(str_n(text.s + i, text.n - i)))
            i += 3;
        else
            return false;
    return true;
}

static bool is_scheme(struct str text)
{
    for (size_t i = 0; i < text.n; i++)
        if (!url_is_letter(text.s[i]) &&
            (i == 0 || (!url_is_digit(text.s[i]) && !strchr("+-.", text.s[i]))))
            return false;
    return text.n != 0;
}

/* ---- host and port ----------------------------------------------- */

/* An IPv6 address has to be in brackets: without them it could not be told from
 * a port. */
static bool has_stray_colon(struct str text)
{
    struct str head, rest = str_cut(text, ':', &head);

    return !literal_is_meant(text) && rest.n && memchr(rest.s, ':', rest.n);
}

static int read_host(struct str text, struct url *url, const char **ret_why)
{
    int rc = XMPP_EARG;

    for (size_t i = 0; i < text.n; i++)
        if ((unsigned char)text.s[i] <= ' ' || text.s[i] == '@')
            return url_refuse(ret_why, "its host has a character that is not "
                                       "allowed; '@' in a password is %40");
    if (has_stray_colon(text))
        return url_refuse(ret_why, "an IPv6 address has to be in brackets");
    if (text.n)
        rc = endpoint_read(text, url->host, &url->port);
    return rc == XMPP_EARG
               ? url_refuse(ret_why, "it has no valid host and port")
               : rc;
}

static bool read_user(struct str text, struct url *url)
{
    url->password = str_cut(text, ':', &url->user);
    return url->user.n && is_part(text, ":");
}

/* [ user [ ":" password ] "@" ] host [ ":" port ] */
static int read_authority(struct str text, struct url *url,
                          const char **ret_why)
{
    struct str head, host = str_cut(text, '@', &head);

    if (!host.s)
        return read_host(text, url, ret_why);
    if (!read_user(head, url))
        return url_refuse(ret_why, "its user name or password has a character "
                                   "that has to be percent-encoded");
    return read_host(host, url, ret_why);
}

/* ---- all together ------------------------------------------------ */

static size_t authority_end(struct str text)
{
    size_t n = 0;

    while (n < text.n && !strchr("/?#", text.s[n]))
        n++;
    return n;
}

int url_read(struct str text, struct url *ret, const char **ret_why)
{
    struct url url = {.port = 0};
    struct str rest = str_cut(text, ':', &url.scheme);
    size_t n;
    int rc;

    if (!rest.s || !is_scheme(url.scheme) || !str_starts(rest, STR("//")))
        return url_refuse(ret_why, "it does not begin with a scheme and ://");
    if (memchr(text.s, '\0', text.n))
        return url_refuse(ret_why, "it has a NUL");
    rest = str_n(rest.s + 2, rest.n - 2);
    n = authority_end(rest);
    url.path = str_n(rest.s + n, rest.n - n);
    if (!is_part(url.path, "/?:@"))
        return url_refuse(ret_why, "its path has a character that has to be "
                                   "percent-encoded, or a fragment");
    rc = read_authority(str_n(rest.s, n), &url, ret_why);
    if (rc == 0)
        *ret = url;
    return rc;
}

bool url_is_path(struct str text)
{
    return text.n && text.s[0] == '/' && is_part(text, "/?:@");
}

int url_decode(struct str part, char *out, size_t size)
{
    size_t n = 0, i = 0;

    while (i < part.n) {
        bool escaped = is_escape(str_n(part.s + i, part.n - i));
        unsigned char c = (unsigned char)part.s[i];

        if (escaped)
            c = (unsigned char)(hex_value(part.s[i + 1]) << 4 |
                                hex_value(part.s[i + 2]));
        if (c < ' ' || c == 0x7f || n + 1 >= size)
            return -1;
        out[n++] = (char)c;
        i += escaped ? 3 : 1;
    }
    if (size)
        out[n] = '\0';
    return size ? (int)n : -1;
}
