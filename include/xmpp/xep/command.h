/* command.h - running the ad-hoc commands of others (XEP-0050). command_serve.h
 * offers one's own.
 *
 * A command is done in stages. Each shows a form to be filled in, until the
 * last one has a result:
 *
 *     session = xmpp_command_session_new(conn, "lamp@example.org/1", "switch");
 *     xmpp_command_send(session, XMPP_COMMAND_EXECUTE, NULL, on_stage, me);
 *
 *     ... in on_stage ...
 *     stage = result->value;
 *     answer = xmpp_form_answer(conn, stage->form);
 *     xmpp_form_set_bool(answer, "on", 1);
 *     xmpp_command_send(session, XMPP_COMMAND_COMPLETE, answer, on_done, me);
 */

#ifndef XMPP_XEP_COMMAND_H
#define XMPP_XEP_COMMAND_H

#include <xmpp/result.h>
#include <xmpp/use.h>
#include <xmpp/xep/disco_query.h>
#include <xmpp/xep/form.h>

XMPP_BEGIN

/* ---- a stage ----------------------------------------------------- */

/* What the requester wants (XEP-0050 section 4.1). */
typedef enum {
    XMPP_COMMAND_CANCEL = 1,
    XMPP_COMMAND_COMPLETE,
    XMPP_COMMAND_EXECUTE, /* begin; later: the default action of the stage */
    XMPP_COMMAND_NEXT,
    XMPP_COMMAND_PREV
} xmpp_command_action_t;

/* What became of the command. Whether it has done what it should is in the
 * notes. */
typedef enum {
    XMPP_COMMAND_CANCELED = 1,
    XMPP_COMMAND_COMPLETED,
    XMPP_COMMAND_EXECUTING
} xmpp_command_status_t;

typedef enum {
    XMPP_NOTE_ERROR = 1,
    XMPP_NOTE_INFO,
    XMPP_NOTE_WARN
} xmpp_command_note_type_t;

typedef struct _xmpp_command_note_t {
    size_t size;
    int type; /* xmpp_command_note_type_t; 0 counts as XMPP_NOTE_INFO */
    const char *text;
} xmpp_command_note_t;

/* Which actions a stage allows; cancelling always is. */
typedef struct _xmpp_command_actions_t {
    size_t size;
    int execute; /* the default, xmpp_command_action_t; 0: NEXT */
    int prev, next, complete;
} xmpp_command_actions_t;

/* A <command/>: a request, or the answer to it. */
typedef struct _xmpp_command_stage_t {
    size_t size;
    const char *node; /* which command */
    const char *sessionid;
    int action; /* of a request: xmpp_command_action_t */
    int status; /* of an answer: xmpp_command_status_t */
    const char *lang;
    const xmpp_command_actions_t *actions; /* NULL: this is the only stage */
    const xmpp_command_note_t *const *notes;
    size_t note_count;
    const xmpp_form_t *form;
    xmpp_stanza_t *element; /* of one that was read; for other content */
} xmpp_command_stage_t;

XMPP_API extern const xmpp_payload_t xmpp_command_stage;

/* ---- commands of others ------------------------------------------ */

/* Comes into use with the first session. */
XMPP_API extern const xmpp_module_t xmpp_mod_command;

/* The commands that `to` offers us. The value is an xmpp_disco_items_t
 * (disco_query.h): `node` and `name` of each item are those of a command. */
XMPP_API int xmpp_command_get_list(xmpp_conn_t *conn, const char *to,
                                   xmpp_result_handler handler, void *userdata);

/* A command that we run. */
typedef struct _xmpp_command_session_t xmpp_command_session_t;

/* Nothing is sent yet. Owned: xmpp_command_session_release(), before the
 * context is freed. NULL when out of memory, without a node, or if the
 * connection is being released. */
XMPP_API xmpp_command_session_t *
xmpp_command_session_new(xmpp_conn_t *conn, const char *to, const char *node);

/* Go on. Begin with XMPP_COMMAND_EXECUTE. `content` is a form of
 * xmpp_form_answer(), or anything else that the stage wants, or NULL. It is
 * taken. The value is an xmpp_command_stage_t. If XMPP_COMMAND_EXECUTE is sent
 * again before the first answer, the first answer counts, and what begins with
 * the second one is cancelled.
 *
 * XMPP_EARG for an action that the stage does not allow; XMPP_EINVOP if the
 * command is over, if the connection has been released, or if `content` is a
 * part of another tree; else as xmpp_request().
 */
XMPP_API int xmpp_command_send(xmpp_command_session_t *session, int action,
                               xmpp_stanza_t *content,
                               xmpp_result_handler handler, void *userdata);

/* The last answer, NULL before the first. Borrowed until the next one. */
XMPP_API const xmpp_command_stage_t *
xmpp_command_session_get_stage(const xmpp_command_session_t *session);

/* Does this stage allow the action? 1 or 0. */
XMPP_API int xmpp_command_session_allows(const xmpp_command_session_t *session,
                                         int action);

/* If the command is not over it is cancelled, and the answer to that is
 * ignored. What was sent before still ends with its handler. NULL is ignored.
 */
XMPP_API void xmpp_command_session_release(xmpp_command_session_t *session);

XMPP_END

#endif /* XMPP_XEP_COMMAND_H */
