/* cli_signal.h - the signals that end a program, and waits that none of them
 * misses: one that comes just before a wait ends it, too. */

#ifndef EXAMPLES_CLI_SIGNAL_H
#define EXAMPLES_CLI_SIGNAL_H

#include <sys/types.h>
#include <xmpp/xmpp.h>

/* SIGINT, SIGTERM and, if it is not ignored (as with nohup), SIGHUP: they end
 * the streams of this context, or NULL, and the waits of this file. */
void cli_catch_signals(xmpp_ctx_t *ctx);

/* They end the program at once, as if nobody had caught them: for calls that
 * wait in the system, such as open(2), as long as nothing has begun. */
void cli_drop_signals(void);

/* The last one that came, or 0. */
int cli_signal(void);

/* How many came. */
int cli_signals(void);

/* As read(2); it waits even where the descriptor would not. It fails with EINTR
 * if a signal came, now or before. */
ssize_t cli_read(int fd, void *to, size_t n);

/* Wait for a moment, or until more signals came than were `seen`. */
void cli_pause(int seen);

#endif
