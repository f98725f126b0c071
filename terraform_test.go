package keypolicy_test

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"unicode/utf8"

	"golang.org/x/tools/txtar"

	"github.com/keypolicy/keypolicy"
)

// shorthands are written out in the modules of the tests: @root and @app(PRINCIPAL) are statements in HCL, @jroot and
// @japp(PRINCIPAL) in JSON, @bapp(LIST) a block.
var shorthands = []struct {
	pattern *regexp.Regexp
	text    string
}{
	{regexp.MustCompile(`@root`), `{Sid = "Root", Effect = "Allow", Principal = {AWS = "arn:aws:iam::111122223333:root"}, Action = "kms:*", Resource = "*"}`},
	{regexp.MustCompile(`@app\((.*?)\)@`), `{Sid = "App", Effect = "Allow", Principal = {AWS = $1}, Action = "kms:Decrypt", Resource = "*"}`},
	{regexp.MustCompile(`@jroot`), `{"Sid": "Root", "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "kms:*", "Resource": "*"}`},
	{regexp.MustCompile(`@japp\((.*?)\)@`), `{"Sid": "App", "Effect": "Allow", "Principal": {"AWS": $1}, "Action": "kms:Decrypt", "Resource": "*"}`},
	{regexp.MustCompile(`@broot`), "statement {\n    sid = \"Root\"\n    actions = [\"kms:*\"]\n    resources = [\"*\"]\n    principals {\n      type = \"AWS\"\n      identifiers = [\"arn:aws:iam::111122223333:root\"]\n    }\n  }"},
	{regexp.MustCompile(`@bapp\((.*?)\)@`), "statement {\n    sid = \"App\"\n    actions = [\"kms:Decrypt\"]\n    resources = [\"*\"]\n    principals {\n      type = \"AWS\"\n      identifiers = $1\n    }\n  }"},
}

// module writes a txtar archive out as the files of a file system.
func module(archive string) map[string]string {
	files := map[string]string{}
	for _, f := range txtar.Parse([]byte(archive)).Files {
		text := string(f.Data)
		for _, s := range shorthands {
			text = s.pattern.ReplaceAllString(text, s.text)
		}
		files[f.Name] = text
	}
	return files
}

// bad are the findings of a run that are not of severity info, as FILE:LINE:COLUMN RULE.
func bad(t *testing.T, files map[string]string, names ...string) []string {
	t.Helper()
	system := fstest.MapFS{".git": {Mode: fs.ModeDir}}
	for name, text := range files {
		system[name] = &fstest.MapFile{Data: []byte(text)}
	}
	l, err := keypolicy.New(keypolicy.Options{Files: keypolicy.Files{FS: system}, Key: keypolicy.KeyDefaults{Account: "111122223333"}, Jobs: 2})
	if err != nil {
		t.Fatal(err)
	}
	result, err := l.Lint(context.Background(), names...)
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, f := range result.Findings {
		if f.Severity != "info" {
			list = append(list, fmt.Sprintf("%s:%d:%d %s", f.File, f.Line, f.Column, f.Rule))
		}
	}
	return list
}

// TestTerraformConstructs: what a construct of the language does with a literal «in marks» is known, and a finding about the literal
// points at it, in the file where it is written. With a good literal in its place nothing is found. A construct whose comment says
// why none is marked has no finding. Each construct has a folder.
func TestTerraformConstructs(t *testing.T) {
	written, good := map[string]string{}, map[string]string{}
	var want []string
	all := map[string]string{}
	for _, table := range []map[string]string{constructs, functionConstructs, fileConstructs, modelConstructs} {
		for name, archive := range table {
			if all[name] != "" {
				t.Errorf("two constructs are called %s", name)
			}
			all[name] = archive
		}
	}
	files, err := filepath.Glob("testdata/constructs/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d constructs, %v", len(files), err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		name := strings.TrimSuffix(filepath.Base(file), ".txtar")
		if all[name] != "" {
			t.Errorf("two constructs are called %s", name)
		}
		all[name] = string(text)
	}
	for name, archive := range all {
		marked := 0
		for file, text := range module(archive) {
			file = strings.ReplaceAll(name, " ", "-") + "/" + file
			before, rest, ok := strings.Cut(text, "«")
			if !ok {
				written[file], good[file] = text, text
				continue
			}
			marked++
			literal, after, _ := strings.Cut(rest, "»")
			line := before[strings.LastIndex(before, "\n")+1:]
			want = append(want, fmt.Sprintf("%s:%d:%d", file, strings.Count(before, "\n")+1, utf8.RuneCountInString(line)+1))
			written[file] = before + literal + after
			good[file] = before + strings.Replace(literal, "*", "arn:aws:iam::111122223333:role/app", 1) + after
		}
		if unmarked := len(txtar.Parse([]byte(archive)).Comment) > 0; marked != 1 && !(unmarked && marked == 0) {
			t.Errorf("%s: %d literals are marked", name, marked)
		}
	}
	slices.Sort(want)
	got := bad(t, written)
	for i := range got {
		got[i], _, _ = strings.Cut(got[i], " ")
	}
	slices.Sort(got)
	for _, finding := range want {
		if !slices.Contains(got, finding) {
			t.Errorf("not found: %s", finding)
		}
	}
	for _, finding := range got {
		if !slices.Contains(want, finding) {
			t.Errorf("found: %s", finding)
		}
	}
	if got := bad(t, good); len(got) > 0 {
		t.Errorf("with a good literal are found: %q", got)
	}
}

var constructs = map[string]string{
	"jsonencode":             "-- a.tf --\nresource \"aws_kms_key\" \"k\" {\n  policy = jsonencode({Version = \"2012-10-17\", Statement = [@root, @app(«\"*\"»)@]})\n}\n",
	"JSON colons":            "-- a.tf --\nresource \"aws_kms_key\" \"k\" {\n  policy = jsonencode({\"Version\" : \"2012-10-17\", \"Statement\" : [@jroot, @japp(«\"*\"»)@]})\n}\n",
	"characters before":      "-- a.tf --\nresource \"aws_kms_key\" \"k\" {\n  policy = jsonencode({Version = \"2012-10-17\", /* e\u0301 👩‍👩‍👧 */ Statement = [@root, @app(«\"*\"»)@]})\n}\n",
	"a heredoc":              "-- a.tf --\nresource \"aws_kms_key\" \"k\" {\n  policy = <<EOT\n{\"Version\": \"2012-10-17\", \"Statement\": [@jroot,\n  @japp(«\"*\"»)@]}\nEOT\n}\n",
	"an indented heredoc":    "-- a.tf --\nresource \"aws_kms_key\" \"k\" {\n  policy = <<-EOT\n    {\"Version\": \"2012-10-17\",\n      \"Statement\": [@jroot,\n      @japp(«\"*\"»)@]}\n  EOT\n}\n",
	"holes before":           "-- a.tf --\nvariable \"who\" {}\ndata \"aws_caller_identity\" \"me\" {}\nresource \"aws_kms_key\" \"k\" {\n  policy = <<-EOT\n    {\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", \"Principal\": {\"AWS\": \"arn:aws:iam::${data.aws_caller_identity.me.account_id}:root\"}, \"Action\": \"kms:*\", \"Resource\": \"*\"}, @japp(«\"*\"»)@]}\n  EOT\n}\n",
	"a hole without quotes":  "-- a.tf --\nvariable \"arns\" {}\nresource \"aws_kms_key\" \"k\" {\n  policy = <<-EOT\n    {\"Version\": \"2012-10-17\", \"Statement\": [@jroot, {\"Sid\": \"More\", \"Effect\": \"Allow\", \"Principal\": {\"AWS\": ${jsonencode(var.arns)}}, \"Action\": \"kms:Encrypt\", \"Resource\": \"*\"}, @japp(«\"*\"»)@]}\n  EOT\n}\n",
	"jsonencode in a text":   "-- a.tf --\nlocals {\n  arns = [«\"*\"»]\n}\nresource \"aws_kms_key\" \"k\" {\n  policy = <<-EOT\n    {\"Version\": \"2012-10-17\", \"Statement\": [@jroot, @japp(${jsonencode(local.arns)})@]}\n  EOT\n}\n",
	"escapes":                "-- a.tf --\nresource \"aws_kms_key\" \"k\" {\n  policy = \"{\\\"Version\\\": \\\"2012-10-17\\\", \\\"Statement\\\": [{\\\"Effect\\\": \\\"Allow\\\", \\\"Principal\\\": {\\\"AWS\\\": \\\"arn:aws:iam::111122223333:root\\\"}, \\\"Action\\\": \\\"kms:*\\\", \\\"Resource\\\": \\\"*\\\"}, {\\\"Sid\\\": \\\"App\\\", \\\"Effect\\\": \\\"Allow\\\", \\\"Principal\\\": {\\\"AWS\\\": «\\\"*\\\"»}, \\\"Action\\\": \\\"kms:Decrypt\\\", \\\"Resource\\\": \\\"*\\\"}]}\"\n}\n",
	"a policy document":      "-- a.tf --\ndata \"aws_iam_policy_document\" \"d\" {\n  @broot\n  @bapp([«\"*\"»])@\n}\nresource \"aws_kms_key\" \"k\" {\n  policy = data.aws_iam_policy_document.d.json\n}\n",
	"minified_json":          "-- a.tf --\ndata \"aws_iam_policy_document\" \"d\" {\n  @broot\n  @bapp([«\"*\"»])@\n}\nresource \"aws_kms_key\" \"k\" {\n  policy = data.aws_iam_policy_document.d.minified_json\n}\n",
	"source documents":       "-- a.tf --\ndata \"aws_iam_policy_document\" \"s\" {\n  @bapp([«\"*\"»])@\n}\ndata \"aws_iam_policy_document\" \"d\" {\n  source_policy_documents = [data.aws_iam_policy_document.s.json]\n  @broot\n}\nresource \"aws_kms_key\" \"k\" {\n  policy = data.aws_iam_policy_document.d.json\n}\n",
	"override documents":     "-- a.tf --\ndata \"aws_iam_policy_document\" \"o\" {\n  @bapp([«\"*\"»])@\n}\ndata \"aws_iam_policy_document\" \"d\" {\n  override_policy_documents = [data.aws_iam_policy_document.o.json]\n  @broot\n  @bapp([\"arn:aws:iam::111122223333:role/b\"])@\n}\nresource \"aws_kms_key\" \"k\" {\n  policy = data.aws_iam_policy_document.d.json\n}\n",
	"dynamic":                "-- a.tf --\nlocals {\n  apps = { App = [«\"*\"»] }\n}\ndata \"aws_iam_policy_document\" \"d\" {\n  @broot\n  dynamic \"statement\" {\n    for_each = local.apps\n    iterator = app\n    content {\n      sid = app.key\n      actions = [\"kms:Decrypt\"]\n      resources = [\"*\"]\n      principals {\n        type = \"AWS\"\n        identifiers = app.value\n      }\n    }\n  }\n}\nresource \"aws_kms_key\" \"k\" {\n  policy = data.aws_iam_policy_document.d.json\n}\n",
	"file":                   "-- p/a.json --\n{\"Version\": \"2012-10-17\", \"Statement\": [@jroot, @japp(«\"*\"»)@]}\n-- a.tf --\nresource \"aws_kms_key\" \"k\" {\n  policy = file(\"${path.module}/p/a.json\")\n}\n",
	"templatefile":           "-- p/a.tpl --\n{\"Version\": \"2012-10-17\", \"Statement\": [%{ for r in roots ~} ${jsonencode(r)}, %{ endfor ~} @japp(«\"*\"»)@]}\n-- a.tf --\nresource \"aws_kms_key\" \"k\" {\n  policy = templatefile(\"${path.module}/p/a.tpl\", { roots = [@root] })\n}\n",
	"template_file":          "-- p/a.tpl --\n{\"Version\": \"2012-10-17\", \"Statement\": [@jroot, @japp(${who})@]}\n-- a.tf --\ndata \"template_file\" \"t\" {\n  template = file(\"${path.module}/p/a.tpl\")\n  vars = { who = jsonencode(«\"*\"») }\n}\nresource \"aws_kms_key\" \"k\" {\n  policy = data.template_file.t.rendered\n}\n",
	"fragments joined":       "-- p/app.json.tpl --\n@japp(«\"*\"»)@\n-- a.tf --\nresource \"aws_kms_key\" \"k\" {\n  policy = <<-EOT\n    {\"Version\": \"2012-10-17\", \"Statement\": [${join(\",\", [jsonencode(@root), templatefile(\"${path.module}/p/app.json.tpl\", {})])}]}\n  EOT\n}\n",
	"concat":                 "-- a.tf --\nlocals {\n  more = [@app(«\"*\"»)@]\n}\nresource \"aws_kms_key\" \"k\" {\n  policy = jsonencode({Version = \"2012-10-17\", Statement = concat([@root], local.more)})\n}\n",
	"flatten":                "-- a.tf --\nresource \"aws_kms_key\" \"k\" {\n  policy = jsonencode({Version = \"2012-10-17\", Statement = flatten([[@root], [[@app(«\"*\"»)@]]])})\n}\n",
	"compact":                "-- a.tf --\nresource \"aws_kms_key\" \"k\" {\n  policy = jsonencode({Version = \"2012-10-17\", Statement = [@root, @app(compact([\"\", «\"*\"»]))@]})\n}\n",
	"distinct":               "-- a.tf --\nresource \"aws_kms_key\" \"k\" {\n  policy = jsonencode({Version = \"2012-10-17\", Statement = [@root, @app(distinct([«\"*\"»]))@]})\n}\n",
	"toset":                  "-- a.tf --\nresource \"aws_kms_key\" \"k\" {\n  policy = jsonencode({Version = \"2012-10-17\", Statement = [@root, @app(toset([«\"*\"»]))@]})\n}\n",
	"merge":                  "-- a.tf --\nresource \"aws_kms_key\" \"k\" {\n  policy = jsonencode({Version = \"2012-10-17\", Statement = [@root, merge({Sid = \"App\", Effect = \"Deny\"}, {Effect = \"Allow\", Principal = {AWS = «\"*\"»}, Action = \"kms:Decrypt\", Resource = \"*\"})]})\n}\n",
	"format":                 "-- a.tf --\nresource \"aws_kms_key\" \"k\" {\n  policy = jsonencode({Version = \"2012-10-17\", Statement = [@root, @app(format(«\"*\"»))@]})\n}\n",
	"formatlist":             "-- a.tf --\nresource \"aws_kms_key\" \"k\" {\n  policy = jsonencode({Version = \"2012-10-17\", Statement = [@root, @app(formatlist(«\"%s*\"», [\"\"]))@]})\n}\n",
	"join":                   "-- a.tf --\nresource \"aws_kms_key\" \"k\" {\n  policy = jsonencode({Version = \"2012-10-17\", Statement = [@root, @app(«join(\"\", [\"*\"])»)@]})\n}\n",
	"try":                    "-- a.tf --\nlocals {\n  o = {}\n}\nresource \"aws_kms_key\" \"k\" {\n  policy = jsonencode({Version = \"2012-10-17\", Statement = [@root, @app(try(local.o.who, «\"*\"»))@]})\n}\n",
	"coalesce":               "-- a.tf --\nvariable \"who\" {\n  default = \"\"\n}\nresource \"aws_kms_key\" \"k\" {\n  policy = jsonencode({Version = \"2012-10-17\", Statement = [@root, @app(coalesce(var.who, null, «\"*\"»))@]})\n}\n",
	"jsondecode":             "-- a.tf --\nresource \"aws_kms_key\" \"k\" {\n  policy = jsonencode(jsondecode(jsonencode({Version = \"2012-10-17\", Statement = [@root, @app(«\"*\"»)@]})))\n}\n",
	"a condition":            "-- a.tf --\nvariable \"open\" {\n  default = true\n}\nresource \"aws_kms_key\" \"k\" {\n  policy = jsonencode({Version = \"2012-10-17\", Statement = [@root, @app(var.open ? «\"*\"» : \"arn:aws:iam::111122223333:role/b\")@]})\n}\n",
	"for":                    "-- a.tf --\nlocals {\n  who = { a = «\"*\"» }\n}\nresource \"aws_kms_key\" \"k\" {\n  policy = jsonencode({Version = \"2012-10-17\", Statement = concat([@root], [for k, v in local.who : @app(v)@ if k == \"a\"])})\n}\n",
	"for to an object":       "-- a.tf --\nresource \"aws_kms_key\" \"k\" {\n  policy = jsonencode({Version = \"2012-10-17\", Statement = [@root, {Sid = \"App\", Effect = \"Allow\", Principal = {for t in [\"AWS\"] : t => [«\"*\"»]}, Action = \"kms:Decrypt\", Resource = \"*\"}]})\n}\n",
	"a splat":                "-- a.tf --\nlocals {\n  who = [{ arn = «\"*\"» }]\n}\nresource \"aws_kms_key\" \"k\" {\n  policy = jsonencode({Version = \"2012-10-17\", Statement = [@root, @app(local.who[*].arn)@]})\n}\n",
	"an index":               "-- a.tf --\nlocals {\n  who = { a = [«\"*\"»] }\n}\nresource \"aws_kms_key\" \"k\" {\n  policy = jsonencode({Version = \"2012-10-17\", Statement = [@root, @app(local.who[\"a\"][0])@]})\n}\n",
	"lookup":                 "-- a.tf --\nresource \"aws_kms_key\" \"k\" {\n  policy = jsonencode({Version = \"2012-10-17\", Statement = [@root, @app(lookup({}, \"a\", «\"*\"»))@]})\n}\n",
	"a default":              "-- a.tf --\nvariable \"who\" {\n  type = list(string)\n  default = [«\"*\"»]\n}\nresource \"aws_kms_key\" \"k\" {\n  policy = jsonencode({Version = \"2012-10-17\", Statement = [@root, @app(var.who)@]})\n}\n",
	"a key policy":           "-- a.tf --\nresource \"aws_kms_key\" \"k\" {}\nresource \"aws_kms_key_policy\" \"p\" {\n  key_id = aws_kms_key.k.id\n  policy = jsonencode({Version = \"2012-10-17\", Statement = [@root, @app(«\"*\"»)@]})\n}\n",
	"an external key":        "-- a.tf --\nresource \"aws_kms_external_key\" \"k\" {\n  policy = jsonencode({Version = \"2012-10-17\", Statement = [@root, @app(«\"*\"»)@]})\n}\n",
	"a replica":              "-- a.tf --\nresource \"aws_kms_replica_key\" \"k\" {\n  policy = jsonencode({Version = \"2012-10-17\", Statement = [@root, @app(«\"*\"»)@]})\n}\n",
	"count":                  "-- a.tf --\nresource \"aws_kms_key\" \"k\" {\n  count = 2\n  policy = jsonencode({Version = \"2012-10-17\", Statement = [@root, @app(«\"*\"»)@]})\n}\n",
	"for_each":               "-- a.tf --\nresource \"aws_kms_key\" \"k\" {\n  for_each = { a = \"arn:aws:iam::111122223333:role/b\", b = «\"*\"» }\n  policy = jsonencode({Version = \"2012-10-17\", Statement = [@root, @app(each.value)@]})\n}\n",
	"a data source's count":  "-- a.tf --\ndata \"aws_iam_policy_document\" \"d\" {\n  count = 1\n  @broot\n  @bapp([«\"*\"»])@\n}\nresource \"aws_kms_key\" \"k\" {\n  policy = data.aws_iam_policy_document.d[0].json\n}\n",
	"a module":               "-- m/a.tf --\nvariable \"who\" {}\nresource \"aws_kms_key\" \"k\" {\n  policy = jsonencode({Version = \"2012-10-17\", Statement = [@root, @app(var.who)@]})\n}\n-- a.tf --\nmodule \"m\" {\n  source = \"./m\"\n  who = «\"*\"»\n}\n",
	"a module's output":      "-- m/a.tf --\noutput \"who\" {\n  value = «\"*\"»\n}\n-- a.tf --\nmodule \"m\" {\n  source = \"./m\"\n}\nresource \"aws_kms_key\" \"k\" {\n  policy = jsonencode({Version = \"2012-10-17\", Statement = [@root, @app(module.m.who)@]})\n}\n",
	"an installed module":    "-- .terraform/modules/modules.json --\n{\"Modules\": [{\"Key\": \"\", \"Dir\": \".\"}, {\"Key\": \"m\", \"Source\": \"x/y/aws\", \"Dir\": \".terraform/modules/m\"}]}\n-- .terraform/modules/m/a.tf --\nvariable \"who\" {}\nresource \"aws_kms_key\" \"k\" {\n  policy = jsonencode({Version = \"2012-10-17\", Statement = [@root, @app(var.who)@]})\n}\n-- a.tf --\n# kms\nmodule \"m\" {\n  source = \"x/y/aws\"\n  who = «\"*\"»\n}\n",
	"optional attributes":    "-- m/a.tf --\nvariable \"apps\" {\n  type = list(object({ who = string, actions = optional(list(string), [\"kms:Decrypt\"]) }))\n}\nresource \"aws_kms_key\" \"k\" {\n  policy = jsonencode({Version = \"2012-10-17\", Statement = concat([@root], [for a in var.apps : {Sid = \"App\", Effect = \"Allow\", Principal = {AWS = a.who}, Action = a.actions, Resource = \"*\"}])})\n}\n-- a.tf --\nmodule \"m\" {\n  source = \"./m\"\n  apps = [{ who = «\"*\"» }]\n}\n",
	"an override":            "-- a.tf --\nresource \"aws_kms_key\" \"k\" {\n  policy = jsonencode({Version = \"2012-10-17\", Statement = [@root]})\n}\n-- a_override.tf --\nresource \"aws_kms_key\" \"k\" {\n  policy = jsonencode({Version = \"2012-10-17\", Statement = [@root, @app(«\"*\"»)@]})\n}\n",
	"OpenTofu":               "-- a.tf --\nresource \"aws_kms_key\" \"k\" {\n  policy = \"{}\"\n}\n-- a.tofu --\nresource \"aws_kms_key\" \"k\" {\n  policy = jsonencode({Version = \"2012-10-17\", Statement = [@root, @app(«\"*\"»)@]})\n}\n",
	"or nothing":             "-- a.tf --\nvariable \"set\" {}\nresource \"aws_kms_key\" \"k\" {\n  policy = var.set ? jsonencode({Version = \"2012-10-17\", Statement = [@root, @app(«\"*\"»)@]}) : null\n}\n",
	"a statement of its own": "-- a.tf --\nvariable \"more\" {}\nresource \"aws_kms_key\" \"k\" {\n  policy = jsonencode({Version = \"2012-10-17\", Statement = concat([@root, @app(«\"*\"»)@], var.more)})\n}\n",
	"terraform.tfvars":       "-- terraform.tfvars --\nwho = «\"*\"»\n-- a.tf --\nvariable \"who\" {}\nresource \"aws_kms_key\" \"k\" {\n  policy = jsonencode({Version = \"2012-10-17\", Statement = [@root, @app(var.who)@]})\n}\n",
	"automatic values":       "-- terraform.tfvars --\nwho = \"arn:aws:iam::111122223333:role/b\"\n-- a.auto.tfvars --\nwho = «\"*\"»\n-- a.tf --\nvariable \"who\" {}\nresource \"aws_kms_key\" \"k\" {\n  policy = jsonencode({Version = \"2012-10-17\", Statement = [@root, @app(var.who)@]})\n}\n",
	"a KMS module's users":   "-- a.tf --\nmodule \"k\" {\n  source = \"terraform-aws-modules/kms/aws\"\n  version = \"~> 2.0\"\n  key_users = [«\"*\"»]\n}\n",
	"a KMS module's own":     "-- a.tf --\nmodule \"k\" {\n  source = \"terraform-aws-modules/kms/aws\"\n  key_statements = [{ sid = \"App\", actions = [\"kms:Decrypt\"], resources = [\"*\"], principals = [{ type = \"AWS\", identifiers = [«\"*\"»] }] }]\n}\n",
}
