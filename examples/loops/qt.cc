/* qt.cc - the bot in Qt's loop.
 *
 *     c++ -fPIC qt.cc bot.o $(pkg-config --cflags --libs libxmpp Qt5Core) */

#include <QCoreApplication>
#include <QEvent>
#include <QSocketNotifier>
#include <QTimer>

#include "bot.h"

/* event() instead of a slot: its name is the same in all versions of Qt, and
 * there is no moc to be run. */
class Watch : public QSocketNotifier
{
  public:
    Watch(int fd, xmpp_ctx_t *served)
        : QSocketNotifier(fd, QSocketNotifier::Read), ctx(served)
    {
    }

  protected:
    bool event(QEvent *event) override
    {
        if (event->type() != QEvent::SockAct)
            return QSocketNotifier::event(event);
        xmpp_ctx_process(ctx);
        return true;
    }

  private:
    xmpp_ctx_t *ctx;
};

static void on_over(void *)
{
    QCoreApplication::quit();
}

int main(int argc, char **argv)
{
    QCoreApplication loop(argc, argv);
    struct bot bot;
    int fd = bot_start(&bot, on_over, nullptr);

    if (fd >= 0) {
        Watch watch(fd, bot.ctx);
        QTimer timer;

        QObject::connect(&timer, &QTimer::timeout, [&bot] { bot_tick(&bot); });
        timer.start(BOT_PERIOD);
        loop.exec();
    } /* the watch ends before the context closes its descriptor */
    return bot_end(&bot);
}
