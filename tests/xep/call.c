/* call.c - the public functions of extensions by their names.
 *
 * Arguments: "text" or 'text'; - for NULL; a number, or the name of one
 * (XMPP_JID_BARE), or a time (2026-11-29T12:00:00Z); an address is a text, and
 * so is a room, which is found by it; the
 * XML of a struct or a stanza; the name of a payload; `that` for what the last
 * call returned. */

#include "xep/call.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WORD_MOST 8192
#define HANDLES_MOST 50

__attribute__((format(printf, 2, 3))) static void refuse(struct call *call,
                                                         const char *fmt, ...)
{
    va_list ap;

    if (call->wrong[0])
        return;
    va_start(ap, fmt);
    vsnprintf(call->wrong, sizeof(call->wrong), fmt, ap);
    va_end(ap);
}

/* ---- words ------------------------------------------------------- */

/* Where an element ends that begins at `at`; NULL if it does not. */
static const char *element_end(const char *at)
{
    const char *end;
    int depth = 0;

    do {
        at = strchr(at, '<');
        end = at ? strchr(at, '>') : NULL;
        if (!end)
            return NULL;
        depth += at[1] == '/' ? -1 : end[-1] == '/' ? 0 : 1;
        at = end + 1;
    } while (depth);
    return at;
}

static const char *word_end(const char *at)
{
    if (*at == '<')
        return element_end(at);
    if (*at != '"' && *at != '\'')
        return at + strcspn(at, " ");
    at = strchr(at + 1, *at);
    return at ? at + 1 : NULL;
}

/* The next word of *at goes to `word`; false if there is none. */
static int next_word(struct call *call, const char **at, char *word)
{
    const char *end;
    size_t n;

    *at += strspn(*at, " ");
    if (!**at)
        return 0;
    end = word_end(*at);
    n = end ? (size_t)(end - *at) : WORD_MOST;
    if (n >= WORD_MOST) {
        refuse(call, "this is not a whole argument: %.100s", *at);
        return 0;
    }
    memcpy(word, *at, n);
    word[n] = '\0';
    *at = end;
    return 1;
}

/* ---- arguments --------------------------------------------------- */

static void keep(struct call *call, struct call_arg *arg, void *owned,
                 const char *word)
{
    arg->pointer = arg->owned = owned;
    if (!owned)
        refuse(call, "this is not such an argument: %.100s", word);
}

static void read_text(struct call *call, struct call_arg *arg, const char *word)
{
    xmpp_ctx_t *ctx = call->ctx;
    size_t n = strlen(word);
    char *text;

    if (n < 2 || (word[0] != '"' && word[0] != '\'')) {
        refuse(call, "this is not a text: %.100s", word);
        return;
    }
    text = xmpp_zalloc(ctx, n - 1);
    if (text)
        memcpy(text, word + 1, n - 2);
    keep(call, arg, text, word);
}

static void read_jid(struct call *call, struct call_arg *arg, const char *word)
{
    xmpp_ctx_t *ctx = call->ctx;
    struct call_arg text = {0};

    read_text(call, &text, word);
    if (text.pointer)
        keep(call, arg, xmpp_jid_from_string(ctx, text.pointer, NULL), word);
    xmpp_free(ctx, text.owned);
}

static void read_handle(struct call *call, struct call_arg *arg,
                        const char *word)
{
    struct call_arg jid = {0};

    read_jid(call, &jid, word);
    if (jid.pointer)
        arg->pointer = call_find_handle(call->conn, jid.pointer);
    xmpp_free(call->ctx, jid.owned);
}

static void read_number(struct call *call, struct call_arg *arg,
                        const char *word)
{
    xmpp_time_t time;
    char *end;

    arg->number = strtol(word, &end, 10);
    if (!*end)
        return;
    if (xmpp_time_parse(word, &time) == 0) {
        arg->number = (long)time;
        return;
    }
    for (size_t i = 0; call_numbers[i].name; i++)
        if (strcmp(call_numbers[i].name, word) == 0) {
            arg->number = call_numbers[i].number;
            return;
        }
    refuse(call, "this is not a number: %.100s", word);
}

static void read_struct(struct call *call, struct call_arg *arg,
                        const xmpp_payload_t *payload, const char *word)
{
    xmpp_ctx_t *ctx = call->ctx;

    if (!payload)
        refuse(call, "no payload describes this: %.100s", word);
    else
        keep(call, arg,
             xmpp_payload_from_text(ctx, payload, word, strlen(word)), word);
}

static void read_payload(struct call *call, struct call_arg *arg,
                         const char *word)
{
    arg->pointer = call_find_payload(word);
    if (!arg->pointer)
        refuse(call, "there is no payload %.100s", word);
}

/* A stanza is the callee's from the call on. */
static void read_stanza(struct call *call, struct call_arg *arg,
                        const char *word)
{
    arg->pointer = xmpp_stanza_new_from_string(call->ctx, word);
    if (!arg->pointer)
        refuse(call, "this is not a stanza: %.100s", word);
}

static void read_arg(struct call *call, const char *word, const void *last)
{
    size_t i = call->count++;
    struct call_arg *arg = &call->args[i];

    if (strcmp(word, "-") == 0)
        return;
    if (strcmp(word, "that") == 0)
        arg->pointer = last;
    else if (call->row->kinds[i] == CALL_TEXT)
        read_text(call, arg, word);
    else if (call->row->kinds[i] == CALL_JID)
        read_jid(call, arg, word);
    else if (call->row->kinds[i] == CALL_HANDLE)
        read_handle(call, arg, word);
    else if (call->row->kinds[i] == CALL_NUMBER)
        read_number(call, arg, word);
    else if (call->row->kinds[i] == CALL_STANZA)
        read_stanza(call, arg, word);
    else if (call->row->kinds[i] == CALL_PAYLOAD)
        read_payload(call, arg, word);
    else if (call->row->kinds[i] == CALL_VALUE)
        read_struct(call, arg, call->args[i - 1].pointer, word);
    else
        read_struct(call, arg, call->row->payloads[i], word);
}

/* ---- calling ----------------------------------------------------- */

/* "disco.get_info" is xmpp_disco_get_info(). */
static const struct call_row *find_row(const char *word)
{
    char name[100];
    char *dot;

    snprintf(name, sizeof(name), "%.99s", word);
    dot = strchr(name, '.');
    if (dot)
        *dot = '_';
    for (size_t i = 0; call_rows[i].name; i++)
        if (strcmp(call_rows[i].name, name) == 0)
            return &call_rows[i];
    return NULL;
}

void call_read(struct call *call, xmpp_conn_t *conn, const char *text,
               const void *last)
{
    static char word[WORD_MOST];

    memset(call, 0, sizeof(*call));
    call->conn = conn;
    call->ctx = xmpp_conn_get_context(conn);
    if (next_word(call, &text, word))
        call->row = find_row(word);
    if (!call->row) {
        refuse(call, "there is no function %.100s", word);
        return;
    }
    while (call->count < strlen(call->row->kinds) &&
           next_word(call, &text, word))
        read_arg(call, word, last);
    if (call->count < strlen(call->row->kinds) || text[strspn(text, " ")])
        refuse(call, "it takes %zu arguments", strlen(call->row->kinds));
}

/* Those that are ours to release. */
static void *handles[HANDLES_MOST];
static size_t handle_count;

static int name_ends(const char *name, const char *end)
{
    size_t n = strlen(name), m = strlen(end);

    return n > m && strcmp(name + n - m, end) == 0;
}

/* One that is not ours is not released: NULL is passed instead. */
static void give_handle_back(struct call_arg *arg)
{
    for (size_t i = handle_count; i-- > 0;)
        if (handles[i] == arg->pointer) {
            handles[i] = handles[--handle_count];
            return;
        }
    arg->pointer = NULL;
}

void call_run(struct call *call)
{
    if (call->row->kinds[0] == CALL_HANDLE &&
        name_ends(call->row->name, "_release"))
        give_handle_back(&call->args[0]);
    call->row->run(call);
    if (call->row->returns != CALL_HANDLE || !call->pointer ||
        !name_ends(call->row->name, "_new"))
        return;
    if (handle_count == HANDLES_MOST)
        call_release_handle(handles[--handle_count]);
    handles[handle_count++] = (void *)(size_t)call->pointer;
}

void call_release_handles(void)
{
    while (handle_count)
        call_release_handle(handles[--handle_count]);
}

void call_free(struct call *call)
{
    for (size_t i = 0; i < call->count; i++)
        xmpp_free(call->ctx, call->args[i].owned);
}

static void print_jid(const xmpp_jid_t *jid, char *out, size_t n)
{
    size_t size;
    const char *text = xmpp_jid_view(jid, XMPP_JID_FULL, &size);

    snprintf(out, n, "-");
    if (text)
        snprintf(out, n, "\"%.*s\"", (int)size, text);
}

void call_print(const struct call *call, char *out, size_t n)
{
    switch (call->row->returns) {
    case CALL_CODE:
        if (call->number < 0)
            snprintf(out, n, "%s", xmpp_strerror_name((int)call->number));
        else
            snprintf(out, n, "%ld", call->number);
        break;
    case CALL_NUMBER:
        snprintf(out, n, "%ld", call->number);
        break;
    case CALL_TEXT:
        snprintf(out, n, "-");
        if (call->pointer)
            snprintf(out, n, "\"%s\"", (const char *)call->pointer);
        break;
    case CALL_HANDLE:
        snprintf(out, n, "%s", call->pointer ? "handle" : "-");
        break;
    case CALL_JID:
        print_jid(call->pointer, out, n);
        break;
    case CALL_STRUCT:
        snprintf(out, n, "-");
        if (call->pointer)
            xmpp_payload_print(call->row->returned, call->pointer, out, n);
        break;
    default:
        snprintf(out, n, "nothing");
    }
}

bool call_has_function(const char *name)
{
    char copy[WORD_MOST];

    snprintf(copy, sizeof(copy), "%s", name);
    return find_row(copy) != NULL;
}

const xmpp_module_t *call_find_module(const char *name)
{
    for (size_t i = 0; call_modules[i]; i++)
        if (strcmp(call_modules[i]->name, name) == 0)
            return call_modules[i];
    return NULL;
}

const xmpp_payload_t *call_find_payload(const char *name)
{
    for (size_t i = 0; call_payloads[i].name; i++)
        if (strcmp(call_payloads[i].name, name) == 0)
            return call_payloads[i].payload;
    return NULL;
}
