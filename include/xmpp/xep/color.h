/* color.h - the color of a name, the same in every client (XEP-0392).
 *
 *     long color = xmpp_color_get("juliet@capulet.lit", XMPP_COLOR_ALL);
 *
 * The name is the bare address of somebody or, where it is not known, the
 * nickname in a room. Give an address as the library prints it, because letters
 * in another case would have another color.
 */

#ifndef XMPP_XEP_COLOR_H
#define XMPP_XEP_COLOR_H

#include <xmpp/types.h>

XMPP_BEGIN

/* Which colors the reader can distinguish (section 5.2). This is private: do
 * not send it to anybody. */
typedef enum {
    XMPP_COLOR_ALL,
    XMPP_COLOR_NOT_RED_GREEN, /* red and green look alike */
    XMPP_COLOR_NOT_BLUE       /* blue is not seen */
} xmpp_color_vision_t;

/* The hue of a name, from 0 to 65535, where 65536 is a full circle (section
 * 5.1). XMPP_EARG without a name, or for another `vision`; XMPP_EINT if the
 * crypto library does not have SHA-1. */
XMPP_API long xmpp_color_hue(const char *name, int vision);

/* The color of a name: 0xRRGGBB. All are of the same brightness, so that they
 * can be read on black and on white. Errors as xmpp_color_hue(): a negative
 * number is no color, such as that of nobody (NULL). */
XMPP_API long xmpp_color_get(const char *name, int vision);

/* The color, made easier to read on this background (section 5.3). Where there
 * is more than one background, use the same for all names of a list. */
XMPP_API long xmpp_color_adapt(long color, long background);

/* For a display of few colors: how far a color is from this hue. Take the one
 * for which this is the least (sections 5.5 and 5.6), and remember it. A gray
 * is as far as can be, LONG_MAX. */
XMPP_API long xmpp_color_distance(long hue, long color);

XMPP_END

#endif /* XMPP_XEP_COLOR_H */
