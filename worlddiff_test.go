package keypolicy_test

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/keypolicy/keypolicy"
	"github.com/keypolicy/keypolicy/compiler/spec"
)

// differs compares the keys of two folders of files, one key each, or names the folder that cannot be compared.
func differs(t *testing.T, files map[string]string, before, after string) (d *keypolicy.PolicyDifference, err error) {
	t.Helper()
	system := fstest.MapFS{".git": {Mode: fs.ModeDir}}
	for name, text := range files {
		system[name] = &fstest.MapFile{Data: []byte(text)}
	}
	l, err := keypolicy.New(keypolicy.Options{Files: keypolicy.Files{FS: system}, Key: keypolicy.KeyDefaults{Account: "111122223333"}})
	if err != nil {
		t.Fatal(err)
	}
	return l.Diff(keypolicy.Input{Name: before}, keypolicy.Input{Name: after})
}

// moved adds the files of an archive below a folder, with each text changed.
func moved(to map[string]string, folder, archive string, change func(file, text string) string) {
	for file, text := range module(archive) {
		to[folder+"/"+file] = change(file, text)
	}
}

// TestDiffOfAModuleWithItself: a module is the same one after being in another folder and some lines further down, whatever is not known
// in it. And where a text behind what is not known is another one, the modules are not said to be alike.
func TestDiffOfAModuleWithItself(t *testing.T) {
	compared := 0
	for name, archive := range constructs {
		files := map[string]string{}
		unknown := func(with string) func(file, text string) string {
			return func(file, text string) string {
				before, rest, ok := strings.Cut(text, "«")
				if !ok {
					return text
				}
				literal, after, _ := strings.Cut(rest, "»")
				if with == "" || !strings.HasSuffix(file, ".tf") || literal != `"*"` {
					return before + literal + after
				}
				return "variable \"zz\" {}\n" + before + fmt.Sprintf("upper(join(%q, [var.zz]))", with) + after
			}
		}
		moved(files, "old", archive, unknown("a"))
		moved(files, "new", archive, func(file, text string) string {
			text = unknown("a")(file, text)
			if strings.HasSuffix(file, ".tf") {
				return "# a line above\n\n" + text
			}
			return text
		})
		moved(files, "other", archive, unknown("b"))
		d, err := differs(t, files, "old", "new")
		if err != nil {
			continue // a literal is not everywhere an expression
		}
		compared++
		if !d.Equivalent || len(d.Unknown) > 0 {
			t.Errorf("%s: the same elsewhere: %+v", name, d.Difference)
		}
		if strings.Contains(fmt.Sprint(files), "upper(join") {
			if d, err := differs(t, files, "old", "other"); err == nil && d.Equivalent {
				t.Errorf("%s: what is another one behind something unknown is said to be alike", name)
			}
		}
	}
	if compared < 30 {
		t.Errorf("only %d modules were compared", compared)
	}
}

const (
	rootAnd = "resource \"aws_kms_key\" \"k\" {\n  policy = jsonencode({Version = \"2012-10-17\", Statement = [@root, @app(%s)@]})\n}\n"
	andMore = "resource \"aws_kms_key\" \"k\" {\n  policy = jsonencode({Version = \"2012-10-17\", Statement = concat([@root], %s)})\n}\n"
)

func rootAndApp(principal string) string { return fmt.Sprintf(rootAnd, principal) }
func rootAndMore(list string) string     { return fmt.Sprintf(andMore, list) }

// TestDiffBehindWhatIsNotKnown: OLD becomes NEW by another text, and the modules are not alike by that.
func TestDiffBehindWhatIsNotKnown(t *testing.T) {
	document := "data \"aws_iam_policy_document\" \"d\" {\n  @broot\n  %s\n}\nresource \"aws_kms_key\" \"k\" {\n  policy = data.aws_iam_policy_document.d.json\n}\n"
	choices := ""
	for i := range 6 {
		choices += fmt.Sprintf("variable \"v%d\" {}\n", i)
	}
	optional := "var.v0 ? [@app(\"OLD\")@] : []"
	for i := 1; i < 6; i++ {
		optional += fmt.Sprintf(", var.v%d ? [@app(\"arn:aws:iam::111122223333:role/%d\")@] : []", i, i)
	}
	for name, c := range map[string]struct{ archive, from, to string }{
		"a local":                    {"-- a.tf --\nvariable \"r\" {}\nlocals {\n  of = \"OLD\"\n}\n" + rootAndApp("upper(\"${local.of}${var.r}\")"), "OLD", "NEW"},
		"a long expression":          {"-- a.tf --\nvariable \"r\" {}\n" + rootAndApp("replace(replace(replace(substr(var.r, 0, 20), \"OLD\", \"1\"), \"22222222\", \"2\"), \"33333333\", \"3\")"), "OLD", "NEW"},
		"another variable":           {"-- a.tf --\nvariable \"a\" {}\nvariable \"b\" {}\nvariable \"c\" {}\n" + rootAndMore("var.OLD, var.c"), "var.OLD", "var.b"},
		"a variable before a list":   {"-- a.tf --\nvariable \"a\" {}\nvariable \"b\" {}\nvariable \"c\" {}\n" + rootAndMore("flatten([var.OLD, [], concat([], var.c)])"), "var.OLD", "var.b"},
		"a loop":                     {"-- a.tf --\nvariable \"l\" {}\n" + rootAndMore("[for k, v in var.l : merge(v, {Sid = \"OLD\"}) if v.on]"), "OLD", "NEW"},
		"the content of a block":     {"-- a.tf --\nvariable \"l\" {}\n" + fmt.Sprintf(document, "dynamic \"statement\" {\n    for_each = [for k, v in var.l : v if v.on]\n    content {\n      actions = [\"kms:OLD\"]\n      resources = [\"*\"]\n      principals {\n        type = \"AWS\"\n        identifiers = [\"*\"]\n      }\n    }\n  }"), "kms:OLD", "kms:Sign"},
		"two lists of blocks":        {"-- a.tf --\nvariable \"l\" {}\nvariable \"m\" {}\n" + fmt.Sprintf(document, "dynamic \"statement\" {\n    for_each = [for v in var.l : v if v.on]\n    content {\n      actions = [\"kms:OLD\"]\n    }\n  }\n  dynamic \"statement\" {\n    for_each = [for v in var.m : v if v.on]\n    content {\n      actions = [\"kms:Verify\"]\n    }\n  }"), "kms:OLD", "kms:Sign"},
		"the type of a principal":    {"-- a.tf --\nvariable \"t\" {}\n" + fmt.Sprintf(document, "statement {\n    actions = [\"kms:Sign\"]\n    resources = [\"*\"]\n    principals {\n      type = var.t\n      identifiers = [\"OLD\"]\n    }\n  }"), "OLD", "NEW"},
		"the values of a condition":  {"-- a.tf --\nvariable \"t\" {}\n" + fmt.Sprintf(document, "statement {\n    actions = [\"kms:Sign\"]\n    resources = [\"*\"]\n    principals {\n      type = \"AWS\"\n      identifiers = [\"*\"]\n    }\n    condition {\n      test = var.t\n      variable = \"aws:PrincipalOrgID\"\n      values = [\"OLD\"]\n    }\n  }"), "OLD", "NEW"},
		"a role's name":              {"-- a.tf --\nresource \"aws_iam_role\" \"r\" {\n  name = \"OLD\"\n}\n" + rootAndApp("aws_iam_role.r.arn"), "OLD", "NEW"},
		"a role's name in a list":    {"-- a.tf --\nvariable \"n\" {}\nresource \"aws_iam_role\" \"r\" {\n  for_each = var.n\n  name = \"OLD-${each.key}\"\n}\n" + rootAndApp("[for r in aws_iam_role.r : r.arn]"), "OLD", "NEW"},
		"what data is asked for":     {"-- a.tf --\ndata \"aws_ssm_parameter\" \"p\" {\n  name = \"OLD\"\n}\n" + rootAndApp("data.aws_ssm_parameter.p.value"), "OLD", "NEW"},
		"a block of data":            {"-- a.tf --\ndata \"aws_things\" \"p\" {\n  filter {\n    name = \"OLD\"\n  }\n}\n" + rootAndApp("data.aws_things.p.arns"), "OLD", "NEW"},
		"what a module is given":     {"-- a.tf --\nmodule \"m\" {\n  source = \"acme/role/aws\"\n  role = \"OLD\"\n}\n" + rootAndApp("module.m.arn"), "OLD", "NEW"},
		"which module it is":         {"-- a.tf --\nmodule \"m\" {\n  source = \"acme/OLD/aws\"\n}\n" + rootAndApp("module.m.arn"), "OLD", "NEW"},
		"what for_each is":           {"-- a.tf --\nvariable \"a\" {}\nvariable \"b\" {}\n" + strings.Replace(rootAndApp("each.value"), "{\n", "{\n  for_each = var.OLD\n", 1), "var.OLD", "var.b"},
		"what count is":              {"-- a.tf --\nvariable \"a\" {}\nvariable \"b\" {}\n" + strings.Replace(rootAndApp("upper(\"x${count.index}\")"), "{\n", "{\n  count = var.OLD\n", 1), "var.OLD", "var.b"},
		"a member of a file":         {"-- a.json --\n{\"a\": {\"arn\": \"arn:aws:iam::111122223333:role/OLD\"}, \"b\": {\"arn\": \"x\"}}\n-- a.tf --\nvariable \"k\" {}\n" + rootAndApp("lower(jsondecode(file(\"${path.module}/a.json\"))[var.k].arn)"), "OLD", "NEW"},
		"a template's text":          {"-- a.tpl --\n%{ if on }arn:aws:iam::111122223333:role/OLD%{ else }x%{ endif }\n-- a.tf --\nvariable \"on\" {}\n" + rootAndApp("trimspace(templatefile(\"${path.module}/a.tpl\", { on = var.on }))"), "OLD", "NEW"},
		"a text of a template":       {"-- a.tpl --\n{\"Version\": \"2012-10-17\", \"Statement\": [@jroot, %{ for a in apps }@japp(\"OLD\")@,%{ endfor }]}\n-- a.tf --\nvariable \"apps\" {}\nresource \"aws_kms_key\" \"k\" {\n  policy = templatefile(\"${path.module}/a.tpl\", { apps = var.apps })\n}\n", "OLD", "NEW"},
		"a text around holes":        {"-- a.tf --\nvariable \"a\" {}\nresource \"aws_kms_key\" \"k\" {\n  policy = \"{\\\"Version\\\": \\\"OLD\\\", ${var.a}\"\n}\n", "OLD", "NEW"},
		"the second of two holes":    {"-- a.tf --\nvariable \"a\" {}\nvariable \"b\" {}\nvariable \"c\" {}\nresource \"aws_kms_key\" \"k\" {\n  policy = \"${var.a}${var.OLD}\"\n}\n", "var.OLD", "var.b"},
		"which option has no policy": {"-- a.tf --\nvariable \"x\" {}\nresource \"aws_kms_key\" \"k\" {\n  policy = OLD jsonencode({Version = \"2012-10-17\", Statement = [@root, @app(\"arn:aws:iam::111122223333:role/app\")@]}) : null\n}\n", "OLD", "!var.x ?"},
		"one of many choices":        {"-- a.tf --\n" + choices + rootAndMore(optional), "OLD", "arn:aws:iam::111122223333:role/new"},
		"a member by a key":          {"-- a.tf --\nvariable \"k\" {}\nlocals {\n  of = {a = \"x\", b = \"arn:aws:iam::111122223333:role/OLD\"}\n}\n" + rootAndApp("local.of[var.k]"), "OLD", "NEW"},
	} {
		files := map[string]string{}
		was := c.from
		if was == "OLD" && strings.Contains(c.archive, "policy = OLD") {
			was = "var.x ?"
		}
		if strings.HasPrefix(c.from, "var.") {
			was = "var.a"
		}
		if c.from == "kms:OLD" {
			was = "kms:Decrypt"
		}
		moved(files, "old", c.archive, func(_, text string) string { return strings.ReplaceAll(text, c.from, was) })
		moved(files, "new", c.archive, func(_, text string) string { return strings.ReplaceAll(text, c.from, c.to) })
		d, err := differs(t, files, "old", "new")
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if d.Equivalent || len(d.Unknown)+len(d.Added)+len(d.Removed) == 0 {
			t.Errorf("%s: said to be alike", name)
		}
		if d, err := differs(t, files, "new", "new"); err != nil || !d.Equivalent {
			t.Errorf("%s: not alike by itself: %v, %+v", name, err, d)
		}
	}
}

// TestDiffBesideManyChoices: what is the same on both sides is not difference, however many choices it rests on: a statement that is
// there next to it may be added.
func TestDiffBesideManyChoices(t *testing.T) {
	archive := "-- a.tf --\n"
	var list []string
	for i := range 30 {
		archive += fmt.Sprintf("variable \"v%d\" {}\n", i)
		list = append(list, fmt.Sprintf("var.v%d ? [@app(\"arn:aws:iam::111122223333:role/%d\")@] : []", i, i))
	}
	files := map[string]string{}
	same := func(_, text string) string { return text }
	moved(files, "old", archive+rootAndMore(strings.Join(list, ", ")), same)
	moved(files, "new", archive+rootAndMore("[@app(\"arn:aws:iam::111122223333:role/more\")@], "+strings.Join(list, ", ")), same)
	d, err := differs(t, files, "old", "old")
	if err != nil || !d.Equivalent || len(d.Unknown) > 0 {
		t.Errorf("by itself: %v, %+v", err, d)
	}
}

// TestObjectionsBesideManyChoices: what is the same on both sides lets in and takes away nothing, however many choices it rests on.
func TestObjectionsBesideManyChoices(t *testing.T) {
	archive := "-- a.tf --\n"
	var list []string
	for i := range 30 {
		archive += fmt.Sprintf("variable \"v%d\" {}\n", i)
		list = append(list, fmt.Sprintf("var.v%d ? [@app(\"arn:aws:iam::111122223333:role/%d\")@] : []", i, i))
	}
	app := func(principal string) string { return "[@app(\"" + principal + "\")@], " }
	statement := func(effect, principal, action string) string {
		return `[{ Effect = "` + effect + `", Principal = { AWS = "` + principal + `" }, Action = "` + action + `", Resource = "*" }], `
	}
	own, other := "arn:aws:iam::111122223333:role/more", "arn:aws:iam::444455556666:role/more"
	for name, test := range map[string]struct {
		was, now string
		want     []keypolicy.DenyKind
	}{
		"nothing":              {"", "", nil},
		"a role":               {"", app(own), []keypolicy.DenyKind{keypolicy.DenyAdded, keypolicy.DenyUnknown}},
		"a role less":          {app(own), "", []keypolicy.DenyKind{keypolicy.DenyRemoved, keypolicy.DenyUnknown}},
		"an outsider":          {"", app(other), []keypolicy.DenyKind{keypolicy.DenyAdded, keypolicy.DenyUnknown, keypolicy.DenyOutsider}},
		"an outsider less":     {app(other), "", []keypolicy.DenyKind{keypolicy.DenyRemoved, keypolicy.DenyUnknown}},
		"an editor less":       {statement("Allow", own, "kms:PutKeyPolicy"), "", []keypolicy.DenyKind{keypolicy.DenyRemoved, keypolicy.DenyUnknown, keypolicy.DenyEditorRemoved}},
		"an outsider's denial": {statement("Deny", other, "kms:Decrypt"), "", []keypolicy.DenyKind{keypolicy.DenyAdded, keypolicy.DenyUnknown, keypolicy.DenyOutsider}},
	} {
		t.Run(name, func(t *testing.T) {
			files := map[string]string{}
			same := func(_, text string) string { return text }
			moved(files, "old", archive+rootAndMore(test.was+strings.Join(list, ", ")), same)
			moved(files, "new", archive+rootAndMore(test.now+strings.Join(list, ", ")), same)
			system := fstest.MapFS{".git": {Mode: fs.ModeDir}}
			for name, text := range files {
				system[name] = &fstest.MapFile{Data: []byte(text)}
			}
			l, err := keypolicy.New(keypolicy.Options{Files: keypolicy.Files{FS: system}, Key: keypolicy.KeyDefaults{Account: "111122223333"}})
			if err != nil {
				t.Fatal(err)
			}
			var sides []*spec.Compiled
			for _, name := range []string{"old", "new"} {
				p, err := l.Policy(keypolicy.Input{Name: name}, keypolicy.Pick{Document: keypolicy.AnyDocument})
				if err != nil {
					t.Fatal(err)
				}
				sides = append(sides, p)
			}
			was, now, found := keypolicy.Compare(l, l, "old", "new", sides[0], sides[1])
			got := l.Denied("new", was, now, found, []keypolicy.DenyKind{
				keypolicy.DenyAdded, keypolicy.DenyRemoved, keypolicy.DenyUnknown, keypolicy.DenyOutsider, keypolicy.DenyPublic, keypolicy.DenyEditorRemoved,
			})
			if !slices.Equal(got, test.want) {
				t.Errorf("objections %q, not %q; %+v", got, test.want, found)
			}
		})
	}
}
