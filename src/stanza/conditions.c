/* conditions.c - the conditions of stanza errors and stream errors. */

#include "stanza/conditions.h"

#include "stanza/find.h"

/* The conditions that libstrophe's programs know, by their names of RFC 6120
 * section 4.9.3. It has more; they are undefined conditions here. */
static const char *const names[] = {
    [XMPP_SE_BAD_FORMAT] = "bad-format",
    [XMPP_SE_BAD_NS_PREFIX] = "bad-namespace-prefix",
    [XMPP_SE_CONFLICT] = "conflict",
    [XMPP_SE_CONN_TIMEOUT] = "connection-timeout",
    [XMPP_SE_HOST_GONE] = "host-gone",
    [XMPP_SE_HOST_UNKNOWN] = "host-unknown",
    [XMPP_SE_IMPROPER_ADDR] = "improper-addressing",
    [XMPP_SE_INTERNAL_SERVER_ERROR] = "internal-server-error",
    [XMPP_SE_INVALID_FROM] = "invalid-from",
    [XMPP_SE_INVALID_ID] = "invalid-id",
    [XMPP_SE_INVALID_NS] = "invalid-namespace",
    [XMPP_SE_INVALID_XML] = "invalid-xml",
    [XMPP_SE_NOT_AUTHORIZED] = "not-authorized",
    [XMPP_SE_POLICY_VIOLATION] = "policy-violation",
    [XMPP_SE_REMOTE_CONN_FAILED] = "remote-connection-failed",
    [XMPP_SE_RESOURCE_CONSTRAINT] = "resource-constraint",
    [XMPP_SE_RESTRICTED_XML] = "restricted-xml",
    [XMPP_SE_SEE_OTHER_HOST] = "see-other-host",
    [XMPP_SE_SYSTEM_SHUTDOWN] = "system-shutdown",
    [XMPP_SE_UNDEFINED_CONDITION] = "undefined-condition",
    [XMPP_SE_UNSUPPORTED_ENCODING] = "unsupported-encoding",
    [XMPP_SE_UNSUPPORTED_STANZA_TYPE] = "unsupported-stanza-type",
    [XMPP_SE_UNSUPPORTED_VERSION] = "unsupported-version",
    [XMPP_SE_XML_NOT_WELL_FORMED] = "not-well-formed",
};

#define ROWS (sizeof(names) / sizeof(names[0]))

xmpp_error_type_t condition_type(struct str name)
{
    for (size_t i = 0; i < ROWS; i++)
        if (str_is(name, names[i]))
            return (xmpp_error_type_t)i;
    if (str_is(name, "xml-not-well-formed")) /* its name of RFC 3920 */
        return XMPP_SE_XML_NOT_WELL_FORMED;
    return XMPP_SE_UNDEFINED_CONDITION;
}

const char *condition_name(xmpp_error_type_t type)
{
    return (size_t)type < ROWS ? names[type]
                               : names[XMPP_SE_UNDEFINED_CONDITION];
}

void condition_read(xmpp_stanza_t *error, enum name_id ns,
                    struct str *ret_condition, struct str *ret_text)
{
    /* elements of other namespaces are conditions of applications (RFC 6120
     * sections 4.9.4 and 8.3.4) */
    *ret_condition = *ret_text = STR_NONE;
    for (xmpp_stanza_t *child = node_first_element(error); child;
         child = node_next_element(child)) {
        if (!node_is(child, NAME_NONE, ns))
            continue;
        if (child->name == N_TEXT)
            *ret_text = node_text(child);
        else if (!ret_condition->s)
            *ret_condition = node_name(child);
    }
}
