/* judge.h - the server's half of SCRAM, honest or not. */

#ifndef TESTS_TALK_JUDGE_H
#define TESTS_TALK_JUDGE_H

#include "base/str.h"

#define JUDGE_MOST 1024

/* What the server knows of a login in progress. */
struct judge {
    char mechanism[32];
    bool sasl2;       /* elements are those of XEP-0388 */
    char header[128]; /* GS2's: "n,," etc. */
    struct str bound; /* what the channel is, as the server sees it */
    char client_first[JUDGE_MOST]; /* without its GS2 header */
    char server_first[JUDGE_MOST];
    unsigned char salted[64];
};

/* Read the client's <auth/>; false unless it is SCRAM with this mechanism and
 * GS2 header: "SCRAM-SHA-256 y", "SCRAM-SHA-256-PLUS p=tls-exporter". Without
 * a second word 'y' is meant. */
bool judge_read_auth(struct judge *judge, struct str sent, const char *want);

/* The same of a message in base64 that came by SASL2. */
bool judge_read_initial(struct judge *judge, struct str initial,
                        const char *mechanism, const char *flag);

/* The challenge as an element. `how`: "good", "nonce" (not the client's),
 * "iterations N", "salt" (not base64), "salt-new" (another one), "garbage",
 * "mandatory" (m=), "offer LIST" (h= over that list, '~' between names and '|'
 * between lists; XEP-0474), "extra TEXT" (at the end). */
void judge_challenge(struct judge *judge, const char *how, const char *password,
                     char *out, size_t n);

/* Check the client's <response/>: is its proof right? */
bool judge_check(struct judge *judge, struct str sent);

/* The end as an element. `how`: "good", "bare" (no proof at all), "wrong",
 * "challenge" (the proof in a challenge of its own, as old servers do),
 * "error TEXT" (e= instead of it). */
void judge_final(struct judge *judge, const char *how, char *out, size_t n);

/* Its message alone, in base64; empty for "bare". */
void judge_final_data(struct judge *judge, const char *how, char *out,
                      size_t n);

#endif
