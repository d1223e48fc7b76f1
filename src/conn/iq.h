/* iq.h - iq stanzas that we begin, and answers to those of others. */

#ifndef CONN_IQ_H
#define CONN_IQ_H

#include <xmpp/result.h>

#include "conn/conn.h"

/* An answer of this type to an iq of others, without content. NULL when out of
 * memory. */
xmpp_stanza_t *iq_answer(xmpp_conn_t *conn, const xmpp_stanza_t *iq,
                         struct str type);

/* An error of RFC 6120 section 8.3. */
struct iq_error {
    const char *type, *condition;
};

/* The same, with an error. */
xmpp_stanza_t *iq_refusal(xmpp_conn_t *conn, const xmpp_stanza_t *iq,
                          const struct iq_error *error);

/* The error that the sender of an iq gets for a code (handler.h). */
struct iq_error iq_error_of(int code);

#endif
