/* name_server.h - a name server on loopback, without a thread: it answers when
 * it is called, some questions late and some never. */

#ifndef TESTS_NET_NAME_SERVER_H
#define TESTS_NET_NAME_SERVER_H

#include <netinet/in.h>

enum name_server_how {
    NAME_SERVER_ANSWER,
    NAME_SERVER_ABSENT, /* no such record */
    NAME_SERVER_SILENT,
    NAME_SERVER_HELD /* not before name_server_release */
};

enum { NAME_SERVER_A = 1, NAME_SERVER_AAAA = 28, NAME_SERVER_SRV = 33 };

/* What it knows; other names do not exist. Several rows for one question are
 * one answer, as the first of them says; of SRV records the first goes first.
 */
struct name_server_row {
    const char *name;
    unsigned type;
    enum name_server_how how;
    const char *target; /* of SRV; of the others an address */
    unsigned port;      /* of SRV */
    unsigned asked;     /* how often */
    unsigned char question[300];
    int question_n; /* that is held */
    struct sockaddr_in from;
};

struct name_server {
    int fd;
    char servers[200]; /* the list that leads here, eight times: who waits for
                        * all of them waits long */
    struct name_server_row *rows; /* up to one without a name */
};

void name_server_open(struct name_server *dns, struct name_server_row *rows);
void name_server_close(struct name_server *dns);

/* Answer what has come: how many questions there were. */
int name_server_serve(struct name_server *dns);

/* The same, and a turn of the loop. Its clock is virtual, and the network is
 * not: what is under way arrives before the clock moves. */
struct poll;
void name_server_turn(struct name_server *dns, struct poll *loop, int step);

/* Until all that this thread has sent on loopback has arrived, and what the
 * system answers. A loaded machine lets it lie there for some milliseconds. */
void loopback_settle(void);

/* Answer what was held; from now on it is answered at once. */
void name_server_release(struct name_server *dns);

#endif
