/* advice.c - what may help against a failure, for a person. */

#include <stddef.h>

#include <xmpp/error.h>

#define NETWORK "check the network, and try again later"
#define SERVER                                                                 \
    "report it to the server's administrator; another version may help"
#define CLOCK                                                                  \
    "check the date of this machine, or tell the server's administrator"
#define ATTACK                                                                 \
    "do not log in from this network until you know who is in the middle"

/* Each says what to do and who can help, for a person who knows no protocol. */
static const struct {
    int code;
    const char *advice;
} rows[] = {
    {XMPP_EMEM, "free some memory"},
    {XMPP_EINVOP, "read how the function is used"},
    {XMPP_EINT, "report it to the authors of libxmpp"},
    {XMPP_ENOTCONN, "connect first"},
    {XMPP_EFULL, "wait until something has been sent, or raise the limit"},
    {XMPP_ELIMIT, "raise the limit, if you trust the server that far"},
    {XMPP_ETIMEOUT, NETWORK},
    {XMPP_EARG, "correct the argument"},
    {XMPP_EDNS, "check the name server, and try again later"},
    {XMPP_ENOHOST, "check the spelling of the domain"},
    {XMPP_ENOSERVICE,
     "check the spelling of the domain, or give the server's host"},
    {XMPP_ECONNECT,
     "check the host, the port and the network, and try again later"},
    {XMPP_ELOST, "connect again"},
    {XMPP_EEOF, "connect again"},
    {XMPP_EPROXY, "check the proxy, and whether it allows this host and port"},
    {XMPP_EPROXYAUTH, "check the user name and the password of the proxy"},
    {XMPP_EWEBSOCKET, "check the URL of the WebSocket"},
    {XMPP_EHOSTMETA, "check the domain, or set the URL of the WebSocket"},
    {XMPP_EDANE, "tell the server's administrator; it may be an attack"},
    {XMPP_ECERTPIN,
     "get the new pin from the server's administrator; it may be "
     "an attack"},
    {XMPP_ETLS, "try again; if it keeps failing, check whether a firewall or "
                "proxy breaks TLS"},
    {XMPP_ENOTLS, "do not log in: the server has no TLS, or an attacker hides "
                  "it"},
    {XMPP_ECERT, "tell the server's administrator; do not accept it unchecked"},
    {XMPP_ECERTNAME,
     "check the domain; it may be another server, or an attack"},
    {XMPP_ECERTTIME, CLOCK},
    {XMPP_ECERTISSUER, "install the certificate of the server's authority, or "
                       "pin the server's key"},
    {XMPP_ETRUST, "check the files of trusted certificates"},
    {XMPP_ECLIENTCERT, "check the certificate, its key and their password"},
    {XMPP_EINJECT, ATTACK},
    {XMPP_ECERTREVOKED, "do not log in; tell the server's administrator"},
    {XMPP_EXML, "check that host and port are those of an XMPP server"},
    {XMPP_ERESTRICTED, SERVER},
    {XMPP_EPREFIX, SERVER},
    {XMPP_EENCODING, SERVER},
    {XMPP_ELOGIN, "the password may be right; read the server's reason"},
    {XMPP_ETASK, "log in with a client that supports this step"},
    {XMPP_EAUTH, "check the user name and the password"},
    {XMPP_EMECH, "allow a mechanism that the server offers, or use another "
                 "server"},
    {XMPP_EPROOF, ATTACK},
    {XMPP_ECHALLENGE, SERVER},
    {XMPP_ECRED, "set the user name and the password, or whatever the failure "
                 "names"},
    {XMPP_EDISABLED, "ask the server's administrator why"},
    {XMPP_EEXPIRED, "get a new password or token"},
    {XMPP_EAUTHTEMP, "try again later; the password need not be wrong"},
    {XMPP_EPOLICY, "ask the server's administrator what has changed before you "
                   "allow a weaker login"},
    {XMPP_EDOWNGRADE, ATTACK},
    {XMPP_EBIND, "request another resource, or none"},
    {XMPP_EBOUNDJID, SERVER},
    {XMPP_ESTREAM, "read the server's reason"},
    {XMPP_EPROTO, SERVER},
    {XMPP_EVERSION, "use a server that speaks XMPP 1.0"},
    {XMPP_EACK, SERVER},
    {XMPP_EREFUSED, "read the server's reason, and change the stanza"},
    {XMPP_EDROPPED, "send it again, if it is still wanted"},
    {XMPP_ESTANZA, "read the error in the answer"},
};

const char *xmpp_strerror_advice(int code)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (rows[i].code == code)
            return rows[i].advice;
    return "";
}
