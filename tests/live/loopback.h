/* loopback.h - what the proxies of the tests on loopback share. */

#ifndef TESTS_LIVE_LOOPBACK_H
#define TESTS_LIVE_LOOPBACK_H

#include <netinet/in.h>

struct sockaddr_in loopback(unsigned short port);

/* A socket that listens at a port of the system's choice; or -1. */
int loopback_listen(unsigned short *ret_port);

/* The program cannot go on: errno says why. */
void give_up(const char *what);

/* Of the monotonic clock. */
long now_ms(void);

#endif
