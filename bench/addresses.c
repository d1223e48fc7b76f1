/* addresses.c - how long an address takes to be checked and normalised. */

#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <xmpp/xmpp.h>

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

/* One line for each address given: nanoseconds, and what came of it. */
int main(int argc, char **argv)
{
    long rounds = argc > 1 ? atol(argv[1]) : 100000;

    for (int i = 2; i < argc; i++) {
        char room[XMPP_JID_ROOM];
        size_t n = strlen(argv[i]), sum = 0;
        xmpp_jid_t jid = {"", 0, 0, 0, 0};
        double start;
        int rc = 0;

        start = now();
        for (long k = 0; k < rounds; k++) {
            rc = xmpp_jid_parse(argv[i], n, XMPP_JID_STRICT, room, &jid, NULL);
            sum += jid.domain_size;
        }
        printf("%8.1f ns  %s  %s%s\n", (now() - start) / (double)rounds, argv[i],
               rc ? xmpp_strerror(rc) : jid.text == argv[i] ? "as it is" : room,
               sum ? "" : "");
    }
    return 0;
}
