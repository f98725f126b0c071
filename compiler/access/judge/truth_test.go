// Package judge_test holds an evaluator of key policies that shares no code with the engine: it was written from AWS's
// pages, and holds what the engine says of random policies against single requests.
package judge_test

// truth is the answer of AWS's pages to a question: yes, no, or open where they do not settle it.
type truth uint8

const (
	no truth = 1 << iota
	yes
	open = no | yes
)

func truthOf(b bool) truth {
	if b {
		return yes
	}
	return no
}

func (t truth) not() truth { return t&no<<1 | t&yes>>1 }

func (t truth) and(o truth) truth { return (t|o)&no | t&o&yes }

func (t truth) or(o truth) truth { return t.not().and(o.not()).not() }
