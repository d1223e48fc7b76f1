/* play_inside.h - what the lines of a talk use. */

#ifndef TESTS_TALK_PLAY_INSIDE_H
#define TESTS_TALK_PLAY_INSIDE_H

#include "talk/play.h"

/* Something is not as the script says; the first time is told. */
__attribute__((format(printf, 2, 3))) void
play_deviate(struct play *p, const char *fmt, ...);

/* The server says this. */
void play_feed(struct play *p, const char *bytes, size_t n);

/* The client's first `n` bytes were looked at. */
void play_eat(struct play *p, size_t n);

/* ---- lines of play_login.c ------------------------------------------- */

void play_scram(struct play *p, const struct line *l);
void play_password(struct play *p, const struct line *l);
void play_left(struct play *p, const struct line *l);

#endif
