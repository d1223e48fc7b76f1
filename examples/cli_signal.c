/* cli_signal.c - the signals that end a program, and waits that none of them
 * misses. */

#define _GNU_SOURCE
#include "cli_signal.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <time.h>
#include <unistd.h>

#define MOMENT 10000000 /* nanoseconds */

static volatile sig_atomic_t last, count;
static xmpp_ctx_t *volatile to_finish;
static sigset_t caught;

static void on_signal(int number)
{
    int before = errno;

    last = number;
    count++;
    xmpp_ctx_finish(to_finish);
    errno = before;
}

int cli_signal(void)
{
    return last;
}

int cli_signals(void)
{
    return count;
}

/* ---- what they do ------------------------------------------------ */

static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};

/* None interrupts the handler of another. */
static void set_handlers(void (*handler)(int))
{
    struct sigaction action = {.sa_handler = handler, .sa_mask = caught};

    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
        if (sigismember(&caught, numbers[i]))
            sigaction(numbers[i], &action, NULL);
}

void cli_catch_signals(xmpp_ctx_t *ctx)
{
    struct sigaction now;

    to_finish = ctx;
    sigemptyset(&caught);
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
        if (numbers[i] != SIGHUP || sigaction(SIGHUP, NULL, &now) ||
            now.sa_handler != SIG_IGN)
            sigaddset(&caught, numbers[i]);
    set_handlers(on_signal);
}

void cli_drop_signals(void)
{
    set_handlers(SIG_DFL);
}

/* ---- waits ------------------------------------------------------- */

/* Between the look at the count and the wait they are held back; ppoll(2) lets
 * them in when it waits. */
static void wait_for(int fd, const struct timespec *most, int seen)
{
    struct pollfd one = {.fd = fd, .events = POLLIN};
    sigset_t before;

    sigprocmask(SIG_BLOCK, &caught, &before);
    if (count <= seen)
        ppoll(&one, 1, most, &before);
    sigprocmask(SIG_SETMASK, &before, NULL);
}

ssize_t cli_read(int fd, void *to, size_t n)
{
    ssize_t got;

    do {
        wait_for(fd, NULL, 0);
        if (count) {
            errno = EINTR;
            return -1;
        }
        got = read(fd, to, n);
    } while (got < 0 && (errno == EAGAIN || errno == EINTR));
    return got;
}

void cli_pause(int seen)
{
    const struct timespec moment = {.tv_nsec = MOMENT};

    wait_for(-1, &moment, seen);
}
