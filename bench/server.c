/* server.c - the other end of the benchmark: lets anonymous clients in
 * without TLS, then feeds or drains them as fast as they can.
 *
 * usage: server COUNT        prints its port, serves until it is killed
 * A client that sends <presence/> is fed COUNT messages; one that sends
 * messages is told when COUNT have come. Either way a message with the id
 * "end" comes last. */

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define HEADER                                                                 \
    "<?xml version='1.0'?><stream:stream xmlns='jabber:client' "               \
    "xmlns:stream='http://etherx.jabber.org/streams' id='b1' "                 \
    "from='example.org' version='1.0'>"
#define SASL                                                                   \
    "<stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>"   \
    "<mechanism>ANONYMOUS</mechanism></mechanisms></stream:features>"
#define BIND                                                                   \
    "<stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>"        \
    "</stream:features>"
#define MESSAGE                                                                \
    "<message from='juliet@example.org/balcony' to='romeo@example.org/r' "     \
    "type='chat' id='%06ld'><body>Wherefore art thou, Romeo? Deny thy father " \
    "and refuse thy name.</body><thread>e0ffe42b28561960c6b12b944a092794b9683" \
    "a38</thread><origin-id xmlns='urn:xmpp:sid:0' id='de305d54-75b4-431b'/>"  \
    "<request xmlns='urn:xmpp:receipts'/>"                                     \
    "<active xmlns='http://jabber.org/protocol/chatstates'/></message>"
#define END "<message from='example.org' id='end'><body>end</body></message>"

static long count;

static void say(int fd, const char *text, size_t n)
{
    while (n > 0) {
        ssize_t done = write(fd, text, n);

        if (done <= 0)
            pthread_exit(NULL);
        text += done;
        n -= (size_t)done;
    }
}

static void says(int fd, const char *text)
{
    say(fd, text, strlen(text));
}

/* Read until the text has come; what stands in `seen` may cover it. */
static void await(int fd, char *seen, size_t size, const char *text)
{
    char *at;

    while (!(at = strstr(seen, text))) {
        size_t n = strlen(seen);
        ssize_t got = read(fd, seen + n, size - n - 1);

        if (got <= 0)
            pthread_exit(NULL);
        seen[n + (size_t)got] = '\0';
    }
    at += strlen(text);
    memmove(seen, at, strlen(at) + 1);
}

static void let_in(int fd, char *seen, size_t size)
{
    char answer[512], id[64] = "";
    char *at;

    await(fd, seen, size, "<stream:stream");
    await(fd, seen, size, ">");
    says(fd, HEADER SASL);
    await(fd, seen, size, "<auth");
    await(fd, seen, size, ">");
    says(fd, "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>");
    await(fd, seen, size, "<stream:stream");
    await(fd, seen, size, ">");
    says(fd, HEADER BIND);
    await(fd, seen, size, "<iq");
    while (!(at = strstr(seen, "</iq>"))) {
        size_t n = strlen(seen);
        ssize_t got = read(fd, seen + n, size - n - 1);

        if (got <= 0)
            pthread_exit(NULL);
        seen[n + (size_t)got] = '\0';
    }
    at = strstr(seen, "id=\"");
    if (at)
        sscanf(at, "id=\"%63[^\"]", id);
    await(fd, seen, size, "</iq>");
    snprintf(answer, sizeof(answer),
             "<iq type='result' id='%s'><bind "
             "xmlns='urn:ietf:params:xml:ns:xmpp-bind'>"
             "<jid>romeo@example.org/r</jid></bind></iq>",
             id);
    says(fd, answer);
}

static void feed(int fd)
{
    static __thread char batch[65536];
    size_t n = 0;

    for (long i = 0; i < count; i++) {
        n += (size_t)snprintf(batch + n, sizeof(batch) - n, MESSAGE, i);
        if (n > sizeof(batch) - 1024) {
            say(fd, batch, n);
            n = 0;
        }
    }
    say(fd, batch, n);
    says(fd, END);
}

/* Count the ends of messages: one '/' before 'm' or none at all. */
static void drain(int fd, const char *seen)
{
    static const char end[] = "</message>";
    char piece[65536];
    size_t at = 0, n = strlen(seen);
    long got = 0;

    memcpy(piece, seen, n);
    while (got < count) {
        for (size_t i = 0; i < n; i++) {
            at = piece[i] == end[at] ? at + 1 : piece[i] == end[0];
            if (at == sizeof(end) - 1) {
                got++;
                at = 0;
            }
        }
        if (got < count) {
            ssize_t more = read(fd, piece, sizeof(piece));

            if (more <= 0)
                pthread_exit(NULL);
            n = (size_t)more;
        }
    }
    says(fd, END);
}

static void *serve(void *at)
{
    char seen[65536] = "";
    int fd = *(int *)at;
    int yes = 1;

    free(at);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
    let_in(fd, seen, sizeof(seen));
    while (!strstr(seen, "<presence") && !strstr(seen, "<message")) {
        size_t n = strlen(seen);
        ssize_t got = read(fd, seen + n, sizeof(seen) - n - 1);

        if (got <= 0)
            pthread_exit(NULL);
        seen[n + (size_t)got] = '\0';
    }
    if (strstr(seen, "<presence"))
        feed(fd);
    else
        drain(fd, seen);
    seen[0] = '\0';
    await(fd, seen, sizeof(seen), "</stream:stream>");
    says(fd, "</stream:stream>");
    close(fd);
    return NULL;
}

int main(int argc, char **argv)
{
    struct sockaddr_in at = {.sin_family = AF_INET};
    socklen_t n = sizeof(at);
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    count = argc > 1 ? atol(argv[1]) : 100000;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (bind(fd, (struct sockaddr *)&at, sizeof(at)) || listen(fd, 1000) ||
        getsockname(fd, (struct sockaddr *)&at, &n))
        return 1;
    printf("%d\n", ntohs(at.sin_port));
    fflush(stdout);
    for (;;) {
        int *one = malloc(sizeof(*one));
        pthread_t thread;

        *one = accept(fd, NULL, NULL);
        if (*one < 0 || pthread_create(&thread, NULL, serve, one))
            return 1;
        pthread_detach(thread);
    }
}
