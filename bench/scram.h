/* scram.h - the server's side of a login by SCRAM-SHA-1. */

#ifndef BENCH_SCRAM_H
#define BENCH_SCRAM_H

#include "line.h"

#define SCRAM_NAME "SCRAM-SHA-1"
#define SCRAM_PASSWORD "pencil"
#define SCRAM_SALT "benchmarks salt" /* 15 bytes: base64 without padding */
#define SCRAM_ROUNDS 4096

/* What a server stores of the password; once, before the first login. */
void scram_prepare(void);

/* From the first message, whose start tag was read, until success is said. */
void scram_let_in(struct line *line);

#endif
