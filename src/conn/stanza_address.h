/* stanza_address.h - the addresses on a stanza. */

#ifndef CONN_STANZA_ADDRESS_H
#define CONN_STANZA_ADDRESS_H

#include "stanza/node.h"

/* The addresses that were found valid last, as `to` and as `from`: most
 * stanzas of a program go to few. */
struct valid_addresses {
    struct valid_address {
        unsigned char n; /* 0: none, or too long to be kept */
        char text[127];
    } to, from;
};

/* May it be sent? 0; XMPP_EARG, with words in the context, if `to` or `from` is
 * not a valid address. A localpart or domainpart that was received is let
 * through although it is not prepared, and so is every harmless resourcepart:
 * an application that was given somebody's nickname as a string has to be able
 * to answer. */
int stanza_address_check(const xmpp_stanza_t *stanza);

#endif
