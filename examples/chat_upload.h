/* chat_upload.h - files of xmpp-chat: a slot of the server (XEP-0363), and curl
 * that puts the file there. */

#ifndef EXAMPLES_CHAT_UPLOAD_H
#define EXAMPLES_CHAT_UPLOAD_H

#include <xmpp/xmpp.h>

/* Called when it is over: `url` is where others get the file; NULL: it failed,
 * and `why` says how. */
typedef void (*upload_handler)(const char *url, const char *why, void *to);

/* Upload a file; one at a time. 0; or a code, and the handler is not called. */
int upload_start(xmpp_conn_t *conn, const char *path, upload_handler handler,
                 void *to);

/* How much of it is there; -1: there is none. */
int upload_percent(void);

#endif
