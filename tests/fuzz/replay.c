/* replay.c - a fuzz target without a fuzzer: every file of its corpus, and
 * every file cut short and with single bytes changed. */

#include <dirent.h>
#include <string.h>

#include "fuzz/fuzz.h"
#include "tap.h"
#include "top.h"

#define FILE_MOST 65536

static void mutate(const uint8_t *data, size_t n)
{
    static uint8_t copy[FILE_MOST];
    static const uint8_t bytes[] = {0, '<', '>', '/', '&', '"', ' ', 0xff};

    for (size_t i = 0; i <= n; i += 1 + n / 50)
        LLVMFuzzerTestOneInput(data, i);
    memcpy(copy, data, n);
    for (size_t i = 0; i < n; i += 1 + n / 50) {
        if (!tap_has_turn())
            continue;
        copy[i] = bytes[(i * 7 + n) % sizeof(bytes)];
        LLVMFuzzerTestOneInput(copy, n);
        copy[i] = data[i];
    }
}

static void replay(const char *folder, const char *name)
{
    static uint8_t data[FILE_MOST];
    char path[2048];
    size_t n;
    FILE *f;

    snprintf(path, sizeof(path), "%s/%s", folder, name);
    f = fopen(path, "rb");
    if (!f)
        bail(path);
    n = fread(data, 1, sizeof(data), f);
    fclose(f);
    LLVMFuzzerTestOneInput(data, n);
    mutate(data, n);
    ok(true, "%s, and what is near it", name);
}

int main(void)
{
    char folder[1024];
    struct dirent *entry;
    int n = 0;
    DIR *dir;

    snprintf(folder, sizeof(folder), "%s/tests/fuzz/corpus/%s", tests_top(),
             fuzz_corpus);
    dir = opendir(folder);
    if (!dir)
        bail("no corpus");
    while ((entry = readdir(dir)))
        if (entry->d_name[0] != '.') {
            replay(folder, entry->d_name);
            n++;
        }
    closedir(dir);
    ok(n >= 10, "the corpus has %d files", n);
    return done_testing();
}
