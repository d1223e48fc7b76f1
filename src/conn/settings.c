/* settings.c - copies, wipes and frees what an application set. */

#include "conn/settings.h"

#include <string.h>

#include <xmpp/build.h>
#include <xmpp/error.h>

/* Where the strings are. */
#define IDENTITY(name) offsetof(struct settings, identity.name),
#define SECRET(name) offsetof(struct settings, secrets.name),
#define TLS_FILE(name) offsetof(struct settings, tls.name),
#define WAY(name) offsetof(struct settings, way.name),
/* One table for copying, wiping and freeing, so that none of them forgets a
 * setting. */
static const size_t texts[] = {IDENTITY_MAP(IDENTITY) SECRETS_MAP(SECRET)
                                   TLS_FILES_MAP(TLS_FILE) WAY_MAP(WAY)};
#undef IDENTITY
#undef SECRET
#undef TLS_FILE
#undef WAY

#define TEXTS (sizeof(texts) / sizeof(texts[0]))

static char **text_at(struct settings *settings, size_t i)
{
    return (char **)(void *)((char *)settings + texts[i]);
}

static const char *settings_text(const struct settings *settings, size_t i)
{
    return *(char *const *)(const void *)((const char *)settings + texts[i]);
}

void settings_init_options(int32_t options[XMPP_OPT_COUNT_])
{
    static const int32_t defaults[] = {
#define VALUE(name, value, least, most, text) value,
        XMPP_OPTION_MAP(VALUE)
#undef VALUE
    };

    memcpy(options, defaults, sizeof(defaults));
}

static int settings_copy_pins(const struct env *env, struct settings *to,
                              const struct settings *from)
{
    size_t size = from->tls.pins_n * sizeof(*from->tls.pins);

    if (!size)
        return 0;
    to->tls.pins = env_alloc(env, size);
    if (!to->tls.pins)
        return XMPP_EMEM;
    memcpy(to->tls.pins, from->tls.pins, size);
    to->tls.pins_n = from->tls.pins_n;
    return 0;
}

static int copy_bind_with(struct settings *to, const struct settings *from)
{
    to->bind_with = xmpp_stanza_copy(from->bind_with);
    return from->bind_with && !to->bind_with ? XMPP_EMEM : 0;
}

int settings_copy(const struct env *env, struct settings *to,
                  const struct settings *from)
{
    int rc = 0;

    *to = (struct settings){.flags = from->flags};
    for (size_t i = 0; i < TEXTS && rc == 0; i++)
        rc = env_replace(env, text_at(to, i), settings_text(from, i));
    if (rc == 0)
        rc = settings_copy_pins(env, to, from);
    if (rc == 0)
        rc = copy_bind_with(to, from);
    if (rc)
        settings_free(env, to);
    return rc;
}

void settings_free(const struct env *env, struct settings *settings)
{
    for (size_t i = 0; i < TEXTS; i++)
        env_replace(env, text_at(settings, i), NULL);
    env_free(env, settings->tls.pins);
    settings->tls.pins = NULL;
    settings->tls.pins_n = 0;
    xmpp_stanza_release(settings->bind_with);
    settings->bind_with = NULL;
}
