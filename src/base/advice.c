/* advice.c - what may help against a failure, for a person. */

#include <stddef.h>

#include <xmpp/error.h>

#define NETWORK "check the network, and try again later"
#define SERVER "tell who runs the server; another version of it may help"
#define CLOCK "check the date of this machine, or tell who runs the server"
#define ATTACK                                                                 \
    "do not log in from this network before it is known what sits in between"

static const struct {
    int code;
    const char *advice;
} rows[] = {
    {XMPP_EMEM, "free some memory"},
    {XMPP_EINVOP, "see how the function is to be used"},
    {XMPP_EINT, "report it to who makes this library"},
    {XMPP_ENOTCONN, "connect first"},
    {XMPP_EFULL, "wait until something was sent, or raise the limit"},
    {XMPP_ELIMIT, "raise the limit, if the server is to be trusted that far"},
    {XMPP_ETIMEOUT, NETWORK},
    {XMPP_EARG, "correct the argument"},
    {XMPP_EDNS, "check the name server, and try again later"},
    {XMPP_ENOHOST, "check how the domain is written"},
    {XMPP_ENOSERVICE, "check how the domain is written, or name a host"},
    {XMPP_ECONNECT, NETWORK},
    {XMPP_ELOST, "connect again"},
    {XMPP_EEOF, "connect again"},
    {XMPP_EDANE, "tell who runs the server; it may be an attack"},
    {XMPP_ECERTPIN, "ask who runs the server for the new pin; it may be an "
                    "attack"},
    {XMPP_ETLS, "try again; if it stays, check whether something in between "
                "breaks TLS"},
    {XMPP_ENOTLS, "do not log in: either the server has no TLS, or somebody "
                  "hides it"},
    {XMPP_ECERT, "tell who runs the server, and do not accept it unseen"},
    {XMPP_ECERTNAME,
     "check the domain; it may be another server, or an attack"},
    {XMPP_ECERTTIME, CLOCK},
    {XMPP_ECERTISSUER, "get the server's authority by another way, or pin its "
                       "key"},
    {XMPP_ETRUST, "check the files of trusted certificates"},
    {XMPP_ECLIENTCERT, "check the certificate, its key and their password"},
    {XMPP_EINJECT, ATTACK},
    {XMPP_ECERTREVOKED, "do not log in; tell who runs the server"},
    {XMPP_EXML, "check that it is an XMPP server that answers there"},
    {XMPP_ERESTRICTED, SERVER},
    {XMPP_EPREFIX, SERVER},
    {XMPP_EENCODING, SERVER},
    {XMPP_ELOGIN, "the password may be right; see what the server says"},
    {XMPP_ETASK, "log in by a client that knows this step"},
    {XMPP_EAUTH, "check the user name and the password"},
    {XMPP_EMECH, "allow a mechanism that the server offers, or use another "
                 "server"},
    {XMPP_EPROOF, ATTACK},
    {XMPP_ECHALLENGE, SERVER},
    {XMPP_ECRED, "give user name and password, or what is said to be missing"},
    {XMPP_EDISABLED, "ask who runs the server why"},
    {XMPP_EEXPIRED, "get a new password or token"},
    {XMPP_EAUTHTEMP, "try again later; the password need not be wrong"},
    {XMPP_EPOLICY, "ask who runs the server what has changed before less is "
                   "allowed"},
    {XMPP_EDOWNGRADE, ATTACK},
    {XMPP_EBIND, "ask for another resource, or for none"},
    {XMPP_EBOUNDJID, SERVER},
    {XMPP_ESTREAM, "see what the server says"},
    {XMPP_EPROTO, SERVER},
    {XMPP_EVERSION, "use a server that speaks XMPP 1.0"},
    {XMPP_EACK, SERVER},
    {XMPP_EREFUSED, "see what the server says, and change the stanza"},
    {XMPP_EDROPPED, "send it again, if it is still wanted"},
    {XMPP_ESTANZA, "see what the answer says"},
};

const char *xmpp_strerror_advice(int code)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (rows[i].code == code)
            return rows[i].advice;
    return "";
}
