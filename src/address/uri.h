/* uri.h - XMPP URIs: parsing and formatting (RFC 5122). */

#ifndef ADDRESS_URI_H
#define ADDRESS_URI_H

#include <xmpp/uri.h>

#include "base/env.h"
#include "base/str.h"

/* The same as xmpp_uri_parse(); *ret is owned (env_free), one block. */
int uri_parse(const struct env *env, struct str text, xmpp_jid_mode_t mode,
              xmpp_uri_t **ret, xmpp_text_error_t *wrong);

/* The same as xmpp_uri_format(). */
int uri_format(const struct env *env, const xmpp_uri_t *uri,
               xmpp_uri_form_t form, char **ret, xmpp_text_error_t *wrong);

/* Fill *wrong and return XMPP_EARG. */
int uri_wrong(xmpp_text_error_t *wrong, const char *part, const char *reason);

#endif
