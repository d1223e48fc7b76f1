/* tls_ticket.c - resuming a session, with the verification repeated. */

#include <string.h>

#include "base/crypt.h"
#include "net/tls_inside.h"
#include "net/tls_trust.h"

void tls_ticket_free(const struct env *env, struct tls_ticket *ticket)
{
    if (ticket->data)
        crypt_wipe(ticket->data, ticket->n);
    env_free(env, ticket->data);
    env_free(env, ticket->domain);
    *ticket = (struct tls_ticket){0};
}

/* Each is used once (RFC 8446 appendix C.4), only for its own domain, and only
 * with unchanged files: our certificate is not sent again when a session is
 * resumed. None is used where a stapled status is demanded: a resumed session
 * has no status. */
void tls_ticket_use(struct tls *tls)
{
    struct tls_ticket *ticket = tls->wanted.ticket;

    if (!ticket || !ticket->data)
        return;
    if (!tls->wanted.require_status &&
        ticket->stamp == tls_trust_stamp(tls->wanted.trust) &&
        strcmp(ticket->domain, tls->domain) == 0)
        gnutls_session_set_data(tls->session, ticket->data, ticket->n);
    tls_ticket_free(tls->env, ticket);
}

/* Not with TLS 1.2, where a resumed session has another tls-unique, nor if an
 * OCSP answer was stapled, which a resumed session would lack. */
static bool may_resume(const struct tls *tls)
{
    return tls->wanted.ticket && tls->tickets < TLS_TICKETS_MOST &&
           gnutls_protocol_get_version(tls->session) == GNUTLS_TLS1_3 &&
           !gnutls_ocsp_status_request_is_checked(tls->session,
                                                  GNUTLS_OCSP_SR_IS_AVAIL);
}

static void keep_ticket(struct tls *tls, const gnutls_datum_t *data)
{
    struct tls_ticket ticket = {
        .n = data->size,
        .stamp = tls_trust_stamp(tls->wanted.trust),
        .data = env_alloc(tls->env, data->size),
        .domain = env_strdup(tls->env, tls->domain),
    };

    if (!ticket.data || !ticket.domain) { /* then nothing is resumed */
        ticket.n = 0;
        tls_ticket_free(tls->env, &ticket);
        return;
    }
    memcpy(ticket.data, data->data, data->size);
    tls_ticket_free(tls->env, tls->wanted.ticket);
    *tls->wanted.ticket = ticket;
}

void tls_ticket_keep(struct tls *tls)
{
    gnutls_datum_t data;

    tls->has_ticket = false;
    if (!may_resume(tls))
        return;
    tls->tickets++;
    if (gnutls_session_get_data2(tls->session, &data) < 0)
        return;
    if (data.size && data.size <= TLS_TICKET_SIZE)
        keep_ticket(tls, &data);
    gnutls_memset(data.data, 0, data.size);
    gnutls_free(data.data);
}
