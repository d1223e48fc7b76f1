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
#include "record.h"

enum { ALL_VALID = 0, SOME_INVALID = 1, MISUSE = 2 };

struct wish {
    xmpp_ctx_t *ctx;
    xmpp_jid_mode_t mode;
    int ascii, fields, json;
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
        "      --lenient  as from the network: parts that are not valid but\n"
        "                 harmless are kept\n"
        "      --ascii    the domain of an address as it stands in the DNS\n"
        "      --uri      what begins with xmpp: as a URI, in ASCII\n"
        "      --iri      the same as an IRI, in Unicode\n"
        "      --json     print JSON, as the manual page describes it\n"
        "      --fields   for programs, fields with tabs between: valid or\n"
        "                 unprepared, the address and its three parts;\n"
        "                 invalid, part, reason, U+XXXX or nothing; uri,\n"
        "                 address, account, type, fragment, and then key and\n"
        "                 value of each parameter; link, the link\n"
        "  -h, --help     show this\n"
        "  -V, --version  show the version\n\n"
        "Exit codes: 0 all are valid, 1 some are not, 2 usage, no input or no\n"
        "output.\n",
        stdout);
}

/* ---- records ----------------------------------------------------- */

static void begin_record(struct record *record, const char *kind)
{
    record_begin(record, stdout);
    record_text(record, "kind", kind);
}

static void end_record(struct record *record)
{
    record_close(record, '}');
    putchar('\n');
}

static void print_invalid(const xmpp_text_error_t *error)
{
    char character[16];
    struct record record;

    snprintf(character, sizeof(character), "U+%04lX", error->character);
    begin_record(&record, "invalid");
    record_text(&record, "part", error->part);
    record_text(&record, "reason", error->reason);
    record_text(&record, "character", error->character < 0 ? NULL : character);
    end_record(&record);
}

static void put_member(struct record *record, const char *name,
                       const xmpp_jid_t *jid, xmpp_jid_part_t part)
{
    char text[XMPP_JID_BUFFER_SIZE];
    size_t n;
    const char *view = xmpp_jid_view(jid, part, &n);

    if (!view || n >= sizeof(text)) {
        record_text(record, name, NULL);
        return;
    }
    memcpy(text, view, n);
    text[n] = '\0';
    record_text(record, name, text);
}

static void print_address(const xmpp_jid_t *jid)
{
    struct record record;

    begin_record(&record, "address");
    put_member(&record, "address", jid, XMPP_JID_FULL);
    put_member(&record, "local", jid, XMPP_JID_LOCAL);
    put_member(&record, "domain", jid, XMPP_JID_DOMAIN);
    put_member(&record, "resource", jid, XMPP_JID_RESOURCE);
    record_bool(&record, "unprepared", jid->unprepared);
    end_record(&record);
}

static const char *text_of(const xmpp_jid_t *jid)
{
    return jid ? jid->text : NULL;
}

static void print_uri(const xmpp_uri_t *uri)
{
    struct record record;

    begin_record(&record, "uri");
    record_text(&record, "address", text_of(uri->jid));
    record_text(&record, "account", text_of(uri->account));
    record_text(&record, "type", uri->type);
    record_text(&record, "fragment", uri->fragment);
    record_open(&record, "parameters", '[');
    for (size_t i = 0; i < uri->param_count; i++) {
        record_open(&record, NULL, '{');
        record_text(&record, "key", uri->params[i].key);
        record_text(&record, "value", uri->params[i].value);
        record_close(&record, '}');
    }
    record_close(&record, ']');
    end_record(&record);
}

static void print_link(const char *link)
{
    struct record record;

    begin_record(&record, "link");
    record_text(&record, "link", link);
    end_record(&record);
}

/* ---- addresses --------------------------------------------------- */

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

    if (wish->json) {
        print_invalid(error);
    } else if (!wish->fields) {
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

    if (wish->json) {
        print_address(jid);
        return;
    }
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
    if (wish->link == NOTHING && wish->json)
        print_uri(uri);
    else if (wish->link == NOTHING && wish->fields)
        put_uri_fields(uri);
    else if (wish->link == NOTHING)
        put_uri(uri);
    else if (xmpp_uri_format(wish->ctx, uri, (xmpp_uri_form_t)wish->link, &link,
                             &error))
        code = invalid(wish, &error);
    else if (wish->json)
        print_link(link);
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
        {"fields", 0, NULL, 'f'},  {"json", 0, NULL, 'j'},
        {"help", 0, NULL, 'h'},    {"version", 0, NULL, 'V'},
        {NULL, 0, NULL, 0},
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
        case 'j':
            wish->json = 1;
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
    struct wish wish = {NULL, XMPP_JID_STRICT, 0, 0, 0, NOTHING};
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
