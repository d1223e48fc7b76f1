/* options.c - options with their defaults and ranges, as one table. */

#include "conn/options.h"

#include <stddef.h>

#include <xmpp/error.h>

#include "conn/conn.h"

static const struct {
    const char *name;
    long value, least, most;
} rows[] = {
#define ROW(name, value, least, most, text) {#name, value, least, most},
    XMPP_OPTION_MAP(ROW)
#undef ROW
};

static int is_option(xmpp_option_t option)
{
    return (unsigned)option < XMPP_OPT_COUNT_;
}

void options_init(long options[XMPP_OPT_COUNT_])
{
    for (size_t i = 0; i < XMPP_OPT_COUNT_; i++)
        options[i] = rows[i].value;
}

int xmpp_conn_set_option(xmpp_conn_t *conn, xmpp_option_t option, long value)
{
    if (!conn || !is_option(option) || value < rows[option].least ||
        value > rows[option].most)
        return XMPP_EARG;
    if (option == XMPP_OPT_DANE && value && !dane_is_there())
        return XMPP_EINVOP;
    conn->options[option] = value;
    return 0;
}

long xmpp_conn_get_option(const xmpp_conn_t *conn, xmpp_option_t option)
{
    return conn && is_option(option) ? conn->options[option] : XMPP_EARG;
}

const char *xmpp_option_name(xmpp_option_t option)
{
    return is_option(option) ? rows[option].name : NULL;
}
