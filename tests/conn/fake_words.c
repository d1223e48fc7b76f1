/* fake_words.c - what the scripts of servers have in common. */

#define _GNU_SOURCE
#include "conn/fake_words.h"

#include <stdio.h>
#include <string.h>

void fake_words_keep_id(const char *sent, size_t n, char id[FAKE_ID_SIZE])
{
    const char *at = n ? memmem(sent, n, " id=", 4) : NULL, *end;

    if (!at || (size_t)(at + 5 - sent) >= n)
        return;
    at += 5;
    end = memchr(at, at[-1], (size_t)(sent + n - at));
    if (end && end - at < FAKE_ID_SIZE) {
        memcpy(id, at, (size_t)(end - at));
        id[end - at] = '\0';
    }
}

bool fake_words_say(const char *text, const char *id,
                    bool (*put)(void *server, const char *bytes, size_t n),
                    void *server)
{
    const char *at;

    while ((at = strstr(text, "%id%"))) {
        if (!put(server, text, (size_t)(at - text)) ||
            !put(server, id, strlen(id)))
            return false;
        text = at + 4;
    }
    return put(server, text, strlen(text));
}

bool fake_words_say_bytes(const char *hex,
                          bool (*put)(void *server, const char *bytes,
                                      size_t n),
                          void *server)
{
    char bytes[512];
    unsigned value;
    size_t n = 0;

    for (; sscanf(hex, "%2x", &value) == 1; hex += 2) {
        bytes[n++] = (char)value;
        if (n == sizeof(bytes) && (!put(server, bytes, n) || (n = 0)))
            return false;
    }
    return put(server, bytes, n);
}
