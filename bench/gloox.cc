/* gloox.cc - the client of the benchmark on gloox.
 *
 * usage: gloox receive|send PORT COUNT [CA_FILE]     as client.c */

#include <gloox/chatstate.h>
#include <gloox/client.h>
#include <gloox/connectionlistener.h>
#include <gloox/connectiontcpclient.h>
#include <gloox/iqhandler.h>
#include <gloox/message.h>
#include <gloox/messagehandler.h>
#include <gloox/presencehandler.h>
#include <gloox/receipt.h>

#include <cstdlib>
#include <cstring>

#include "meter.h"

using namespace gloox;

class Bench : public ConnectionListener,
              public MessageHandler,
              public PresenceHandler
{
  public:
    Bench(const char *mode, int port, long count, bool tls)
        : m_sends(std::strcmp(mode, "send") == 0), m_count(count), m_seen(0),
          m_looked(0), m_client(JID("romeo@example.org/r"), "secret", port)
    {
        m_client.setServer("127.0.0.1");
        m_client.setTls(tls ? TLSRequired : TLSDisabled);
        m_client.setSasl(true);
        m_client.disableRoster();
        m_client.setPresence(Presence::Unavailable, 0);
        m_client.registerConnectionListener(this);
        m_client.registerMessageHandler(this);
        m_client.registerPresenceHandler(this);
    }

    int run()
    {
        if (!m_client.connect(false))
            return 2;
        while (m_client.recv(-1) == ConnNoError)
            ;
        return 1;
    }

    void onConnect() override
    {
        if (m_sends)
            sendAll();
        else
            m_client.setPresence(Presence::Available, 0);
    }

    void onDisconnect(ConnectionError) override
    {
        std::exit(2);
    }
    bool onTLSConnect(const CertInfo &) override
    {
        return true;
    }

    void handleMessage(const Message &m, MessageSession *) override
    {
        m_looked += m.from().full().size() + m.body().size();
        count(m.id() == "end");
    }

    void handlePresence(const Presence &p) override
    {
        m_looked += p.from().full().size();
        count(false);
    }

  private:
    void count(bool isEnd)
    {
        if (++m_seen == METER_WARM && !m_sends)
            meter_begin();
        if (!isEnd)
            return;
        meter_end(m_sends ? m_count : m_count - METER_WARM);
        std::exit(m_looked ? 0 : 1);
    }

    void sendAll()
    {
        meter_begin();
        for (long n = 0; n < m_count; n++) {
            Message m(Message::Chat, JID("juliet@example.org/balcony"),
                      "My bounty is as boundless as the sea, my love as deep; "
                      "the more I give to thee",
                      "", "e0ffe42b28561960c6b12b944a0927");

            m.addExtension(new Receipt(Receipt::Request));
            m.addExtension(new ChatState(ChatStateActive));
            m_client.send(m);
        }
    }

    bool m_sends;
    long m_count, m_seen;
    size_t m_looked;
    Client m_client;
};

int main(int argc, char **argv)
{
    if (argc != 4 && argc != 5)
        return 2;
    Bench bench(argv[1], std::atoi(argv[2]), std::atol(argv[3]), argc == 5);
    return bench.run();
}
