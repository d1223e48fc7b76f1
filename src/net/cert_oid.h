/* cert_oid.h - OpenSSL's names of what certificates are made of. */

#ifndef NET_CERT_OID_H
#define NET_CERT_OID_H

/* "CN" for 2.5.4.3; the OID itself if it has no name. */
const char *cert_oid_attribute(const char *oid);

/* "rsaEncryption", "ecdsa-with-SHA256", ...; "undefined" for an unknown one. */
const char *cert_oid_algorithm(const char *oid);

#endif
