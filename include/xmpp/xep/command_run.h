/* command_run.h - one stage of an ad-hoc command (XEP-0050), as the application
 * that offers it makes it (command_serve.h).
 */

#ifndef XMPP_XEP_COMMAND_RUN_H
#define XMPP_XEP_COMMAND_RUN_H

#include <xmpp/xep/command.h>

XMPP_BEGIN

/* Made by the library, and borrowed for the call. Members may be added at the
 * end. */
typedef struct _xmpp_command_run_t {
    const xmpp_jid_t *from;  /* who runs the command; NULL: our own account */
    const xmpp_jid_t *to;    /* which of our addresses; NULL: none was named */
    int action;              /* EXECUTE at first, then NEXT, COMPLETE or PREV */
    int stage;               /* which one to make, from 0; PREV goes back */
    const xmpp_form_t *form; /* the answer to the form of the stage before,
                              * which xmpp_form_check() has found correct; NULL
                              * at the first stage, and when going back */
    const char *lang;        /* the language that is wanted, or NULL */
    void *memory;            /* of this session, zeroed at its beginning */
    xmpp_stanza_t *request;  /* the <command/> that came */
    xmpp_stanza_t *answer;   /* the <command/> to be sent: add what you like */
    /* The library's: what the functions below have set. */
    int actions;
    xmpp_stanza_t *shown;
    const char *condition, *text;
    xmpp_stanza_t *iq; /* the request, to be kept for LATER */
} xmpp_command_run_t;

/* Make a stage. Returns
 *
 *   xmpp_command_put_form()   there is a form to fill in
 *   XMPP_COMMAND_COMPLETED    done; a result may be in run->answer
 *   XMPP_COMMAND_LATER        not yet: see below
 *   xmpp_command_refuse(), or a negative code, as for an iq (handler.h):
 *                             the requester gets an error, and may go on from
 *                             the stage before
 *
 * For LATER keep xmpp_stanza_clone(run->iq), and when it is time, call
 * xmpp_inbound_again() with it (module.h). The handler is then called once more
 * for this stage; at the first one, with new memory. The requester waits for a
 * minute or so, as for any request.
 *
 * It may do anything. If it removes its command, or if it ends or releases the
 * connection, the session ends when it returns, and not before: until then the
 * command and the userdata have to stay.
 */
#define XMPP_COMMAND_LATER 100
typedef int (*xmpp_command_handler)(xmpp_conn_t *conn, xmpp_command_run_t *run,
                                    void *userdata);

/* Show this form, which is taken. `actions` are those that its answer may have,
 * as bits; 0: there is one stage, and its answer completes the command. Going
 * back from the first stage is never allowed. Returns XMPP_COMMAND_EXECUTING,
 * or the status of the form if it failed. */
#define XMPP_COMMAND_MAY_PREV 1
#define XMPP_COMMAND_MAY_NEXT 2
#define XMPP_COMMAND_MAY_COMPLETE 4
XMPP_API int xmpp_command_put_form(xmpp_command_run_t *run, xmpp_stanza_t *form,
                                   int actions);

/* A text to be shown: an xmpp_command_note_type_t, and the text. 0; XMPP_EARG
 * for another type; the status of the answer. */
XMPP_API int xmpp_command_add_note(xmpp_command_run_t *run, int type,
                                   const char *text);

/* Refuse with bad-request and a condition of section 4.4, such as "bad-locale"
 * or "bad-payload", and a text (or NULL). Both are borrowed until the handler
 * returns. Returns XMPP_EARG. */
XMPP_API int xmpp_command_refuse(xmpp_command_run_t *run, const char *condition,
                                 const char *text);

/* What XMPP_COMMAND_EXECUTE means at a stage with these actions (section 3.4):
 * NEXT, or else COMPLETE; 0 if there is only going back. And is an action among
 * them? 1 or 0; cancelling always is. */
XMPP_API int xmpp_command_get_usual(int actions);
XMPP_API int xmpp_command_allows(int actions, int action);

/* ---- for modules ------------------------------------------------- */

/* The answer to a request, with a <command/> for this node and session; or an
 * error with a condition of section 4.4 and a text, each of which may be NULL.
 * Owned. NULL when out of memory. */
XMPP_API xmpp_stanza_t *xmpp_command_make_answer(xmpp_conn_t *conn,
                                                 xmpp_stanza_t *iq,
                                                 const char *node,
                                                 const char *id);
XMPP_API xmpp_stanza_t *xmpp_command_make_error(xmpp_conn_t *conn,
                                                xmpp_stanza_t *iq, int code,
                                                const char *condition,
                                                const char *text);

XMPP_END

#endif /* XMPP_XEP_COMMAND_RUN_H */
