package keypolicy

import (
	"context"

	"github.com/keypolicy/keypolicy/compiler"
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/rules"
)

// Compilation is the policies of files, and what was found in them.
type Compilation struct {
	Policies []Compiled
	Result   *Result
}

// Compiled is one key's policy in one Region.
type Compiled struct {
	Name     string // of its file, without ".json"
	File     string // that it is from
	Document int    // of the file, from 0
	JSON     []byte // nil where an error was found in its document: no policy is to be used then
}

// Compile checks and compiles files as [Linter.Lint] names them, and gives their policies.
func (l *Linter) Compile(ctx context.Context, names ...string) (*Compilation, error) {
	run, err := l.named(ctx, names, false, RunOptions{Emit: emitPolicies})
	if run == nil {
		return nil, err
	}
	return run.compilation(), err
}

// CompileText checks and compiles one text, as a file of the name.
func (l *Linter) CompileText(ctx context.Context, name string, text []byte) (*Compilation, error) {
	run, err := l.Run(ctx, []Input{textInput(name, text)}, RunOptions{Emit: emitPolicies})
	if err != nil {
		return nil, err
	}
	return run.compilation(), nil
}

func emitPolicies(_ *rules.Set, d *compiler.Document) ([][]byte, error) {
	texts := make([][]byte, 0, len(d.Policies))
	for _, p := range d.Policies {
		texts = append(texts, p.Document.JSON(false))
	}
	return texts, nil
}

func (r *Run) compilation() *Compilation {
	c := &Compilation{Result: r.Result()}
	for i := range r.Files {
		for _, o := range r.Files[i].Outputs {
			c.Policies = append(c.Policies, Compiled{Name: o.Name, File: r.Files[i].Name, Document: o.Document, JSON: o.Text})
		}
	}
	return c
}

// HasErrors reports whether something of severity error was found.
func (r *Result) HasErrors() bool { return r.Summary.AtLeast(diag.Error) }
