/* account_files.c - uploads by HTTP, and private XML. */

#include "live/account.h"

#ifdef XMPP_HAVE_UPLOAD
#include <xmpp/module.h>
#include <xmpp/xep/service.h>
#include <xmpp/xep/upload.h>

/* A slot, as options of curl. */
struct slot {
    int ended, status;
    char put[4096], get[1024];
    long most;
};

static void on_slot(xmpp_conn_t *conn, const xmpp_result_t *result,
                    void *userdata)
{
    const xmpp_upload_slot_t *value = result->value;
    const xmpp_upload_refusal_t *refusal =
        xmpp_payload_find(result->stanza, &xmpp_upload_refusal);
    struct slot *slot = userdata;
    size_t n;

    (void)conn;
    slot->ended++;
    slot->status = result->status;
    if (refusal && refusal->too_large)
        slot->most = refusal->too_large->most;
    if (!value)
        return;
    n = (size_t)snprintf(slot->put, sizeof(slot->put), "'%s'", value->put->url);
    for (size_t i = 0; i < value->put->header_count && n < sizeof(slot->put);
         i++)
        n += (size_t)snprintf(slot->put + n, sizeof(slot->put) - n,
                              " -H '%s: %s'", value->put->headers[i]->name,
                              value->put->headers[i]->value);
    snprintf(slot->get, sizeof(slot->get), "'%s'", value->get);
}

/* What curl prints of an address at this machine. */
static void curl(const char *ca, const char *options, char *out, size_t n)
{
    char command[6000];
    FILE *pipe;

    snprintf(command, sizeof(command),
             "curl -sS --connect-to ::127.0.0.1: --cacert '%s' %s", ca,
             options);
    out[0] = '\0';
    pipe = popen(command, "r");
    if (!pipe)
        return;
    out[fread(out, 1, n - 1, pipe)] = '\0';
    pclose(pipe);
}

static void puts_and_gets(const char *ca, const struct slot *slot)
{
    char options[5000], out[200];

    snprintf(options, sizeof(options),
             "-o /dev/null -w '%%{http_code}' -X PUT -H 'Content-Type: "
             "text/plain' --data-binary 'But soft!' %s",
             slot->put);
    curl(ca, options, out, sizeof(out));
    is_str(out, "201", "curl puts a file there");
    curl(ca, slot->get, out, sizeof(out));
    is_str(out, "But soft!", "and gets it");
}

static void uploads(struct us *us, const char *ca)
{
    struct slot slot = {0};
    struct outcome o = {0};
    xmpp_upload_file_t file;

    is_int(xmpp_conn_use(us->conn, &xmpp_mod_upload), 0, "upload in use");
    XMPP_INIT(xmpp_upload_file, file);
    file.name = "tr\303\250s cool.txt";
    file.octets = 9;
    file.type = "text/plain";
    is_int(xmpp_upload_request(us->conn, NULL, &file, on_slot, &slot), 0,
           "a slot is requested");
    us_await(us, &slot.ended, 1, "which ends");
    is_int(slot.status, 0, "with a slot");
    is_int(xmpp_upload_get_most(us->conn), 1048576, "the largest file");
    puts_and_gets(ca, &slot);
    file.octets = 99999999;
    is_int(xmpp_upload_request(us->conn, NULL, &file, on_slot, &slot), 0,
           "one for a large file");
    us_await(us, &slot.ended, 2, "ends, too");
    is_int(slot.status, XMPP_ESTANZA, "with a refusal");
    is_int(slot.most, 1048576, "which says how large it may be");
    us_ends(us, &o, xmpp_upload_find(us->conn, on_outcome, &o), 0,
            "urn:xmpp:http:upload:0", "the service is found");
    us_ends(us, &o,
            xmpp_service_find(us->conn, "urn:example:nothing", on_outcome, &o),
            XMPP_ENOSERVICE, NULL, "one for something else is not");
}
#endif

void test_uploads(struct us *us, const char *ca)
{
#ifdef XMPP_HAVE_UPLOAD
    uploads(us, ca);
#endif
    (void)us;
    (void)ca;
}

#ifdef XMPP_HAVE_PRIVATE
#include <xmpp/xep/private.h>

typedef struct {
    size_t size;
    const char *balcony;
} scene_t;

static const xmpp_field_t scene_fields[] = {
    XMPP_CHILD(scene_t, balcony, TEXT, "balcony")};
static XMPP_PAYLOAD(scene, scene_t, "scene", "urn:example:scene", scene_fields);

static void keeps(struct us *us)
{
    struct outcome o = {0};
    scene_t value;

    is_int(xmpp_conn_use(us->conn, &xmpp_mod_private), 0, "private XML in use");
    us_ends(us, &o, xmpp_private_get(us->conn, &scene, on_outcome, &o), 0, NULL,
            "nothing is kept");
    XMPP_INIT(scene, value);
    value.balcony = "Capulet's orchard";
    us_ends(us, &o, xmpp_private_set(us->conn, &scene, &value, on_outcome, &o),
            0, NULL, "an element is kept");
    us_ends(us, &o, xmpp_private_get(us->conn, &scene, on_outcome, &o), 0,
            "balcony: \"Capulet's orchard\"", "and is there");
}
#endif

void test_private(struct us *us)
{
#ifdef XMPP_HAVE_PRIVATE
    keeps(us);
#endif
    (void)us;
}
