/* options.h - the numbers that govern a connection. */

#ifndef CONN_OPTIONS_H
#define CONN_OPTIONS_H

#include <xmpp/option.h>

void options_init(long options[XMPP_OPT_COUNT_]);

#endif
