/* report.h - telling one's server about spam and abuse (XEP-0377), together
 * with a block (blocking.h). Servers that take reports have the feature
 * XMPP_NS_REPORTING; others ignore them. */

#ifndef XMPP_XEP_REPORT_H
#define XMPP_XEP_REPORT_H

#include <xmpp/ns.h>
#include <xmpp/xep/forward.h>

XMPP_BEGIN

/* Words of the user. */
typedef struct _xmpp_report_text_t {
    size_t size;
    const char *lang; /* their language, such as "en", or NULL */
    const char *text;
} xmpp_report_text_t;

typedef struct _xmpp_report_t {
    size_t size;
    /* Required: XMPP_NS_REPORTING_SPAM, XMPP_NS_REPORTING_ABUSE, or another URN
     * that the server understands. */
    const char *reason;
    const xmpp_stanza_id_t *const *messages; /* that it is about */
    size_t message_count;
    const xmpp_report_text_t *const *texts;
    size_t text_count;
    /* What else the server may do with it: */
    int to_origin;      /* pass it on to the server of who is reported */
    int to_third_party; /* pass it on to those who collect reports */
} xmpp_report_t;

XMPP_API extern const xmpp_payload_t xmpp_report;
XMPP_API extern const xmpp_payload_t xmpp_report_text;

XMPP_END

#endif /* XMPP_XEP_REPORT_H */
