// Package terraform reads the keys of Terraform's configuration language: the resources of modules that are KMS keys, each with
// its policy as nodes with the places of the literals that they are written as. It is the only importer of HCL.
//
// Expressions are evaluated to values of which parts may not be known. What is not known before a run is a hole with its
// reference, and all around it stays known: no document is given up for a variable in it.
// https://developer.hashicorp.com/terraform/language/expressions
package terraform
