/* label.c - converts a label between U-label and A-label, by libidn2.
 *
 * The checks of libidn2 are too weak for an address: it lets control
 * characters, spaces and empty labels pass, its mapping can produce '/' or '@',
 * and its STD3 rules delete characters instead of refusing the name. So the
 * caller applies RFC 5891 first, no mapping is requested (IDN2_NO_TR46), and
 * the input is one label, never a name. */

#include "address/label.h"

#include <string.h>

#include <idn2.h>
#include <xmpp/error.h>

#include "address/text.h"

/* The letter is too new for the tables of this libidn2: those of 2.3.3 end
 * with Unicode 12 and miss some 6000 letters that libunistring knows. */
static int label_encode_new(struct str label, char out[LABEL_MOST])
{
    uint32_t c[PUNYCODE_MOST];
    struct text t = {c, NULL, 0, PUNYCODE_MOST};
    xmpp_text_error_t ignored;
    size_t n;

    if (text_decode(&t, label, &ignored))
        return 0;
    memcpy(out, LABEL_PREFIX, LABEL_PREFIX_SIZE);
    n = punycode_encode(c, t.n, out + LABEL_PREFIX_SIZE);
    return n ? (int)(LABEL_PREFIX_SIZE + n) : 0;
}

static int label_copy_made(const char *made, char out[LABEL_MOST])
{
    size_t n = strlen(made);

    if (n > LABEL_MOST)
        return 0;
    memcpy(out, made, n);
    return (int)n;
}

int label_to_ascii(struct str label, char out[LABEL_MOST])
{
    char name[LABEL_UTF8_MOST + 1];
    uint8_t *made = NULL;
    int n;

    if (label.n > LABEL_UTF8_MOST)
        return 0;
    memcpy(name, label.s, label.n);
    name[label.n] = '\0';
    switch (idn2_lookup_u8((uint8_t *)name, &made, IDN2_NO_TR46)) {
    case IDN2_OK:
        n = label_copy_made((char *)made, out);
        idn2_free(made);
        return n;
    case IDN2_UNASSIGNED:
        return label_encode_new(label, out);
    case IDN2_PUNYCODE_BIG_OUTPUT:
    case IDN2_TOO_BIG_LABEL:
    case IDN2_TOO_BIG_DOMAIN:
        return 0;
    case IDN2_MALLOC:
        return XMPP_EMEM;
    default: /* two rules for one name: refuse rather than choose */
        return XMPP_EARG;
    }
}

/* Decoding needs no tables, so that libidn2 can decode letters of any age. */
int label_to_unicode(struct str label, uint32_t out[PUNYCODE_MOST])
{
    char name[LABEL_MOST + 1];
    uint32_t *made = NULL;
    size_t n = 0;
    int rc;

    if (label.n > LABEL_MOST)
        return 0;
    memcpy(name, label.s, label.n);
    name[label.n] = '\0';
    rc = idn2_to_unicode_8z4z(name, &made, 0);
    if (rc)
        return rc == IDN2_MALLOC ? XMPP_EMEM : 0;
    while (made[n] && n < PUNYCODE_MOST) {
        out[n] = made[n];
        n++;
    }
    if (made[n])
        n = 0;
    idn2_free(made);
    return (int)n;
}
