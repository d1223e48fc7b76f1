/* dane_answer.h - SRV and TLSA records as they stand in an answer, and name
 * servers in the form of libunbound; pure. */

#ifndef NET_DANE_ANSWER_H
#define NET_DANE_ANSWER_H

#include "base/str.h"

/* Does this SRV record, its target without pointers, lead there? */
bool dane_srv_leads(struct str record, const char *host, unsigned port);

/* Can this TLSA record be understood, and is it whole (RFC 7671 section 4)? */
bool dane_tlsa_fits(struct str record);

/* "1.2.3.4:5", "[::1]:5" or "::1" as "1.2.3.4@5", "::1@5" and "::1". */
void dane_server(struct str server, char *out, size_t n);

#endif
