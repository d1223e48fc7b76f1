/* server.c - the other end of the benchmark: lets clients in, then feeds or
 * drains them as fast as they can.
 *
 * usage: server KIND COUNT [CERTIFICATE KEY RECORD]
 *
 * It prints its port, and serves until it is killed. A client that sends
 * <presence> is fed COUNT stanzas of a kind (stanzas.h). If KIND is "drain" it
 * has to send COUNT messages. Either way a message with the id "end" comes
 * last. If KIND is "login" nothing follows, and SCRAM is offered. With a
 * certificate there is TLS, with RECORD bytes in a record, or 0 for one per
 * stanza. */

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "line.h"
#include "scram.h"
#include "stanzas.h"

#define HEADER                                                                 \
    "<?xml version='1.0'?><stream:stream xmlns='jabber:client' "               \
    "xmlns:stream='http://etherx.jabber.org/streams' id='b1' "                 \
    "from='example.org' version='1.0'>"
#define STARTTLS                                                               \
    "<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'>"      \
    "<required/></starttls></stream:features>"
#define SASL                                                                   \
    "<stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>"   \
    "<mechanism>ANONYMOUS</mechanism><mechanism>PLAIN</mechanism>"             \
    "</mechanisms></stream:features>"
#define SCRAM                                                                  \
    "<stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>"   \
    "<mechanism>ANONYMOUS</mechanism><mechanism>" SCRAM_NAME "</mechanism>"    \
    "</mechanisms></stream:features>"
#define BIND                                                                   \
    "<stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>"        \
    "<session xmlns='urn:ietf:params:xml:ns:xmpp-session'><optional/>"         \
    "</session></stream:features>"
#define END                                                                    \
    "<message from='juliet@example.org/balcony' to='romeo@example.org/r' "     \
    "type='chat' id='end'><body>end</body></message>"
#define STACK (512 * 1024)

static struct {
    const char *kind;
    long count;
    size_t record; /* 0: one per stanza */
    gnutls_certificate_credentials_t credentials;
} feed;

/* The id of the iq that stands in `seen`. */
static void take_iq(struct line *line, char *id, size_t size)
{
    const char *at;

    line_await(line, "<iq");
    while (!strchr(line->seen, '>'))
        line_read(line);
    at = strstr(line->seen, " id=");
    id[0] = '\0';
    if (at)
        snprintf(id, size, "%.*s", (int)strcspn(at + 5, "\"'"), at + 5);
    line_await(line, ">");
}

static void take_header(struct line *line)
{
    line_await(line, "<stream:stream");
    line_await(line, ">");
}

static void secure(struct line *line)
{
    take_header(line);
    line_say(line, HEADER STARTTLS);
    line_await(line, "<starttls");
    line_await(line, ">");
    line_say(line, "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
    line_begin_tls(line, feed.credentials);
}

static bool is_login(void)
{
    return strcmp(feed.kind, "login") == 0;
}

static void authenticate(struct line *line)
{
    bool by_scram;

    line_say(line, is_login() ? HEADER SCRAM : HEADER SASL);
    line_await(line, "<auth");
    while (!strchr(line->seen, '>'))
        line_read(line);
    by_scram = strstr(line->seen, SCRAM_NAME);
    line_await(line, ">");
    if (by_scram)
        scram_let_in(line);
    else
        line_say(line, "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>");
}

static void let_in(struct line *line)
{
    char answer[512], id[64];

    if (feed.credentials)
        secure(line);
    take_header(line);
    authenticate(line);
    take_header(line);
    line_say(line, HEADER BIND);
    take_iq(line, id, sizeof(id));
    snprintf(answer, sizeof(answer),
             "<iq type='result' id='%s'><bind "
             "xmlns='urn:ietf:params:xml:ns:xmpp-bind'>"
             "<jid>romeo@example.org/r</jid></bind></iq>",
             id);
    line_say(line, answer);
}

/* Until this text comes, whatever else a client asks for is there. */
static void answer_requests(struct line *line, const char *text)
{
    char answer[200], id[64];

    while (!strstr(line->seen, text) &&
           !strstr(line->seen, "</stream:stream>")) {
        if (!strstr(line->seen, "<iq ")) {
            line_read(line);
            continue;
        }
        take_iq(line, id, sizeof(id));
        snprintf(answer, sizeof(answer), "<iq type='result' id='%s'/>", id);
        line_say(line, answer);
    }
}

static void feed_client(struct line *line)
{
    static _Thread_local char batch[4 * STANZAS_LONGEST];
    size_t n = 0;

    line->record = feed.record ? feed.record : STANZAS_LONGEST;
    for (long i = 0; i < feed.count; i++) {
        n += stanzas_write(batch + n, feed.kind, i);
        if (feed.record && n < 3 * STANZAS_LONGEST)
            continue;
        line_send(line, batch, n);
        n = 0;
    }
    line_send(line, batch, n);
    line_say(line, END);
}

/* Count the ends of messages: one '/' before 'm' or none at all. */
static void drain_client(struct line *line)
{
    static const char end[] = "</message>";
    size_t at = 0;
    long got = 0;

    for (;;) {
        for (const char *p = line->seen; *p; p++) {
            at = *p == end[at] ? at + 1 : *p == end[0];
            if (at == sizeof(end) - 1) {
                got++;
                at = 0;
            }
        }
        line->seen[0] = '\0';
        if (got >= feed.count)
            break;
        line_read(line);
    }
    line_say(line, END);
}

static void *serve(void *at)
{
    bool is_drain = strcmp(feed.kind, "drain") == 0;
    struct line *line = at;

    let_in(line);
    answer_requests(line, is_drain ? "<message" : "<presence");
    if (is_drain && strstr(line->seen, "<message"))
        drain_client(line);
    else if (strstr(line->seen, "<presence"))
        feed_client(line);
    line_await(line, "</stream:stream>");
    line_say(line, "</stream:stream>");
    line_close(line);
    return NULL;
}

static int read_arguments(int argc, char **argv)
{
    if (argc != 3 && argc != 6)
        return -1;
    feed.kind = argv[1];
    feed.count = atol(argv[2]);
    if (argc == 3)
        return 0;
    feed.record = (size_t)atol(argv[5]);
    gnutls_certificate_allocate_credentials(&feed.credentials);
    return gnutls_certificate_set_x509_key_file(feed.credentials, argv[3],
                                                argv[4], GNUTLS_X509_FMT_PEM);
}

static int listen_somewhere(void)
{
    struct sockaddr_in at = {.sin_family = AF_INET};
    socklen_t n = sizeof(at);
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (bind(fd, (struct sockaddr *)&at, sizeof(at)) || listen(fd, 4000) ||
        getsockname(fd, (struct sockaddr *)&at, &n))
        return -1;
    printf("%d\n", ntohs(at.sin_port));
    fflush(stdout);
    return fd;
}

static int accept_one(int fd, const pthread_attr_t *how)
{
    struct line *line = calloc(1, sizeof(*line));
    pthread_t thread;
    int yes = 1, room = 1 << 20;

    line->fd = accept(fd, NULL, NULL);
    line->record = 16384;
    setsockopt(line->fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
    setsockopt(line->fd, SOL_SOCKET, SO_SNDBUF, &room, sizeof(room));
    return line->fd < 0 || pthread_create(&thread, how, serve, line);
}

int main(int argc, char **argv)
{
    pthread_attr_t how;
    int fd;

    if (read_arguments(argc, argv))
        return 2;
    signal(SIGPIPE, SIG_IGN);
    scram_prepare();
    pthread_attr_init(&how);
    pthread_attr_setstacksize(&how, STACK);
    pthread_attr_setdetachstate(&how, PTHREAD_CREATE_DETACHED);
    fd = listen_somewhere();
    while (fd >= 0 && accept_one(fd, &how) == 0)
        ;
    return 1;
}
