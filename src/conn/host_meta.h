/* host_meta.h - the WebSockets that a host-meta document names (XEP-0156; RFC
 * 6415). */

#ifndef CONN_HOST_META_H
#define CONN_HOST_META_H

#include "base/env.h"
#include "base/str.h"

#define HOST_META_URLS_MOST 4   /* WebSockets of a document */
#define HOST_META_URL_MOST 1024 /* octets of a URL, and of a relation */

/* Each URL is one for xmpp_conn_set_websocket(). Zeroed it is empty. */
struct host_meta {
    char *urls[HOST_META_URLS_MOST]; /* owned, in the order of the document */
    unsigned count;
};

/* Read a document, in JSON (RFC 6415 appendix A) or as XRD: which of the two,
 * its first character shows. URLs of the scheme ws count only if they
 * `may_be_clear`. 0, and there is a URL at least; XMPP_EMEM; XMPP_EHOSTMETA,
 * and *ret_why is a sentence fragment. */
int host_meta_read(const struct env *env, struct str document,
                   bool may_be_clear, struct host_meta *ret,
                   const char **ret_why);

void host_meta_free(const struct env *env, struct host_meta *meta);

#endif
