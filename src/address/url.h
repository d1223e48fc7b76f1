/* url.h - the parts of a URL that names a host (RFC 3986 section 3). */

#ifndef ADDRESS_URL_H
#define ADDRESS_URL_H

#include "address/idna.h"

/* The views are parts of the text that was read, still percent-encoded. */
struct url {
    struct str scheme;
    struct str user, password;     /* STR_NONE: none */
    char host[IDNA_NAME_MOST + 1]; /* in ASCII, without brackets */
    unsigned port;                 /* 0: none is named */
    struct str path;               /* from its '/' or '?' on; may be empty */
};

/* Read it strictly: scheme, "://", host, and nothing that such a URL does not
 * have; no fragment. 0; XMPP_EARG, and *ret_why is a sentence fragment about
 * it; XMPP_EMEM. */
int url_read(struct str text, struct url *ret, const char **ret_why);

/* Whether the text can be such a path, with a '/' at its beginning. */
bool url_is_path(struct str text);

/* Decode a percent-encoded part. Its length, without the NUL that follows it;
 * -1 if it has a NUL or control character, or does not fit. */
int url_decode(struct str part, char *out, size_t size);

#endif
