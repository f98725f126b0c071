package keypolicy

import (
	"context"

	"github.com/keypolicy/keypolicy/compiler"
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/spec"
)

// LintLive gives the findings in a key's live policy, as those in a policy document. What suppresses findings is about
// the project's own files, and not about what is live.
func (l *Linter) LintLive(ctx context.Context, key spec.Key, text string) (diag.List, error) {
	set, err := l.Load(ctx)
	if err != nil {
		return nil, err
	}
	options := l.CompilerOptions("")
	options.Flags = compiler.Defaults{Account: key.Account, Partition: key.Partition, Region: key.Region, Key: key.ID}
	unit, found := compiler.Compile(compiler.Input{Name: "live.json", Text: []byte(text)}, options)
	for _, d := range unit.Documents {
		evaluated, err := checkDocument(ctx, set, d)
		if err != nil {
			return nil, err
		}
		for _, f := range evaluated {
			if f.Rule != "template-placeholder-left" { // KMS has taken it, so it is the text itself
				found = append(found, f)
			}
		}
	}
	found.Sort()
	return found, nil
}
