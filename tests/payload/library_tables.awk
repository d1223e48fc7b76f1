# library_tables.awk - from the lines of src/xep/exported.awk the C file that
# lists the payload tables of the library (all_tables.h).
BEGIN {
    print "#include \"payload/all_tables.h\""
    print ""
}
$1 == "xmpp_payload_t" {
    print "extern const xmpp_payload_t " $2 ";"
    rows = rows "    {\"" $2 "\", &" $2 "},\n"
}
END {
    print ""
    print "const struct named_table library_tables[] = {"
    printf "%s", rows
    print "    {NULL, NULL},"
    print "};"
}
