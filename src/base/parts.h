/* parts.h - what configure may leave out of the core. Each part is a constant:
 * the compiler reads all of the code, and drops what cannot be reached. */

#ifndef BASE_PARTS_H
#define BASE_PARTS_H

#ifndef PART_WEBSOCKET /* with its discovery (XEP-0156) */
#define PART_WEBSOCKET 1
#endif
#ifndef PART_PROXY /* SOCKS 5, and HTTP CONNECT */
#define PART_PROXY 1
#endif
#ifndef PART_SASL2 /* with Bind 2, tokens and upgrades */
#define PART_SASL2 1
#endif
#ifndef PART_LEGACY /* DIGEST-MD5, and XEP-0078 */
#define PART_LEGACY 1
#endif

#endif
