/* tls_binding.c - what binds a login to the TLS that it travels in. */

#include "net/tls_binding.h"

#include <gnutls/gnutls.h>
#include <string.h>

#include "net/tls_trust.h"

/* TLS 1.3 has no tls-unique; tls-exporter takes its place (RFC 9266). */
static const struct {
    const char *name;
    gnutls_channel_binding_t type;
    bool is_of_channel; /* rather than of the server */
    unsigned most;      /* the newest version of TLS that has it */
} rows[] = {
    {"tls-exporter", GNUTLS_CB_TLS_EXPORTER, true, 0x0304},
    {"tls-unique", GNUTLS_CB_TLS_UNIQUE, true, 0x0303},
    {"tls-server-end-point", GNUTLS_CB_TLS_SERVER_END_POINT, false, 0x0304},
};

unsigned tls_binding_version(const struct stage *stage)
{
    switch (gnutls_protocol_get_version(tls_stage_session(stage))) {
    case GNUTLS_TLS1_3:
        return 0x0304;
    case GNUTLS_TLS1_2:
        return 0x0303;
    default:
        return 0;
    }
}

/* Without the extended master secret an attacker can give two channels of
 * TLS 1.2 the same data (RFC 7627 section 1). The end point is a hash of the
 * server's certificate and needs no secret. */
static bool is_sound(const struct stage *stage, size_t row)
{
    unsigned version = tls_binding_version(stage);

    if (version == 0 || version > rows[row].most)
        return false;
    return !rows[row].is_of_channel || version == 0x0304 ||
           gnutls_session_ext_master_secret_status(tls_stage_session(stage));
}

static size_t fetch_binding(const struct stage *stage,
                            gnutls_channel_binding_t type, void *out,
                            size_t most)
{
    gnutls_datum_t data = {NULL, 0};
    size_t n = 0;

    if (gnutls_session_channel_binding(tls_stage_session(stage), type, &data))
        return 0;
    if (data.size <= most) {
        n = data.size;
        memcpy(out, data.data, n);
    }
    gnutls_free(data.data);
    return n;
}

size_t tls_binding_data(const struct stage *stage, const char *type, void *out,
                        size_t most)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (strcmp(rows[i].name, type) == 0)
            return is_sound(stage, i)
                       ? fetch_binding(stage, rows[i].type, out, most)
                       : 0;
    return 0;
}
