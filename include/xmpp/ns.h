/* ns.h - XML namespaces used by the core of XMPP. */

#ifndef XMPP_NS_H
#define XMPP_NS_H

/* Content of client streams (RFC 6120 section 4.8.2) */
#define XMPP_NS_CLIENT "jabber:client"
/* Content of component streams (XEP-0114) */
#define XMPP_NS_COMPONENT "jabber:component:accept"
/* The stream element, features and stream errors (RFC 6120) */
#define XMPP_NS_STREAMS "http://etherx.jabber.org/streams"
#define XMPP_NS_STREAMS_IETF "urn:ietf:params:xml:ns:xmpp-streams"
#define XMPP_NS_STANZAS_IETF "urn:ietf:params:xml:ns:xmpp-stanzas"
#define XMPP_NS_TLS "urn:ietf:params:xml:ns:xmpp-tls"
#define XMPP_NS_SASL "urn:ietf:params:xml:ns:xmpp-sasl"
/* SASL together with more (XEP-0388), binding (XEP-0386), tokens (XEP-0484) */
#define XMPP_NS_SASL2 "urn:xmpp:sasl:2"
#define XMPP_NS_BIND2 "urn:xmpp:bind:0"
#define XMPP_NS_FAST "urn:xmpp:fast:0"
#define XMPP_NS_BIND "urn:ietf:params:xml:ns:xmpp-bind"
#define XMPP_NS_SESSION "urn:ietf:params:xml:ns:xmpp-session"
/* Login before SASL (XEP-0078) */
#define XMPP_NS_AUTH "jabber:iq:auth"
/* Service discovery (XEP-0030) */
#define XMPP_NS_DISCO_INFO "http://jabber.org/protocol/disco#info"
#define XMPP_NS_DISCO_ITEMS "http://jabber.org/protocol/disco#items"
/* Contact list (RFC 6121 section 2) */
#define XMPP_NS_ROSTER "jabber:iq:roster"
/* In-band registration (XEP-0077) */
#define XMPP_NS_REGISTER "jabber:iq:register"
/* Stream management (XEP-0198) */
#define XMPP_NS_SM "urn:xmpp:sm:3"
/* Stream compression (XEP-0138) */
#define XMPP_NS_COMPRESSION "http://jabber.org/protocol/compress"
#define XMPP_NS_FEATURE_COMPRESSION "http://jabber.org/features/compress"

#endif /* XMPP_NS_H */
