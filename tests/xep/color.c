/* color.c - colors of names: the vectors of XEP-0392, palettes, and no name. */

#include <limits.h>
#include <math.h>

#include <xmpp/error.h>
#include <xmpp/xep/color.h>

#include "tap.h"

/* Section 13: a name, and for each kind of vision its hue, its color in
 * thousandths, and the color of the palette of 216 that is the nearest. */
static const struct {
    const char *name;
    struct {
        double hue;
        int rgb[3], palette[3];
    } seen[3];
} vectors[] = {
    {"Romeo",
     {{327.255249, {865, 0, 686}, {1000, 0, 800}},
      {327.255249, {865, 0, 686}, {1000, 0, 800}},
      {147.255249, {0, 535, 350}, {400, 800, 600}}}},
    {"juliet@capulet.lit",
     {{209.410400, {0, 515, 573}, {0, 800, 1000}},
      {29.410400, {742, 359, 0}, {1000, 600, 400}},
      {29.410400, {742, 359, 0}, {1000, 600, 400}}}},
    {"\xf0\x9f\x98\xba",
     {{331.199341, {872, 0, 659}, {1000, 400, 800}},
      {331.199341, {872, 0, 659}, {1000, 400, 800}},
      {151.199341, {0, 533, 373}, {200, 800, 600}}}},
    {"council",
     {{359.994507, {918, 0, 394}, {800, 200, 400}},
      {359.994507, {918, 0, 394}, {800, 200, 400}},
      {179.994507, {0, 524, 485}, {0, 800, 800}}}},
    {"Board",
     {{171.430664, {0, 527, 457}, {0, 1000, 800}},
      {351.430664, {904, 0, 494}, {400, 0, 200}},
      {171.430664, {0, 527, 457}, {0, 1000, 800}}}},
};

#define CUBE 216

static long cube(int i)
{
    return (long)(i / 36 * 51) << 16 | (i / 6 % 6 * 51) << 8 | i % 6 * 51;
}

static long nearest(long hue)
{
    int found = 0;

    for (int i = 1; i < CUBE; i++)
        if (xmpp_color_distance(hue, cube(i)) <
            xmpp_color_distance(hue, cube(found)))
            found = i;
    return cube(found);
}

static double channel(long color, int i)
{
    return (double)(color >> (16 - 8 * i) & 255) / 255.0;
}

/* Within half a step of an octet. */
static int is_color(long color, const int thousandths[3])
{
    int good = color >= 0;

    for (int i = 0; i < 3; i++)
        good &= fabs(channel(color, i) - thousandths[i] / 1000.0) < 0.0025;
    return good;
}

static void check_vector(size_t v, int vision)
{
    long hue = xmpp_color_hue(vectors[v].name, vision);
    long color = xmpp_color_get(vectors[v].name, vision);

    ok(fabs((double)hue / 65536.0 * 360 - vectors[v].seen[vision].hue) <
           0.000001,
       "%s %d: the hue", vectors[v].name, vision);
    ok(is_color(color, vectors[v].seen[vision].rgb), "the color %06lx", color);
    ok(is_color(nearest(hue), vectors[v].seen[vision].palette),
       "of the palette %06lx", nearest(hue));
}

/* No color depends on rounding: each is as bright as the next. */
static void check_brightness(void)
{
    char name[16];
    double y, least = 1, most = 0;

    for (int i = 0; i < 5000; i++) {
        long color;

        snprintf(name, sizeof(name), "n%d", i);
        color = xmpp_color_get(name, XMPP_COLOR_ALL);
        y = 0.2126 * pow(channel(color, 0), 2.2) +
            0.7152 * pow(channel(color, 1), 2.2) +
            0.0722 * pow(channel(color, 2), 2.2);
        least = y < least ? y : least;
        most = y > most ? y : most;
    }
    ok(least > 0.16 && most < 0.21, "all colors are of one brightness: %f, %f",
       least, most);
}

static void check_backgrounds(void)
{
    is_int(xmpp_color_adapt(0xff0064, 0xffffff), 0xcc0050, "darker on white");
    is_int(xmpp_color_adapt(0xcc0050, 0), 0xd63373, "brighter on black");
    is_int(xmpp_color_adapt(0, 0), 0x333333, "black on black");
}

static void check_nothing(void)
{
    ok(xmpp_color_hue(NULL, 0) == XMPP_EARG, "no name has no hue");
    ok(xmpp_color_hue("a", 3) == XMPP_EARG &&
           xmpp_color_hue("a", -1) == XMPP_EARG,
       "another vision");
    ok(xmpp_color_get(NULL, 0) == XMPP_EARG, "no name has no color");
    ok(xmpp_color_hue("", 0) >= 0, "an empty name has one");
    ok(xmpp_color_distance(10, 0x505050) == LONG_MAX, "a gray is far away");
    ok(xmpp_color_distance(65535, 0xea0064) < 2000000 &&
           xmpp_color_distance(0, 0xea0064) < 2000000,
       "the circle is closed");
}

int main(void)
{
    for (size_t v = 0; v < sizeof(vectors) / sizeof(vectors[0]); v++)
        for (int vision = 0; vision < 3; vision++)
            check_vector(v, vision);
    check_brightness();
    check_backgrounds();
    check_nothing();
    return done_testing();
}
