/* limit.c - what no library can go below: reads and forgets, or parses by
 * libxml2 alone into flat events, and writes what is rendered by hand.
 *
 * usage: limit drop|flat PORT COUNT [CA_FILE]     receives
 *        limit each|batch PORT COUNT [CA_FILE]    sends, with a write for each
 *                                                 or for 16 KB
 *        limit login PORT COUNT CA_FILE           TLS, and the iterations of
 *                                                 SCRAM without the rest */

#include <gnutls/crypto.h>
#include <libxml/parser.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "flat.h"
#include "line.h"
#include "meter.h"
#include "scram.h"

#define PIECE 16384
#define HEADER                                                                 \
    "<?xml version='1.0'?><stream:stream xmlns='jabber:client' "               \
    "xmlns:stream='http://etherx.jabber.org/streams' to='example.org' "        \
    "version='1.0'>"
#define MESSAGE                                                                \
    "<message to=\"juliet@example.org/balcony\" type=\"chat\" id=\"m1\">"      \
    "<body>My bounty is as boundless as the sea, my love as deep; the more I " \
    "give to thee</body><thread>e0ffe42b28561960c6b12b944a0927</thread>"       \
    "<request xmlns=\"urn:xmpp:receipts\"/><active "                           \
    "xmlns=\"http://jabber.org/protocol/chatstates\"/></message>"

static struct line line;

static size_t from, to; /* what was read ahead */

/* What is under TLS is read ahead. */
static ssize_t pull(gnutls_transport_ptr_t at, void *bytes, size_t n)
{
    static char ahead[LINE_ROOM];
    struct line *l = at;

    if (from == to) {
        ssize_t got = recv(l->fd, ahead, sizeof(ahead), 0);

        if (got <= 0)
            return got;
        from = 0;
        to = (size_t)got;
    }
    if (n > to - from)
        n = to - from;
    memcpy(bytes, ahead + from, n);
    from += n;
    return (ssize_t)n;
}

static ssize_t push(gnutls_transport_ptr_t at, const void *bytes, size_t n)
{
    return send(((struct line *)at)->fd, bytes, n, MSG_NOSIGNAL);
}

static void begin_tls(const char *ca_file)
{
    static gnutls_certificate_credentials_t credentials;

    if (!credentials) {
        gnutls_certificate_allocate_credentials(&credentials);
        gnutls_certificate_set_x509_trust_file(credentials, ca_file,
                                               GNUTLS_X509_FMT_PEM);
    }
    gnutls_init(&line.tls, GNUTLS_CLIENT);
    gnutls_set_default_priority(line.tls);
    gnutls_credentials_set(line.tls, GNUTLS_CRD_CERTIFICATE, credentials);
    gnutls_session_set_verify_cert(line.tls, "example.org", 0);
    gnutls_transport_set_int(line.tls, line.fd);
    if (gnutls_handshake(line.tls) < 0)
        exit(2);
    gnutls_transport_set_ptr(line.tls, &line);
    gnutls_transport_set_push_function(line.tls, push);
    gnutls_transport_set_pull_function(line.tls, pull);
    line.seen[0] = '\0';
}

static void log_in(unsigned short port, const char *ca_file)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(port)};
    int yes = 1;

    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    line.record = PIECE;
    line.fd = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(line.fd, (struct sockaddr *)&at, sizeof(at)))
        exit(2);
    setsockopt(line.fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
    if (ca_file) {
        line_say(&line, HEADER);
        line_await(&line, "</stream:features>");
        line_say(&line, "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
        line_await(&line, "<proceed");
        begin_tls(ca_file);
    }
    line_say(&line, HEADER);
    line_await(&line, "</stream:features>");
    line_say(&line, "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' "
                    "mechanism='ANONYMOUS'/>");
    line_await(&line, "<success");
    line_say(&line, HEADER);
    line_await(&line, "</stream:features>");
    line_say(&line, "<iq type='set' id='b'><bind "
                    "xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>");
    line_await(&line, "</iq>");
}

static size_t read_piece(char *piece)
{
    ssize_t got = line.tls ? gnutls_record_recv(line.tls, piece, PIECE)
                           : recv(line.fd, piece, PIECE, 0);

    return got > 0 ? (size_t)got : 0;
}

/* The last stanza is found by its id, by flat; by drop, as the bytes end. */
static void receive(const char *mode, long count)
{
    static char piece[PIECE + 1];
    struct flat *flat = strcmp(mode, "flat") == 0 ? flat_new() : NULL;
    bool is_over = false;
    long before = 0; /* the meter began */

    line_say(&line, "<presence/>");
    if (!flat)
        meter_begin();
    while (!is_over) {
        size_t n = read_piece(piece);

        if (!n)
            exit(3);
        if (flat)
            is_over = flat_push(flat, piece, n);
        else
            is_over = n >= 8 && memcmp(piece + n - 10, "</message>", 10) == 0 &&
                      n > 40 &&
                      (piece[n] = '\0', strstr(piece + n - 40, ">end<"));
        if (flat && !before && flat_seen(flat) >= METER_WARM) {
            before = flat_seen(flat);
            meter_begin();
        }
    }
    meter_end(flat ? flat_seen(flat) - before : count);
    if (flat)
        flat_free(flat);
}

static void send_piece(const char *piece, size_t n)
{
    if (line.tls ? gnutls_record_send(line.tls, piece, n) < 0
                 : send(line.fd, piece, n, MSG_NOSIGNAL) < 0)
        exit(3);
}

static void send_all(bool is_batch, long count)
{
    static char piece[PIECE];
    size_t n = 0;

    meter_begin();
    for (long i = 0; i < count; i++) {
        memcpy(piece + n, MESSAGE, sizeof(MESSAGE) - 1);
        n += sizeof(MESSAGE) - 1;
        if (is_batch && n + sizeof(MESSAGE) < sizeof(piece))
            continue;
        send_piece(piece, n);
        n = 0;
    }
    if (n)
        send_piece(piece, n);
    line_await(&line, ">end<");
    meter_end(count);
}

static void log_in_once(unsigned short port, const char *ca_file)
{
    const gnutls_datum_t password = {(unsigned char *)SCRAM_PASSWORD,
                                     strlen(SCRAM_PASSWORD)};
    const gnutls_datum_t salt = {(unsigned char *)SCRAM_SALT,
                                 strlen(SCRAM_SALT)};
    unsigned char salted[20];

    log_in(port, ca_file);
    gnutls_pbkdf2(GNUTLS_MAC_SHA1, &password, &salt, SCRAM_ROUNDS, salted,
                  sizeof(salted));
    line_say(&line, "</stream:stream>");
    line_await(&line, "</stream:stream>");
    gnutls_deinit(line.tls);
    close(line.fd);
    memset(&line, 0, sizeof(line));
    from = to = 0;
}

/* Milliseconds of the first login and of each later one. */
static void log_in_often(unsigned short port, long count, const char *ca_file)
{
    double began = meter_cpu(), first;

    log_in_once(port, ca_file);
    first = meter_cpu() - began;
    began = meter_cpu();
    for (long i = 0; i < count; i++)
        log_in_once(port, ca_file);
    printf("%.3f %.3f\n", first / 1000,
           (meter_cpu() - began) / 1000 / (double)count);
}

int main(int argc, char **argv)
{
    if (argc != 4 && argc != 5)
        return 2;
    if (strcmp(argv[1], "login") == 0) {
        log_in_often((unsigned short)atoi(argv[2]), atol(argv[3]), argv[4]);
        return 0;
    }
    log_in((unsigned short)atoi(argv[2]), argv[4]);
    if (strcmp(argv[1], "drop") == 0 || strcmp(argv[1], "flat") == 0)
        receive(argv[1], atol(argv[3]));
    else
        send_all(strcmp(argv[1], "batch") == 0, atol(argv[3]));
    _exit(0);
}
