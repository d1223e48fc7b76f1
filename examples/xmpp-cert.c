/* xmpp-cert.c - show a server's certificate, what is wrong with it, and what
 * TLS agreed on; nothing of an account is said. */

#include <stdio.h>
#include <string.h>

#include "cli.h"
#include "color.h"
#include "record.h"
#include "output.h"

#define NS_TLS "urn:ietf:params:xml:ns:xmpp-tls"

struct look {
    struct cli cli;
    int good;
};

/* ---- what is seen ------------------------------------------------ */

static void put(struct cli *cli, const char *name, const char *text,
                const char *missing)
{
    show(stdout, SHOW_XML, name);
    printf(": ");
    show(stdout, SHOW_XML, text ? text : missing);
    cli_line(cli);
}

static void show_cert(struct cli *cli, const xmpp_tlscert_t *cert)
{
    const char *name;

    for (int i = 0; i < XMPP_CERT_ELEMENT_MAX; i++) {
        xmpp_cert_element_t element = (xmpp_cert_element_t)i;

        put(cli, xmpp_tlscert_get_description(element),
            xmpp_tlscert_get_string(cert, element), "?");
    }
    for (size_t i = 0; (name = xmpp_tlscert_get_dnsname(cert, i)); i++)
        put(cli, "DNS name", name, "?");
    put(cli, "Pin of the key", xmpp_tlscert_get_pin(cert, XMPP_TLS_PIN_KEY),
        "?");
}

static void print_json(const xmpp_cert_question_t *question)
{
    static const char *const names[XMPP_CERT_ELEMENT_MAX] = {
        [XMPP_CERT_VERSION] = "version",
        [XMPP_CERT_SERIALNUMBER] = "serial",
        [XMPP_CERT_SUBJECT] = "subject",
        [XMPP_CERT_ISSUER] = "issuer",
        [XMPP_CERT_NOTBEFORE] = "not_before",
        [XMPP_CERT_NOTAFTER] = "not_after",
        [XMPP_CERT_KEYALG] = "key_algorithm",
        [XMPP_CERT_SIGALG] = "signature_algorithm",
        [XMPP_CERT_FINGERPRINT_SHA1] = "sha1",
        [XMPP_CERT_FINGERPRINT_SHA256] = "sha256",
    };
    const xmpp_tlscert_t *cert = question->cert;
    const char *name;
    struct record record;

    record_begin(&record, stdout);
    record_text(&record, "domain", question->domain);
    record_bool(&record, "good", question->reasons == 0);
    record_text(&record, "why", question->reasons ? question->text : NULL);
    for (int i = 0; i < XMPP_CERT_ELEMENT_MAX; i++)
        record_text(&record, names[i],
                    xmpp_tlscert_get_string(cert, (xmpp_cert_element_t)i));
    record_text(&record, "pin", xmpp_tlscert_get_pin(cert, XMPP_TLS_PIN_KEY));
    record_open(&record, "names", '[');
    for (size_t i = 0; (name = xmpp_tlscert_get_dnsname(cert, i)); i++)
        record_text(&record, NULL, name);
    record_close(&record, ']');
    record_close(&record, '}');
}

static int on_question(xmpp_conn_t *conn, const xmpp_cert_question_t *question,
                       void *userdata)
{
    struct look *look = userdata;

    (void)conn;
    look->good = question->reasons == 0;
    if (look->cli.json) {
        print_json(question);
        cli_line(&look->cli);
        return XMPP_CERT_ACCEPT;
    }
    show_cert(&look->cli, question->cert);
    printf("For ");
    show(stdout, SHOW_XML, question->domain);
    printf(": ");
    color_begin(look->good ? IN_GREEN : IN_RED);
    show(stdout, SHOW_XML, look->good ? "good" : question->text);
    color_end();
    cli_line(&look->cli);
    return XMPP_CERT_ACCEPT; /* for nothing is said to it */
}

static void print_agreed(struct look *look)
{
    const char *name;
    struct record record;

    record_begin(&record, stdout);
    record_open(&record, "tls", '{');
    for (int i = 0; (name = xmpp_tls_info_name((xmpp_tls_info_t)i)); i++)
        record_text(&record, name,
                    xmpp_conn_get_tls_info(look->cli.conn, (xmpp_tls_info_t)i));
    record_close(&record, '}');
    record_close(&record, '}');
    cli_line(&look->cli);
}

static void show_agreed(struct look *look)
{
    const char *name;

    if (look->cli.json)
        print_agreed(look);
    for (int i = 0;
         !look->cli.json && (name = xmpp_tls_info_name((xmpp_tls_info_t)i));
         i++)
        put(&look->cli, name,
            xmpp_conn_get_tls_info(look->cli.conn, (xmpp_tls_info_t)i), "-");
    cli_finish(&look->cli, look->good ? EXIT_FINE : EXIT_CONNECT);
}

/* ---- as far as TLS, by hand -------------------------------------- */

static int on_features(xmpp_conn_t *conn, xmpp_stanza_t *stanza, void *userdata)
{
    struct look *look = userdata;

    if (xmpp_stanza_get_child_by_name_and_ns(stanza, "starttls", NS_TLS)) {
        xmpp_send_raw_string(conn, "<starttls xmlns='%s'/>", NS_TLS);
        return 0;
    }
    cli_error(&look->cli, "the server offers no TLS");
    cli_finish(&look->cli, EXIT_CONNECT);
    return 0;
}

static int on_proceed(xmpp_conn_t *conn, xmpp_stanza_t *stanza, void *userdata)
{
    (void)stanza;
    (void)userdata;
    xmpp_conn_tls_start(conn);
    xmpp_conn_open_stream_default(conn);
    return 0;
}

static void on_event(xmpp_conn_t *conn, xmpp_conn_event_t event, int error,
                     xmpp_stream_error_t *stream_error, void *userdata)
{
    struct look *look = userdata;

    (void)error;
    (void)stream_error;
    if (event == XMPP_CONN_DISCONNECT)
        cli_ended(&look->cli);
    else if (xmpp_conn_is_secured(conn) && !look->cli.done)
        show_agreed(look);
    else if (event == XMPP_CONN_RAW_CONNECT)
        xmpp_conn_open_stream_default(conn);
}

int main(int argc, char **argv)
{
    static struct look look = {
        .cli = {.name = "xmpp-cert",
                .arguments = "",
                .about = "Show a server's certificate, what is wrong with it, "
                         "and what TLS agreed on.\nThe exit code is 2 if "
                         "something is wrong. This does not log in.",
                .kind = CLI_RECORDS | CLI_COLORS}};
    xmpp_conn_t *conn;

    cli_start(&look.cli, argc, argv, 0, 0);
    conn = look.cli.conn;
    xmpp_conn_set_option(conn, XMPP_OPT_TLS_ASK_ALWAYS, 1);
    xmpp_conn_set_cert_handler(conn, on_question, &look);
    xmpp_handler_add(conn, on_features, NULL, "features", NULL, &look);
    xmpp_handler_add(conn, on_proceed, NS_TLS, "proceed", NULL, &look);
    return cli_serve(
        &look.cli,
        xmpp_connect_raw(conn, look.cli.host, look.cli.port, on_event, &look));
}
