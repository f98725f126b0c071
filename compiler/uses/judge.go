package uses

import (
	"slices"
	"sync"

	"github.com/keypolicy/keypolicy/compiler/access"
	"github.com/keypolicy/keypolicy/compiler/facts"
	"github.com/keypolicy/keypolicy/compiler/policy"
)

// Judge reports whether policies of one document and key let the key be used. It is not safe for concurrent use.
type Judge struct {
	doc        *policy.Document
	env        access.Env
	simulators map[location]*access.Simulator
	allowing   map[location]*access.Simulator // the same without Deny statements
	allows     func() *policy.Document        // doc without Deny statements
	wide       map[string]*access.Simulator   // see widestOf
	values     map[string][]string            // what [Judge.written] has found, by key in lower case
	about      map[string]string              // what is known of the key, by the names of builtins
	principals []policy.Principal             // of the Allow statements
	named      map[string]bool                // their texts
	accounts   func() []string                // those that the document names
	steps      int                            // of a question
	meter      meter                          // of the question that is asked
}

// location is what is supposed of a key of which that is not known.
type location struct{ account, region string }

func (s supposed) location() location { return location{s["account"], s["region"]} }

// NewJudge prepares a judge; it costs little till it is asked.
func NewJudge(doc *policy.Document, env access.Env) *Judge {
	j := &Judge{
		doc: doc, env: env, simulators: map[location]*access.Simulator{}, allowing: map[location]*access.Simulator{}, wide: map[string]*access.Simulator{},
		values: map[string][]string{}, about: aboutKey(doc, env), principals: principalsOf(doc), named: map[string]bool{}, steps: stepsOfQuestion,
		accounts: sync.OnceValue(func() []string { return access.Accounts(doc) }),
		allows: sync.OnceValue(func() *policy.Document {
			allows := *doc
			allows.Statements = slices.DeleteFunc(slices.Clone(doc.Statements), func(st policy.Statement) bool { return st.Effect.Value == "Deny" })
			return &allows
		}),
	}
	for _, p := range j.principals {
		j.named[p.Text] = true
	}
	return j
}

// mostNearest is how many of the ways to fill in what is not given are looked at closely.
const mostNearest = 8

// Ask says what the policy makes of a use. What is not given is whatever serves the use best.
func (j *Judge) Ask(asked Asked) Answer {
	j.meter.left = j.steps
	return j.ask(asked)
}

// ask is Ask with the steps that are left.
func (j *Judge) ask(asked Asked) Answer {
	j.meter.cut = false
	return j.settle(asked, j.nearest(asked))
}

func (j *Judge) nearest(asked Asked) Answer {
	answers := j.decided(asked, mostNearest)
	if wrongKey, wrongRegion := j.wrongKey(asked.Use), j.wrongRegion(asked.Use); wrongKey || wrongRegion {
		answer := answers[0]
		answer.Verdict, answer.WrongKey, answer.WrongRegion = Refused, wrongKey, wrongRegion
		return answer
	}
	if answers[0].Verdict == Fulfilled {
		return j.inRegion(asked.Use, answers[0])
	}
	for i := range answers {
		j.explain(asked.Use, &answers[i])
	}
	return j.inRegion(asked.Use, slices.MinFunc(answers, compare))
}

// inRegion is an answer that is Unknown at best where it depends on the Region of the key and that is not known.
func (j *Judge) inRegion(use facts.Use, answer Answer) Answer {
	if len(use.Regions) > 0 && j.about["region"] == "" {
		answer.OpenRegion = true
		answer.Verdict = worse(answer.Verdict, Unknown)
	}
	return answer
}

// Fulfils gives the answer where the policy lets the key be used unchanged.
func (j *Judge) Fulfils(asked Asked) (Answer, bool) {
	j.meter.left = j.steps
	return j.fulfils(asked)
}

// fulfils is Fulfils with the steps that are left.
func (j *Judge) fulfils(asked Asked) (Answer, bool) {
	j.meter.cut = false
	if wrongKey, wrongRegion := j.wrongKey(asked.Use), j.wrongRegion(asked.Use); wrongKey || wrongRegion {
		return Answer{Verdict: Refused, WrongKey: wrongKey, WrongRegion: wrongRegion}, false
	}
	answer := j.settle(asked, j.decided(asked, 1)[0])
	return answer, answer.Verdict == Fulfilled
}

// wrongKey reports whether the key is known to be of another kind than a use works with.
func (j *Judge) wrongKey(use facts.Use) bool {
	keySpec, keyUsage := use.NeedsKey()
	return j.env.KeySpec != "" && j.env.KeySpec != keySpec || j.env.KeyUsage != "" && j.env.KeyUsage != keyUsage
}

// wrongRegion reports whether the key is known to be in another Region than those that a use works with.
func (j *Judge) wrongRegion(use facts.Use) bool {
	region := j.about["region"]
	return len(use.Regions) > 0 && region != "" && !slices.Contains(use.Regions, region)
}
