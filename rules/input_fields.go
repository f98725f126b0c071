package rules

import (
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// fields are the names of the fields that the rules that are due read of an input; nil stands for all. Others are left out where
// they are dear to make. It is known of the rules built in, by the texts in them and in the helpers that they use: index.json has it.
type fields map[string]bool

func (f fields) has(name string) bool { return f == nil || f[name] }

// builder makes an object of the fields that are read. A path always is: without it, two things could be taken for one.
type builder struct {
	read    fields
	members []member
}

func (f fields) object(size int) *builder { return &builder{f, make([]member, 0, size)} }

func (b *builder) term(name string, make func() *ast.Term) {
	if b.read.has(name) {
		b.members = append(b.members, field(name, make()))
	}
}

func (b *builder) text(name, value string) {
	if b.read.has(name) {
		b.members = append(b.members, field(name, text(value)))
	}
}

func (b *builder) truth(name string, value bool) {
	if b.read.has(name) {
		b.members = append(b.members, field(name, truth(value)))
	}
}

func (b *builder) add(name string, value *ast.Term) {
	b.members = append(b.members, field(name, value))
}

func (b *builder) object() *ast.Term { return object(b.members...) }

// fieldNames are the fields of inputs, by their schemas. An input has thousands: the terms of their names are made once.
var fieldNames = strings.Fields(`
	able absent access access_levels account account_from accounts action actions administration administrative alias
	aliases all allowed and answer any_of as_itself at bare base bits blame bounded by caller cancel_deletion category
	character characters code conditions configured confused_deputy confused_deputy_undecided context control cross_account
	cryptographic custom_key_store dated day decision decisions delegated delegates denied denied_by describe digest direct
	document documented does doubtful durable duties editors effect effective element elements empty enable entries
	everything exact expect expired external external_undecided facts families family fault faulty fields file files
	for_all_values_refused form forms given grantable grants groups iam_only id if_exists include index instead kept key
	key_kinds key_specs key_types keys kind known label labels left limits list lockout mark matches matrix means members
	multi_region multivalued name name_path named nearest needs negated network never_with not not_actions
	not_known_to_be_sent not_principals not_resources not_sent nothing obstacles offered old open operations operator opt_in
	organizations origin origins others outcomes outputs outside outsider page parses partition path placeholders policy
	position possible presence present principal principal_keys principals private problems public public_witness quoted
	range read_as read_policy reason reasons ref refused region regional regions relation relevant renamed replaced_by requests
	resources roles root_user rules same same_source schedule_deletion sent_by service services session set
	set_operator_required setting sid side size size_limit sources spec spelled statement statements status stranger suffix
	suppressions takes template text today trust type unattested undecided undenied undocumented unknown unsupported until
	usable usage use used used_by users uses values variable variables verdict version via want wants way what when whole
	why wildcard wildcards witness written`)

// commonTexts are what many of them hold.
var commonTexts = strings.Fields(`
	AWS Service Federated Sid Effect Principal NotPrincipal Action NotAction Resource NotResource Condition Version Id Statement
	2012-10-17 * Allow own other trusted none account user role session service anyone lists policy document mapping list string int
	aws key_users key_users_roles key_admins key_admins_roles external_accounts users admins`)

func init() {
	ast.InternStringTerm(fieldNames...)
	ast.InternStringTerm(commonTexts...)
}
