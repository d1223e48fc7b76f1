/* command_run.c - one stage of an ad-hoc command (XEP-0050), for the
 * application that makes it. */

#include <xmpp/ns.h>
#include <xmpp/xep/command_run.h>

/* ---- actions ----------------------------------------------------- */

int xmpp_command_get_usual(int actions)
{
    if (actions & XMPP_COMMAND_MAY_NEXT)
        return XMPP_COMMAND_NEXT;
    return actions == XMPP_COMMAND_MAY_PREV ? 0 : XMPP_COMMAND_COMPLETE;
}

int xmpp_command_allows(int actions, int action)
{
    switch (action) {
    case XMPP_COMMAND_CANCEL:
        return 1;
    case XMPP_COMMAND_NEXT:
        return (actions & XMPP_COMMAND_MAY_NEXT) != 0;
    case XMPP_COMMAND_PREV:
        return (actions & XMPP_COMMAND_MAY_PREV) != 0;
    case XMPP_COMMAND_COMPLETE:
        return !actions || (actions & XMPP_COMMAND_MAY_COMPLETE);
    default:
        return 0;
    }
}

static void add_actions(xmpp_stanza_t *command, int actions)
{
    int usual = xmpp_command_get_usual(actions);
    xmpp_stanza_t *element;

    if (!actions)
        return;
    element = xmpp_stanza_add_tag(command, "actions", NULL);
    if (usual)
        xmpp_stanza_put(element, "execute",
                        usual == XMPP_COMMAND_NEXT ? "next" : "complete");
    if (actions & XMPP_COMMAND_MAY_PREV)
        xmpp_stanza_add_tag(element, "prev", NULL);
    if (actions & XMPP_COMMAND_MAY_NEXT)
        xmpp_stanza_add_tag(element, "next", NULL);
    if (actions & XMPP_COMMAND_MAY_COMPLETE)
        xmpp_stanza_add_tag(element, "complete", NULL);
}

int xmpp_command_put_form(xmpp_command_run_t *run, xmpp_stanza_t *form,
                          int actions)
{
    int status = run ? xmpp_stanza_get_status(form) : XMPP_EINVOP;

    if (run && run->stage == 0)
        actions &= ~XMPP_COMMAND_MAY_PREV;
    if (status == 0) {
        run->actions = actions;
        run->shown = form;
        add_actions(run->answer, actions);
        xmpp_stanza_add_child(run->answer, form);
    }
    if (form)
        xmpp_stanza_release(form);
    return status == 0 ? XMPP_COMMAND_EXECUTING : status;
}

int xmpp_command_add_note(xmpp_command_run_t *run, int type, const char *text)
{
    static const char *const types[] = {"info", "error", "info", "warn"};
    xmpp_stanza_t *note;

    if (!run)
        return XMPP_EINVOP;
    if (type < 0 || type > XMPP_NOTE_WARN)
        return XMPP_EARG;
    note = xmpp_stanza_add_text_tag(run->answer, "note", NULL, text);
    xmpp_stanza_put(note, "type", types[type]);
    return xmpp_stanza_get_status(run->answer);
}

int xmpp_command_refuse(xmpp_command_run_t *run, const char *condition,
                        const char *text)
{
    if (!run)
        return XMPP_EINVOP;
    run->condition = condition;
    run->text = text;
    return XMPP_EARG;
}

/* ---- answers ----------------------------------------------------- */

xmpp_stanza_t *xmpp_command_make_answer(xmpp_conn_t *conn, xmpp_stanza_t *iq,
                                        const char *node, const char *id)
{
    xmpp_stanza_t *answer = xmpp_iq_result(conn, iq);
    xmpp_stanza_t *command =
        xmpp_stanza_add_tag(answer, "command", XMPP_NS_COMMANDS);

    xmpp_stanza_put(command, "node", node);
    xmpp_stanza_put(command, "sessionid", id);
    return answer;
}

/* The conditions of section 4.4 come last in an error (RFC 6120 8.3.2). */
xmpp_stanza_t *xmpp_command_make_error(xmpp_conn_t *conn, xmpp_stanza_t *iq,
                                       int code, const char *condition,
                                       const char *text)
{
    xmpp_stanza_t *answer = xmpp_iq_error(conn, iq, code, NULL, NULL);
    xmpp_stanza_t *error = xmpp_stanza_get_child_by_name(answer, "error");

    xmpp_stanza_add_text_tag(error, "text", XMPP_NS_STANZAS_IETF, text);
    if (condition)
        xmpp_stanza_add_tag(error, condition, XMPP_NS_COMMANDS);
    return answer;
}
