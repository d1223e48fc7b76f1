/* xmpp-jid.c - normalise addresses, one per line. */

#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <xmpp/xmpp.h>

enum { ALL_VALID = 0, SOME_INVALID = 1, MISUSE = 2 };

struct wish {
    xmpp_ctx_t *ctx;
    xmpp_jid_mode_t mode;
    int ascii, fields;
};

static void help(FILE *to)
{
    fputs("usage: xmpp-jid [options] [ADDRESS...]\n"
          "Brings addresses into normal form (RFC 7622). Without arguments\n"
          "they are read from standard input, one per line; a line comes out\n"
          "for each.\n\n"
          "  --lenient   as from the network: parts that are not valid but\n"
          "              harmless are kept\n"
          "  --ascii     the domain as it stands in the DNS\n"
          "  --fields    for programs: five fields with tabs between, which\n"
          "              are valid, the address, and its three parts; or odd\n"
          "              and the same; or invalid, the part, the reason, the\n"
          "              character as U+XXXX or nothing, and nothing\n"
          "  --help, --version\n\n"
          "Exit codes: 0 all are valid, 1 some are not, 2 usage.\n",
          to);
}

static void put_part(const xmpp_jid_t *jid, xmpp_jid_part_t part)
{
    size_t n;
    const char *text = xmpp_jid_view(jid, part, &n);

    putchar('\t');
    if (n)
        fwrite(text, 1, n, stdout);
}

static int invalid(const struct wish *wish, const xmpp_text_error_t *error)
{
    char text[200];

    if (!wish->fields) {
        xmpp_text_error_print(error, text, sizeof(text));
        printf("invalid: %s\n", text);
    } else if (error->character < 0) {
        printf("invalid\t%s\t%s\t\t\n", error->part, error->reason);
    } else {
        printf("invalid\t%s\t%s\tU+%04lX\t\n", error->part, error->reason,
               error->character);
    }
    return SOME_INVALID;
}

static void put(const struct wish *wish, const xmpp_jid_t *jid)
{
    size_t n;
    const char *text = xmpp_jid_view(jid, XMPP_JID_FULL, &n);

    if (wish->fields)
        printf("%s\t", jid->odd ? "odd" : "valid");
    fwrite(text, 1, n, stdout);
    if (wish->fields) {
        put_part(jid, XMPP_JID_LOCAL);
        put_part(jid, XMPP_JID_DOMAIN);
        put_part(jid, XMPP_JID_RESOURCE);
    }
    putchar('\n');
}

/* The same address with the domain in ASCII, where it has such a form. */
static int put_in_ascii(const struct wish *wish, const xmpp_jid_t *jid)
{
    static const xmpp_text_error_t none = {
        "domainpart", "it cannot stand in the DNS", -1};
    size_t n, local_n, resource_n;
    const char *local = xmpp_jid_view(jid, XMPP_JID_LOCAL, &local_n);
    const char *resource = xmpp_jid_view(jid, XMPP_JID_RESOURCE, &resource_n);
    char *domain = xmpp_jid_domain_ascii(wish->ctx, jid);
    char text[2 * XMPP_JID_ROOM];
    xmpp_jid_t other = *jid;

    if (!domain)
        return invalid(wish, &none);
    n = (size_t)snprintf(text, sizeof(text), "%.*s%s%s%s%.*s", (int)local_n,
                         local ? local : "", local ? "@" : "", domain,
                         resource ? "/" : "", (int)resource_n,
                         resource ? resource : "");
    other.text = text;
    other.domain_size = (unsigned short)strlen(domain);
    xmpp_free(wish->ctx, domain);
    if (n < sizeof(text))
        put(wish, &other);
    return ALL_VALID;
}

static int normalise(const struct wish *wish, const char *text, size_t n)
{
    char room[XMPP_JID_ROOM];
    xmpp_text_error_t error = {"address", "out of memory", -1};
    const char *domain;
    size_t domain_n;
    xmpp_jid_t jid;

    if (xmpp_jid_parse(text, n, wish->mode, room, &jid, &error))
        return invalid(wish, &error);
    domain = xmpp_jid_view(&jid, XMPP_JID_DOMAIN, &domain_n);
    if (wish->ascii && *domain != '[') /* an IP literal is in ASCII */
        return put_in_ascii(wish, &jid);
    put(wish, &jid);
    return ALL_VALID;
}

static int normalise_lines(const struct wish *wish)
{
    int code = ALL_VALID;
    char *line = NULL;
    size_t size = 0;
    ssize_t n;

    while ((n = getline(&line, &size, stdin)) >= 0) {
        if (n && line[n - 1] == '\n')
            n--;
        code |= normalise(wish, line, (size_t)n);
        fflush(stdout); /* somebody may talk with us line by line */
    }
    free(line);
    return code;
}

/* Reads the options; returns the first argument behind them. */
static char **read_options(struct wish *wish, char **at)
{
    for (; *at && !strncmp(*at, "--", 2); at++) {
        if (!strcmp(*at, "--"))
            return at + 1;
        if (!strcmp(*at, "--lenient")) {
            wish->mode = XMPP_JID_LENIENT;
        } else if (!strcmp(*at, "--ascii")) {
            wish->ascii = 1;
        } else if (!strcmp(*at, "--fields")) {
            wish->fields = 1;
        } else if (!strcmp(*at, "--version")) {
            printf("xmpp-jid (libxmpp %s)\n", xmpp_version());
            exit(ALL_VALID);
        } else {
            int asked = !strcmp(*at, "--help");

            help(asked ? stdout : stderr);
            exit(asked ? ALL_VALID : MISUSE);
        }
    }
    return at;
}

int main(int argc, char **argv)
{
    struct wish wish = {xmpp_ctx_new(NULL, NULL), XMPP_JID_STRICT, 0, 0};
    char **at = read_options(&wish, argv + 1);
    int code = ALL_VALID;

    (void)argc;
    if (!wish.ctx)
        return MISUSE;
    if (!*at)
        code = normalise_lines(&wish);
    for (; *at; at++)
        code |= normalise(&wish, *at, strlen(*at));
    xmpp_ctx_free(wish.ctx);
    return code;
}
