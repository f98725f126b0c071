// Package access says what a key policy allows. It decides single requests (Simulate), and it answers questions over all
// requests exactly: who can still change the policy (Lockout), who gets in from outside (External, Public), which services
// an untrusted account can drive (ConfusedDeputy), what each statement does (Statements), who may do what (Matrix), and
// what two policies differ in (Diff). An answer carries a request that shows it, a witness, or it says that it is not
// known and why.
//
// It judges the key policy only. Identity policies, service and resource control policies, permissions boundaries, session
// policies, endpoint policies and grants are outside of what it sees; a decision says where an identity policy has a say.
//
// # How a question is answered
//
// A request has a caller, an action, and a value, or none, for each condition key. So the requests are the points of a
// space with one dimension for the callers, one for the actions and one for each condition key that the policy looks at.
// There are endlessly many values, but a policy distinguishes few of them.
//
//  1. Each dimension is cut into equivalence classes: values of which every condition of the policy holds alike, and which
//     are alike to what the questions ask too (whether a value is named in the policy, trusted, of the key's own account).
//     One value, the representative, represents each class. The absence of a key is a class of its own, and a set of several
//     values is one where a key has several.
//  2. A statement is a union of boxes. A box takes a set of classes in each dimension, and holds the requests that are in
//     all of these sets. A condition that compares two keys by a policy variable is a box for each value of the variable.
//  3. What is allowed is the boxes of the Allow statements less those of the Deny statements, and less the impossible
//     requests: those that KMS never sends, such as a source account with an ARN of another account.
//  4. A question is a difference of such unions: "is there a request by a stranger that is allowed and not denied". The
//     difference is worked out box by box; a box that is left is a yes, none left is a no.
//  5. A request is made of the representatives of a box that is left, and the evaluator that decides single requests decides
//     it too. Only what it confirms is reported as a yes. So a fault in steps 1 to 4 cannot invent an answer.
//
// # What is not known
//
// Whether a condition holds can be yes, no or maybe: AWS's pages leave some things open (a malformed number under
// NumericLessThan), some text is still to be filled in (a placeholder), some values of a class may behave unlike its
// representative. A set of requests is therefore kept in four approximations, two of what the representatives match for
// sure or perhaps (repMust, repMay), and two of what all values of the classes match (classMust, classMay). Yes needs a
// request that matches for sure; no needs that none is left though every doubt is counted for yes. What lies between is
// unknown, and a Reason says which of three kinds it is: not yet known, open in AWS's pages, or over the budget.
//
// The budget counts work and memory, not time, and is split between the questions beforehand. So an answer depends neither
// on the machine, nor on what else is analysed, nor on the order of questions.
//
// Where the key's account is not known, the policy is analysed under each account that it could be; an answer is given
// where all of these agree.
//
// # Why an answer can be believed
//
// The evaluator and the search are held against each other in every answer (step 5). Beyond that, the tests hold the search
// against an exhaustive one over small policies, laws (a Deny never adds access, the order of statements means nothing, a
// difference of equal policies is empty) over random ones, a second evaluator that was written from AWS's pages (package judge),
// and another project's (testdata/oracle). testdata/mutants breaks the code on purpose, one rule of IAM at a time, and a test
// has to fail for each. What the engine takes for impossible has a fact with a page of AWS (never_test.go).
//
// A change of behaviour therefore begins with a page of AWS: where none says it, the outcome is maybe, and a Reason says what
// is open.
//
// # Terms
//
//   - caller: who sends a request: a user, a role's session, a root user, a federated user, a service, or an anonymous
//     caller. A role represents a session of it whose name no policy mentions.
//   - class: values of a key that the policies and the questions do not distinguish, with the representative's values.
//   - space: one or two policies over common dimensions. A difference is asked of two policies in one space.
//   - model: a policy as the evaluator reads it; compiledPolicy: its statements as boxes.
//   - level: how a statement reaches a caller. Direct is by its ARN, its service or everybody; delegated is by the account,
//     which leaves the decision to identity policies.
//   - crossing action: an action that AWS lets another account use.
//   - assumption: an account that the key may be in, with the space made under it.
//   - couple: two keys of which one holds the other's value, such as an ARN and its account.
//   - future action: one that AWS may add and that a pattern of the policy would match. Reports keep them apart.
//   - projection: the conditions that a union of boxes puts on the keys, which the reports describe in words.
//
// # Where to read
//
// One request: decision.go (what there is to say), caller.go and parsecaller.go, context.go and feasible.go (what can be
// sent), model.go, statement.go and statementmatch.go, principal.go, condition.go, operator.go, values by the package glob, then evaluate.go
// and simulate.go.
//
// The space: space.go, then callers.go, accountclasses.go and actionclasses.go, dimension.go with glob's Search (how classes are
// found), linkedkeys.go (policy variables), asked.go (what questions distinguish), couple.go and constraints.go (what is
// impossible), internal/boxes (the algebra of sets), compiledpolicy.go, statementboxes.go and split.go (statements as boxes),
// question.go and allowed.go.
//
// The questions, a file each. Who can still change the policy: lockout.go with editors.go (who), editorstatus.go (whether in
// every context), callercheck.go (KMS's own check), editing.go (who is left when those named have gone, and whose Deny is in
// the way) and editorassumptions.go (of which statements it is asked). Then external.go, public.go, deputy.go,
// statementstatus.go with statementredundant.go and blame.go, matrix.go, able.go, leftover.go, attestation.go, diff.go with
// diffreport.go. analysis.go and those whose names begin with it ask them once each and fold the assumptions together.
// describe.go, widest.go, peers.go and words.go turn boxes into conditions and sentences.
//
// The package judge beside this one decides requests by a second implementation, written from AWS's pages, and holds the
// answers against it.
package access
