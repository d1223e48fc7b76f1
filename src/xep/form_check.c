/* form_check.c - is a data form filled in correctly (XEP-0004)? */

#include <string.h>

#include <xmpp/xep/form_check.h>
#include <xmpp/xep/form_validate.h>

static const char *check_bool(const xmpp_form_field_t *field, const char *value)
{
    static const char *const bools[] = {"0", "1", "false", "true"};

    (void)field;
    for (size_t i = 0; i < sizeof(bools) / sizeof(bools[0]); i++)
        if (!strcmp(bools[i], value))
            return NULL;
    return "it has to be true, false, 1 or 0";
}

static const char *check_jid(const xmpp_form_field_t *field, const char *value)
{
    char buffer[XMPP_JID_BUFFER_SIZE];
    xmpp_jid_t jid;

    (void)field;
    if (xmpp_jid_parse(value, (size_t)-1, XMPP_JID_LENIENT, buffer, &jid,
                       NULL) == 0)
        return NULL;
    return "it has to be an XMPP address";
}

/* Every method but <basic/> makes a list open (XEP-0122 section 3.2). A list
 * without options has nothing to choose from, and is open too. */
static const char *check_option(const xmpp_form_field_t *field,
                                const char *value)
{
    const xmpp_form_validate_t *validate = field->validate;

    if (!field->option_count ||
        (validate &&
         (validate->open || validate->min || validate->max || validate->regex)))
        return NULL;
    for (size_t i = 0; i < field->option_count; i++)
        if (field->options[i]->value &&
            !strcmp(field->options[i]->value, value))
            return NULL;
    return "it has to be one of the options";
}

/* By the type of a field: may it have many values, may an empty text be a
 * value, is XEP-0122 for it, and what each value has to be. */
static const struct field_rule {
    int is_multi, takes_empty, is_validated;
    const char *(*check)(const xmpp_form_field_t *field, const char *value);
} field_rules[] = {
    {0, 0, 1, NULL}, /* text-single: no type, or one that is not known */
    [XMPP_FIELD_BOOLEAN] = {0, 0, 0, check_bool},
    [XMPP_FIELD_FIXED] = {1, 1, 0, NULL},
    [XMPP_FIELD_HIDDEN] = {1, 1, 0, NULL},
    [XMPP_FIELD_JID_MULTI] = {1, 0, 1, check_jid},
    [XMPP_FIELD_JID_SINGLE] = {0, 0, 1, check_jid},
    [XMPP_FIELD_LIST_MULTI] = {1, 1, 1, check_option},
    [XMPP_FIELD_LIST_SINGLE] = {0, 1, 1, check_option},
    [XMPP_FIELD_TEXT_MULTI] = {1, 0, 1, NULL},
    [XMPP_FIELD_TEXT_PRIVATE] = {0, 0, 1, NULL},
    [XMPP_FIELD_TEXT_SINGLE] = {0, 0, 1, NULL},
};

static const struct field_rule *rule_of(const xmpp_form_field_t *field)
{
    size_t type = (size_t)field->type;

    if (type >= sizeof(field_rules) / sizeof(field_rules[0]))
        type = 0;
    return &field_rules[type];
}

/* Where an empty text cannot be a value it stands for none: users leave fields
 * empty, and clients send them so. */
static int is_filled_in(const struct field_rule *kind, const char *value)
{
    return *value || kind->takes_empty;
}

static const char *check_value(const xmpp_form_field_t *field,
                               const struct field_rule *kind, const char *value)
{
    const char *reason = kind->check ? kind->check(field, value) : NULL;

    if (!reason && kind->is_validated)
        reason = xmpp_form_validate(field->validate, value);
    return reason;
}

static const char *check_count(const xmpp_form_field_t *field, size_t n)
{
    const xmpp_form_validate_t *validate = field->validate;

    if (field->required && !n)
        return "it has to be filled in";
    if (field->type != XMPP_FIELD_LIST_MULTI || !validate)
        return NULL; /* XEP-0122 section 3.3 */
    if (validate->least > 0 && n < (size_t)validate->least)
        return "too few options are chosen";
    if (validate->most >= 0 && n > (size_t)validate->most)
        return "too many options are chosen";
    return NULL;
}

static const char *check_field(const xmpp_form_field_t *field,
                               const xmpp_form_field_t *answer)
{
    const struct field_rule *kind = rule_of(field);
    size_t n = 0;

    if (field->type == XMPP_FIELD_FIXED)
        return NULL;
    for (size_t i = 0; answer && i < answer->value_count; i++) {
        const char *reason;

        if (!is_filled_in(kind, answer->values[i]))
            continue;
        reason = check_value(field, kind, answer->values[i]);
        if (reason)
            return reason;
        n++;
    }
    if (n > 1 && !kind->is_multi)
        return "it has more than one value";
    return answer || field->required ? check_count(field, n) : NULL;
}

/* The field of the answer, and whether there is another one of the same name.
 */
static const xmpp_form_field_t *find_field(const xmpp_form_t *answer,
                                           const char *var, int *ret_is_twice)
{
    const xmpp_form_field_t *found = NULL;

    for (size_t i = 0; i < answer->field_count; i++) {
        const xmpp_form_field_t *field = answer->fields[i];

        if (!field->var || strcmp(field->var, var) != 0)
            continue;
        *ret_is_twice = found != NULL;
        if (found)
            break;
        found = field;
    }
    return found;
}

static const char *check_named(const xmpp_form_field_t *field,
                               const xmpp_form_t *answer)
{
    int is_twice = 0;
    const xmpp_form_field_t *found = find_field(answer, field->var, &is_twice);

    return is_twice ? "it is there twice" : check_field(field, found);
}

static int is_other_form(const xmpp_form_t *form, const xmpp_form_t *answer)
{
    const char *ours = xmpp_form_get_form_type(form);
    const char *theirs = xmpp_form_get_form_type(answer);

    return ours && theirs && strcmp(ours, theirs) != 0;
}

xmpp_form_fault_t xmpp_form_check(const xmpp_form_t *form,
                                  const xmpp_form_t *answer)
{
    xmpp_form_fault_t fault = {"", NULL};

    if (!form || !answer || answer->type != XMPP_FORM_SUBMIT)
        fault.reason = "a form of type submit was expected";
    else if (is_other_form(form, answer))
        fault = (xmpp_form_fault_t){"FORM_TYPE", "it belongs to another form"};
    for (size_t i = 0; !fault.reason && i < form->field_count; i++) {
        const xmpp_form_field_t *field = form->fields[i];

        if (!field->var)
            continue;
        fault.reason = check_named(field, answer);
        fault.var = fault.reason ? field->var : "";
    }
    return fault;
}
