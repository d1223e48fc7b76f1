"""completion.py - completion of the programs for bash, zsh and fish, from the options of
their sources."""

import re

import program

ACCOUNTS = '"${XDG_CONFIG_HOME:-$HOME/.config}/xmpp/accounts.conf" 2>/dev/null'
SECTIONS = r"s/^[[:blank:]]*\[[[:blank:]]*\(.*[^[:blank:]]\)[[:blank:]]*\].*/\1/p"
ADDRESSES = r"s/^[[:blank:]]*address[[:blank:]]*=[[:blank:]]*\([^[:space:]]*\).*/\1/p"


def kind_of_value(name, shape):
    """What a value is: a file, a folder, an account, one of some words, something that
    cannot be completed, or "" for an option without one."""
    if name == "color":
        return "words"
    if name == "account":
        return "account"
    return {"FILE": "file", "DIR": "folder", "": ""}.get(shape, "other")


def options_of(name):
    """(letter, name, shape, meaning) of each option."""
    source = (program.SOURCES / f"{name}.c").read_text()
    if "cli_start" in source:
        return program.options_of(program.kind_of(source))
    rows = re.findall(r"^  (?:-(\w), )?--([\w-]+)  +(.*)$",
                      dict(program.hand_written(name)[1])["Options"], re.M)
    return [(letter, word, "", meaning.rstrip(".")) for letter, word, meaning in rows]


def switches_of(name):
    source = (program.SOURCES / f"{name}.c").read_text()
    return program.switches_of(program.kind_of(source)) if "cli_start" in source else []


def is_client(options):
    return any(name == "account" for _, name, _, _ in options)


# ---- bash --------------------------------------------------------------

BASH = """\
# {name} - completion for bash.

# What the file of accounts has, without an expansion by the shell; quoted, because it
# becomes a part of the command.
{function}_accounts() {{
    local one
    while IFS= read -r one; do
        printf -v one %q "$one"
        [[ $one != "$word"* ]] || COMPREPLY+=("$one")
    done < <(sed -n "$1" {accounts})
}}

{function}() {{
    local word=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD - 1]}}
    [[ $word != = ]] || word=
    [[ $before != = ]] || before=${{COMP_WORDS[COMP_CWORD - 2]}}
    COMPREPLY=()
    case $before in
{cases}
    esac
    COMPREPLY=($(compgen -W "{words}" -- "$word"))
{undone}{addresses}}}
complete -o default -F {function} {name}
"""


def cases(function, options):
    replies = {
        # a word with quotes is left to readline, which knows them
        "file": 'compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$word")',
        "folder": 'compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- "$word")',
        "words": 'COMPREPLY=($(compgen -W "auto always never" -- "$word"))',
        "account": f"{function}_accounts '{SECTIONS}'",
        "other": "compopt +o default",
    }
    for kind, reply in replies.items():
        names = [f"--{name}" for _, name, shape, _ in options
                 if kind_of_value(name, shape) == kind]
        if names:
            yield f"    {' | '.join(names)})\n        {reply}\n        return\n        ;;"


def bash(name):
    options = options_of(name)
    function = "_" + name.replace("-", "_")
    words = " ".join(f"--{one}" for _, one, _, _ in options)
    undone = " ".join(f"--no-{one}" for one in switches_of(name))
    if undone:
        undone = (f"    [[ $word != --no-* ]] || "
                  f"COMPREPLY=($(compgen -W \"{undone}\" -- \"$word\"))\n")
    # an @ would end the word that is completed; --account stands for the address
    addresses = ("    [[ $word == *@* || \" ${COMP_WORDS[*]}\" == *\" --account\"[\\ =]* ]] ||\n"
                 f"        {function}_accounts '{ADDRESSES}'\n")
    return BASH.format(name=name, function=function, accounts=ACCOUNTS, words=words,
                       cases="\n".join(cases(function, options)),
                       undone=undone, addresses=addresses if is_client(options) else "")


# ---- zsh ---------------------------------------------------------------

def zsh_quoted(text):
    return re.sub(r"([\[\]:])", r"\\\1", text).replace("'", "'\\''")


def zsh_value(name, shape):
    kind = kind_of_value(name, shape)
    if not kind:
        return ""
    action = {"file": "_files", "folder": "_files -/", "words": "(auto always never)",
              "account": "_xmpp_accounts", "other": " "}[kind]
    return f":{zsh_quoted(shape)}:{action}"


def zsh_undone(name):
    """--no-NAME is not offered before --no- was typed."""
    specs = " ".join(f"'--no-{one}[undo --{one}]'" for one in switches_of(name))
    return ["local -a undo", f"[[ $PREFIX != --no-* ]] || undo=({specs})"]


def zsh(name):
    options = options_of(name)
    lines = []
    for letter, one, shape, meaning in options:
        value = zsh_value(one, shape)
        text = f"[{zsh_quoted(meaning)}]{value}'"
        if letter:
            lines.append(f"    '-{letter}{text}")
        lines.append(f"    '--{one}{'=' if value else ''}{text}")
    return "\n".join([
        f"#compdef {name}", f"# {name} - completion for zsh.", "_xmpp_accounts() {",
        f"    compadd -- ${{(f)\"$(sed -n '{SECTIONS}' {ACCOUNTS})\"}}", "}",
        *zsh_undone(name), "_arguments -s $undo \\", *(f"{line} \\" for line in lines), "    '*::argument:_default'",
        ""])


# ---- fish --------------------------------------------------------------

def fish_quoted(text):
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def fish(name):
    lines = [f"# {name} - completion for fish."]
    accounts = (f"(sed -n '{SECTIONS}' (set -q XDG_CONFIG_HOME; and echo "
                r"$XDG_CONFIG_HOME; or echo ~/.config)/xmpp/accounts.conf 2>/dev/null)")
    for letter, one, shape, meaning in options_of(name):
        value = {"file": " -r -F", "folder": " -x -a '(__fish_complete_directories)'",
                 "words": " -x -a 'auto always never'",
                 "account": f' -x -a "{accounts}"', "other": " -x",
                 "": ""}[kind_of_value(one, shape)]
        short = f" -s {letter}" if letter else ""
        lines.append(f"complete -c {name}{short} -l {one}{value} -d {fish_quoted(meaning)}")
    for one in switches_of(name):
        lines.append(f"complete -c {name} -n 'string match -q -- \"--no-*\" "
                     f"(commandline -ct)' -l no-{one} -d 'undo --{one}'")
    return "\n".join([*lines, ""])


def write(folder):
    folder.mkdir(parents=True, exist_ok=True)
    for name in program.all_programs():
        (folder / f"{name}.bash").write_text(bash(name))
        (folder / f"_{name}").write_text(zsh(name))
        (folder / f"{name}.fish").write_text(fish(name))
