/* model_part.c - a model whose values are found by full addresses. */

#include <xmpp/model.h>

#include "conn/testbed.h"

typedef struct {
    size_t size;
    xmpp_jid_t jid;
} entry_t;

static const xmpp_field_t entry_fields[] = {
    XMPP_ATTR_MUST(entry_t, jid, JID, "jid"),
};
static XMPP_PAYLOAD(entry_payload, entry_t, "entry", "urn:x", entry_fields);

static struct testbed testbed;
static xmpp_model_t *model;

static xmpp_jid_t jid_of(const char *text)
{
    static char buffer[XMPP_JID_BUFFER_SIZE];
    xmpp_jid_t jid = {NULL, 0, 0, 0, 0};

    xmpp_jid_parse(text, (size_t)-1, XMPP_JID_STRICT, buffer, &jid, NULL);
    return jid;
}

static int put(const char *jid)
{
    const void *now = NULL;
    void *before = NULL;
    entry_t value;
    int rc;

    XMPP_INIT(entry_payload, value);
    value.jid = jid_of(jid);
    rc = xmpp_model_put(model, &value.jid, &value, &now, &before);
    xmpp_free(testbed.ctx, before);
    return rc;
}

static int drop(const char *jid)
{
    xmpp_jid_t which = jid_of(jid);
    void *before = NULL;
    int rc = xmpp_model_remove(model, &which, &before);

    xmpp_free(testbed.ctx, before);
    return rc;
}

int main(void)
{
    testbed_make_virtual(&testbed);
    model = xmpp_model_new(testbed.conn, &entry_payload, NULL, 0);
    xmpp_model_set_part(NULL, XMPP_JID_FULL);
    xmpp_model_set_part(model, XMPP_JID_FULL);
    is_int(put("a@x"), 0, "a bare address");
    is_int(put("a@x/r"), 0, "one with a resource is another one");
    is_int(put("a@x/r"), 1, "which is there now");
    xmpp_model_set_part(model, XMPP_JID_BARE);
    is_int(drop("a@x/s"), 1, "and stays another one");
    is_int(drop("a@x"), 0, "the bare one goes");
    is_int(xmpp_model_count(model), 1, "the other one stays");
    xmpp_model_free(model);
    testbed_free(&testbed, "by full addresses");
    return done_testing();
}
