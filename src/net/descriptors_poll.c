/* descriptors_poll.c - all descriptors in one call of poll(2), for systems
 * without epoll. Each wait costs time for each of them, and nobody else can
 * wait for all by one. */

#include "net/descriptors.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <xmpp/error.h>

#define FIRST_ROOM 8

/* The places of both tables belong together, and `place` of each watch is its
 * own. `next` is where the search for what is ready begins, so that those at
 * the end have their turn when many are ready. */
struct descriptors {
    const struct env *env;
    struct pollfd *fds;
    struct watch **watches;
    size_t n, room, next;
};

struct descriptors *descriptors_new(struct env *env)
{
    struct descriptors *all = env_zalloc(env, sizeof(*all));

    if (all)
        all->env = env;
    return all;
}

void descriptors_free(struct descriptors *all)
{
    if (!all)
        return;
    env_free(all->env, all->fds);
    env_free(all->env, all->watches);
    env_free(all->env, all);
}

bool descriptors_make_wake(int wake[2])
{
    if (pipe(wake)) {
        wake[0] = wake[1] = -1;
        return false;
    }
    for (int i = 0; i < 2; i++) {
        fcntl(wake[i], F_SETFL, fcntl(wake[i], F_GETFL) | O_NONBLOCK);
        fcntl(wake[i], F_SETFD, FD_CLOEXEC);
    }
    return true;
}

/* Both tables have room for one more. A larger one that is not used yet does no
 * harm. */
static bool grow_tables(struct descriptors *all)
{
    size_t room = all->room ? 2 * all->room : FIRST_ROOM;
    void *grown;

    if (all->n < all->room)
        return true;
    grown = env_realloc(all->env, all->fds, room * sizeof(*all->fds));
    if (!grown)
        return false;
    all->fds = grown;
    grown = env_realloc(all->env, all->watches, room * sizeof(*all->watches));
    if (!grown)
        return false;
    all->watches = grown;
    all->room = room;
    return true;
}

/* The last one takes its place. */
static void give_up_place(struct descriptors *all, const struct watch *watch)
{
    size_t place = watch->place, last = --all->n;

    all->fds[place] = all->fds[last];
    all->watches[place] = all->watches[last];
    all->watches[place]->place = place;
}

static short to_poll(unsigned events)
{
    return (short)((events & POLL_READ ? POLLIN : 0) |
                   (events & POLL_WRITE ? POLLOUT : 0));
}

static unsigned from_poll(short events)
{
    return (events & POLLIN ? (unsigned)POLL_READ : 0) |
           (events & POLLOUT ? (unsigned)POLL_WRITE : 0) |
           (events & (POLLERR | POLLHUP | POLLNVAL) ? (unsigned)POLL_GONE : 0);
}

int descriptors_watch(struct descriptors *all, struct watch *watch,
                      unsigned events)
{
    if (!events) {
        give_up_place(all, watch);
        return 0;
    }
    if (!watch->events) {
        if (!grow_tables(all))
            return XMPP_EMEM;
        watch->place = all->n++;
        all->watches[watch->place] = watch;
    }
    all->fds[watch->place] =
        (struct pollfd){.fd = watch->fd, .events = to_poll(events)};
    return 0;
}

int descriptors_wait(struct descriptors *all, struct ready *to, int most,
                     int timeout)
{
    int left = poll(all->fds, (nfds_t)all->n, timeout), n = 0;

    if (left < 0)
        return left;
    for (size_t i = 0; i < all->n && n < left && n < most; i++) {
        size_t place = (all->next + i) % all->n;

        if (all->fds[place].revents)
            to[n++] = (struct ready){all->watches[place],
                                     from_poll(all->fds[place].revents)};
        if (n == most)
            all->next = place + 1;
    }
    return n;
}

int descriptors_fd(const struct descriptors *all)
{
    (void)all;
    return -1;
}

void descriptors_set_clock(struct descriptors *all, uint64_t when)
{
    (void)all;
    (void)when;
}
