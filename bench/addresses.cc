/* addresses.cc - an address checked and normalised, beside gloox in one run.
 *
 * usage: bench/addresses BUILD_DIR   (compiles and runs this; libgloox-dev) */

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <string>
#include <vector>

#include <gloox/jid.h>
#include <xmpp/xmpp.h>

static const int turns = 15;
static const long times = 20000;

static double now()
{
    timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static double ours(const char *text)
{
    char room[XMPP_JID_BUFFER_SIZE];
    xmpp_jid_t jid;
    size_t n = strlen(text);
    long good = 0;
    double start = now();

    for (long i = 0; i < times; i++)
        good += xmpp_jid_parse(text, n, XMPP_JID_STRICT, room, &jid, NULL) == 0;
    return good == times ? (now() - start) / (double)times : -1;
}

static double theirs(const char *text)
{
    std::string copy = text;
    long good = 0;
    double start = now();

    for (long i = 0; i < times; i++)
        good += (bool)gloox::JID(copy);
    return good == times ? (now() - start) / (double)times : -1;
}

static double median(std::vector<double> v)
{
    std::sort(v.begin(), v.end());
    return v[v.size() / 2];
}

int main()
{
    static const char *const texts[] = {
        "romeo@montague.lit/orchard", "Romeo@Montague.lit/orchard",
        "ραδιο@bücher.example/Ωμέγα", "юлия@пример.рф/Балкон №2",
        "中村@例え.jp/東京",          "a@xn--bcher-kva.example/é",
    };

    puts("nanoseconds of CPU per address: libxmpp, gloox, ratio");
    for (const char *text : texts) {
        std::vector<double> a, b, ratio;

        for (int i = 0; i < turns; i++) {
            a.push_back(ours(text));
            b.push_back(theirs(text));
            ratio.push_back(b.back() / a.back());
        }
        printf("  %8.1f %8.1f %6.1f  %s\n", median(a), median(b), median(ratio),
               text);
    }
    return 0;
}
