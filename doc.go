// Package keypolicy lints and compiles AWS KMS key policies that are written as YAML, and says what they allow. It is what the
// command keypolicy runs, as a library: files of an [fs.FS], or texts, in; results that are the command's JSON as structs, out.
//
//	linter, err := keypolicy.New(keypolicy.Options{Files: keypolicy.Files{FS: os.DirFS(".")}})
//	if err != nil {
//		return err
//	}
//	result, err := linter.Lint(ctx)
//
// # What it does
//
// [New] reads the configuration, the first `.keypolicy.yaml` from the working folder up, and the templates that it names.
// A [Linter] then answers:
//
//   - [Linter.Lint]: what AWS would reject, what gives more than is meant, and what would lock you out, at the lines of files
//   - [Linter.Compile]: the policy documents that specs represent
//   - [Linter.Access]: who can do what by a policy, and who can change it
//   - [Linter.Diff]: what one policy allows or denies that another did not
//   - [Linter.Simulate]: how a policy decides one request
//
// [Linter.LintText] and [Linter.CompileText] take a text in place of files, and an [Input] has either.
//
// # Files and their names
//
// [Files] are an [fs.FS] with a working folder. Names are relative to that folder, or begin with a slash, and findings show them
// as they were given: with FS at the root of a disk and Dir at a repository's subfolder, `../keys/a.yaml` is what it is in a shell.
// A folder represents its specs: files whose names end in `.keypolicy.yaml`, `.yml` or `.json`, and those that `include` of the
// configuration names.
//
// # Results and errors
//
// What is wrong with what somebody wrote is a [Finding], with a place, a severity, and help. Files that do not parse and specs that
// do not compile are findings too: the other files are still checked. An error says what could not be done: a file could not be
// read, the configuration has errors ([*ConfigurationError]), or the file that a question is about does not compile
// ([*BrokenError]). Where some of the files could not be read, [Linter.Lint] returns the results of the others beside the error.
//
// What cannot be known from the policy is said as unknown, with the reason. It is never to be taken for yes or no.
//
// # What it does not do
//
// The package knows no flags, no terminal, no network, no clock, no environment and no file system of its own. The date that
// dates are held against is [Options.Today], and rules that do not end are ended by [Options.Limit]. The same input gives the same
// result. A Linter is safe for concurrent use.
//
// This package is kept compatible from version 1 on. The packages compiler, rules, schemas and templates can be imported too, and
// change without notice; so does what this package has of their types ([Linter.Run], [Linter.Policy] and what they take and
// return), which the command needs.
package keypolicy
