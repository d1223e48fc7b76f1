/* version.h - the version of libxmpp. configure.ac has the same numbers, and a
 * test compares them. */

#ifndef XMPP_VERSION_H
#define XMPP_VERSION_H

#include <xmpp/types.h>

XMPP_BEGIN

/* The version of this header, for the preprocessor. The functions below return
 * the version of the library that is linked. */
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

/* The library's XMPP_VERSION and XMPP_VERSION_NUMBER. The text is static. */
XMPP_API const char *xmpp_version(void);
XMPP_API unsigned long xmpp_version_number(void);

/* libstrophe's: non-zero if the version of libstrophe that this library
 * implements, 0.14, has this `major` and a minor number of at most `minor`.
 * Mind the direction: xmpp_version_check(0, 12) is 0. */
XMPP_API int xmpp_version_check(int major, int minor);

XMPP_END

#endif /* XMPP_VERSION_H */
