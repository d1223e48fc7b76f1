/* script.c - a talk as a file: what it is about, its settings, its lines.
 *
 * `#` begins a comment, the first one is the title. Settings:
 *   kind client|component|raw      tls required|optional|never
 *   direct | external | unverified | anonymous | no-sm
 *   user, password, resource, lang, mechanisms, domain TEXT
 *   option NAME VALUE              use PART (parts/PART.part, if there is one)
 *   tls-version 1.2|1.3|unknown    binding TYPE DATA (or nothing: it has none)
 *   agent, software, device, tag TEXT | fast LINE | keeps-tokens | drops-token
 *   offer XML (of an earlier stream)
 *   avoid N (paths of stream/terms.h, as bits)
 *   compress | ask | legacy | oauth TEXT | keys LINE | min-strength LINE
 * Every other line belongs to the talk; play.c knows them. In its text \n, \\
 * and \xHH are escapes, and @name is a macro of the table below. */

#include "talk/script.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "conn/settings.h"
#include "tap.h"

static const struct {
    const char *name, *text;
} macros[] = {
    {"@header", "<?xml version='1.0'?><stream:stream xmlns='jabber:client' "
                "xmlns:stream='http://etherx.jabber.org/streams' id='s1' "
                "from='example.org' version='1.0'>"},
    {"@tls-features",
     "<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'>"
     "<required/></starttls></stream:features>"},
    {"@proceed", "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"},
    {"@starttls", "<starttls xmlns=\"urn:ietf:params:xml:ns:xmpp-tls\"/>"},
    {"@sasl(", "<stream:features><mechanisms "
               "xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>"},
    {"@,", "</mechanism><mechanism>"},
    {"@features(", "<stream:features>"},
    {"@features)", "</stream:features>"},
    {"@mech(", "<mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>"
               "<mechanism>"},
    {"@mech)", "</mechanism></mechanisms>"},
    {"@types(", "<sasl-channel-binding xmlns='urn:xmpp:sasl-cb:0'>"
                "<channel-binding type='"},
    {"@;", "'/><channel-binding type='"},
    {"@types)", "'/></sasl-channel-binding>"},
    {"@)", "</mechanism></mechanisms></stream:features>"},
    {"@success", "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>"},
    {"@nssasl", "urn:ietf:params:xml:ns:xmpp-sasl"},
    {"@nsbind", "urn:ietf:params:xml:ns:xmpp-bind"},
    {"@nserrors", "urn:ietf:params:xml:ns:xmpp-streams"},
    {"@bind-features",
     "<stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>"
     "</stream:features>"},
    {"@sm-features",
     "<stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>"
     "<sm xmlns='urn:xmpp:sm:3'/></stream:features>"},
    {"@zlib-features",
     "<stream:features><compression xmlns='http://jabber.org/features/compress'"
     "><method>lzw</method><method>zlib</method></compression>"
     "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></stream:features>"},
    {"@compress", "<compress xmlns=\"http://jabber.org/protocol/compress\">"
                  "<method>zlib</method></compress>"},
    {"@nszlib", "http://jabber.org/protocol/compress"},
    {"@enable", "<enable xmlns=\"urn:xmpp:sm:3\" resume=\"true\"/>"},
    {"@sm", " xmlns=\"urn:xmpp:sm:3\""},
    {"@ask-bind", "<iq type=\"set\" id=\"bind\"><bind "
                  "xmlns=\"urn:ietf:params:xml:ns:xmpp-bind\"/></iq>"},
    {"@bound(", "<iq type='result' id='bind'><bind "
                "xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>"},
    {"@bound)", "</jid></bind></iq>"},
    {"@end", "</stream:stream>"},
    {"@sasl2(", "<stream:features><authentication xmlns='urn:xmpp:sasl:2'>"
                "<mechanism>"},
    {"@auth2(", "<authentication xmlns='urn:xmpp:sasl:2'><mechanism>"},
    {"@auth2)", "</mechanism></authentication>"},
    {"@sasl2)", "</mechanism></authentication></stream:features>"},
    {"@inline(", "</mechanism><inline>"},
    {"@inline)", "</inline></authentication></stream:features>"},
    {"@bind2-sm", "<bind xmlns='urn:xmpp:bind:0'><inline>"
                  "<feature var='urn:xmpp:carbons:2'/>"
                  "<feature var='urn:xmpp:sm:3'/></inline></bind>"},
    {"@bind2", "<bind xmlns='urn:xmpp:bind:0'><inline/></bind>"},
    {"@may-resume", "<sm xmlns='urn:xmpp:sm:3'/>"},
    {"@fast(", "<fast xmlns='urn:xmpp:fast:0'><mechanism>"},
    {"@fast)", "</mechanism></fast>"},
    {"@id(", "<authorization-identifier>"},
    {"@id)", "</authorization-identifier>"},
    {"@full", "<authorization-identifier>romeo@example.org/r"
              "</authorization-identifier>"},
    {"@bare", "<authorization-identifier>romeo@example.org"
              "</authorization-identifier>"},
    {"@is-bound", "<bound xmlns='urn:xmpp:bind:0'/>"},
    {"@wish-bind2", "<bind xmlns=\"urn:xmpp:bind:0\"/>"},
    {"@agent", "<user-agent id=\"d4565fa7-4d72-4749-b3d3-740edbf87770\"/>"},
    {"@failure2(", "<failure xmlns='urn:xmpp:sasl:2'><"},
    {"@failure2)", " xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/></failure>"},
    {"@nsfast", "urn:xmpp:fast:0"},
    {"@version(", "<config-version xmlns='urn:xmpp:iap:0' value='"},
    {"@version)", "'/>"},
    {"@say-version(", "<config-version xmlns=\"urn:xmpp:iap:0\" value=\""},
    {"@say-version)", "\"/>"},
    {"@offer(", "<offer xmlns='urn:xmpp:iap:0'><authentication "
                "xmlns='urn:xmpp:sasl:2'><mechanism>"},
    {"@offer)", "</mechanism></authentication>"
                "<config-version xmlns='urn:xmpp:iap:0' value='v1'/></offer>"},
    {"@mismatch",
     "<failure xmlns='urn:xmpp:sasl:2'><aborted "
     "xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>"
     "<config-version-mismatch xmlns='urn:xmpp:iap:0'/></failure>"},
    {"@upgrade(", "<upgrade xmlns='urn:xmpp:sasl:upgrade:0'>UPGR-"},
    {"@wish-upgrade(", "<upgrade xmlns=\"urn:xmpp:sasl:upgrade:0\">UPGR-"},
    {"@upgrade)", "</upgrade>"},
    {"@task(", "<tasks><task>"},
    {"@task)", "</task></tasks>"},
    {"@salt", "<task-data xmlns='urn:xmpp:sasl:2'><salt "
              "xmlns='urn:xmpp:scram-upgrade:0' iterations="},
    {"@hash(", "<task-data xmlns=\"urn:xmpp:sasl:2\"><hash "
               "xmlns=\"urn:xmpp:scram-upgrade:0\">"},
    {"@hash)", "</hash></task-data>"},
    {"@ns2", "urn:xmpp:sasl:2"},
    {"@open-safe",
     "<?xml version=\"1.0\"?><stream:stream xmlns=\"jabber:client\" "
     "xmlns:stream=\"http://etherx.jabber.org/streams\" to=\"example.org\" "
     "from=\"romeo@example.org\" version=\"1.0\">"},
    {"@open", "<?xml version=\"1.0\"?><stream:stream xmlns=\"jabber:client\" "
              "xmlns:stream=\"http://etherx.jabber.org/streams\" "
              "to=\"example.org\" version=\"1.0\">"},
};

static void stop(const struct script *s, int number, const char *why)
{
    char message[512];

    snprintf(message, sizeof(message), "%s:%d: %s", s->name, number, why);
    bail(message);
}

/* ---- text -------------------------------------------------------- */

static size_t put_macro(const char **from, char *to)
{
    for (size_t i = 0; i < sizeof(macros) / sizeof(macros[0]); i++) {
        size_t n = strlen(macros[i].name);

        if (strncmp(*from, macros[i].name, n) == 0) {
            *from += n;
            memcpy(to, macros[i].text, strlen(macros[i].text));
            return strlen(macros[i].text);
        }
    }
    *to = *(*from)++;
    return 1;
}

static size_t put_escape(const char **from, char *to)
{
    char hex[3] = {0};

    switch ((*from)[1]) {
    case 'n':
        *to = '\n';
        break;
    case 'x':
        memcpy(hex, *from + 2, 2);
        *to = (char)strtol(hex, NULL, 16);
        *from += 2;
        break;
    default:
        *to = (*from)[1];
    }
    *from += 2;
    return 1;
}

/* The caller's buffer has room for everything: macros are below 400 bytes. */
static size_t expand(const char *from, char *to)
{
    size_t n = 0;

    while (*from) {
        if (*from == '\\')
            n += put_escape(&from, to + n);
        else if (*from == '@')
            n += put_macro(&from, to + n);
        else
            to[n++] = *from++;
    }
    to[n] = '\0';
    return n;
}

/* ---- settings ---------------------------------------------------- */

static char *keep(struct script *s, const char *text)
{
    if (s->kept_n == sizeof(s->kept) / sizeof(s->kept[0]))
        bail("too many settings");
    s->kept[s->kept_n] = strdup(text);
    return s->kept[s->kept_n++];
}

static void set_option(struct script *s, const char *text, int number)
{
    char name[64];
    long value;

    if (sscanf(text, "%63s %ld", name, &value) != 2)
        stop(s, number, "option NAME VALUE");
    for (int i = 0; i < XMPP_OPT_COUNT_; i++)
        if (strcmp(xmpp_option_name((xmpp_option_t)i), name) == 0) {
            s->options[i] = (int32_t)value;
            return;
        }
    stop(s, number, "no such option");
}

static bool set_text(struct script *s, const char *word, const char *text)
{
    struct wanted *w = &s->wanted;
    const struct {
        const char *word;
        struct str *member;
    } views[] = {
        {"user", &w->local},
        {"resource", &w->resource},
        {"domain", &w->domain},
    };
    const struct {
        const char *word;
        char **member;
    } rows[] = {
        {"password", &w->secrets.pass},
        {"oauth", &w->secrets.oauth_token},
        {"agent", &w->identity.agent_id},
        {"software", &w->identity.software},
        {"device", &w->identity.device},
        {"tag", &w->identity.tag},
        {"lang", &w->identity.lang},
        {"mechanisms", &w->identity.mechanisms},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (strcmp(rows[i].word, word) == 0) {
            *rows[i].member = keep(s, text);
            return true;
        }
    for (size_t i = 0; i < sizeof(views) / sizeof(views[0]); i++)
        if (strcmp(views[i].word, word) == 0) {
            *views[i].member = str_of(keep(s, text));
            return true;
        }
    return false;
}

static int choice(struct script *s, const char *text, const char *const *names,
                  int number)
{
    for (int i = 0; names[i]; i++)
        if (strcmp(names[i], text) == 0)
            return i;
    stop(s, number, "no such choice");
    return 0;
}

static void set_binding(struct script *s, const char *text, int number)
{
    size_t n = strcspn(text, " ");
    enum binding b = binding_find(str_n(text, n));

    text += n + (text[n] == ' ');
    n = strlen(text);
    if (!b || n > BINDING_MOST)
        stop(s, number, "no such type");
    s->channel.bindings[b].n = n;
    memcpy(s->channel.bindings[b].data, text, n);
}

static void set_offer(struct script *s, const char *text)
{
    static char out[8192];

    expand(text, out);
    s->wanted.offer = keep(s, out);
}

/* What a login may be based on, besides plain texts. */
static bool set_login(struct script *s, const char *word, const char *text,
                      int n)
{
    static const char *const versions[] = {"unknown", "1.2", "1.3", NULL};
    static const unsigned numbers[] = {0, TLS_1_2, TLS_1_3};

    if (strcmp(word, "tls-version") == 0)
        s->channel.version = numbers[choice(s, text, versions, n)];
    else if (strcmp(word, "binding") == 0) {
        set_binding(s, text, n);
        s->has_own_binding = true;
    } else if (strcmp(word, "ask") == 0)
        s->wanted.can_get_password = true;
    else if (strcmp(word, "compress") == 0)
        s->wanted.zlib = true;
    else if (strcmp(word, "offer") == 0)
        set_offer(s, text);
    else if (strcmp(word, "keeps-tokens") == 0)
        s->wanted.keeps_tokens = true;
    else if (strcmp(word, "drops-token") == 0)
        s->wanted.drops_token = true;
    else if (strcmp(word, "fast") == 0) {
        struct str owner;

        if (!fast_token_read(&s->fast, str_of(text), &owner))
            stop(s, n, "no token");
        s->wanted.fast_token = &s->fast;
    } else if (strcmp(word, "legacy") == 0)
        s->wanted.legacy = true;
    else if (strcmp(word, "keys") == 0) {
        if (!keys_read(&s->keys, str_of(text)))
            stop(s, n, "no keys");
        s->wanted.keys = &s->keys;
    } else if (strcmp(word, "min-strength") == 0) {
        if (!strength_read(&s->wanted.min_strength, str_of(text)))
            stop(s, n, "not a strength");
    } else
        return false;
    return true;
}

/* Is the line a setting? Then it is set. */
static bool set(struct script *s, const char *word, const char *text, int n)
{
    static const char *const kinds[] = {"client", "component", "raw", NULL};
    static const char *const tls[] = {"required", "optional", "never", NULL};

    if (strcmp(word, "kind") == 0)
        s->wanted.kind = (enum stream_kind)choice(s, text, kinds, n);
    else if (strcmp(word, "tls") == 0 && *text)
        s->wanted.tls = (enum tls_policy)choice(s, text, tls, n);
    else if (strcmp(word, "option") == 0)
        set_option(s, text, n);
    else if (strcmp(word, "direct") == 0)
        s->direct = true;
    else if (strcmp(word, "external") == 0)
        s->wanted.external = true;
    else if (strcmp(word, "unverified") == 0)
        s->wanted.tls_verified = false;
    else if (strcmp(word, "anonymous") == 0)
        s->wanted.local = STR_NONE;
    else if (strcmp(word, "no-sm") == 0)
        s->wanted.no_sm = true;
    else if (strcmp(word, "avoid") == 0)
        s->wanted.avoid = (unsigned)strtoul(text, NULL, 10);
    else if (strcmp(word, "no-password") == 0)
        s->wanted.secrets.pass = NULL;
    else
        return set_login(s, word, text, n) || set_text(s, word, text);
    return true;
}

/* ---- files ------------------------------------------------------- */

static void read_file(struct script *s, const char *folder, const char *name);

static void read_line(struct script *s, const char *folder, char *text,
                      int number)
{
    struct line *line = &s->lines[s->count];
    char *rest = text + strcspn(text, " ");
    size_t n = (size_t)(rest - text);

    if (n == 0 || n >= sizeof(line->word) || s->count == LINES_MOST)
        stop(s, number, "cannot be read");
    memcpy(line->word, text, n);
    line->word[n] = '\0';
    rest += *rest == ' ';
    if (strcmp(line->word, "use") == 0) {
        char path[1024];

        snprintf(path, sizeof(path), "%s/parts/%.50s.part", folder, rest);
        if (access(path, R_OK) == 0) {
            read_file(s, folder, path + strlen(folder) + 1);
            return;
        }
    }
    if (set(s, line->word, rest, number))
        return;
    line->text = malloc(strlen(rest) + 2000);
    line->n = expand(rest, line->text);
    line->number = number;
    s->count++;
}

static void read_file(struct script *s, const char *folder, const char *name)
{
    char path[1024], text[32768];
    int number = 0;
    FILE *f;

    snprintf(path, sizeof(path), "%s/%s", folder, name);
    f = fopen(path, "r");
    if (!f)
        stop(s, 0, path);
    while (fgets(text, sizeof(text), f)) {
        number++;
        text[strcspn(text, "\n")] = '\0';
        if (text[0] == '#' && !s->title[0])
            snprintf(s->title, sizeof(s->title), "%.200s", text + 2);
        if (text[0] != '#' && text[0] != '\0')
            read_line(s, folder, text, number);
    }
    fclose(f);
}

void script_read(struct script *s, const char *folder, const char *name)
{
    static char password[] = "secret";

    memset(s, 0, sizeof(*s));
    snprintf(s->name, sizeof(s->name), "%s", name);
    settings_init_options(s->options);
    s->wanted = (struct wanted){
        .kind = STREAM_CLIENT,
        .tls = TLS_REQUIRED,
        .tls_verified = true,
        .domain = STR("example.org"),
        .local = STR("romeo"),
        .secrets.pass = password,
        .options = s->options,
    };
    s->channel.version = TLS_1_3;
    set_binding(s, "tls-exporter 0123456789abcdef0123456789abcdef", 0);
    set_binding(s, "tls-server-end-point hash-of-the-certificate", 0);
    read_file(s, folder, name);
}

void script_free(struct script *s)
{
    for (size_t i = 0; i < s->count; i++)
        free(s->lines[i].text);
    for (size_t i = 0; i < s->kept_n; i++)
        free(s->kept[i]);
}
