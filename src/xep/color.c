/* color.c - the color of a name (XEP-0392), in the color space HSLuv. */

#include <xmpp/xep/color.h>

#include <limits.h>
#include <math.h>
#include <string.h>

#include <xmpp/digest.h>
#include <xmpp/error.h>

/* Of a hue; then of every name (section 5.4), and the brightness that a color
 * of a palette should rather have (section 5.5). */
#define CIRCLE 65536
#define NAME_LIGHTNESS 50.0
#define PALETTE_LIGHTNESS 73.2

/* CIE 1976 L*u*v* with the white point D65: between them lie L* and Y. */
#define KAPPA (24389.0 / 27.0)
#define EPSILON (216.0 / 24389.0)
#define WHITE_U 0.19783000664283681
#define WHITE_V 0.468319994938791

/* CIE XYZ to linear sRGB, and back (IEC 61966-2-1). */
static const double rgb_of_xyz[3][3] = {
    {3.2409699419045214, -1.5373831775700935, -0.49861076029300328},
    {-0.96924363628087983, 1.8759675015077207, 0.041555057407175613},
    {0.055630079696993609, -0.20397695888897657, 1.0569715142428786}};
static const double xyz_of_rgb[3][3] = {
    {0.41239079926595948, 0.35758433938387796, 0.18048078840183429},
    {0.21263900587151036, 0.71516867876775593, 0.072192315360733715},
    {0.019330818715591851, 0.11919477979462599, 0.95053215224966058}};

/* ---- color spaces ------------------------------------------------ */

static double full_turn(void)
{
    return 8 * atan(1.0);
}

static void multiply(const double matrix[3][3], const double v[3],
                     double ret[3])
{
    for (int i = 0; i < 3; i++)
        ret[i] =
            matrix[i][0] * v[0] + matrix[i][1] * v[1] + matrix[i][2] * v[2];
}

static double luminance(double lightness)
{
    return lightness > KAPPA * EPSILON ? pow((lightness + 16) / 116, 3)
                                       : lightness / KAPPA;
}

static double lightness_of(double y)
{
    return y > EPSILON ? 116 * cbrt(y) - 16 : y * KAPPA;
}

/* The color of this lightness, u* and v*. */
static void linear_of_luv(double l, double u, double v, double ret[3])
{
    double y = luminance(l);
    double du = u / (13 * l) + WHITE_U, dv = v / (13 * l) + WHITE_V;
    double x = 9 * y * du / (4 * dv);
    double xyz[3] = {x, y, (9 * y - 15 * dv * y - dv * x) / (3 * dv)};

    multiply(rgb_of_xyz, xyz, ret);
}

/* What of a channel lies behind the gamma curve of sRGB, and before it. */
static double linear_to_channel(double linear)
{
    return linear <= 0.0031308 ? 12.92 * linear
                               : 1.055 * pow(linear, 1 / 2.4) - 0.055;
}

static double channel_to_linear(double channel)
{
    return channel > 0.04045 ? pow((channel + 0.055) / 1.055, 2.4)
                             : channel / 12.92;
}

/* ---- from a hue to a color --------------------------------------- */

/* In the plane of one lightness, u* and v* change each channel along straight
 * lines, and where it reaches 0 or 1 the colors of a display end. Along a hue
 * the nearest of these six lines is the fullest color. For the channel of
 * `row`, u and v are on the line where
 *
 *     v = slope * u + start
 */
static double chroma_to_line(const double row[3], double l, int is_full,
                             double angle)
{
    double y = luminance(l);
    double a = (284517 * row[0] - 94839 * row[2]) * y;
    double b = (838422 * row[2] + 769860 * row[1] + 731718 * row[0]) * l * y -
               769860 * is_full * l;
    double c = (632260 * row[2] - 126452 * row[1]) * y + 126452 * is_full;

    return b / c / (sin(angle) - a / c * cos(angle));
}

static double fullest_chroma(double l, double angle)
{
    double least = HUGE_VAL, length;

    for (int i = 0; i < 6; i++) {
        length = chroma_to_line(rgb_of_xyz[i / 2], l, i % 2, angle);
        if (length >= 0 && length < least)
            least = length;
    }
    return least;
}

static long octet(double channel)
{
    return channel <= 0 ? 0 : channel >= 1 ? 255 : lround(channel * 255);
}

static long color_of_hue(double circles)
{
    double angle = circles * full_turn();
    double chroma = fullest_chroma(NAME_LIGHTNESS, angle), linear[3];
    long color = 0;

    linear_of_luv(NAME_LIGHTNESS, chroma * cos(angle), chroma * sin(angle),
                  linear);
    for (int i = 0; i < 3; i++)
        color = color << 8 | octet(linear_to_channel(linear[i]));
    return color;
}

/* ---- names ------------------------------------------------------- */

/* Section 5.2 speaks of angles; in 16 bits a half turn is the first bit and a
 * quarter the second. */
static unsigned seen(unsigned bits, int vision)
{
    if (vision == XMPP_COLOR_NOT_BLUE)
        return bits & 0x7fff;
    if (vision == XMPP_COLOR_NOT_RED_GREEN)
        return (bits & 0x7fff) | (bits & 0x4000) << 1;
    return bits;
}

long xmpp_color_hue(const char *name, int vision)
{
    unsigned char hash[XMPP_DIGEST_MOST];
    size_t size;
    int rc;

    if (!name || vision < XMPP_COLOR_ALL || vision > XMPP_COLOR_NOT_BLUE)
        return XMPP_EARG;
    rc = xmpp_digest("sha-1", name, strlen(name), hash, &size);
    return rc ? rc : (long)seen(hash[0] | (unsigned)hash[1] << 8, vision);
}

long xmpp_color_get(const char *name, int vision)
{
    long hue = xmpp_color_hue(name, vision);

    return hue < 0 ? hue : color_of_hue((double)hue / CIRCLE);
}

/* From 0 to 1: red, green, blue. */
static double channel_of(long color, int i)
{
    return (double)(color >> (16 - 8 * i) & 0xff) / 255;
}

long xmpp_color_adapt(long color, long background)
{
    long adapted = 0;

    for (int i = 0; i < 3; i++)
        adapted = adapted << 8 | octet(0.2 * (1 - channel_of(background, i)) +
                                       0.8 * channel_of(color, i));
    return adapted;
}

/* ---- palettes ---------------------------------------------------- */

/* In whole degrees, as the specification has it; and the lightness. */
static double hue_of_color(long color, double *lightness)
{
    double linear[3], xyz[3], sum, degrees;

    for (int i = 0; i < 3; i++)
        linear[i] = channel_to_linear(channel_of(color, i));
    multiply(xyz_of_rgb, linear, xyz);
    sum = xyz[0] + 15 * xyz[1] + 3 * xyz[2];
    *lightness = lightness_of(xyz[1]);
    degrees = atan2(9 * xyz[1] / sum - WHITE_V, 4 * xyz[0] / sum - WHITE_U) /
              full_turn() * 360;
    return round(degrees < 0 ? degrees + 360 : degrees);
}

/* Lightness counts only between two colors of one hue. */
long xmpp_color_distance(long hue, long color)
{
    double lightness, degrees;

    if ((color >> 16 & 0xff) == (color & 0xff) &&
        (color >> 8 & 0xff) == (color & 0xff))
        return LONG_MAX;
    degrees =
        fabs((double)hue / CIRCLE * 360 - hue_of_color(color, &lightness));
    degrees = degrees > 180 ? 360 - degrees : degrees;
    return lround(degrees * 10000) * 100 +
           lround(fabs(lightness - PALETTE_LIGHTNESS));
}
