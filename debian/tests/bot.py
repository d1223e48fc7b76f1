"""bot.py - a component with the installed package for Python hears itself."""

import asyncio
import sys

import libxmpp


async def main(port):
    async with libxmpp.Client("bot.test", "secret", component=True, host="127.0.0.1",
                              port=port) as c:
        inbox = c.messages()
        await c.send(libxmpp.Message(to="a@bot.test", from_="b@bot.test", body="Hello, bot!"))
        message = await anext(inbox)
        assert (message.body, message.from_) == ("Hello, bot!", "b@bot.test")
        print(f"libxmpp {libxmpp.__version__} for Python: {message.body}")

asyncio.run(main(*sys.argv[1:]))
