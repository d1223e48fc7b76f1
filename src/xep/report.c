/* report.c - reports of spam and abuse (XEP-0377). */

#include <xmpp/xep/report.h>

static const xmpp_field_t text_fields[] = {
    XMPP_ATTR(xmpp_report_text_t, lang, TEXT, "xml:lang"),
    XMPP_TEXT(xmpp_report_text_t, text, TEXT),
};
XMPP_PAYLOAD(xmpp_report_text, xmpp_report_text_t, "text", XMPP_NS_REPORTING,
             text_fields);

static const xmpp_field_t report_fields[] = {
    XMPP_ATTR_MUST(xmpp_report_t, reason, TEXT, "reason"),
    XMPP_ELEMENTS(xmpp_report_t, messages, message_count, &xmpp_stanza_id),
    XMPP_ELEMENTS(xmpp_report_t, texts, text_count, &xmpp_report_text),
    XMPP_FLAG(xmpp_report_t, to_origin, "report-origin"),
    XMPP_FLAG(xmpp_report_t, to_third_party, "third-party"),
};
XMPP_PAYLOAD(xmpp_report, xmpp_report_t, "report", XMPP_NS_REPORTING,
             report_fields);
