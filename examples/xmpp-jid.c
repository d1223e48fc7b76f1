/* xmpp-jid.c - normalise addresses and take XMPP URIs apart, one per line. */

#define _GNU_SOURCE
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <xmpp/xmpp.h>

#include "output.h"

enum { ALL_VALID = 0, SOME_INVALID = 1, MISUSE = 2 };

struct wish {
    xmpp_ctx_t *ctx;
    xmpp_jid_mode_t mode;
    int ascii, fields;
    int link; /* NOTHING, or the form of URIs that is wished for */
};

enum { NOTHING = -1 };

static void help(void)
{
    fputs(
        "usage: xmpp-jid [options] [ADDRESS...]\n"
        "Brings addresses into normal form (RFC 7622), and parses XMPP "
        "URIs\nand IRIs (RFC 5122). Without arguments they are read from "
        "standard\ninput, one per line; each yields one line of output.\n\n"
        "  --lenient   as from the network: parts that are not valid but\n"
        "              harmless are kept\n"
        "  --ascii     the domain of an address as it stands in the DNS\n"
        "  --uri       what begins with xmpp: as a URI, in ASCII\n"
        "  --iri       the same as an IRI, in Unicode\n"
        "  --fields    for programs, fields with tabs between:\n"
        "              valid    the address, and its three parts\n"
        "              unprepared  the same\n"
        "              invalid  the part, the reason, the character as\n"
        "                       U+XXXX or nothing, nothing\n"
        "              uri      address, account, type, fragment, and then\n"
        "                       key and value of each parameter, in which\n"
        "                       tab, newline, CR and \\ are written as\n"
        "                       \\t \\n \\r \\\\, other controls as \\x1B or\n"
        "                       \\u{202E}\n"
        "              link     with --uri or --iri: the link\n"
        "              Read them with awk -F'\\t' or cut: a shell's read\n"
        "              takes several tabs for one.\n"
        "  -h, --help, -V, --version\n\n"
        "Exit codes: 0 all are valid, 1 some are not, 2 usage, no input or no\n"
        "output.\n",
        stdout);
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
        xmpp_text_error_format(error, text, sizeof(text));
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
        printf("%s\t", jid->unprepared ? "unprepared" : "valid");
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
    static const xmpp_text_error_t none = {"domainpart",
                                           "it has no form for the DNS", -1};
    size_t n, local_n, resource_n;
    const char *local = xmpp_jid_view(jid, XMPP_JID_LOCAL, &local_n);
    const char *resource = xmpp_jid_view(jid, XMPP_JID_RESOURCE, &resource_n);
    char *domain = xmpp_jid_domain_ascii(wish->ctx, jid);
    char text[2 * XMPP_JID_BUFFER_SIZE];
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

/* ---- URIs -------------------------------------------------------- */

static void put_field(const char *text)
{
    putchar('\t');
    show(stdout, SHOW_FIELD, text);
}

static const char *text_of(const xmpp_jid_t *jid)
{
    return jid ? jid->text : NULL;
}

static void put_uri_fields(const xmpp_uri_t *uri)
{
    printf("uri");
    put_field(text_of(uri->jid));
    put_field(text_of(uri->account));
    put_field(uri->type);
    put_field(uri->fragment);
    for (size_t i = 0; i < uri->param_count; i++) {
        put_field(uri->params[i].key);
        put_field(uri->params[i].value);
    }
    putchar('\n');
}

static void put_named(const char *before, const char *name, const char *text)
{
    if (!text)
        return;
    fputs(before, stdout);
    show(stdout, SHOW_QUOTED, name);
    fputs(" \"", stdout);
    show(stdout, SHOW_QUOTED, text);
    putchar('"');
}

static void put_uri(const xmpp_uri_t *uri)
{
    put_named("", "address", text_of(uri->jid));
    put_named(uri->jid ? ", " : "", "account", text_of(uri->account));
    put_named(", ", "query", uri->type);
    for (size_t i = 0; i < uri->param_count; i++)
        put_named(", ", uri->params[i].key, uri->params[i].value);
    put_named(", ", "fragment", uri->fragment);
    putchar('\n');
}

static int take_apart(const struct wish *wish, const char *text, size_t n)
{
    xmpp_text_error_t error = {"URI", "out of memory", -1};
    xmpp_uri_t *uri;
    char *link = NULL;
    int code = ALL_VALID;

    if (xmpp_uri_parse(wish->ctx, text, n, wish->mode, &uri, &error))
        return invalid(wish, &error);
    if (wish->link == NOTHING && wish->fields)
        put_uri_fields(uri);
    else if (wish->link == NOTHING)
        put_uri(uri);
    else if (xmpp_uri_format(wish->ctx, uri, (xmpp_uri_form_t)wish->link, &link,
                             &error))
        code = invalid(wish, &error);
    else
        printf("%s%s\n", wish->fields ? "link\t" : "", link);
    xmpp_free(wish->ctx, link);
    xmpp_free(wish->ctx, uri);
    return code;
}

/* ---- lines ------------------------------------------------------- */

static int normalise(const struct wish *wish, const char *text, size_t n)
{
    char room[XMPP_JID_BUFFER_SIZE];
    xmpp_text_error_t error = {"address", "out of memory", -1};
    const char *domain;
    size_t domain_n;
    xmpp_jid_t jid;

    if (n >= 5 && !strncasecmp(text, "xmpp:", 5))
        return take_apart(wish, text, n);
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
        if (n && line[n - 1] == '\r')
            n--;
        code |= normalise(wish, line, (size_t)n);
        if (fflush(stdout)) /* somebody may talk with us line by line */
            break;
    }
    free(line);
    if (ferror(stdin)) {
        fprintf(stderr, "xmpp-jid: standard input: %s\n", strerror(errno));
        code = MISUSE;
    }
    return code;
}

static int finish(int code)
{
    int lost = output_end();

    if (!lost)
        return code;
    fprintf(stderr, "xmpp-jid: standard output: %s\n", strerror(lost));
    return MISUSE;
}

static void misuse(void)
{
    fputs("Try: xmpp-jid --help\n", stderr); /* getopt_long() said why */
    exit(MISUSE);
}

/* Returns the first argument behind the options. */
static char **read_options(struct wish *wish, int argc, char **argv)
{
    static const struct option table[] = {
        {"lenient", 0, NULL, 'l'}, {"ascii", 0, NULL, 'a'},
        {"uri", 0, NULL, 'u'},     {"iri", 0, NULL, 'i'},
        {"fields", 0, NULL, 'f'},  {"help", 0, NULL, 'h'},
        {"version", 0, NULL, 'V'}, {NULL, 0, NULL, 0},
    };
    static char name[] = "xmpp-jid";
    int which;

    argv[0] = name; /* of its messages */
    while ((which = getopt_long(argc, argv, "hV", table, NULL)) != -1) {
        switch (which) {
        case 'l':
            wish->mode = XMPP_JID_LENIENT;
            break;
        case 'a':
            wish->ascii = 1;
            break;
        case 'u':
            wish->link = XMPP_URI_ASCII;
            break;
        case 'i':
            wish->link = XMPP_URI_UNICODE;
            break;
        case 'f':
            wish->fields = 1;
            break;
        case 'h':
            help();
            exit(finish(ALL_VALID));
        case 'V':
            printf("xmpp-jid (libxmpp %s)\n", xmpp_version());
            exit(finish(ALL_VALID));
        default:
            misuse();
        }
    }
    return argv + optind;
}

int main(int argc, char **argv)
{
    struct wish wish = {NULL, XMPP_JID_STRICT, 0, 0, NOTHING};
    int code = ALL_VALID;
    char **at;

    output_begin();
    at = read_options(&wish, argc, argv);
    wish.ctx = xmpp_ctx_new(NULL, NULL);
    if (!wish.ctx)
        return MISUSE;
    if (!*at)
        code = normalise_lines(&wish);
    for (; *at; at++)
        code |= normalise(&wish, *at, strlen(*at));
    xmpp_ctx_free(wish.ctx);
    return finish(code);
}
