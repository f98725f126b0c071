// Package origin finds where the source of a Terraform module writes what a plan of it has: a plan has texts, and neither the
// files nor the expressions that they come from.
package origin
