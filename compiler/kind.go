package compiler

import (
	"path"
	"strings"

	"github.com/keypolicy/keypolicy/compiler/carrier/tfplan"
	"github.com/keypolicy/keypolicy/compiler/policy"
	"github.com/keypolicy/keypolicy/compiler/source"
	"github.com/keypolicy/keypolicy/compiler/spec"
)

// Kind is what a document of a file is.
type Kind string

// The kinds of documents.
const (
	KindConfiguration Kind = "configuration"
	KindTemplate      Kind = "template"
	KindDocument      Kind = "document" // a policy document, or what holds one
	KindSpec          Kind = "spec"
	KindPlan          Kind = "plan"      // a Terraform plan or state
	KindTerraform     Kind = "terraform" // a module of Terraform's language
	KindUnknown       Kind = "unknown"
)

// Carries reports whether the documents of a kind are keys of a file that carries them, by their addresses.
func (k Kind) Carries() bool { return k == KindPlan || k == KindTerraform }

// IsSpecName reports whether a file's name makes every mapping in it a spec.
func IsSpecName(file string) bool {
	name := path.Base(strings.ReplaceAll(file, "\\", "/"))
	for _, suffix := range []string{".keypolicy.yaml", ".keypolicy.yml", ".keypolicy.json"} {
		if strings.HasSuffix(name, suffix) && name != spec.ConfigurationFile {
			return true
		}
	}
	return false
}

// isConfiguration reports whether a file is the configuration, by its name or because it was named as that.
func isConfiguration(in Input) bool {
	return in.Configuration || path.Base(strings.ReplaceAll(in.Name, "\\", "/")) == spec.ConfigurationFile
}

func kindOf(in Input, root *source.Node) Kind {
	switch {
	case root == nil || root.IsNull():
		return KindUnknown
	case isConfiguration(in):
		return KindConfiguration
	case policy.IsPending(root) && !IsSpecName(in.Name):
		return KindDocument
	case root.Kind != source.Mapping:
		return KindUnknown
	case isPlan(in, root):
		return KindPlan
	case spec.IsTemplate(root):
		return KindTemplate
	case documentOf(root) != nil && !isSpecBeside(in, root):
		return KindDocument
	case spec.IsSpec(root) || in.Spec || IsSpecName(in.Name):
		return KindSpec
	default:
		return KindUnknown
	}
}

// isSpecBeside reports whether a mapping that holds a policy is a spec by its file's name and by fields beside the policy: to read the
// policy only would drop them.
func isSpecBeside(in Input, root *source.Node) bool {
	return IsSpecName(in.Name) && spec.IsSpec(root) && root.Member("Statement") == nil && !policy.IsPending(root)
}

// isPlan reports whether a mapping is a Terraform plan or state.
func isPlan(in Input, root *source.Node) bool {
	return root.Member("format_version") != nil && !IsSpecName(in.Name) && tfplan.Is(in.Text)
}

// documentOf finds a policy document in a mapping: itself, the Policy of the reply of
// `aws kms get-key-policy`, the aws_param.Policy of a CCKM response, or a text that is yet to become one. nil where it holds none.
func documentOf(root *source.Node) *source.Node {
	switch {
	case root.Member("Statement") != nil, policy.IsPending(root):
		return root
	case root.Member("Policy") != nil:
		return root.Get("Policy")
	default:
		return root.Get("aws_param").Get("Policy")
	}
}
