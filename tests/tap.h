/* tap.h - results of a test program in the Test Anything Protocol. */

#ifndef TESTS_TAP_H
#define TESTS_TAP_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Weak, so that all files of a program count together. */
__attribute__((weak)) int tap_count;
__attribute__((weak)) int tap_failed;

__attribute__((format(printf, 2, 3), unused)) static bool
tap_ok_(bool good, const char *fmt, ...)
{
    va_list ap;

    tap_count++;
    tap_failed += !good;
    printf("%sok %d - ", good ? "" : "not ", tap_count);
    va_start(ap, fmt);
    vprintf(fmt, ap);
    va_end(ap);
    printf("\n");
    fflush(stdout);
    return good;
}

#define ok(good, ...)                                                          \
    (tap_ok_((good), __VA_ARGS__)                                              \
         ? true                                                                \
         : (printf("# failed at %s:%d\n", __FILE__, __LINE__), fflush(stdout), \
            false))

#define is_int(got, want, ...)                                                 \
    do {                                                                       \
        long long got_ = (long long)(got), want_ = (long long)(want);          \
        if (!ok(got_ == want_, __VA_ARGS__))                                   \
            printf("#  got %lld, want %lld\n", got_, want_);                   \
    } while (0)

#define is_str(got, want, ...)                                                 \
    do {                                                                       \
        const char *got_ = (got), *want_ = (want);                             \
        if (!ok(got_ && want_ ? !strcmp(got_, want_) : got_ == want_,          \
                __VA_ARGS__))                                                  \
            printf("#  got  %s\n#  want %s\n", got_ ? got_ : "(null)",         \
                   want_ ? want_ : "(null)");                                  \
    } while (0)

#define is_mem(got, got_n, want, want_n, ...)                                  \
    ok((size_t)(got_n) == (size_t)(want_n) &&                                  \
           memcmp((got), (want), (size_t)(want_n)) == 0,                       \
       __VA_ARGS__)

/* One assertion that could not be made, and why. */
__attribute__((unused)) static void skip(const char *why)
{
    printf("ok %d # SKIP %s\n", ++tap_count, why);
    fflush(stdout);
}

/* For tests that do something to each of many: 1, or more where somebody has
 * less time (TALK_STEP). */
__attribute__((unused)) static unsigned long tap_step(void)
{
    const char *text = getenv("TALK_STEP");
    unsigned long n = text ? strtoul(text, NULL, 10) : 1;

    return n ? n : 1;
}

/* For long lists of cases where a tool makes everything thirty times as slow:
 * one in eight has its turn there. */
__attribute__((unused)) static bool tap_has_turn(void)
{
    static unsigned long turn;

    return tap_step() < 100 || turn++ % 8 == 0;
}

/* Nothing further makes sense. */
__attribute__((unused)) static void bail(const char *why)
{
    printf("Bail out! %s\n", why);
    fflush(stdout);
    exit(99);
}

/* The plan, at the end; returns the exit code. */
__attribute__((unused)) static int done_testing(void)
{
    printf("1..%d\n", tap_count);
    fflush(stdout);
    return tap_failed ? 1 : 0;
}

#endif
