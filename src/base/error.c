/* error.c - the names and texts of codes, and the record of a failure. */

#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/quote.h"

static const struct {
    int code;
    const char *name, *text;
} errors[] = {{XMPP_EOK, "XMPP_EOK", "no error"},
              {XMPP_EMEM, "XMPP_EMEM", "out of memory"},
              {XMPP_EINVOP, "XMPP_EINVOP", "invalid operation"},
              {XMPP_EINT, "XMPP_EINT", "internal error"},
/* the four above are libstrophe's own, these are ours */
#define ROW(code, name, text) {code, #name, text},
              XMPP_ERROR_MAP(ROW)
#undef ROW
};

#define ERRORS (sizeof(errors) / sizeof(errors[0]))

const char *xmpp_strerror(int code)
{
    for (size_t i = 0; i < ERRORS; i++)
        if (errors[i].code == code)
            return errors[i].text;
    return "unknown error";
}

const char *xmpp_strerror_name(int code)
{
    for (size_t i = 0; i < ERRORS; i++)
        if (errors[i].code == code)
            return errors[i].name;
    return "XMPP_E?";
}

const char *xmpp_layer_name(xmpp_layer_t layer)
{
    /* in the order of xmpp_layer_t */
    static const char *const names[] = {"none", "dns",   "tcp",       "tls",
                                        "xml",  "sasl",  "bind",      "stream",
                                        "app",  "proxy", "websocket", "http"};

    return (unsigned)layer < sizeof(names) / sizeof(names[0])
               ? names[(unsigned)layer]
               : "?";
}

int xmpp_text_error_format(const xmpp_text_error_t *error, char *buf,
                           size_t size)
{
    const char *colon;

    if (!error || !error->part || !error->reason)
        return snprintf(buf, size, "%s", "");
    colon = error->part[0] ? ": " : "";
    if (error->character < 0)
        return snprintf(buf, size, "%s%s%s", error->part, colon, error->reason);
    return snprintf(buf, size, "%s%s%s (U+%04lX)", error->part, colon,
                    error->reason, error->character);
}

/* Copy as much as fits without cutting a character of UTF-8 in two. */
static void copy_cut(char *out, size_t size, struct str s)
{
    size_t n = s.n < size ? s.n : size - 1;

    if (n < s.n)
        while (n && ((unsigned char)s.s[n] & 0xc0) == 0x80)
            n--;
    if (n)
        memcpy(out, s.s, n);
    out[n] = '\0';
}

int fault_set(struct fault *fault, xmpp_layer_t layer, int code,
              const char *fmt, ...)
{
    va_list ap;

    if (fault_is_set(fault))
        return fault->code;
    fault->layer = layer;
    fault->code = code;
    if (fmt) {
        va_start(ap, fmt);
        vsnprintf(fault->detail, sizeof(fault->detail), fmt, ap);
        va_end(ap);
    }
    return code;
}

int fault_set_peer(struct fault *fault, xmpp_layer_t layer, int code,
                   struct str condition, struct str text)
{
    if (fault_is_set(fault))
        return fault->code;
    fault_set(fault, layer, code, NULL);
    copy_cut(fault->condition, sizeof(fault->condition), condition);
    copy_cut(fault->text, sizeof(fault->text), text);
    return code;
}

void fault_add(struct fault *fault, const char *fmt, ...)
{
    size_t n = strlen(fault->detail);
    va_list ap;

    if (n && n + 2 < sizeof(fault->detail)) {
        memcpy(fault->detail + n, "; ", 3);
        n += 2;
    }
    va_start(ap, fmt);
    vsnprintf(fault->detail + n, sizeof(fault->detail) - n, fmt, ap);
    va_end(ap);
}

/* As with the code, the first one is the cause. */
void fault_set_os(struct fault *fault, int os)
{
    if (fault->os == 0)
        fault->os = os;
}

void fault_describe(const struct fault *fault, char *out, size_t n)
{
    bool said = fault->condition[0] || fault->text[0];
    size_t used;

    if (!fault_is_set(fault)) {
        snprintf(out, n, "no failure");
        return;
    }
    snprintf(out, n, "%s: %s%s", xmpp_layer_name(fault->layer),
             xmpp_strerror(fault->code), said ? " (the server says: " : "");
    quote_append(out, n, fault->condition);
    used = strlen(out);
    snprintf(out + used, n - used, "%s",
             fault->condition[0] && fault->text[0] ? ", " : "");
    quote_append(out, n, fault->text);
    used = strlen(out);
    snprintf(out + used, n - used, "%s%s%s", said ? ")" : "",
             fault->detail[0] ? ": " : "", fault->detail);
}
