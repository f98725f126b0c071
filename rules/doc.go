// Package rules checks specs, policies and their statements by rules in Rego. A rule is two files in the folder of its
// category: NAME.rego, whose METADATA says what it is about, how bad it is, what it waits for and what to do, and NAME.txtar with
// its examples. The package is the only importer of OPA. Its rooms are named by how their files begin:
//
//   - load: the index of the rules built in, METADATA, and the libraries that rules share
//   - when: what a subject has for rules to check, and what rules wait for
//   - input: what rules see, and the schemas of it
//   - filling: the values that a rule sees for what is not known, one after another
//   - ask: the program of the rules that are due, its queries, and findings with their places
//   - user: a user's own rules, their checks and their Rego tests
//
// How a rule is run, in ten sentences. Load reads index.json, which a test writes from the METADATA of the rules built in; a user's
// own rules are parsed and checked in full. Evaluate takes one target: a spec and the policies that it compiles to. It makes a subject of
// the spec, of each policy and of each statement. One walk over each finds its triggers, of the table in docs/writing-rules.md;
// those about what a policy means are asked of compiler/access when a rule waits for them. A rule is due for a subject that has
// one of the sets of triggers that its METADATA names in `when`, or always without. The rules that are due for any subject of the
// target, and the libraries that they use, are parsed and compiled, unless an earlier target has had them compiled. For each subject
// with due rules the input is made, of the fields and the parts of access that these rules read. One query asks them all, and gives the
// set of findings of each. A finding names a path, which the source map leads to a place in the user's file. Nothing that was found
// in one target is used in another.
package rules
