package terraform

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"
)

// growing are modules of many keys, each written in one way: %[1]d is the number of the key, the first text is written once.
var growing = map[string][2]string{
	"a text of JSON":             {"", "resource \"aws_kms_key\" \"k%[1]d\" {\n  policy = jsonencode({ Statement = [{ Principal = { AWS = var.app }, Action = \"kms:Decrypt\" }] })\n}\n"},
	"a heredoc":                  {"", "resource \"aws_kms_key\" \"k%[1]d\" {\n  policy = <<-EOT\n    {\"Statement\": [{\"Principal\": {\"AWS\": \"${var.app}\"}, \"Action\": \"kms:Decrypt\"}]}\n  EOT\n}\n"},
	"a choice of its own":        {"", "variable \"c%[1]d\" {}\nresource \"aws_kms_key\" \"k%[1]d\" {\n  policy = jsonencode({ Statement = [var.c%[1]d ? { Sid = \"A\" } : { Sid = \"B\" }] })\n}\n"},
	"one choice of all":          {"", "resource \"aws_kms_key\" \"k%[1]d\" {\n  policy = jsonencode({ Statement = [var.app ? { Sid = \"A\" } : { Sid = \"B\" }] })\n}\n"},
	"a choice of a principal":    {"", "variable \"c%[1]d\" {}\nresource \"aws_kms_key\" \"k%[1]d\" {\n  policy = jsonencode({ Statement = [{ Principal = { AWS = var.c%[1]d ? \"*\" : \"arn:aws:iam::111122223333:root\" } }] })\n}\n"},
	"a policy that may be there": {"", "variable \"c%[1]d\" {}\nresource \"aws_kms_key\" \"k%[1]d\" {\n}\nresource \"aws_kms_key_policy\" \"k%[1]d\" {\n  count = var.c%[1]d ? 1 : 0\n  key_id = aws_kms_key.k%[1]d.id\n  policy = jsonencode({ Statement = [] })\n}\n"},
	"a policy of its own":        {"", "resource \"aws_kms_key\" \"k%[1]d\" {\n}\nresource \"aws_kms_key_policy\" \"k%[1]d\" {\n  key_id = aws_kms_key.k%[1]d.id\n  policy = jsonencode({ Statement = [] })\n}\n"},
	"a default":                  {"", "variable \"d%[1]d\" {\n  default = \"*\"\n}\nresource \"aws_kms_key\" \"k%[1]d\" {\n  policy = jsonencode({ Statement = [{ Principal = var.d%[1]d }] })\n}\n"},
	"off by default":             {"", "variable \"d%[1]d\" {\n  default = false\n}\nresource \"aws_kms_key\" \"k%[1]d\" {\n  count = var.d%[1]d ? 1 : 0\n  policy = jsonencode({ Statement = [] })\n}\n"},
	"static sets":                {"", "resource \"aws_kms_key\" \"k%[1]d\" {\n  for_each = toset([\"a\", \"b\", \"c\"])\n  policy = jsonencode({ Statement = [{ Sid = each.key }] })\n}\n"},
	"documents":                  {"", "data \"aws_iam_policy_document\" \"d%[1]d\" {\n  statement {\n    actions = [\"kms:*\"]\n    principals {\n      type = \"AWS\"\n      identifiers = [var.app]\n    }\n  }\n}\nresource \"aws_kms_key\" \"k%[1]d\" {\n  policy = data.aws_iam_policy_document.d%[1]d.json\n}\n"},
	"dynamic statements":         {"", "data \"aws_iam_policy_document\" \"d%[1]d\" {\n  dynamic \"statement\" {\n    for_each = var.app\n    content {\n      actions = [\"kms:*\"]\n    }\n  }\n}\nresource \"aws_kms_key\" \"k%[1]d\" {\n  policy = data.aws_iam_policy_document.d%[1]d.json\n}\n"},
	"one source of all": {
		"data \"aws_iam_policy_document\" \"base\" {\n  statement {\n    actions = [\"kms:*\"]\n  }\n}\n",
		"data \"aws_iam_policy_document\" \"d%[1]d\" {\n  source_policy_documents = [data.aws_iam_policy_document.base.json]\n}\nresource \"aws_kms_key\" \"k%[1]d\" {\n  policy = data.aws_iam_policy_document.d%[1]d.json\n}\n",
	},
	"calls":           {"", "module \"m%[1]d\" {\n  source = \"./m\"\n  app = \"r%[1]d\"\n}\n"},
	"calls of others": {"resource \"aws_kms_key\" \"k\" {\n}\n", "module \"m%[1]d\" {\n  source = \"./none\"\n  count = var.app ? 1 : 0\n}\n"},
	"a model":         {"", "module \"m%[1]d\" {\n  source = \"terraform-aws-modules/kms/aws\"\n  key_users = [\"arn:aws:iam::111122223333:role/r%[1]d\"]\n}\n"},
	"locals":          {"locals {\n  base = { a = \"kms:*\" }\n}\n", "locals {\n  l%[1]d = merge(local.base, { b = \"r%[1]d\" })\n}\nresource \"aws_kms_key\" \"k%[1]d\" {\n  policy = jsonencode({ Statement = [local.l%[1]d] })\n}\n"},
	"roles":           {"", "resource \"aws_iam_role\" \"r%[1]d\" {\n  name = \"r%[1]d\"\n}\nresource \"aws_kms_key\" \"k%[1]d\" {\n  policy = jsonencode({ Statement = [{ Principal = aws_iam_role.r%[1]d.arn }] })\n}\n"},
	"a loop":          {"", "resource \"aws_kms_key\" \"k%[1]d\" {\n  policy = jsonencode({ Statement = [{ Principal = [for a in var.app : \"${a}%[1]d\"] }] })\n}\n"},
}

func grown(tb testing.TB, name string, keys int) {
	tb.Helper()
	var b strings.Builder
	b.WriteString("variable \"app\" {}\n" + growing[name][0])
	for i := range keys {
		fmt.Fprintf(&b, growing[name][1], i)
	}
	files := texts{
		"main.tf": b.String(), "none/n.tf": "locals {\n  a = 1\n}\n",
		"m/m.tf": "variable \"app\" {}\nresource \"aws_kms_key\" \"k\" {\n  policy = jsonencode({ Statement = [{ Sid = var.app }] })\n}\n",
	}
	m := NewModules(files)
	roots := m.Roots(files.folders())
	m.Unmade(roots, files.folders())
	read, found, err := m.Read(".")
	if err != nil || found.HasErrors() || len(read.Keys) == 0 {
		tb.Fatal(name, found, err)
	}
	for _, k := range read.Keys {
		if k.Worlds != nil {
			k.Worlds()
		}
	}
}

// TestReadingGrowsWithTheKeys: four times as many keys take four times as many allocations and as much memory to read, with their
// worlds, however they are written.
func TestReadingGrowsWithTheKeys(t *testing.T) {
	cost := func(name string, keys int) (allocations, bytes float64) {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		grown(t, name, keys)
		runtime.ReadMemStats(&after)
		return float64(after.Mallocs - before.Mallocs), float64(after.TotalAlloc - before.TotalAlloc)
	}
	for name := range growing {
		few, least := cost(name, 40)
		many, most := cost(name, 160)
		if many > 5*few || most > 5*least { // maps grow in steps, and not all evaluators of worlds are kept
			t.Errorf("%s: %.0f allocations of %.0f bytes for 40 keys, %.0f of %.0f for 160", name, few, least, many, most)
		}
	}
}

// BenchmarkReadGrows reads 1,000 keys and 4,000 in turn: times/fourfold is how many times as long the 4,000 take.
func BenchmarkReadGrows(b *testing.B) {
	for name := range growing {
		b.Run(name, func(b *testing.B) {
			var few, many time.Duration
			for b.Loop() {
				start := time.Now()
				grown(b, name, 1000)
				few += time.Since(start)
				start = time.Now()
				grown(b, name, 4000)
				many += time.Since(start)
			}
			b.ReportMetric(float64(many)/float64(few), "times/fourfold")
			b.ReportMetric(0, "ns/op")
		})
	}
}
