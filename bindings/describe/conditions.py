"""conditions.py - what to do when somebody has answered a request with an error: the
conditions of RFC 6120 section 8.3.3, in the words of doc/guide/errors.md."""

ADVICE = {
    "bad-request": "correct the request",
    "conflict": "choose another name",
    "feature-not-implemented": "do without it",
    "forbidden": "get the permission",
    "gone": "use the new address, which is in the error",
    "internal-server-error": "try again later",
    "item-not-found": "check the name; a new room may be locked until its owner "
                      "opens it",
    "jid-malformed": "check the address",
    "not-acceptable": "change the request; a room takes messages only from those "
                      "who are in it",
    "not-allowed": "do without it",
    "not-authorized": "give the password",
    "policy-violation": "send less, or ask the administrator of that server",
    "recipient-unavailable": "try again when the recipient is there",
    "redirect": "use the address in the error",
    "registration-required": "become a member",
    "remote-server-not-found": "check the spelling of the domain",
    "remote-server-timeout": "try again later",
    "resource-constraint": "try again later",
    "service-unavailable": "check the address; the other side may be offline, or "
                           "accept contacts only",
    "subscription-required": "ask for a subscription",
    "undefined-condition": "read the text of the error",
    "unexpected-request": "begin with the first step again",
}
