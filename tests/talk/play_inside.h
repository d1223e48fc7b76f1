/* play_inside.h - what the lines of a talk use. */

/* clang-format off */
/* The lines of a talk:
 *
 *     S TEXT               the server sends this
 *     S* N TEXT            N times
 *     C TEXT               the client has sent exactly this next
 *     C? TEXT              something that contains this, and all of it
 *     quiet                nothing
 *
 *     up JID               the next event (* for any address)
 *     header, error, down  likewise
 *     stanza XML           likewise (* for any)
 *     skipped XML          likewise: a stanza above a limit
 *     sent NAME STATUS [XML]   likewise: the outcome of a tracked stanza (- for none)
 *     tls, zlib            it wants that, and gets it
 *     tls-fail             it wants TLS, which fails
 *     asks                 it wants a password
 *     give TEXT, give-none ... and gets it, or is refused one
 *
 *     say XML, say* XML    the application sends this; without a limit
 *     say! CODE XML        ... and that fails
 *     raw TEXT, starttls, open, close, eof, abort      calls
 *     tracked NAME XML     it sends this, and wants its outcome
 *     check CODE MILLISECONDS  it requests a sign of life
 *     tick MILLISECONDS    time passes
 *
 *     scram-auth MECHANISM, scram-challenge HOW, scram-check, scram-final HOW
 *                          see judge.h
 *     auth2 MECHANISM FLAG REST, success2 HOW REST, continue2 HOW REST, token LINE,
 *     left-offer LINE, trips N
 *                          see play_sasl2.c
 *     turns N              so many turns it took to answer
 *     paths N              it goes by these paths, as `avoid` names them
 *     busy, idle           from here on it gets no turn; it gets them again
 *     left-strength LINE, left-keys LINE   what the login left
 *     unacked N            so many stanzas are not acknowledged
 *     location N           the address for resuming is so long
 *     resumed, not-resumed, left, not-left what was agreed on
 *     owner JID            the state is for this account now
 *     again, again own, again strophe      the transport is gone; another stream
 *                          begins with the same state: as it is, or as saved and
 *                          loaded in one of two forms
 *     words TEXT           the fault's words, or the server's, contain this
 *     fault LAYER CODE [CONDITION], fault none   why it ended; also what has to be
 *                          known before `again`
 */
/* clang-format on */

#ifndef TESTS_TALK_PLAY_INSIDE_H
#define TESTS_TALK_PLAY_INSIDE_H

#include "talk/play.h"

/* Something is not as the script says; the first time is told. */
__attribute__((format(printf, 2, 3))) void play_deviate(struct play *p,
                                                        const char *fmt, ...);

/* The server says this. */
void play_feed(struct play *p, const char *bytes, size_t n);

/* The client's first `n` bytes were looked at. */
void play_eat(struct play *p, size_t n);

/* The parts of a run: before it; as far as the lines lead (the word of the last
 * one, or NULL); after it. */
void play_prepare(struct play *p, const struct script *script);
const char *play_follow(struct play *p);
void play_clean(struct play *p);

/* ---- lines of play_login.c --------------------------------------- */

void play_scram(struct play *p, const struct line *l);
void play_password(struct play *p, const struct line *l);
void play_turns(struct play *p, const struct line *l);
void play_busy(struct play *p, const struct line *l);
void play_paths(struct play *p, const struct line *l);
void play_left(struct play *p, const struct line *l);
void play_fault(struct play *p, const struct line *l);
void play_words(struct play *p, const struct line *l);

/* The judge shall see the channel that was named. */
void play_show_channel(struct play *p);

/* ---- lines of play_sasl2.c --------------------------------------- */

void play_auth2(struct play *p, const struct line *l);
void play_success2(struct play *p, const struct line *l);
void play_token(struct play *p, const struct line *l);
void play_offer(struct play *p, const struct line *l);
void play_trips(struct play *p, const struct line *l);

/* The next event has to be of this kind. */
bool play_event(struct play *p, const struct line *l,
                enum stream_event_kind kind, struct stream_event *event);

/* A call returned `rc`, and should have `want`. */
void play_result(struct play *p, const struct line *l, int rc, int want);

/* Begin a stream with the state there is. */
void play_begin(struct play *p);

/* Where libxml2 takes memory from; returns where it did. No effect unless
 * play_take_libxml was called. */
struct failmem *play_swap_libxml(struct failmem *memory);

/* ---- words of play_sm.c ------------------------------------------ */

void play_say(struct play *p, const struct line *l);
void play_tracked(struct play *p, const struct line *l);
void play_sent(struct play *p, const struct line *l);
void play_unacked(struct play *p, const struct line *l);
void play_location(struct play *p, const struct line *l);
void play_resumed(struct play *p, const struct line *l);
void play_gone(struct play *p, const struct line *l);
void play_owner(struct play *p, const struct line *l);
void play_check(struct play *p, const struct line *l);
void play_again(struct play *p, const struct line *l);

#endif
