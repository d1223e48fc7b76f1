/* host_meta.c - fuzz target: any bytes as a host-meta document. */

#include "conn/host_meta.h"

#include <string.h>
#include <strings.h>

#include "base/json.h"
#include "fuzz/fuzz.h"

const char fuzz_corpus[] = "host_meta";

static void check_urls(const struct host_meta *meta)
{
    MUST(meta->count > 0 && meta->count <= HOST_META_URLS_MOST);
    for (unsigned i = 0; i < meta->count; i++) {
        MUST(strncasecmp(meta->urls[i], "wss:", 4) == 0);
        MUST(strlen(meta->urls[i]) <= HOST_META_URL_MOST);
        MUST(!strpbrk(meta->urls[i], " \r\n"));
    }
}

/* What is valid can be walked through, and the walk ends. */
static void walk(struct str at)
{
    struct str name, value;
    char text[32];

    if (json_is_string(at))
        json_text(at, text, sizeof(text));
    if (json_is_array(at))
        while (json_next_item(&at, &value))
            walk(value);
    else if (json_is_object(at))
        while (json_next_member(&at, &name, &value)) {
            json_text(name, text, sizeof(text));
            walk(value);
        }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str document = str_n((const char *)data, size);
    struct host_meta meta = {.count = 0};
    const char *why = NULL;
    struct env env;
    int rc;

    env_init(&env, NULL, NULL);
    rc = host_meta_read(&env, document, false, &meta, &why);
    MUST(rc == 0 || why);
    if (rc == 0)
        check_urls(&meta);
    host_meta_free(&env, &meta);
    if (json_is_valid(document))
        walk(document);
    return 0;
}
