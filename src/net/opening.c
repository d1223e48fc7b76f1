/* opening.c - one socket that is being connected to one address. */

#include "net/opening.h"

#include <errno.h>
#include <unistd.h>

#include "net/sock.h"

/* A socket becomes writable when it is connected and also when it failed: its
 * error distinguishes the two (connect(2)). */
static void on_writable(struct watch *watch, unsigned events)
{
    struct opening *opening = LIST_ENTRY(watch, struct opening, watch);

    (void)events;
    opening->done(opening, sock_error(watch->fd));
}

static void on_patience(struct alarm *alarm, uint64_t now)
{
    struct opening *opening = LIST_ENTRY(alarm, struct opening, patience);

    (void)now;
    opening->done(opening, ETIMEDOUT);
}

void opening_init(struct opening *opening, struct poll *poll,
                  void (*done)(struct opening *opening, int error))
{
    opening->poll = poll;
    opening->done = done;
    opening->watch = (struct watch){.fd = -1, .ready = on_writable};
    alarm_init(&opening->patience, on_patience);
}

int opening_socket(struct opening *opening, int family)
{
    opening->watch.fd = sock_open(family);
    return opening->watch.fd;
}

int opening_start(struct opening *opening, const struct address *address,
                  uint16_t port, unsigned timeout)
{
    struct sockaddr_storage to;
    socklen_t n = address_fill(address, port, &to);

    /* also if it is connected at once, `done` is called from a later turn */
    if (sock_connect(opening->watch.fd, (struct sockaddr *)&to, n) < 0)
        return errno;
    if (poll_watch(opening->poll, &opening->watch, POLL_WRITE))
        return ENOMEM;
    poll_set_alarm(opening->poll, &opening->patience,
                   poll_now(opening->poll) + timeout);
    return 0;
}

int opening_take(struct opening *opening)
{
    int fd = opening->watch.fd;

    if (opening->watch.events)
        poll_watch(opening->poll, &opening->watch, 0);
    poll_clear_alarm(opening->poll, &opening->patience);
    opening->watch.fd = -1;
    return fd;
}

void opening_stop(struct opening *opening)
{
    int fd = opening_take(opening);

    if (fd >= 0)
        close(fd);
}
