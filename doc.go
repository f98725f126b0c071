// Package keypolicy lints and compiles AWS KMS key policies that are written as YAML, and says what they allow. It is what the
// command of the same name runs: files of an [fs.FS], or texts, go down one road, from bytes to findings.
//
//	linter, err := keypolicy.New(keypolicy.Options{Files: keypolicy.Files{FS: os.DirFS("."), Dir: "."}})
//	…
//	run, err := linter.Run(ctx, linter.List(nil, false).Inputs, keypolicy.RunOptions{SpecsOnly: true})
//
// The package knows no flags, no terminal and no files of the machine's: they are given to it. What is wrong with what a user
// wrote is a finding; an error says what could not be done.
package keypolicy
