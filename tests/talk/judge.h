/* judge.h - the server's half of SCRAM, honest or not. */

#ifndef TESTS_TALK_JUDGE_H
#define TESTS_TALK_JUDGE_H

#include "base/str.h"

#define JUDGE_MOST 1024

/* What the server knows of a login in progress. */
struct judge {
    char mechanism[32];
    char client_first[JUDGE_MOST]; /* without its GS2 header */
    char server_first[JUDGE_MOST];
    unsigned char salted[64];
};

/* Read the client's <auth/>; false if it is none that SCRAM allows. */
bool judge_read_auth(struct judge *judge, struct str sent);

/* The challenge as an element. `how`: "good", "nonce" (not the client's),
 * "iterations N", "salt" (not base64), "garbage", "mandatory" (m=). */
void judge_challenge(struct judge *judge, const char *how, const char *password,
                     char *out, size_t n);

/* Check the client's <response/>: is its proof right? */
bool judge_check(struct judge *judge, struct str sent);

/* The end as an element. `how`: "good", "bare" (no proof at all), "wrong",
 * "challenge" (the proof in a challenge of its own, as old servers do),
 * "error" (e= instead of it). */
void judge_final(struct judge *judge, const char *how, char *out, size_t n);

#endif
