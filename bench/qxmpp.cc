/* qxmpp.cc - the client of the benchmark on QXmpp.
 *
 * usage: qxmpp receive|send PORT COUNT [CA_FILE]     as client.c */

#include <QXmppClient.h>
#include <QXmppConfiguration.h>
#include <QXmppMessage.h>
#include <QXmppPresence.h>

#include <QCoreApplication>
#include <cstdlib>
#include <cstring>

#include "meter.h"

static bool sends;
static long wanted;
static qint64 looked;

static void count(bool isEnd)
{
    if (!isEnd)
        return;
    meter_end(wanted);
    std::_Exit(looked ? 0 : 1);
}

static void sendAll(QXmppClient &client)
{
    for (long n = 0; n < wanted; n++) {
        QXmppMessage m;

        m.setTo("juliet@example.org/balcony");
        m.setType(QXmppMessage::Chat);
        m.setBody("My bounty is as boundless as the sea, my love as deep; the "
                  "more I give to thee");
        m.setThread("e0ffe42b28561960c6b12b944a0927");
        m.setReceiptRequested(true);
        m.setState(QXmppMessage::Active);
        client.sendPacket(m);
        if (n % 100 == 99)
            QCoreApplication::processEvents();
    }
}

static void watch(QXmppClient &client)
{
    QObject::connect(&client, &QXmppClient::messageReceived,
                     [](const QXmppMessage &m) {
                         looked += m.from().size() + m.body().size();
                         count(m.id() == "end");
                     });
    QObject::connect(&client, &QXmppClient::presenceReceived,
                     [](const QXmppPresence &p) {
                         looked += p.from().size();
                         count(false);
                     });
    QObject::connect(&client, &QXmppClient::connected, [&client] {
        meter_begin(); /* it reads all that has come, and then gives signals */
        if (sends)
            sendAll(client);
    });
    QObject::connect(&client, &QXmppClient::disconnected,
                     [] { std::_Exit(2); });
}

/* The first presence of a client is broadcast, which begins the feed. */
int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    QXmppConfiguration how;
    QXmppPresence presence;

    if (argc != 4 && argc != 5)
        return 2;
    sends = std::strcmp(argv[1], "send") == 0;
    wanted = std::atol(argv[3]);
    QXmppClient client;
    watch(client);
    how.setJid("romeo@example.org/r");
    how.setPassword("secret");
    how.setHost("127.0.0.1");
    how.setPort(std::atoi(argv[2]));
    how.setIgnoreSslErrors(true);
    how.setStreamSecurityMode(argc == 5 ? QXmppConfiguration::TLSRequired
                                        : QXmppConfiguration::TLSDisabled);
    how.setSaslAuthMechanism("PLAIN");
    how.setAutoReconnectionEnabled(false);
    if (sends)
        presence.setType(QXmppPresence::Unavailable);
    client.connectToServer(how, presence);
    return app.exec();
}
