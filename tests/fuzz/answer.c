/* answer.c - fuzz target: an answer of DNS. The first byte is the kind of
 * record that was asked for, the others are the answer. */

#include <ares.h>

#include "base/arena.h"
#include "base/env.h"
#include "fuzz/fuzz.h"
#include "net/dns_answer.h"

const char fuzz_corpus[] = "answer";

#define MOST 8

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const enum dns_kind kinds[] = {DNS_SRV, DNS_A, DNS_AAAA};
    struct dns_records r = {.most = MOST};
    struct env env;

    if (size < 1 || size > 65536)
        return 0;
    env_init(&env, NULL, NULL);
    r.kind = kinds[data[0] % 3];
    dns_records_read(&env, &r, ARES_SUCCESS, data + 1, (int)(size - 1));
    MUST(r.count <= MOST);
    MUST((r.status == DNS_FOUND) == (r.count > 0));
    MUST(r.status != DNS_FAILED || r.reason);
    for (size_t i = 0; r.kind == DNS_SRV && i < r.count; i++)
        MUST(r.srv[i].target != NULL);
    dns_records_free(&env, &r);
    arena_drain(&env);
    return 0;
}
