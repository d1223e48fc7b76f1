/* version.c - which version this is, ours and as libstrophe. */

#include <xmpp/version.h>

/* The version of libstrophe whose behaviour is followed. */
#define STROPHE_MAJOR 0
#define STROPHE_MINOR 14

const char *xmpp_version(void)
{
    return XMPP_VERSION;
}

unsigned long xmpp_version_number(void)
{
    return XMPP_VERSION_NUMBER;
}

int xmpp_version_check(int major, int minor)
{
    return major == STROPHE_MAJOR && minor >= STROPHE_MINOR;
}
