package compiler

import (
	"github.com/keypolicy/keypolicy/compiler/diag"
	"github.com/keypolicy/keypolicy/compiler/source"
)

func schemaFinding(place diag.Place, reason, message, help string) diag.Diagnostic {
	return diag.Diagnostic{Rule: "schema", Reason: reason, Category: "spec", Severity: diag.Error, Message: message, Help: help, Place: place}
}

func compileFinding(n *source.Node, reason, message, help string) diag.Diagnostic {
	return diag.Diagnostic{
		Rule: "compile", Reason: reason, Category: "spec", Severity: diag.Error, Message: message, Help: help,
		Place: n.Place, Related: diag.Copied(n.Place, n.Origins),
	}
}
