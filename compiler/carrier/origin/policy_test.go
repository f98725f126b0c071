package origin_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/keypolicy/keypolicy/compiler/carrier"
	"github.com/keypolicy/keypolicy/compiler/carrier/origin"
	"github.com/keypolicy/keypolicy/compiler/carrier/terraform"
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/source"
)

const root = `{"Sid": "Root", "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "kms:*", "Resource": "*"}`

const rootBlock = `
  statement {
    sid       = "Root"
    actions   = ["kms:*"]
    resources = ["*"]
    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::111122223333:root"]
    }
  }`

// encoded is a module of one key whose policy has these statements, each an expression, with what else the module has.
func encoded(more string, statements ...string) string {
	return "resource \"aws_kms_key\" \"k\" {\n  policy = jsonencode({ Version = \"2012-10-17\", Statement = [\n" + strings.Join(statements, ",\n") + "\n] })\n}\n" + more
}

// document is a module of one key whose policy is that of blocks.
func document(blocks string) string {
	return "data \"aws_iam_policy_document\" \"d\" {" + blocks + "\n}\nresource \"aws_kms_key\" \"k\" {\n  policy = data.aws_iam_policy_document.d.json\n}\n"
}

// planned is the policy of a plan with these statements.
func planned(statements ...string) string {
	return `{"Version": "2012-10-17", "Statement": [` + strings.Join(statements, ", ") + `]}`
}

func reader(principal, actions string) string {
	return fmt.Sprintf(`{"Sid": "Reader", "Effect": "Allow", "Principal": {"AWS": %s}, "Action": %s, "Resource": "*"}`, principal, actions)
}

// TestPolicy holds where a value of a plan is found in the source of its module: want is the source's text there, "" where the plan's
// own place stays.
func TestPolicy(t *testing.T) {
	for name, c := range map[string]struct{ module, policy, pointer, want string }{
		"a literal": {
			encoded("", root, reader(`"a"`, `"kms:Decrypt"`)), planned(root, reader(`"a"`, `"kms:Decrypt"`)), "/Statement/1/Principal/AWS", `"a"`,
		},
		"a literal that differs": {
			encoded("", root, reader(`"a"`, `"kms:Decrypt"`)), planned(root, reader(`"b"`, `"kms:Decrypt"`)), "/Statement/1/Principal/AWS", "",
		},
		"a statement with a literal that differs": {
			encoded("", root, reader(`"a"`, `"kms:Decrypt"`)), planned(root, reader(`"b"`, `"kms:Decrypt"`)), "/Statement/1", "",
		},
		"a literal beside one that differs": {
			encoded("", root, reader(`"a"`, `"kms:Decrypt"`)), planned(root, reader(`"b"`, `"kms:Decrypt"`)), "/Statement/1/Action", `"kms:Decrypt"`,
		},
		"a statement at another position": {
			encoded("", root, reader(`"a"`, `"kms:Decrypt"`)), planned(reader(`"a"`, `"kms:Decrypt"`), root), "/Statement/0/Action", `"kms:Decrypt"`,
		},
		"a statement that the source does not have": {
			encoded("", root), planned(root, reader(`"a"`, `"kms:Decrypt"`)), "/Statement/1/Action", "",
		},
		"a statement with another element than in the source": {
			encoded("", root, `{ Sid = "Reader", Effect = "Allow", Principal = { AWS = "a" }, Action = "kms:Decrypt", Resource = "*", NotAction = "kms:Encrypt" }`),
			planned(root, reader(`"a"`, `"kms:Decrypt"`)), "/Statement/1", "",
		},
		"a list of one that is folded": {
			encoded("", root, reader(`["a"]`, `["kms:Decrypt"]`)), planned(root, reader(`"a"`, `"kms:Decrypt"`)), "/Statement/1/Principal/AWS", `"a"`,
		},
		"a single value that is a list": {
			encoded("", root, reader(`"a"`, `"kms:Decrypt"`)), planned(root, reader(`["a"]`, `"kms:Decrypt"`)), "/Statement/1/Principal/AWS/0", `"a"`,
		},
		"sorted values": {
			document(rootBlock + `
  statement {
    sid       = "Reader"
    actions   = ["kms:Decrypt", "kms:Encrypt", "kms:DescribeKey"]
    resources = ["*"]
    principals {
      type        = "AWS"
      identifiers = ["a", "b"]
    }
  }`), planned(root, reader(`["b", "a"]`, `["kms:Encrypt", "kms:DescribeKey", "kms:Decrypt"]`)), "/Statement/1/Action/0", `"kms:Encrypt"`,
		},
		"a text around what is not known": {
			encoded("variable \"account\" {}\n", root, reader(`"arn:aws:iam::${var.account}:role/r"`, `"kms:Decrypt"`)),
			planned(root, reader(`"arn:aws:iam::444455556666:role/r"`, `"kms:Decrypt"`)), "/Statement/1/Principal/AWS", `"arn:aws:iam::${var.account}:role/r"`,
		},
		"a text that is not of that form": {
			encoded("variable \"account\" {}\n", root, reader(`"arn:aws:iam::${var.account}:role/r"`, `"kms:Decrypt"`)),
			planned(root, reader(`"arn:aws:iam::444455556666:user/r"`, `"kms:Decrypt"`)), "/Statement/1/Principal/AWS", "",
		},
		"another value than the default": {
			encoded("variable \"who\" {\n  default = \"a\"\n}\n", root, reader(`var.who`, `"kms:Decrypt"`)),
			planned(root, reader(`"b"`, `"kms:Decrypt"`)), "/Statement/1/Principal/AWS", `variable "who"`,
		},
		"the default": {
			encoded("variable \"who\" {\n  default = \"a\"\n}\n", root, reader(`var.who`, `"kms:Decrypt"`)),
			planned(root, reader(`"a"`, `"kms:Decrypt"`)), "/Statement/1/Principal/AWS", `"a"`,
		},
		"one of several values that are not known": {
			encoded("variable \"x\" {}\nvariable \"y\" {}\n", root, reader(`[var.x, var.y, "c"]`, `"kms:Decrypt"`)),
			planned(root, reader(`["c", "b", "a"]`, `"kms:Decrypt"`)), "/Statement/1/Principal/AWS/1", `[var.x, var.y, "c"]`,
		},
		"a literal beside values that are not known": {
			encoded("variable \"x\" {}\nvariable \"y\" {}\n", root, reader(`[var.x, var.y, "c"]`, `"kms:Decrypt"`)),
			planned(root, reader(`["c", "b", "a"]`, `"kms:Decrypt"`)), "/Statement/1/Principal/AWS/0", `"c"`,
		},
		"the member of a list that is not known": {
			encoded("variable \"x\" {}\n", root, reader(`concat(["c"], var.x)`, `"kms:Decrypt"`)),
			planned(root, reader(`["c", "b"]`, `"kms:Decrypt"`)), "/Statement/1/Principal/AWS/1", `variable "x"`,
		},
		"a side of a condition": {
			encoded("variable \"open\" {}\n", root, `var.open ? `+strings.ReplaceAll(reader(`"x"`, `"kms:Decrypt"`), `"Reader"`, `"One"`)+` : `+reader(`"b"`, `"kms:Encrypt"`)),
			planned(root, reader(`"b"`, `"kms:Encrypt"`)), "/Statement/1/Action", `"kms:Encrypt"`,
		},
		"a mapping that is not known": {
			encoded("variable \"condition\" {}\n", root, `{ Sid = "Reader", Effect = "Allow", Principal = { AWS = "a" }, Action = "kms:Decrypt", Resource = "*", Condition = var.condition }`),
			planned(root, strings.TrimSuffix(reader(`"a"`, `"kms:Decrypt"`), "}")+`, "Condition": {"Bool": {"aws:SecureTransport": "true"}}}`),
			"/Statement/1/Condition/Bool/aws:SecureTransport", `variable "condition"`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			written := keyOf(t, c.module)
			file, found := source.Load("plan.json", []byte(c.policy), source.DefaultLimits)
			if found.HasErrors() {
				t.Fatal(found)
			}
			k := &carrier.Key{Resource: `aws_kms_key.k[0]`, Node: file.Documents[0].Root}
			origin.Keys([]*carrier.Key{k}, []*carrier.Key{written})
			before := nodeAt(t, file.Documents[0].Root, c.pointer).Place
			at := nodeAt(t, origin.Policy(file.Documents[0].Root, k), c.pointer).Place
			got := ""
			if at.File != "plan.json" {
				got = c.module[at.Range.Start.Offset:at.Range.End.Offset]
			} else if at != before {
				t.Errorf("the place in the plan is %v, not %v", at, before)
			}
			if got != c.want {
				t.Errorf("it is at %q, not at %q", got, c.want)
			}
			if k.Node.Place != written.Node.Place || k.Planned[k.Node.Place].File != "plan.json" {
				t.Errorf("the key is at %v, in the plan at %v", k.Node.Place, k.Planned[k.Node.Place])
			}
		})
	}
}

// TestPolicyKeepsItsText holds that a policy says the same at other places.
func TestPolicyKeepsItsText(t *testing.T) {
	written := keyOf(t, encoded("variable \"x\" {}\n", root, reader(`concat(["c"], var.x)`, `"kms:Decrypt"`)))
	file, _ := source.Load("plan.json", []byte(planned(root, reader(`["c", "b"]`, `["kms:Decrypt"]`))), source.DefaultLimits)
	k := &carrier.Key{Resource: "aws_kms_key.k", Node: file.Documents[0].Root}
	origin.Keys([]*carrier.Key{k}, []*carrier.Key{written})
	before, after := fmt.Sprint(file.Documents[0].Root.Any()), fmt.Sprint(origin.Policy(file.Documents[0].Root, k).Any())
	if before != after {
		t.Errorf("%s became %s", before, after)
	}
}

// TestPolicyIsBounded compares lists that are alike nowhere, in which everything would be compared with everything.
func TestPolicyIsBounded(t *testing.T) {
	many := func(text string) string {
		var list []string
		for i := range 300 {
			var values []string
			for j := range 100 {
				values = append(values, fmt.Sprintf("%q", fmt.Sprintf("%s-%d-%d", text, i, j)))
			}
			list = append(list, reader("["+strings.Join(values, ", ")+"]", `"kms:Decrypt"`))
		}
		return planned(list...)
	}
	load := func(text string) *source.Node {
		file, found := source.Load("plan.json", []byte(text), source.DefaultLimits)
		if found.HasErrors() {
			t.Fatal(found)
		}
		return file.Documents[0].Root
	}
	plan := load(many("a"))
	k := &carrier.Key{Source: &carrier.Key{Policy: load(many("b"))}, Planned: map[diag.Place]diag.Place{}}
	if got := origin.Policy(plan, k); fmt.Sprint(got.Any()) != fmt.Sprint(plan.Any()) {
		t.Error("the policy says something else")
	}
}

func nodeAt(t *testing.T, root *source.Node, pointer string) *source.Node {
	t.Helper()
	n := root
	for _, step := range strings.Split(pointer, "/")[1:] {
		next := n.Get(step)
		if n.Kind == source.Sequence {
			next = n.Items[step[0]-'0']
		}
		if next == nil {
			t.Fatalf("%s leads to nothing", pointer)
		}
		n = next
	}
	return n
}

// keyOf is the key of a module of one file.
func keyOf(t *testing.T, text string) *carrier.Key {
	t.Helper()
	m, found, err := terraform.NewModules(oneFile(text)).Read(".")
	if err != nil || found.HasErrors() || len(m.Keys) != 1 {
		t.Fatalf("%v, %v", found, err)
	}
	return m.Keys[0]
}

// oneFile is a folder with a main.tf.
type oneFile string

func (f oneFile) List(string) ([]string, error) { return []string{"main.tf"}, nil }

func (f oneFile) Read(name string) ([]byte, error) {
	if name != "main.tf" {
		return nil, fmt.Errorf("there is no %s", name)
	}
	return []byte(f), nil
}
