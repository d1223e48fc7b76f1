/* forms.c - fuzz target: a stranger's data form, a stranger's answer, a
 * stranger's pattern.
 *
 * The lines of the input: a pattern, what is in the form, what is in the
 * answer. Nothing of that may crash, or take long; a fault names a field of the
 * form; and a layout ends. */

#include <string.h>

#include <xmpp/conn.h>
#include <xmpp/ctx.h>
#include <xmpp/xep/form_check.h>
#include <xmpp/xep/form_layout.h>
#include <xmpp/xep/form_match.h>

#include "fuzz/fuzz.h"

const char fuzz_corpus[] = "forms";

#define INPUT_MOST 8192

/* The next line of *text, NUL-terminated. */
static char *take_line(char **text)
{
    char *line = *text, *end = strchr(line, '\n');

    *text = end ? end + 1 : line + strlen(line);
    if (end)
        *end = '\0';
    return line;
}

static xmpp_stanza_t *make_form(xmpp_ctx_t *ctx, const char *type,
                                const char *content)
{
    static char xml[INPUT_MOST + 100];

    snprintf(xml, sizeof(xml), "<x xmlns='jabber:x:data' type='%s'>%s</x>",
             type, content);
    return xmpp_stanza_new_from_string(ctx, xml);
}

static void check_answer(const xmpp_form_t *form, const xmpp_form_t *answer)
{
    xmpp_form_fault_t fault = xmpp_form_check(form, answer);

    MUST(fault.var != NULL);
    MUST(!fault.reason || !*fault.var || xmpp_form_get(form, fault.var));
}

static void check_layout(const xmpp_form_t *form)
{
    xmpp_form_part_t part = xmpp_form_first_part(form);

    for (int n = 0; part.type; n++) {
        MUST(n < INPUT_MOST && part.depth >= 0);
        part = xmpp_form_next_part(form, part);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char input[INPUT_MOST + 1];
    xmpp_ctx_t *ctx;
    xmpp_conn_t *conn;
    char *rest = input, *pattern;
    xmpp_stanza_t *form, *answer, *ours;

    if (size > INPUT_MOST)
        return 0;
    memcpy(input, data, size);
    input[size] = '\0';
    ctx = xmpp_ctx_new(NULL, NULL);
    conn = xmpp_conn_new(ctx);
    pattern = take_line(&rest);
    form = make_form(ctx, "form", take_line(&rest));
    answer = make_form(ctx, "submit", take_line(&rest));
    MUST(xmpp_form_match(pattern, pattern) <= 1);
    check_layout(xmpp_form_read(form));
    check_answer(xmpp_form_read(form), xmpp_form_read(answer));
    ours = xmpp_form_answer(conn, xmpp_form_read(form));
    MUST(xmpp_form_read(ours) != NULL);
    check_answer(xmpp_form_read(form), xmpp_form_read(ours));
    xmpp_stanza_release(ours);
    xmpp_stanza_release(answer);
    xmpp_stanza_release(form);
    xmpp_conn_release(conn);
    xmpp_ctx_free(ctx);
    return 0;
}
