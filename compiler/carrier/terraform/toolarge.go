package terraform

import "github.com/hashicorp/hcl/v2"

// A value may be in others many times, so that a few lines of Terraform make more than any memory has: each of them is counted as often
// as it is there, and what is larger than any policy is not known.

const (
	largest         = 1 << 18 // of one value: parts of it, and texts by their length
	largestDocument = 1 << 16 // of a policy document, of which KMS takes 32 KiB
	bytesOfAPart    = 16
	pieceOfText     = 16 // that a text is put together of
)

// bounded is a value, or one that is not known where it is too large.
func (e *evaluator) bounded(v *value, most int, s *scope, r hcl.Range) *value {
	if v == nil || v.weight() <= most {
		return v
	}
	e.tooLarge(r)
	return e.derived(s, r, nil)
}

func (e *evaluator) tooLarge(r hcl.Range) {
	if e.reported[tooLarge] {
		return
	}
	e.report(tooLarge, "the module is not evaluated further here: its expressions are nested too deeply, or produce too many values",
		"split the module, or judge its plan: `terraform show -json`", e.place(r))
	e.reported[tooLarge] = !e.quiet
}

const tooLarge = "terraform-too-large"

// weight is how much a value is, with all in it. It is counted once, when nothing is added any more.
func (v *value) weight() int {
	if v == nil {
		return 0
	}
	if v.size > 0 {
		return v.size
	}
	n := 1 + pieceOfText*max(len(v.pieces)-1, 0)
	for _, p := range v.pieces {
		n += len(p.literal)/bytesOfAPart + p.encoded.weight()
	}
	for _, i := range v.items {
		n += i.weight()
	}
	for _, f := range v.fields {
		n += f.name.weight() + f.value.weight()
	}
	v.size = min(n+v.encoded.weight(), 2*largest)
	return v.size
}
