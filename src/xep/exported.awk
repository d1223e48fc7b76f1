# exported.awk - what headers export, one a line: its kind and its name. The kind
# of data is the name of their type, such as xmpp_module_t.
/^#/ { next }
/^XMPP_API/ {
    sub(/^XMPP_API/, "")
    declaration = " "
}
declaration != "" {
    declaration = declaration " " $0
    if (declaration ~ /[(;]/) {
        match(declaration, /xmpp_[a-z0-9_]+[ \[\]]*[(;]/)
        name = substr(declaration, RSTART, RLENGTH)
        before = substr(declaration, 1, RSTART - 1)
        gsub(/[^a-z0-9_]/, "", name)
        kind = "function"
        if (before ~ / extern /) {
            match(before, /xmpp_[a-z0-9_]+_t/)
            kind = substr(before, RSTART, RLENGTH)
        }
        print kind, name
        declaration = ""
    }
}
