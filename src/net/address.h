/* address.h - an IP address to connect to. */

#ifndef NET_ADDRESS_H
#define NET_ADDRESS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#define ADDRESS_TEXT 80 /* with a zone, and the NUL */

struct address {
    int family;
    uint32_t zone;           /* of IPv6: an interface's number, or 0 */
    unsigned char bytes[16]; /* 4 of them for IPv4 */
};

/* Read a literal, IPv6 also with a zone: "fe80::1%eth0", "fe80::1%2". */
bool address_read(struct address *ret, const char *text);

/* From a socket's address; false if it is neither IPv4 nor IPv6. */
bool address_from(struct address *ret, const struct sockaddr *from);

/* For connect(2); returns its length. */
socklen_t address_fill(const struct address *address, uint16_t port,
                       struct sockaddr_storage *to);

/* For a person. */
void address_write(const struct address *address, char to[ADDRESS_TEXT]);

#endif
