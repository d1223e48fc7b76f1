/* version.h - which libxmpp this is. configure.ac says the same; a test looks.
 */

#ifndef XMPP_VERSION_H
#define XMPP_VERSION_H

#include <xmpp/types.h>

XMPP_BEGIN

/* Of this header, for the preprocessor; of the library that is linked ask the
 * functions. */
#define XMPP_VERSION_MAJOR 0
#define XMPP_VERSION_MINOR 1
#define XMPP_VERSION_MICRO 0

#define XMPP_VERSION_MAKE(major, minor, micro)                                 \
    ((major)*0x10000 + (minor)*0x100 + (micro))

/* As a number that can be compared: 0x000100 is 0.1.0. */
#define XMPP_VERSION_NUMBER                                                    \
    XMPP_VERSION_MAKE(XMPP_VERSION_MAJOR, XMPP_VERSION_MINOR,                  \
                      XMPP_VERSION_MICRO)

/* As text, such as "0.1.0". */
#define XMPP_VERSION                                                           \
    XMPP_VERSION_TEXT_(XMPP_VERSION_MAJOR, XMPP_VERSION_MINOR,                 \
                       XMPP_VERSION_MICRO)
#define XMPP_VERSION_TEXT_(major, minor, micro)                                \
    XMPP_VERSION_JOIN_(major, minor, micro)
#define XMPP_VERSION_JOIN_(major, minor, micro) #major "." #minor "." #micro

/* XMPP_VERSION and XMPP_VERSION_NUMBER of the library. The text is static. */
XMPP_API const char *xmpp_version(void);
XMPP_API unsigned long xmpp_version_number(void);

/* Is this library, seen as libstrophe, of version `major` and at most
 * `minor`? Non-zero for yes. libxmpp reports itself as 0.14. */
XMPP_API int xmpp_version_check(int major, int minor);

XMPP_END

#endif /* XMPP_VERSION_H */
