/* descriptors_epoll.c - one epoll descriptor for everything. */

#include "net/descriptors.h"

#include <errno.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include <xmpp/error.h>

#define FETCHED 64 /* at a time */

/* A timerfd is a member of the epoll set, so that a program which watches the
 * one descriptor is woken by time, too. */
struct descriptors {
    const struct env *env;
    int epoll, timerfd;
};

static void close_if_open(int fd)
{
    if (fd >= 0)
        close(fd);
}

struct descriptors *descriptors_new(struct env *env)
{
    struct epoll_event event = {.events = EPOLLIN};
    struct descriptors *all = env_zalloc(env, sizeof(*all));

    if (!all)
        return NULL;
    all->env = env;
    all->epoll = epoll_create1(EPOLL_CLOEXEC);
    all->timerfd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
    if (all->epoll >= 0 && all->timerfd >= 0 &&
        epoll_ctl(all->epoll, EPOLL_CTL_ADD, all->timerfd, &event) == 0)
        return all;
    descriptors_free(all);
    return NULL;
}

void descriptors_free(struct descriptors *all)
{
    if (!all)
        return;
    close_if_open(all->timerfd);
    close_if_open(all->epoll);
    env_free(all->env, all);
}

bool descriptors_make_wake(int wake[2])
{
    wake[0] = wake[1] = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    return wake[0] >= 0;
}

static uint32_t to_epoll(unsigned events)
{
    return (events & POLL_READ ? (uint32_t)EPOLLIN : 0) |
           (events & POLL_WRITE ? (uint32_t)EPOLLOUT : 0);
}

static unsigned from_epoll(uint32_t events)
{
    return (events & EPOLLIN ? (unsigned)POLL_READ : 0) |
           (events & EPOLLOUT ? (unsigned)POLL_WRITE : 0) |
           (events & (EPOLLERR | EPOLLHUP) ? (unsigned)POLL_GONE : 0);
}

int descriptors_watch(struct descriptors *all, struct watch *watch,
                      unsigned events)
{
    struct epoll_event event = {.events = to_epoll(events), .data.ptr = watch};
    int op = !events          ? EPOLL_CTL_DEL
             : !watch->events ? EPOLL_CTL_ADD
                              : EPOLL_CTL_MOD;

    /* a descriptor that was closed has left the set by itself */
    if (epoll_ctl(all->epoll, op, watch->fd, &event) == 0 || !events)
        return 0;
    return errno == ENOMEM || errno == ENOSPC ? XMPP_EMEM : XMPP_EINT;
}

int descriptors_wait(struct descriptors *all, struct ready *to, int most,
                     int timeout)
{
    struct epoll_event events[FETCHED];
    int n = epoll_wait(all->epoll, events, most < FETCHED ? most : FETCHED,
                       timeout);

    for (int i = 0; i < n; i++)
        to[i] =
            (struct ready){events[i].data.ptr, from_epoll(events[i].events)};
    return n;
}

int descriptors_fd(const struct descriptors *all)
{
    return all->epoll;
}

/* Setting it anew also makes it unreadable after it expired, so it is never
 * read. */
void descriptors_set_clock(struct descriptors *all, uint64_t when)
{
    struct itimerspec spec = {0};

    if (when != TIME_NEVER) {
        spec.it_value.tv_sec = (time_t)(when / 1000);
        spec.it_value.tv_nsec = (long)(when % 1000) * 1000000;
        if (when == 0)
            spec.it_value.tv_nsec = 1; /* all zero would disarm */
    }
    timerfd_settime(all->timerfd, TFD_TIMER_ABSTIME, &spec, NULL);
}
