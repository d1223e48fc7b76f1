/* markup.c - actions (XEP-0245), and the names of encryption (XEP-0380). */

#include <xmpp/xep/markup.h>

#include "tap.h"

/* The bodies of XEP-0245. */
static const struct {
    const char *body, *want;
} actions[] = {
    {"/me shrugs in disgust", "shrugs in disgust"},
    {"/me ", ""},
    {"/me", NULL},
    {"/meshrugs in disgust", NULL},
    {"/me's disgusted", NULL},
    {" /me shrugs in disgust", NULL},
    {"\"/me shrugs in disgust\"", NULL},
    {"* Atlas shrugs in disgust", NULL},
    {"Why did Atlas say \"/me shrugs in disgust\"?", NULL},
    {"/ME shrugs", NULL},
    {"", NULL},
    {NULL, NULL},
};

static void check_actions(void)
{
    for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++)
        is_str(xmpp_me_get(actions[i].body), actions[i].want, "action %zu", i);
}

static const struct {
    const char *ns, *name, *want;
} names[] = {
    {"urn:xmpp:omemo:2", NULL, "OMEMO 2"},
    {"jabber:x:encrypted", NULL, "Legacy OpenPGP"},
    {"urn:xmpp:otr:0", "the safest of all", "OTR"},
    {"urn:example:secret", "Secret", "Secret"},
    {"urn:example:secret", NULL, "urn:example:secret"},
    {NULL, "Secret", NULL},
};

static void check_names(void)
{
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        xmpp_encryption_t encryption;

        XMPP_INIT(xmpp_encryption, encryption);
        encryption.ns = names[i].ns;
        encryption.name = names[i].name;
        is_str(xmpp_encryption_get_name(&encryption), names[i].want,
               "encryption %zu", i);
    }
    is_str(xmpp_encryption_get_name(NULL), NULL, "none");
}

int main(void)
{
    check_actions();
    check_names();
    return done_testing();
}
