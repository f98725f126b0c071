package access

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/keypolicy/keypolicy/compiler/facts"
)

type oracleRequest struct {
	Principal string              `json:"principal"`
	Action    string              `json:"action"`
	Context   map[string][]string `json:"context"`

	given Request
	ours  Simulation
}

type oracleQuestion struct {
	Policy   json.RawMessage  `json:"policy"`
	Requests []*oracleRequest `json:"requests"`
}

type oracleAnswer struct {
	Decision Decision `json:"decision"`
	Error    string   `json:"error"`
}

// TestOracle holds the evaluator against another one, iam-simulate, over random policies and requests. KEYPOLICY_ORACLE
// names the folder that it is installed in: .ci/run does that. The driver lists where it is known to differ from AWS.
func TestOracle(t *testing.T) {
	if os.Getenv("KEYPOLICY_ORACLE") == "" {
		t.Skip("KEYPOLICY_ORACLE names no folder with iam-simulate")
	}
	var questions []oracleQuestion
	for seed := range rounds(t, 1150) {
		questions = append(questions, oracleQuestionOf(t, newWide(uint64(seed))))
	}
	answers := askOracle(t, questions)
	compared, unknown, wrong := 0, 0, 0
	count := map[Decision]int{}
	for i, q := range questions {
		for j, r := range q.Requests {
			a := answers[i][j]
			switch {
			case a.Error != "":
				t.Errorf("policy %d: %s\n%s\n%+v", i, a.Error, q.Policy, r.given)
				wrong++
			case r.ours.Decision == Undecided && isOpenForServices(r.ours.Reasons):
				unknown++
			case a.Decision != r.ours.Decision:
				t.Errorf("policy %d: %s, the oracle says %s\n%s\n%+v\nwhole context %v\n%v", i, r.ours.Decision, a.Decision, q.Policy, r.given, r.Context, r.ours)
				wrong++
			case a.Decision == Undecided:
				unknown++
			default:
				compared++
				count[a.Decision]++
			}
			if wrong > 10 {
				t.Fatal("too many differences")
			}
		}
	}
	t.Logf("%d verdicts compared and alike, %d that AWS does not document: %v", compared, unknown, count)
}

// openForServices are the reasons for unknown where the oracle decides and AWS's pages do not: what keys of a caller are in
// a service's own request, whether such a request has the keys that say how it came, and, next to it, a part of NotPrincipal.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
var openForServices = regexp.MustCompile(`AWS does not document (what [\w:]+ is in a service's own request|the outcome of \w+ with aws:(ViaAWSService|SecureTransport))|AWS may deny a principal of which NotPrincipal lists only a part`)

// givenAllTheSame is a reason beside others: that a key counts as sent because the request gives it leaves no decision open by itself.
var givenAllTheSame = regexp.MustCompile(`is not known to be sent by \S+: .* It counts as sent, as it is given`)

func isOpenForServices(reasons []string) bool {
	open := slices.DeleteFunc(slices.Clone(reasons), givenAllTheSame.MatchString)
	return len(open) > 0 && !slices.ContainsFunc(open, func(reason string) bool { return !openForServices.MatchString(reason) })
}

// lacksProperties says in a request that the key has none of the properties that it does not give. To the oracle what is not given is
// absent; to the engine it is not known.
func lacksProperties(req *Request, properties []string) {
	context := map[string][]string{}
	given := map[string]bool{}
	for key, values := range req.Context {
		context[key] = values
		given[strings.ToLower(key)] = true
	}
	for _, name := range properties {
		if !given[name] {
			context[name] = nil
		}
	}
	req.Context = context
}

func oracleQuestionOf(t *testing.T, w *wide) oracleQuestion {
	t.Helper()
	text := w.policy()
	doc := read(t, text)
	env := testEnv()
	env.Today = time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
	m := newModel(doc, env, testAccount)
	q := oracleQuestion{Policy: json.RawMessage(text)}
	properties := slices.DeleteFunc(slices.Clone(m.lookedAt()), func(lower string) bool { return !facts.KeySays(lower).OfResource() })
	for range 20 {
		req := w.meeting(m)
		lacksProperties(&req, properties)
		ours, err := Simulate(doc, env, req)
		ctx := wholeContext(m, req)
		if err != nil || ctx == nil {
			continue
		}
		q.Requests = append(q.Requests, &oracleRequest{Principal: req.Principal, Action: req.Action, Context: ctx, given: req, ours: ours})
	}
	return q
}

func askOracle(t *testing.T, questions []oracleQuestion) [][]oracleAnswer {
	t.Helper()
	var in bytes.Buffer
	for _, q := range questions {
		in.Write(mustJSON(q))
		in.WriteByte('\n')
	}
	cmd := exec.CommandContext(t.Context(), "node", "../../testdata/oracle/driver.mjs")
	cmd.Stdin, cmd.Stderr = &in, os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var answers [][]oracleAnswer
	lines := bufio.NewScanner(bytes.NewReader(out))
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		var list []oracleAnswer
		if err := json.Unmarshal(lines.Bytes(), &list); err != nil {
			t.Fatal(err)
		}
		answers = append(answers, list)
	}
	if len(answers) != len(questions) {
		t.Fatalf("%d answers to %d questions", len(answers), len(questions))
	}
	return answers
}
