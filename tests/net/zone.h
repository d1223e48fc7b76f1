/* zone.h - a name server on loopback, without a thread: it answers when it is
 * called, some questions late and some never. */

#ifndef TESTS_NET_ZONE_H
#define TESTS_NET_ZONE_H

#include <netinet/in.h>

enum zone_how {
    ZONE_ANSWER,
    ZONE_ABSENT, /* no such record */
    ZONE_SILENT,
    ZONE_HELD /* not before zone_release */
};

enum { ZONE_A = 1, ZONE_AAAA = 28, ZONE_SRV = 33 };

/* What it knows; other names do not exist. */
struct zone_row {
    const char *name;
    unsigned type;
    enum zone_how how;
    const char *target; /* of SRV; of the others an address */
    unsigned port;      /* of SRV */
    unsigned asked;     /* how often */
    unsigned char question[300];
    int question_n; /* that is held */
    struct sockaddr_in from;
};

struct zone {
    int fd;
    char servers[200]; /* the list that leads here, eight times: who waits for
                        * all of them waits long */
    struct zone_row *rows; /* up to one without a name */
};

void zone_open(struct zone *zone, struct zone_row *rows);
void zone_close(struct zone *zone);

/* Answer what has come. */
void zone_serve(struct zone *zone);

/* Answer what was held; from now on it is answered at once. */
void zone_release(struct zone *zone);

/* How often a name was asked for, all types; 0 for one it does not know. */
unsigned zone_asked(const struct zone *zone, const char *name);

#endif
