/* discovery_testbed.c - a domain that names a WebSocket by HTTPS: its web
 * servers, their certificates and their answers. */

#include "conn/discovery_testbed.h"

#include "net/certmaker.h"

static struct certmaker certmaker;
char of_domain[160], of_host[160], of_web[160], of_address[160], self[160],
    web_of_self[160];
char discovery_ca_file[96];

void discovery_open(void)
{
    certmaker_open(&certmaker);
    certmaker_files(&certmaker, &(struct cert_spec){.dns = {"example.org"}},
                    "domain");
    certmaker_files(&certmaker, &(struct cert_spec){.dns = {"ws.example.com"}},
                    "host");
    certmaker_files(&certmaker, &(struct cert_spec){.dns = {"www.example.org"}},
                    "web");
    certmaker_files(&certmaker, &(struct cert_spec){.address = "::1"},
                    "address");
    certmaker_files(&certmaker,
                    &(struct cert_spec){.dns = {"example.org"}, .self = 1},
                    "self");
    snprintf(of_domain, sizeof(of_domain), "tls %s/domain", certmaker.folder);
    snprintf(of_host, sizeof(of_host), "tls %s/host", certmaker.folder);
    snprintf(of_address, sizeof(of_address), "tls %s/address",
             certmaker.folder);
    snprintf(of_web, sizeof(of_web), "tls %s/web", certmaker.folder);
    snprintf(self, sizeof(self), "notls %s/self", certmaker.folder);
    snprintf(web_of_self, sizeof(web_of_self), "notls %s/web",
             certmaker.folder);
    snprintf(discovery_ca_file, sizeof(discovery_ca_file), "%s",
             certmaker.ca_file);
}

void discovery_close(void)
{
    certmaker_close(&certmaker);
}

void discovery_begin(struct testbed *testbed, long policy, unsigned targets,
                     unsigned refused, const char *const *script)
{
    testbed_make_virtual(testbed);
    xmpp_conn_set_flags(testbed->conn, 0);
    xmpp_conn_set_cafile(testbed->conn, discovery_ca_file);
    xmpp_conn_set_option(testbed->conn, XMPP_OPT_HOST_META, policy);
    testbed->on_event = testbed_close_when_up;
    targets_meet(testbed, targets, refused, script);
}

void discovery_succeeds(struct testbed *testbed, const char *what)
{
    testbed_until(testbed, &testbed->downs, 1, what);
    is_int(testbed->ups, 1, "  it was up");
    ok(!xmpp_conn_get_failure(testbed->conn), "  and ended well: %s",
       xmpp_conn_get_failure(testbed->conn)
           ? xmpp_conn_get_failure(testbed->conn)->message
           : "");
}

void discovery_fails(struct testbed *testbed, xmpp_layer_t layer, int code,
                     const char *what)
{
    testbed_until(testbed, &testbed->downs, 1, what);
    is_int(testbed->ups, 0, "  it was not up");
    testbed_failed(testbed, layer, code, what);
}
