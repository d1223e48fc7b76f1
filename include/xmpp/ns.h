/* ns.h - XML namespaces: every one that the library speaks, in one place. */

#ifndef XMPP_NS_H
#define XMPP_NS_H

/* Content of client streams (RFC 6120 section 4.8.2) */
#define XMPP_NS_CLIENT "jabber:client"
/* Content of component streams (XEP-0114) */
#define XMPP_NS_COMPONENT "jabber:component:accept"
/* The attribute xml:lang (XML Namespaces 1.0 section 3) */
#define XMPP_NS_XML "http://www.w3.org/XML/1998/namespace"
/* The stream element, its features, and errors (RFC 6120) */
#define XMPP_NS_STREAMS "http://etherx.jabber.org/streams"
#define XMPP_NS_STREAMS_IETF "urn:ietf:params:xml:ns:xmpp-streams"
#define XMPP_NS_FRAMING "urn:ietf:params:xml:ns:xmpp-framing"
#define XMPP_NS_STANZAS_IETF "urn:ietf:params:xml:ns:xmpp-stanzas"
#define XMPP_NS_TLS "urn:ietf:params:xml:ns:xmpp-tls"
#define XMPP_NS_SASL "urn:ietf:params:xml:ns:xmpp-sasl"
#define XMPP_NS_BIND "urn:ietf:params:xml:ns:xmpp-bind"
#define XMPP_NS_SESSION "urn:ietf:params:xml:ns:xmpp-session"
/* SASL together with more (XEP-0388), binding (XEP-0386), tokens (XEP-0484) */
#define XMPP_NS_SASL2 "urn:xmpp:sasl:2"
#define XMPP_NS_BIND2 "urn:xmpp:bind:0"
#define XMPP_NS_FAST "urn:xmpp:fast:0"
/* Types of channel binding that a server supports (XEP-0440) */
#define XMPP_NS_CHANNEL_BINDING "urn:xmpp:sasl-cb:0"
/* New keys for a password during the login (XEP-0480) */
#define XMPP_NS_SASL_UPGRADE "urn:xmpp:sasl:upgrade:0"
#define XMPP_NS_SCRAM_UPGRADE "urn:xmpp:scram-upgrade:0"
/* A login sent before the server's features have arrived (XEP-0509) */
#define XMPP_NS_IAP "urn:xmpp:iap:0"
/* Login before SASL (XEP-0078) */
#define XMPP_NS_AUTH "jabber:iq:auth"
/* Service discovery (XEP-0030) */
#define XMPP_NS_DISCO_INFO "http://jabber.org/protocol/disco#info"
#define XMPP_NS_DISCO_ITEMS "http://jabber.org/protocol/disco#items"
/* Entity capabilities (XEP-0115, and as version 2 XEP-0390), and hashes
 * (XEP-0300) */
#define XMPP_NS_CAPS "http://jabber.org/protocol/caps"
#define XMPP_NS_CAPS2 "urn:xmpp:caps"
#define XMPP_NS_HASHES "urn:xmpp:hashes:2"
/* Data forms (XEP-0004), their validation (XEP-0122), their layout (XEP-0141),
 * and media in them (XEP-0221) */
#define XMPP_NS_FORM "jabber:x:data"
#define XMPP_NS_FORM_VALIDATE "http://jabber.org/protocol/xdata-validate"
#define XMPP_NS_FORM_LAYOUT "http://jabber.org/protocol/xdata-layout"
#define XMPP_NS_FORM_MEDIA "urn:xmpp:media-element"
/* Large results in pages (XEP-0059) */
#define XMPP_NS_RSM "http://jabber.org/protocol/rsm"
/* Ad-hoc commands (XEP-0050) */
#define XMPP_NS_COMMANDS "http://jabber.org/protocol/commands"
/* Contact list (RFC 6121 section 2) */
#define XMPP_NS_ROSTER "jabber:iq:roster"
/* Its stream features: versions, and granting requests in advance */
#define XMPP_NS_ROSTERVER "urn:xmpp:features:rosterver"
#define XMPP_NS_PRE_APPROVAL "urn:xmpp:features:pre-approval"
/* Rooms (XEP-0045): joining, what occupants, admins and owners do, and the
 * types of the forms of rooms */
#define XMPP_NS_MUC "http://jabber.org/protocol/muc"
#define XMPP_NS_MUC_USER "http://jabber.org/protocol/muc#user"
#define XMPP_NS_MUC_ADMIN "http://jabber.org/protocol/muc#admin"
#define XMPP_NS_MUC_OWNER "http://jabber.org/protocol/muc#owner"
#define XMPP_NS_MUC_ROOMINFO "http://jabber.org/protocol/muc#roominfo"
#define XMPP_NS_MUC_ROOMCONFIG "http://jabber.org/protocol/muc#roomconfig"
#define XMPP_NS_MUC_REGISTER "http://jabber.org/protocol/muc#register"
#define XMPP_NS_MUC_REQUEST "http://jabber.org/protocol/muc#request"
/* A room keeps the ids of messages */
#define XMPP_NS_MUC_STABLE_ID "http://jabber.org/protocol/muc#stable_id"
/* A server answers pings of an occupant to itself (XEP-0410) */
#define XMPP_NS_MUC_SELF_PING                                                  \
    "http://jabber.org/protocol/muc#self-ping-optimization"
/* Occupants by ids that outlive nicknames (XEP-0421) */
#define XMPP_NS_OCCUPANT_ID "urn:xmpp:occupant-id:0"
/* Messages retracted by moderators of rooms (XEP-0425), as it is and as it was;
 * what was around it then (XEP-0422) */
#define XMPP_NS_MODERATION "urn:xmpp:message-moderate:1"
#define XMPP_NS_MODERATION_0 "urn:xmpp:message-moderate:0"
#define XMPP_NS_FASTEN "urn:xmpp:fasten:0"
/* Retracted messages (XEP-0424), as it is and as it was */
#define XMPP_NS_RETRACT "urn:xmpp:message-retract:1"
#define XMPP_NS_RETRACT_0 "urn:xmpp:message-retract:0"
/* Direct invitations to rooms (XEP-0249) */
#define XMPP_NS_CONFERENCE "jabber:x:conference"
/* What occupants of rooms are beside their role (XEP-0317) */
#define XMPP_NS_HATS "urn:xmpp:hats:0"
#define XMPP_NS_HATS_COMMANDS "urn:xmpp:hats:commands"
/* How long somebody has been idle (XEP-0319), and a nickname (XEP-0172) */
#define XMPP_NS_IDLE "urn:xmpp:idle:1"
#define XMPP_NS_NICK "http://jabber.org/protocol/nick"
/* Slots for uploads by HTTP (XEP-0363), and what they are for */
#define XMPP_NS_UPLOAD "urn:xmpp:http:upload:0"
#define XMPP_NS_UPLOAD_PURPOSE "urn:xmpp:http:upload:purpose:0"
/* vCards (XEP-0054), the hashes of their photos (XEP-0153), and servers that
 * make photos of avatars (XEP-0398); the newer format (XEP-0292) */
#define XMPP_NS_VCARD "vcard-temp"
#define XMPP_NS_VCARD_UPDATE "vcard-temp:x:update"
#define XMPP_NS_PEP_VCARD_CONVERSION "urn:xmpp:pep-vcard-conversion:0"
#define XMPP_NS_VCARD4 "urn:ietf:params:xml:ns:vcard-4.0"
#define XMPP_NS_VCARD4_NODE "urn:xmpp:vcard4"
#define XMPP_NS_VCARD4_CONTACTS "urn:xmpp:contacts"
/* Avatars (XEP-0084) */
#define XMPP_NS_AVATAR_DATA "urn:xmpp:avatar:data"
#define XMPP_NS_AVATAR_METADATA "urn:xmpp:avatar:metadata"
/* XML that an account keeps at its server (XEP-0049) */
#define XMPP_NS_PRIVATE "jabber:iq:private"
/* In-band registration (XEP-0077), its stream feature, and that of invitations
 * (XEP-0445), which are shown in the namespace of XEP-0379 */
#define XMPP_NS_REGISTER "jabber:iq:register"
#define XMPP_NS_REGISTER_FLOWS "urn:xmpp:register:0"
#define XMPP_NS_REGISTER_FEATURE "http://jabber.org/features/iq-register"
#define XMPP_NS_IBR_TOKEN "urn:xmpp:ibr-token:0"
#define XMPP_NS_PARS "urn:xmpp:pars:0"
/* Searching directories (XEP-0055) */
#define XMPP_NS_SEARCH "jabber:iq:search"
/* Notifications for a client that is not connected (XEP-0357) */
#define XMPP_NS_PUSH "urn:xmpp:push:0"
/* Where somebody is (XEP-0080), and what somebody feels (XEP-0107), does
 * (XEP-0108) and listens to (XEP-0118) */
#define XMPP_NS_GEOLOC "http://jabber.org/protocol/geoloc"
#define XMPP_NS_MOOD "http://jabber.org/protocol/mood"
#define XMPP_NS_ACTIVITY "http://jabber.org/protocol/activity"
#define XMPP_NS_TUNE "http://jabber.org/protocol/tune"
/* Entries of a feed (RFC 4287) and their replies (RFC 4685); posts in nodes
 * (XEP-0277), and social feeds (XEP-0472) */
#define XMPP_NS_ATOM "http://www.w3.org/2005/Atom"
#define XMPP_NS_ATOM_THREAD "http://purl.org/syndication/thread/1.0"
#define XMPP_NS_MICROBLOG "urn:xmpp:microblog:0"
#define XMPP_NS_SOCIAL_FEED "urn:xmpp:pubsub-social-feed:1"
#define XMPP_NS_SOCIAL_GALLERY "urn:xmpp:pubsub-social-feed:gallery:1"
/* JSON in stanzas (XEP-0335), and messages of it (XEP-0432) */
#define XMPP_NS_JSON "urn:xmpp:json:0"
#define XMPP_NS_JSON_MESSAGE "urn:xmpp:json-msg:0"
/* Calling functions of others (XEP-0009) */
#define XMPP_NS_RPC "jabber:iq:rpc"
/* One stanza to many (XEP-0033) */
#define XMPP_NS_ADDRESS "http://jabber.org/protocol/address"
/* Stream management (XEP-0198) */
#define XMPP_NS_SM "urn:xmpp:sm:3"
/* Stream compression (XEP-0138) */
#define XMPP_NS_COMPRESSION "http://jabber.org/protocol/compress"
#define XMPP_NS_FEATURE_COMPRESSION "http://jabber.org/features/compress"
/* Is the other side alive? (XEP-0199) */
#define XMPP_NS_PING "urn:xmpp:ping"
/* What does the server accept of a stream? (XEP-0478) */
#define XMPP_NS_STREAM_LIMITS "urn:xmpp:stream-limits:0"
/* Which software? (XEP-0092) */
#define XMPP_NS_VERSION "jabber:iq:version"
/* What time is it there? (XEP-0202) */
#define XMPP_NS_TIME "urn:xmpp:time"
/* How long ago was something done? (XEP-0012) */
#define XMPP_NS_LAST "jabber:iq:last"
/* Is somebody looking at the client? (XEP-0352) */
#define XMPP_NS_CSI "urn:xmpp:csi:0"
/* Copies of messages of one's other clients (XEP-0280) */
#define XMPP_NS_CARBONS "urn:xmpp:carbons:2"
/* Messages inside of messages (XEP-0297) */
#define XMPP_NS_FORWARD "urn:xmpp:forward:0"
/* When it was sent, if it was delayed (XEP-0203); its ids (XEP-0359) */
#define XMPP_NS_DELAY "urn:xmpp:delay"
#define XMPP_NS_SID "urn:xmpp:sid:0"
/* How servers should treat a message (XEP-0334) */
#define XMPP_NS_HINTS "urn:xmpp:hints"
/* What became of a message: it arrived (XEP-0184), was displayed (XEP-0333);
 * and what the other side does meanwhile (XEP-0085) */
#define XMPP_NS_RECEIPTS "urn:xmpp:receipts"
#define XMPP_NS_MARKERS "urn:xmpp:chat-markers:0"
#define XMPP_NS_CHAT_STATES "http://jabber.org/protocol/chatstates"
/* Messages about a message: it is corrected (XEP-0308), reacted to (XEP-0444),
 * replied to (XEP-0461); and the texts for those who do not know them
 * (XEP-0428) */
#define XMPP_NS_CORRECT "urn:xmpp:message-correct:0"
#define XMPP_NS_REACTIONS "urn:xmpp:reactions:0"
#define XMPP_NS_REPLY "urn:xmpp:reply:0"
#define XMPP_NS_FALLBACK "urn:xmpp:fallback:0"
/* URIs beside a message, and offered (XEP-0066); parts of the body: styles
 * (XEP-0393) and references (XEP-0372); how it is encrypted (XEP-0380) */
#define XMPP_NS_OOB "jabber:x:oob"
#define XMPP_NS_OOB_OFFER "jabber:iq:oob"
#define XMPP_NS_STYLING "urn:xmpp:styling:0"
#define XMPP_NS_REFERENCE "urn:xmpp:reference:0"
#define XMPP_NS_ENCRYPTION "urn:xmpp:eme:0"
/* The mechanisms: OTR (XEP-0364), OpenPGP (XEP-0027, XEP-0373), and the
 * versions of OMEMO (XEP-0384) */
#define XMPP_NS_OTR "urn:xmpp:otr:0"
#define XMPP_NS_OPENPGP_OLD "jabber:x:encrypted"
#define XMPP_NS_OPENPGP "urn:xmpp:openpgp:0"
#define XMPP_NS_OMEMO "eu.siacs.conversations.axolotl"
#define XMPP_NS_OMEMO1 "urn:xmpp:omemo:1"
#define XMPP_NS_OMEMO2 "urn:xmpp:omemo:2"
/* Message archives (XEP-0313), what their servers may support beside it, and
 * full text search (XEP-0431) */
#define XMPP_NS_MAM "urn:xmpp:mam:2"
#define XMPP_NS_MAM_EXTENDED "urn:xmpp:mam:2#extended"
#define XMPP_NS_MAM_GROUPCHAT_FIELD "urn:xmpp:mam:2#groupchat-field"
#define XMPP_NS_MAM_GROUPCHAT "urn:xmpp:mam:2#groupchat-available"
#define XMPP_NS_FULLTEXT "urn:xmpp:fulltext:0"
/* Whom the server keeps off (XEP-0191), its errors, and reports (XEP-0377) */
#define XMPP_NS_BLOCKING "urn:xmpp:blocking"
#define XMPP_NS_BLOCKING_ERRORS "urn:xmpp:blocking:errors"
#define XMPP_NS_REPORTING "urn:xmpp:reporting:1"
#define XMPP_NS_REPORTING_SPAM "urn:xmpp:reporting:spam"
#define XMPP_NS_REPORTING_ABUSE "urn:xmpp:reporting:abuse"
/* What is stored of archives and of our own messages: the library's own */
#define XMPP_NS_SYNC "urn:libxmpp:sync"
/* Publish-subscribe (XEP-0060): requests, those of owners, and events of nodes;
 * the types of its forms, and names of errors */
#define XMPP_NS_PUBSUB "http://jabber.org/protocol/pubsub"
#define XMPP_NS_PUBSUB_OWNER "http://jabber.org/protocol/pubsub#owner"
#define XMPP_NS_PUBSUB_EVENT "http://jabber.org/protocol/pubsub#event"
#define XMPP_NS_PUBSUB_CONFIG "http://jabber.org/protocol/pubsub#node_config"
#define XMPP_NS_PUBSUB_PUBLISH_OPTIONS                                         \
    "http://jabber.org/protocol/pubsub#publish-options"
#define XMPP_NS_PUBSUB_AUTHORIZATION                                           \
    "http://jabber.org/protocol/pubsub#subscribe_authorization"
/* A node can be configured to keep as many items as the service allows */
#define XMPP_NS_PUBSUB_CONFIG_MAX                                              \
    "http://jabber.org/protocol/pubsub#config-node-max"
#define XMPP_NS_PUBSUB_ERRORS "http://jabber.org/protocol/pubsub#errors"
/* Bookmarks of rooms: XEP-0048, which is a node's name, and XEP-0402 */
#define XMPP_NS_BOOKMARKS_STORAGE "storage:bookmarks"
#define XMPP_NS_BOOKMARKS "urn:xmpp:bookmarks:1"
/* The server shows those of XEP-0402 to clients of the older way, too */
#define XMPP_NS_BOOKMARKS_COMPAT "urn:xmpp:bookmarks:1#compat"
/* What has been displayed on one's other clients (XEP-0490) */
#define XMPP_NS_MDS "urn:xmpp:mds:displayed:0"
/* The server takes the mark out of messages */
#define XMPP_NS_MDS_ASSIST "urn:xmpp:mds:server-assist:0"
/* Documents about a host (RFC 6415), and how they name a server's WebSocket and
 * its BOSH (XEP-0156) */
#define XMPP_NS_XRD "http://docs.oasis-open.org/ns/xri/xrd-1.0"
#define XMPP_NS_ALT_WEBSOCKET "urn:xmpp:alt-connections:websocket"
#define XMPP_NS_ALT_BOSH "urn:xmpp:alt-connections:xbosh"

#endif /* XMPP_NS_H */
