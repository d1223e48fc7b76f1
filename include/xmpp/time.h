/* time.h - dates as XMPP writes them (XEP-0082), and two clocks. */

#ifndef XMPP_TIME_H
#define XMPP_TIME_H

#include <stdint.h>

#include <xmpp/types.h>

XMPP_BEGIN

/* Microseconds since 1970-01-01T00:00:00Z. */
typedef int64_t xmpp_time_t;

/* Stands for no time at all. */
#define XMPP_NO_TIME INT64_MIN

/* The time of day now, by a clock that may jump. */
XMPP_API xmpp_time_t xmpp_time_now(void);

/* Read a DateTime (XEP-0082 section 3.2) such as "2026-11-29T19:27:00.5+01:00",
 * or one in the older format of XEP-0091, "20261129T18:27:00", which is in UTC.
 * Digits after the sixth of a fraction are dropped; a leap second counts as the
 * second after it. 0, or XMPP_EARG if the text is NULL or not a date of the
 * years 0001 to 9999. */
XMPP_API int xmpp_time_parse(const char *text, xmpp_time_t *ret);

/* The size of a buffer for xmpp_time_print(). */
#define XMPP_TIME_SIZE 40

/* Write a DateTime in UTC, "2026-11-29T18:27:00Z". A fraction is written only
 * if it is not 0, with three digits, or with six if three are not enough. `buf`
 * has XMPP_TIME_SIZE octets; it becomes "" for XMPP_NO_TIME and for years
 * outside 0001 to 9999. */
XMPP_API void xmpp_time_print(xmpp_time_t time, char *buf);

/* The clock of the loop: milliseconds since a moment without a meaning. It
 * never jumps. Where `unsigned long` has 32 bits it begins again after 49 days,
 * so compare differences: xmpp_ctx_now(ctx) - since >= 5000. */
XMPP_API unsigned long xmpp_ctx_now(const xmpp_ctx_t *ctx);

XMPP_END

#endif /* XMPP_TIME_H */
