/* xmpp-jid.c - normalise addresses and take XMPP URIs apart, one per line. */

#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <xmpp/xmpp.h>

enum { ALL_VALID = 0, SOME_INVALID = 1, MISUSE = 2 };

struct wish {
    xmpp_ctx_t *ctx;
    xmpp_jid_mode_t mode;
    int ascii, fields;
    int link; /* NOTHING, or the form of URIs that is wished for */
};

enum { NOTHING = -1 };

static void help(FILE *to)
{
    fputs("usage: xmpp-jid [options] [ADDRESS...]\n"
          "Brings addresses into normal form (RFC 7622), and takes XMPP URIs\n"
          "and IRIs (RFC 5122) apart. Without arguments they are read from\n"
          "standard input, one per line; a line comes out for each.\n\n"
          "  --lenient   as from the network: parts that are not valid but\n"
          "              harmless are kept\n"
          "  --ascii     the domain of an address as it stands in the DNS\n"
          "  --uri       what begins with xmpp: as a URI, in ASCII\n"
          "  --iri       the same as an IRI, in Unicode\n"
          "  --fields    for programs, fields with tabs between:\n"
          "              valid    the address, and its three parts\n"
          "              odd      the same\n"
          "              invalid  the part, the reason, the character as\n"
          "                       U+XXXX or nothing, nothing\n"
          "              uri      address, account, type, fragment, and then\n"
          "                       key and value of each parameter, in which\n"
          "                       tab, newline, CR and \\ are written as\n"
          "                       \\t \\n \\r \\\\\n"
          "              link     with --uri or --iri: the link\n"
          "              Read them with awk -F'\\t' or cut: a shell's read\n"
          "              takes several tabs for one.\n"
          "  --help, --version\n\n"
          "Exit codes: 0 all are valid, 1 some are not, 2 usage or no output.\n",
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

/* ---- URIs --------------------------------------------------------------- */

/* A field may hold anything; what would end it is written as in C. */
static void put_field(const char *text)
{
    static const char ends[] = "\t\n\r\\", names[] = "tnr\\";

    putchar('\t');
    for (; text && *text; text++) {
        const char *end = strchr(ends, *text);

        if (end)
            printf("\\%c", names[end - ends]);
        else
            putchar(*text);
    }
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

/* What could end the line, or look like another part of it, is escaped. */
static void put_shown(const char *text)
{
    for (; *text; text++) {
        if ((unsigned char)*text < 0x20 || *text == 0x7F) {
            printf("\\x%02X", (unsigned)(unsigned char)*text);
            continue;
        }
        if (*text == '"' || *text == '\\')
            putchar('\\');
        putchar(*text);
    }
}

static void put_named(const char *before, const char *name, const char *text)
{
    if (!text)
        return;
    fputs(before, stdout);
    put_shown(name);
    fputs(" \"", stdout);
    put_shown(text);
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

/* ---- lines -------------------------------------------------------------- */

static int normalise(const struct wish *wish, const char *text, size_t n)
{
    char room[XMPP_JID_ROOM];
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
        } else if (!strcmp(*at, "--uri")) {
            wish->link = XMPP_URI_ASCII;
        } else if (!strcmp(*at, "--iri")) {
            wish->link = XMPP_URI_UNICODE;
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
    struct wish wish = {xmpp_ctx_new(NULL, NULL), XMPP_JID_STRICT, 0, 0,
                        NOTHING};
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
    if (fflush(stdout) || ferror(stdout)) {
        perror("xmpp-jid");
        code = MISUSE;
    }
    return code;
}
