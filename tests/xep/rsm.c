/* rsm.c - pages: forward, backward, at the ends, and those that never end. */

#include <xmpp/ctx.h>
#include <xmpp/xep/rsm.h>

#include "tap.h"

static xmpp_ctx_t *ctx;

static const xmpp_rsm_t *read_set(const char *inside, xmpp_stanza_t **ret)
{
    char xml[500];
    const void *value;

    snprintf(xml, sizeof(xml),
             "<set xmlns='http://jabber.org/protocol/rsm'>%s</set>", inside);
    *ret = xmpp_stanza_new_from_string(ctx, xml);
    return xmpp_payload_read(*ret, &xmpp_rsm, &value) == 0 ? value : NULL;
}

static const struct {
    const char *request, *answer, *next, *previous;
    int repeats;
} cases[] = {
    {"<max>2</max>", "<first index='0'>a</first><last>b</last><count>9</count>",
     "b", NULL, 0},
    {"<max>2</max><after>b</after>",
     "<first index='2'>c</first><last>d</last><count>9</count>", "d", "c", 0},
    {"<max>2</max><before/>", "<first>h</first><last>i</last>", "i", "h", 0},
    {"<max>2</max><before>h</before>", "<first>f</first><last>g</last>", "g",
     "f", 0},
    {"<max>2</max><after>i</after>", "<count>9</count>", NULL, NULL, 0},
    {"<max>0</max>", "<count>9</count>", NULL, NULL, 0},
    {"<max>2</max><after>b</after>", "<first>a</first><last>b</last>", NULL,
     NULL, 1},
    {"<max>2</max><before>f</before>", "<first>f</first><last>g</last>", NULL,
     NULL, 1},
};

static void check_cases(void)
{
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        xmpp_stanza_t *a, *b;
        const xmpp_rsm_t *request = read_set(cases[i].request, &a);
        const xmpp_rsm_t *answer = read_set(cases[i].answer, &b);

        is_str(xmpp_rsm_get_next(request, answer), cases[i].next,
               "%s: the next page", cases[i].answer);
        is_str(xmpp_rsm_get_previous(request, answer), cases[i].previous,
               "the page before");
        is_int(xmpp_rsm_repeats(request, answer), cases[i].repeats,
               "a page twice");
        xmpp_stanza_release(a);
        xmpp_stanza_release(b);
    }
}

static void check_nothing(void)
{
    xmpp_rsm_t page;

    XMPP_INIT(xmpp_rsm, page);
    is_str(xmpp_rsm_get_next(&page, NULL), NULL, "an answer without pages");
    is_str(xmpp_rsm_get_previous(&page, NULL), NULL, "in both directions");
    page.last = "z";
    is_str(xmpp_rsm_get_next(NULL, &page), "z", "an unknown request");
    is_int(xmpp_rsm_repeats(NULL, &page), 0, "cannot be repeated");
}

int main(void)
{
    ctx = xmpp_ctx_new(NULL, NULL);
    check_cases();
    check_nothing();
    xmpp_ctx_free(ctx);
    return done_testing();
}
