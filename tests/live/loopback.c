/* loopback.c - what the proxies of the tests on loopback share. */

#define _GNU_SOURCE
#include "live/loopback.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

struct sockaddr_in loopback(unsigned short port)
{
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(port)};

    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return a;
}

int loopback_listen(unsigned short *ret_port)
{
    struct sockaddr_in a = loopback(0);
    socklen_t n = sizeof(a);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (fd < 0 || bind(fd, (struct sockaddr *)&a, n) ||
        getsockname(fd, (struct sockaddr *)&a, &n) || listen(fd, 16))
        return -1;
    *ret_port = ntohs(a.sin_port);
    return fd;
}

void give_up(const char *what)
{
    perror(what);
    exit(99);
}

long now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000L + t.tv_nsec / 1000000;
}
