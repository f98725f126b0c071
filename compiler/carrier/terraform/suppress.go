package terraform

import (
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/keypolicy/keypolicy/compiler/source"
)

// suppressions finds the comments of a file that suppress findings. One on or above the first line of a block, an attribute, an
// item or an argument is about all of it.
func suppressions(file *source.File, body *hclsyntax.Body) {
	if !file.MaySuppress() {
		return
	}
	bom := file.BOM()
	tokens, _ := hclsyntax.LexConfig(file.Text[bom:], file.Name, hcl.Pos{Line: 1, Column: 1, Byte: bom})
	last := lastLines(body)
	var starts []int // the lines on which there is something else than a comment, in order
	for _, t := range tokens {
		switch t.Type {
		case hclsyntax.TokenComment, hclsyntax.TokenNewline:
		default:
			starts = append(starts, t.Range.Start.Line)
		}
	}
	next := func(line int) int {
		i, _ := slices.BinarySearch(starts, line+1)
		return starts[min(i, len(starts)-1)]
	}
	for _, t := range tokens {
		if t.Type == hclsyntax.TokenComment {
			file.Suppress(t.Range.Start.Byte, t.Range.End.Byte, next, func(line int) int { return last[line] })
		}
	}
}

// lastLines are the last lines of what starts on a line.
func lastLines(body *hclsyntax.Body) map[int]int {
	last := map[int]int{}
	add := func(r hcl.Range) { last[r.Start.Line] = max(last[r.Start.Line], r.End.Line) }
	_ = hclsyntax.VisitAll(body, func(n hclsyntax.Node) hcl.Diagnostics {
		switch n := n.(type) {
		case *hclsyntax.Block:
			add(hcl.RangeBetween(n.TypeRange, n.CloseBraceRange))
		case *hclsyntax.Attribute:
			add(n.SrcRange)
		case *hclsyntax.FunctionCallExpr:
			for _, argument := range n.Args {
				add(argument.Range())
			}
		case *hclsyntax.TupleConsExpr:
			for _, item := range n.Exprs {
				add(item.Range())
			}
		case *hclsyntax.ObjectConsExpr:
			for _, item := range n.Items {
				add(hcl.RangeBetween(item.KeyExpr.Range(), item.ValueExpr.Range()))
			}
		}
		return nil
	})
	return last
}
