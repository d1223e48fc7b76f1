/* iq.h - iq stanzas that we begin, and answers to those of others. */

#ifndef CONN_IQ_H
#define CONN_IQ_H

#include <xmpp/result.h>

#include "base/buf.h"
#include "conn/conn.h"

/* An error of RFC 6120 section 8.3. */
struct iq_error {
    const char *type, *condition;
};

/* Write the answer to an iq of others: this error, or for NULL a result without
 * content. It is what xmpp_iq_error() and xmpp_iq_result() make, without a
 * tree: anybody can make us send many of them. */
void iq_write_answer(struct buf *out, xmpp_conn_t *conn,
                     const xmpp_stanza_t *iq, const struct iq_error *error);

/* The error that the sender of an iq gets for a code (handler.h). */
struct iq_error iq_error_of(int code);

#endif
