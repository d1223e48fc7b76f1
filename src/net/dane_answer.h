/* dane_answer.h - SRV and TLSA records as they stand in an answer, and name
 * servers in the form of libunbound; pure. */

#ifndef NET_DANE_ANSWER_H
#define NET_DANE_ANSWER_H

#include "base/str.h"

/* Does this SRV record lead to that host and port? Its target has no
 * compression pointers. */
bool dane_srv_leads(struct str record, const char *host, unsigned port);

/* Is this TLSA record usable: known numbers, data of the right length (RFC 7671
 * section 4)? */
bool dane_tlsa_fits(struct str record);

/* "1.2.3.4:5", "[::1]:5" or "::1" becomes "1.2.3.4@5", "::1@5" or "::1". */
void dane_server(struct str server, char *out, size_t n);

#endif
